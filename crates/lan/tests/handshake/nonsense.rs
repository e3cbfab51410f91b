//! Silence, slowness and bytes that mean nothing, from either side.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime::Runtime;
use tokio::time::{Instant, pause, sleep};
use visavis_lan::{HostFailure, JoinError, Ticket, admit, dial};
use visavis_protocol::RoomId;
use visavis_testkit::impostor::{Impostor, connect, read_message, write_message};

use crate::world::{Book, Host, ROOM, encounter, join, loopback, rng, room};

/// What both ends of these connections without TLS take for its exporter.
const EXPORTER: [u8; 32] = [7; 32];

/// An opening that a host answers: it looks at the point when it has to.
fn opening() -> Vec<u8> {
    let pake = [&[b'A'][..], &[9; 32]].concat();
    [&[1, 1, 1][..], &room(ROOM).tag().to_be_bytes(), &pake].concat()
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u16).to_be_bytes()[..], message].concat()
}

/// A host at one end of a pipe.
fn host(book: &Book) -> (DuplexStream, impl Future<Output = Result<RoomId, HostFailure>>) {
    let (joiner, mut end) = duplex(1024);
    (joiner, async move { admit(&mut end, EXPORTER, book, &mut rng()).await })
}

#[tokio::test(start_paused = true)]
async fn a_joiner_that_stops_at_any_step_is_waited_for_five_seconds() {
    let confirmation = [&[3][..], &[0; 32]].concat();
    let steps = [Vec::new(), vec![0], framed(&opening()), [framed(&opening()), vec![0, 33, 3]].concat()];
    for said in steps {
        let book = Book::of(&[ROOM]);
        let (mut joiner, admitted) = host(&book);
        joiner.write_all(&said).await.unwrap();
        let start = Instant::now();
        assert_eq!(admitted.await, Err(HostFailure::Broken));
        assert_eq!(start.elapsed().as_secs(), 5);
        assert_eq!(book.log().failed.len(), book.log().begun.len());
        assert_eq!(book.log().begun.len(), usize::from(said.len() > confirmation.len()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_joiner_that_dawdles_has_no_more_time_than_others() {
    let book = Book::of(&[ROOM]);
    let (mut joiner, admitted) = host(&book);
    let dawdle = async {
        for byte in framed(&opening()) {
            joiner.write_all(&[byte]).await.unwrap();
            sleep(Duration::from_secs(1)).await;
        }
    };
    let start = Instant::now();
    tokio::select! {
        outcome = admitted => assert_eq!(outcome, Err(HostFailure::Broken)),
        () = dawdle => panic!("the host waits for ever"),
    }
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_joiner_that_reads_nothing_holds_nobody_up() {
    let book = Book::of(&[ROOM]);
    let (mut joiner, mut end) = duplex(1);
    let sender = tokio::spawn(async move {
        joiner.write_all(&framed(&opening())).await.unwrap();
        sleep(Duration::from_secs(60)).await;
    });
    let start = Instant::now();
    assert_eq!(admit(&mut end, EXPORTER, &book, &mut rng()).await, Err(HostFailure::Broken));
    assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
    sender.abort();
}

#[tokio::test]
async fn a_message_may_come_byte_by_byte() {
    let mut host = Host::start().await;
    let mut stream = connect(host.address).await.unwrap();
    for byte in framed(&opening()) {
        stream.write_all(&[byte]).await.unwrap();
        stream.flush().await.unwrap();
    }
    assert_eq!(read_message(&mut stream).await.unwrap()[..2], [0x81, 1]);
    drop(stream);
    assert_eq!(host.outcome().await, Err(HostFailure::Broken));
    assert_eq!(host.book.log().failed, [HostFailure::Broken]);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_long_is_not_waited_for() {
    for length in [0, 256, u16::MAX] {
        let book = Book::of(&[ROOM]);
        let (mut joiner, admitted) = host(&book);
        joiner.write_all(&length.to_be_bytes()).await.unwrap();
        let start = Instant::now();
        assert_eq!(admitted.await, Err(HostFailure::Broken));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}

/// The host answers this many messages, then falls silent.
async fn silent_after(answers: Vec<Vec<u8>>) -> std::net::SocketAddr {
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let address = impostor.address;
    tokio::spawn(async move {
        let mut joiner = impostor.accept().await?;
        for answer in answers {
            read_message(&mut joiner).await?;
            write_message(&mut joiner, &answer).await?;
        }
        std::future::pending::<anyhow::Result<()>>().await
    });
    address
}

#[tokio::test]
async fn a_host_that_stops_is_given_up_after_a_second_and_a_half() {
    // The identity of the curve: a point that SPAKE2 takes.
    let point = [&[b'B', 1][..], &[0; 31]].concat();
    for answers in [vec![], vec![[&[0x81, 1][..], &point].concat()]] {
        let steps = answers.len();
        let link = dial(&[silent_after(answers).await], None).await.unwrap();
        let asked = match steps {
            0 => {
                pause();
                let start = Instant::now();
                assert_eq!(link.ask(room(ROOM), &mut rng()).await.unwrap_err(), JoinError::Broken);
                assert_eq!(start.elapsed().as_millis() / 100, 15);
                tokio::time::resume();
                continue;
            }
            _ => link.ask(room(ROOM), &mut rng()).await.unwrap(),
        };
        pause();
        let start = Instant::now();
        assert_eq!(asked.prove().await.unwrap_err(), JoinError::Broken);
        assert_eq!(start.elapsed().as_millis() / 100, 15);
    }
}

#[tokio::test]
async fn a_host_that_goes_away_is_no_riddle() {
    let (link, stream) = encounter(false).await;
    drop(stream);
    assert_eq!(link.ask(room(ROOM), &mut rng()).await.unwrap_err(), JoinError::Broken);
    let (link, stream) = encounter(true).await;
    drop(stream);
    let ticket = Ticket::generate(&mut rng());
    assert_eq!(link.resume(room(ROOM), &ticket).await.unwrap_err(), JoinError::Broken);
}

/// Bytes that go deeper than most: whole messages, with an opening that is answered before some.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let message = (0..12_u8, vec(any::<u8>(), 0..80)).prop_map(|(kind, rest)| {
        let kind = if kind < 6 { kind } else { 0x80 + kind - 5 };
        framed(&[&[kind][..], &rest].concat())
    });
    let proof = (prop_oneof![Just(3), Just(4)], any::<[u8; 32]>())
        .prop_map(|(kind, mac): (u8, _)| framed(&[&[kind][..], &mac].concat()));
    let part = prop_oneof![message, proof, vec(any::<u8>(), 0..300)];
    (any::<bool>(), vec(part, 0..4)).prop_map(|(opened, parts)| {
        let opening = if opened { framed(&opening()) } else { Vec::new() };
        [opening, parts.concat()].concat()
    })
}

proptest! {
    #[test]
    fn nothing_that_a_joiner_says_without_the_id_harms_the_host(said in words()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let book = Book::of(&[ROOM]);
            let (joiner, mut end) = duplex(said.len() + 1024);
            let (mut heard, mut speaking) = tokio::io::split(joiner);
            speaking.write_all(&said).await.unwrap();
            speaking.shutdown().await.unwrap();
            prop_assert!(admit(&mut end, EXPORTER, &book, &mut rng()).await.is_err());
            drop(end);
            let mut answers = Vec::new();
            heard.read_to_end(&mut answers).await.unwrap();
            prop_assert!(answers.len() < 80);
            let log = book.log();
            prop_assert_eq!((log.admitted, log.failed.len()), (0, log.begun.len()));
            Ok(())
        })?;
    }
}

proptest! {
    // Each case makes a TLS connection.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_a_host_says_without_the_id_gets_a_joiner_in(said in words(), answered in any::<bool>()) {
        Runtime::new().unwrap().block_on(async {
            let impostor = Impostor::listen(loopback()).await.unwrap();
            let address = impostor.address;
            tokio::spawn(async move {
                let mut joiner = impostor.accept().await?;
                if answered {
                    read_message(&mut joiner).await?;
                    let point = [&[b'B', 1][..], &[0; 31]].concat();
                    write_message(&mut joiner, &[&[0x81, 1][..], &point].concat()).await?;
                }
                joiner.write_all(&said).await?;
                anyhow::Ok(joiner.shutdown().await?)
            });
            prop_assert!(join(address, ROOM).await.is_err());
            Ok(())
        })?;
    }
}
