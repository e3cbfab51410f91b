//! Who has the room ID gets in; who has not is told why.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use visavis_lan::{HostFailure, JoinError, Ticket, dial};
use visavis_testkit::impostor::{Impostor, connect, read_message, write_message};

use crate::world::{Book, Host, Log, ROOM, assert_open, encounter, join, loopback, rng, room};

#[tokio::test]
async fn the_room_id_lets_in_and_proves_the_host() {
    let mut host = Host::start().await;
    // As a task of its own, as a server runs it.
    let mut admitted = tokio::spawn(join(host.address, ROOM)).await.unwrap().unwrap();
    assert_eq!(host.outcome().await, Ok(room(ROOM)));
    assert_eq!((admitted.device, admitted.address), (host.device, host.address));
    assert_open(&mut admitted.stream).await;
    let log = host.book.log();
    assert_eq!((&log.begun[..], log.admitted, &log.failed[..]), (&[482][..], 1, &[][..]));
    assert_eq!(log.tickets, [admitted.ticket]);
}

#[tokio::test]
async fn a_wrong_id_is_told_to_both_sides() {
    let mut host = Host::start().await;
    for wrong in ["482 193 776", "482 000 000"] {
        assert_eq!(join(host.address, wrong).await.unwrap_err(), JoinError::WrongId);
        assert_eq!(host.outcome().await, Err(HostFailure::WrongId));
    }
    assert_eq!(host.book.log().failed, [HostFailure::WrongId; 2]);
    assert_eq!(host.book.log().admitted, 0);
    join(host.address, ROOM).await.unwrap();
}

#[tokio::test]
async fn the_first_digits_choose_among_rooms() {
    let rooms = ["000 000 042", "482 193 775", "999 999 999"];
    let mut host = Host::with(Book::of(&rooms)).await;
    for id in rooms {
        join(host.address, id).await.unwrap();
        assert_eq!(host.outcome().await, Ok(room(id)));
    }
    assert_eq!(host.book.log().begun, [0, 482, 999]);
}

#[tokio::test]
async fn no_room_with_these_digits_costs_no_guess() {
    let mut host = Host::start().await;
    let link = dial(&[host.address], None).await.unwrap();
    assert_eq!(link.ask(room("483 193 775"), &mut rng()).await.unwrap_err(), JoinError::NoRoom);
    assert_eq!(host.outcome().await, Err(HostFailure::Refused));
    assert_eq!(host.book.log(), Log::default());
}

#[tokio::test]
async fn who_tries_too_often_is_told_how_long_to_wait() {
    let wait = Duration::from_millis(1234);
    let mut host = Host::with(Book { wait: Some(wait), ..Book::of(&[ROOM]) }).await;
    assert_eq!(join(host.address, ROOM).await.unwrap_err(), JoinError::TryLater(wait));
    assert_eq!(host.outcome().await, Err(HostFailure::Refused));
    assert_eq!(host.book.log(), Log::default());
}

#[tokio::test]
async fn a_ticket_brings_back_without_an_attempt() {
    let mut host = Host::start().await;
    let ticket = join(host.address, ROOM).await.unwrap().ticket;
    host.outcome().await.unwrap();
    for _ in 0..2 {
        let link = dial(&[host.address], Some(host.device)).await.unwrap();
        let mut stream = link.resume(room(ROOM), &ticket).await.unwrap();
        assert_eq!(host.outcome().await, Ok(room(ROOM)));
        assert_open(&mut stream).await;
    }
    assert_eq!(host.book.log().begun.len(), 1);
}

#[tokio::test]
async fn a_ticket_that_is_none_is_no_obstacle_to_the_room_id() {
    let mut host = Host::with(Book::of(&[ROOM, "111 111 111"])).await;
    let ticket = join(host.address, ROOM).await.unwrap().ticket;
    host.outcome().await.unwrap();
    let other = Ticket::generate(&mut rng());
    for (id, ticket) in [(ROOM, &other), ("111 111 111", &other), ("222 222 222", &ticket)] {
        let link = dial(&[host.address], Some(host.device)).await.unwrap();
        assert_eq!(link.resume(room(id), ticket).await.unwrap_err(), JoinError::NoRoom);
        assert_eq!(host.outcome().await, Err(HostFailure::Refused));
    }
    join(host.address, ROOM).await.unwrap();
}

#[tokio::test]
async fn a_ticket_goes_to_nobody_but_the_expected_device() {
    let (link, mut stream) = encounter(false).await;
    let ticket = Ticket::generate(&mut rng());
    assert_eq!(link.resume(room(ROOM), &ticket).await.unwrap_err(), JoinError::Broken);
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    assert!(heard.is_empty());
}

#[tokio::test]
async fn a_host_of_another_version_says_which() {
    let mut host = Host::start().await;
    let mut stream = connect(host.address).await.unwrap();
    write_message(&mut stream, &[1, 2, 2, 3, b'?']).await.unwrap();
    assert_eq!(read_message(&mut stream).await.unwrap(), [0x84, 1, 1]);
    assert_eq!(host.outcome().await, Err(HostFailure::Refused));
    assert_eq!(host.book.log(), Log::default());
}

#[tokio::test]
async fn a_joiner_of_another_version_learns_which_side_is_older() {
    for (version, host_is_older) in [(0, true), (2, false)] {
        let impostor = Impostor::listen(loopback()).await.unwrap();
        let address = impostor.address;
        tokio::spawn(async move {
            let mut stream = impostor.accept().await?;
            read_message(&mut stream).await?;
            write_message(&mut stream, &[0x84, 1, version]).await
        });
        assert_eq!(join(address, ROOM).await.unwrap_err(), JoinError::Version { host_is_older });
    }
}

#[tokio::test]
async fn debug_output_hides_who_and_where() {
    let host = Host::start().await;
    let link = dial(&[host.address], None).await.unwrap();
    assert_eq!(format!("{link:?} {:?}", link.device()), "HostLink(…) DeviceId(…)");
    let asked = link.ask(room(ROOM), &mut rng()).await.unwrap();
    assert_eq!(format!("{asked:?}"), "Asked(…)");
    let admitted = asked.prove().await.unwrap();
    assert_eq!(format!("{admitted:?} {:?}", admitted.ticket), "Admitted(…) Ticket(…)");
}
