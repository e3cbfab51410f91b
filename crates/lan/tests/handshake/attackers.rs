//! Somebody in between, somebody who lies, somebody who repeats: none of them has the room ID, none gets anywhere.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::AsyncReadExt;
use visavis_lan::{HostFailure, JoinError, dial};
use visavis_testkit::impostor::{Impostor, connect, read_message, write_message};

use crate::world::{Host, MESSAGES, ROOM, join, loopback, meddler, rng, room};

#[tokio::test]
async fn somebody_in_between_who_passes_everything_on_is_seen_by_both_sides() {
    let mut host = Host::start().await;
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let address = impostor.address;
    tokio::spawn(impostor.proxy(host.address));
    for _ in 0..2 {
        assert_eq!(join(address, ROOM).await.unwrap_err(), JoinError::Intercepted);
        assert_eq!(host.outcome().await, Err(HostFailure::Intercepted));
    }
    assert_eq!(host.book.log().failed, [HostFailure::Intercepted; 2]);
    // A mistyped ID is told from it.
    assert_eq!(join(address, "482 193 776").await.unwrap_err(), JoinError::WrongId);
    assert_eq!(host.outcome().await, Err(HostFailure::WrongId));
    assert_eq!(host.book.log().admitted, 0);
}

/// Each bit of each message that is worth changing: the kind, the first byte of each field, the last.
#[tokio::test]
async fn somebody_in_between_who_changes_something_gets_nobody_in() {
    let mut host = Host::start().await;
    for number in 0..MESSAGES {
        for place in [0, 1, 2, 3, 5, 20, 32, 33, 40, usize::MAX] {
            let address = meddler(host.address, move |at, message: &mut Vec<u8>| {
                let place = place.min(message.len() - 1);
                message[place] ^= if at == number { 1 } else { 0 };
            });
            let refused = join(address.await, ROOM).await.unwrap_err();
            assert_ne!(host.outcome().await, Ok(room(ROOM)), "message {number}, byte {place}");
            // What stands before the proofs changes them both, so it looks like another room ID.
            let seen_as_interception = matches!(number, 3..);
            assert!(
                refused != JoinError::Intercepted || seen_as_interception,
                "message {number}, byte {place}: {refused:?}"
            );
        }
    }
    assert_eq!(host.book.log().admitted, 0);
}

#[tokio::test]
async fn somebody_in_between_who_swaps_the_host_s_channel_proof_is_seen() {
    let mut host = Host::start().await;
    let address = meddler(host.address, |number, message| {
        if number == 3 {
            message[33..].fill(0);
        }
    });
    assert_eq!(join(address.await, ROOM).await.unwrap_err(), JoinError::Intercepted);
    assert_eq!(host.outcome().await, Err(HostFailure::Intercepted));
}

#[tokio::test]
async fn a_liar_gets_one_guess_from_a_proof_and_none_from_a_question() {
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let address = impostor.address;
    let confirmations = Arc::new(AtomicUsize::new(0));
    tokio::spawn(impostor.lie(Arc::clone(&confirmations)));
    let mut asked = Vec::new();
    for _ in 0..5 {
        let link = dial(&[address], None).await.unwrap();
        asked.push(link.ask(room(ROOM), &mut rng()).await.unwrap());
    }
    assert_eq!(asked.pop().unwrap().prove().await.unwrap_err(), JoinError::WrongId);
    drop(asked);
    assert_eq!(confirmations.load(Ordering::Relaxed), 1);
}

/// Says back to the joiner what it says, in the form of a host.
#[tokio::test]
async fn a_mirror_knows_nothing() {
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let address = impostor.address;
    tokio::spawn(async move {
        let mut joiner = impostor.accept().await?;
        let opening = read_message(&mut joiner).await?;
        write_message(&mut joiner, &[&[0x81, 1, b'B'][..], &opening[6..]].concat()).await?;
        let mac = read_message(&mut joiner).await?[1..].to_vec();
        write_message(&mut joiner, &[&[0x85][..], &mac, &mac].concat()).await
    });
    assert_eq!(join(address, ROOM).await.unwrap_err(), JoinError::WrongId);
}

#[tokio::test]
async fn what_a_joiner_said_lets_nobody_in_a_second_time() {
    let mut host = Host::start().await;
    let said = recording(&mut host).await;
    let mut stream = connect(host.address).await.unwrap();
    write_message(&mut stream, &said[0]).await.unwrap();
    assert_ne!(read_message(&mut stream).await.unwrap(), said[1]);
    write_message(&mut stream, &said[2]).await.unwrap();
    assert_eq!(read_message(&mut stream).await.unwrap(), [0x86]);
    assert_eq!(host.outcome().await, Err(HostFailure::WrongId));
}

#[tokio::test]
async fn what_a_host_said_convinces_nobody_a_second_time() {
    let mut host = Host::start().await;
    let said = recording(&mut host).await;
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let address = impostor.address;
    tokio::spawn(async move {
        let mut joiner = impostor.accept().await?;
        for number in [1, 3, 5] {
            read_message(&mut joiner).await?;
            write_message(&mut joiner, &said[number]).await?;
        }
        anyhow::Ok(())
    });
    assert_eq!(join(address, ROOM).await.unwrap_err(), JoinError::WrongId);
}

/// The order of steps is part of the proof: nobody gets to the end by leaving one out.
#[tokio::test]
async fn a_joiner_that_skips_a_step_is_cut_off() {
    let mut host = Host::start().await;
    let said = recording(&mut host).await;
    for messages in [&said[2..3], &said[4..5], &[said[0].clone(), said[4].clone()]] {
        let mut stream = connect(host.address).await.unwrap();
        for message in messages {
            write_message(&mut stream, message).await.unwrap();
        }
        assert_eq!(host.outcome().await, Err(HostFailure::Broken));
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
    }
    assert_eq!(host.book.log().admitted, 0);
}

#[tokio::test]
async fn the_secret_digits_are_not_even_inside_tls() {
    let mut host = Host::start().await;
    let said = recording(&mut host).await;
    let number: u32 = room(ROOM).digits().parse().unwrap();
    let secret = number % 1_000_000;
    let forms = [number, secret].map(|number| {
        [number.to_string().into_bytes(), number.to_be_bytes().to_vec(), number.to_le_bytes().to_vec()]
    });
    for message in said {
        for form in forms.as_flattened() {
            assert!(!message.windows(form.len()).any(|part| part == form));
        }
    }
}

/// What joiner and host say to each other through somebody who listens inside TLS, up to where they notice.
async fn recording(host: &mut Host) -> Vec<Vec<u8>> {
    let said = Arc::new(Mutex::new(vec![Vec::new(); MESSAGES]));
    let heard = Arc::clone(&said);
    let address = meddler(host.address, move |number, message| {
        heard.lock().unwrap()[number].clone_from(message);
    });
    assert_eq!(join(address.await, ROOM).await.unwrap_err(), JoinError::Intercepted);
    assert_eq!(host.outcome().await, Err(HostFailure::Intercepted));
    let said = said.lock().unwrap();
    said.clone()
}
