//! Offers and answers, and ICE.

use std::time::Duration;

use visavis_peer::connection::{Event, LocalCandidate};
use visavis_peer::wire::{
    DescriptionKind, Direction, DtlsState, IceState, Kind, LineDirection, Offer, RefusalCode,
};

use crate::common::pair::{Link, Pair, offer};
use crate::media::{pictures, send_pictures};

#[test]
fn an_ice_restart_brings_a_lost_connection_back() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Audio], false);
    pair.link.cut = true;
    pair.until("it is given up", |pair| pair.peers.iter().all(|peer| peer.ice() == Some(IceState::Failed)));
    assert!(pair.peers[0].events.contains(&Event::Ice(IceState::Disconnected)));
    // The first peer is somewhere else now.
    pair.link.cut = false;
    let gone = pair.peers[0].address;
    pair.peers[0].connection.remove_local_candidates(gone);
    pair.peers[0].address.set_port(6000);
    let directions = vec![LineDirection { mid: mids[0].clone(), direction: Direction::SendRecv }];
    pair.negotiate(0, &Offer { directions, ice_restart: true, ..Offer::default() });
    pair.until("it is back", |pair| {
        pair.peers.iter().all(|peer| matches!(peer.ice(), Some(IceState::Connected | IceState::Completed)))
    });
}

#[test]
fn who_has_no_way_for_long_is_nobody_else() {
    for out_of_reach in [15, 60] {
        let mut pair = Pair::new();
        pair.link.cut = true;
        let mids = pair.negotiate(0, &offer(&[Kind::Audio], false));
        pair.run(Duration::from_secs(out_of_reach));
        pair.link.cut = false;
        if pair.peers[0].ice() == Some(IceState::Failed) {
            let directions = vec![LineDirection { mid: mids[0].clone(), direction: Direction::SendRecv }];
            pair.negotiate(0, &Offer { directions, ice_restart: true, ..Offer::default() });
        }
        pair.link.loss = 0.3;
        pair.until("both have keys", |pair| {
            pair.peers.iter().all(|peer| peer.has(&Event::Dtls(DtlsState::Connected)))
        });
        let ended = |event: &Event| matches!(event, Event::Ended(_));
        assert!(!pair.peers.iter().any(|peer| peer.events.iter().any(ended)), "after {out_of_reach} s");
    }
}

#[test]
fn keys_wait_for_a_way_that_is_lost_meanwhile() {
    let mut pair = Pair::new();
    let mids = pair.negotiate(0, &offer(&[Kind::Audio], false));
    pair.until("there is a way", |pair| {
        pair.peers.iter().all(|peer| matches!(peer.ice(), Some(IceState::Connected | IceState::Completed)))
    });
    pair.link.cut = true;
    pair.run(Duration::from_secs(60));
    pair.link.cut = false;
    let directions = vec![LineDirection { mid: mids[0].clone(), direction: Direction::SendRecv }];
    pair.negotiate(0, &Offer { directions, ice_restart: true, ..Offer::default() });
    pair.until("both have keys", |pair| {
        pair.peers.iter().all(|peer| peer.has(&Event::Dtls(DtlsState::Connected)))
    });
}

#[test]
fn offers_commit_nothing() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Video], true);
    let direction = |direction| vec![LineDirection { mid: mids[0].clone(), direction }];
    let inactive = Offer { directions: direction(Direction::Inactive), ..Offer::default() };
    let offer = pair.peers[0].connection.offer(&inactive).unwrap();
    assert!(offer.sdp.contains("a=inactive"));
    let (link, mid) = (pair.link, mids[0].clone());
    pair.peers[0].connection.set_send(&mid, Some(7));
    pair.peers[1].connection.set_receive(&mid, Some(9));
    assert!(send_pictures(&mut pair, &mid, Duration::from_secs(1)).len() > 20, "it sends as before");
    assert_eq!(link.loss, 0.0);
    // One that is answered does.
    pair.negotiate(0, &Offer { directions: direction(Direction::Inactive), ..Offer::default() });
    let before = pictures(&pair).len();
    pair.run(Duration::from_secs(1));
    assert!(send_pictures(&mut pair, &mid, Duration::from_secs(1)).len() <= before + 1);
}

#[test]
fn an_offer_stays_when_one_of_the_other_side_was_only_checked() {
    let mut pair = Pair::new();
    let [ada, bob] =
        [0, 1].map(|index| pair.peers[index].connection.offer(&offer(&[Kind::Audio], false)).unwrap());
    let ours = &mut pair.peers[0].connection;
    ours.check(DescriptionKind::Offer, &bob.sdp).unwrap();
    ours.rollback();
    let answer = pair.answer(1, &ada.sdp, Direction::SendRecv);
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    let error = pair.peers[0].connection.accept(&answer, pair.now).unwrap_err();
    assert_eq!(error.code, RefusalCode::WrongState);
}

#[test]
fn an_offer_is_made_even_if_nothing_changes() {
    let mut pair = Pair::new();
    let empty = pair.peers[0].connection.offer(&Offer::default()).unwrap();
    assert!(empty.sdp.starts_with("v=0") && !empty.sdp.contains("m="));
    let answer = pair.answer(1, &empty.sdp, Direction::SendRecv);
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    for kinds in [&[][..], &[Kind::Audio]] {
        let mut pair = Pair::new();
        pair.connect(kinds, true);
        for from in [0, 1, 0] {
            let mids = pair.negotiate(from, &Offer::default());
            assert!(mids.is_empty());
            pair.run(Duration::from_secs(1));
            assert!(
                pair.peers
                    .iter()
                    .all(|peer| matches!(peer.ice(), Some(IceState::Completed | IceState::Connected)))
            );
        }
    }
}

#[test]
fn of_two_offers_that_cross_one_gives_way() {
    let mut pair = Pair::new();
    pair.connect(&[Kind::Audio], false);
    let wish = offer(&[Kind::Video], false);
    let first = pair.peers[0].connection.offer(&wish).unwrap();
    let second = pair.peers[1].connection.offer(&wish).unwrap();
    // The second peer is the polite one.
    pair.peers[1].connection.check(DescriptionKind::Offer, &first.sdp).unwrap();
    let answer = pair.answer(1, &first.sdp, Direction::SendRecv);
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    let late = pair.answer_text(0, &second.sdp);
    assert!(late.is_err(), "an offer that was made before does not fit any more");
    pair.negotiate(1, &wish);
    pair.run(Duration::from_secs(1));
    let third = pair.peers[0].connection.offer(&Offer::default()).unwrap();
    assert_eq!(third.sdp.matches("m=video").count(), 2);
}

#[test]
fn a_stopped_line_stays_closed() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Audio, Kind::Video], false);
    pair.negotiate(0, &Offer { stopped: vec![mids[1].clone()], ..Offer::default() });
    let offer = pair.peers[1].connection.offer(&Offer::default()).unwrap();
    assert!(offer.sdp.contains("m=video 0 "), "{}", offer.sdp);
}

#[test]
fn a_line_is_answered_with_the_direction_that_is_asked_for() {
    let mut pair = Pair::new();
    let wish = offer(&[Kind::Video], false);
    let sdp = pair.peers[0].connection.offer(&wish).unwrap().sdp;
    let answer = pair.answer(1, &sdp, Direction::RecvOnly);
    assert!(answer.contains("a=recvonly") && !answer.contains("a=ssrc") && !answer.contains("a=candidate"));
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
}

#[test]
fn streams_that_rest_stay_told() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Video], false);
    let inactive = || Offer {
        directions: vec![LineDirection { mid: mids[0].clone(), direction: Direction::Inactive }],
        ..Offer::default()
    };
    pair.negotiate(0, &inactive());
    let told = |sdp: &str| sdp.lines().filter(|line| line.starts_with("a=ssrc")).count();
    let offer = pair.peers[1].connection.offer(&inactive()).unwrap();
    let answer = pair.answer(0, &offer.sdp, Direction::Inactive);
    assert_eq!(told(&answer), 3, "its own, the one for repetitions, and their group: {answer}");
}

#[test]
fn two_hundred_connections_at_once_are_all_made() {
    let mut pairs: Vec<Pair> = (0..200).map(|_| Pair::new()).collect();
    for pair in &mut pairs {
        pair.negotiate(0, &offer(&[Kind::Audio, Kind::Video], true));
    }
    let connected = |pair: &Pair| {
        let dtls = Event::Dtls(DtlsState::Connected);
        pair.peers.iter().all(|peer| {
            peer.has(&dtls)
                && peer.ice().is_some_and(|state| matches!(state, IceState::Connected | IceState::Completed))
        })
    };
    for _ in 0..100 {
        pairs.iter_mut().for_each(|pair| pair.run(Duration::from_millis(50)));
    }
    assert_eq!(pairs.iter().filter(|pair| connected(pair)).count(), pairs.len());
}

#[test]
fn lossy_handshakes_come_through() {
    for seed in 0..20 {
        let mut pair = Pair::seeded(seed);
        pair.link = Link { delay: Duration::from_millis(30), loss: 0.1, ..Link::default() };
        pair.connect(&[Kind::Audio, Kind::Video], true);
    }
}

#[test]
fn what_is_sent_and_shown_can_be_said_before_the_answer_is_there() {
    let mut pair = Pair::new();
    let wish = offer(&[Kind::Video], false);
    let offered = pair.peers[0].connection.offer(&wish).unwrap();
    let mid = offered.mids[0].clone();
    pair.peers[0].connection.set_send(&mid, Some(7));
    pair.peers[1].connection.set_receive(&mid, Some(9));
    let answer = pair.answer(1, &offered.sdp, Direction::SendRecv);
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    pair.gather(0);
    pair.gather(1);
    pair.until("both are connected", |pair| {
        pair.peers.iter().all(|peer| peer.has(&Event::Dtls(DtlsState::Connected)))
    });
    assert!(!send_pictures(&mut pair, &mid, Duration::from_secs(1)).is_empty());
}

#[test]
fn the_pair_in_use_is_known_as_soon_as_there_is_one() {
    let mut pair = Pair::new();
    pair.negotiate(0, &offer(&[Kind::Audio], false));
    for index in 0..2 {
        pair.until("ICE is connected", |pair| {
            matches!(pair.peers[index].ice(), Some(IceState::Connected | IceState::Completed))
        });
        let (local, remote) = (pair.peers[index].address, pair.peers[1 - index].address);
        let now = pair.now;
        let told = pair.peers[index].connection.stats(now, 0.0).pair.unwrap();
        assert_eq!((told.local.address, told.local.port), (local.ip().to_string(), local.port()));
        assert_eq!((told.remote.address, told.remote.port), (remote.ip().to_string(), remote.port()));
    }
}

#[test]
fn who_answers_begins_dtls_and_stays_who_it_was() {
    let mut pair = Pair::new();
    let offered = pair.peers[0].connection.offer(&offer(&[Kind::Audio], false)).unwrap().sdp;
    assert!(offered.contains("a=setup:actpass"));
    let answer = pair.answer(1, &offered, Direction::SendRecv);
    assert!(answer.contains("a=setup:active"), "{answer}");
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    let back = pair.peers[1].connection.offer(&Offer::default()).unwrap().sdp;
    assert!(back.contains("a=setup:actpass"));
    assert!(pair.answer(0, &back, Direction::SendRecv).contains("a=setup:passive"));
}

#[test]
fn with_relays_only_an_ice_restart_leaves_no_way() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Audio], false);
    pair.peers[0].connection.set_relay_only(true);
    pair.run(Duration::from_secs(10));
    assert_eq!(pair.peers[0].ice(), pair.peers[1].ice(), "what is there is used as before");
    let directions = vec![LineDirection { mid: mids[0].clone(), direction: Direction::SendRecv }];
    let restart = Offer { directions, ice_restart: true, ..Offer::default() };
    let offered = pair.peers[0].connection.offer(&restart).unwrap().sdp;
    assert!(pair.peers[0].connection.has_addresses());
    let answer = pair.answer_text(1, &offered).unwrap();
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    assert!(!pair.peers[0].connection.has_addresses());
    pair.gather(1);
    pair.until("it is given up", |pair| pair.peers.iter().all(|peer| peer.ice() == Some(IceState::Failed)));
}

#[test]
fn candidates_in_a_description_count_as_much_as_those_told_by_themselves() {
    let mut pair = Pair::new();
    let offered = pair.peers[0].connection.offer(&offer(&[Kind::Audio], false)).unwrap().sdp;
    let line = |address: &str, port| format!("a=candidate:1 1 udp 2130706431 {address} {port} typ host\r\n");
    let (here, named) = (line("192.0.2.1", 5000), line("x.local", 5000));
    let answer = pair.answer(1, &format!("{offered}{here}{named}"), Direction::SendRecv);
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    pair.gather(1);
    pair.drain();
    let told = pair.peers[0]
        .connection
        .add_local_candidate(LocalCandidate { socket: pair.peers[0].address, reflexive: None });
    assert!(told.is_some(), "and is not told to the other side here");
    pair.until("both are connected", |pair| {
        pair.peers.iter().all(|peer| peer.has(&Event::Dtls(DtlsState::Connected)))
    });
    let many: String = (0..100).map(|port| line("192.0.2.9", port)).collect();
    let refused = pair.answer_text(1, &format!("{offered}{many}")).unwrap_err();
    assert_eq!(refused.code, RefusalCode::TooMany);
    let codes: Vec<_> = (0..100)
        .filter_map(|port| {
            let line = format!("candidate:1 1 udp 1 192.0.2.9 {port} typ host");
            pair.peers[1].connection.add_remote_candidate(&line).err().map(|refusal| refusal.code)
        })
        .collect();
    assert_eq!(codes.len(), 37, "63 fit beside the first");
    assert!(codes.iter().all(|code| *code == RefusalCode::TooMany));
}
