//! Connections as a driver sees them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::pair::{Link, Pair, offer};
use common::{FRAME, vp8};
use visavis_peer::connection::{Event, Picture};
use visavis_peer::wire::{
    AppFrame, ChannelOptions, Codec, DescriptionKind, Direction, DtlsState, IceState, Kind, LineDirection,
    Offer, RefusalCode,
};

/// Sends pictures from the first peer for so long, a key frame whenever it is asked for one. Tells when, in
/// its own time, each that arrived was sent.
fn send_pictures(pair: &mut Pair, mid: &str, time: Duration) -> Vec<AppFrame> {
    let end = pair.now + time;
    let mut number = 0;
    let mut asked = pair.peers[0].events.len();
    while pair.now < end {
        let wanted = Event::KeyFrameWanted { mid: mid.to_owned() };
        let key_frame = number == 0 || pair.peers[0].events[asked..].contains(&wanted);
        asked = pair.peers[0].events.len();
        let data = vp8(key_frame, if key_frame { 20_000 } else { 4_000 });
        let time = number * FRAME.as_micros() as u64;
        let picture = Picture { codec: Codec::Vp8, key_frame, time, data: &data };
        let now = pair.now;
        pair.peers[0].connection.send_picture(7, picture, now);
        pair.drain();
        pair.run(FRAME);
        number += 1;
    }
    pictures(pair)
}

fn pictures(pair: &Pair) -> Vec<AppFrame> {
    let picture = |event: &Event| match event {
        Event::Picture { header, .. } => Some(*header),
        _ => None,
    };
    pair.peers[1].events.iter().filter_map(picture).collect()
}

fn with_video(link: Link) -> (Pair, String) {
    let mut pair = Pair::new();
    pair.link = link;
    let mid = pair.connect(&[Kind::Video], false).remove(0);
    pair.peers[0].connection.set_send(&mid, Some(7));
    pair.peers[1].connection.set_receive(&mid, Some(9));
    (pair, mid)
}

#[test]
fn pictures_arrive_as_they_were_sent() {
    let (mut pair, mid) = with_video(Link::default());
    let shown = send_pictures(&mut pair, &mid, Duration::from_secs(3));
    assert!(shown.len() > 80, "{} of 91 frames", shown.len());
    let AppFrame::Picture { stream: 9, codec: Codec::Vp8, key_frame: true, .. } = shown[0] else {
        panic!("{:?}", shown[0])
    };
    assert!(
        shown[1..].iter().all(|frame| matches!(frame, AppFrame::Picture { contiguous: true, .. })),
        "nothing was lost"
    );
}

#[test]
fn with_loss_and_distance_pictures_go_on() {
    let (mut pair, mid) = with_video(Link { delay: Duration::from_millis(50), ..Link::default() });
    send_pictures(&mut pair, &mid, Duration::from_secs(2));
    let before = pictures(&pair).len();
    pair.link.loss = 0.05;
    let shown = send_pictures(&mut pair, &mid, Duration::from_secs(20)).len() - before;
    assert!(shown > 450, "{shown} of 606 frames");
    assert!(matches!(pair.peers[1].ice(), Some(IceState::Connected | IceState::Completed)));
}

#[test]
fn after_an_outage_a_key_frame_brings_the_picture_back_within_a_second() {
    let (mut pair, mid) = with_video(Link { delay: Duration::from_millis(50), ..Link::default() });
    send_pictures(&mut pair, &mid, Duration::from_secs(2));
    pair.link.cut = true;
    send_pictures(&mut pair, &mid, Duration::from_secs(3));
    let before = pictures(&pair).len();
    pair.link.cut = false;
    let shown = send_pictures(&mut pair, &mid, Duration::from_secs(1));
    let AppFrame::Picture { key_frame: true, contiguous: false, .. } = shown[before] else {
        panic!("{:?}", shown[before])
    };
}

#[test]
fn a_key_frame_is_asked_for_when_a_line_is_shown_late() {
    let (mut pair, mid) = with_video(Link::default());
    pair.peers[1].connection.set_receive(&mid, None);
    assert!(send_pictures(&mut pair, &mid, Duration::from_secs(1)).is_empty(), "nobody looks");
    pair.peers[1].connection.set_receive(&mid, Some(3));
    pair.drain();
    let shown = send_pictures(&mut pair, &mid, Duration::from_secs(1));
    assert!(matches!(shown[0], AppFrame::Picture { stream: 3, key_frame: true, .. }));
}

/// A real packet of Opus that holds silence.
fn opus() -> Arc<[u8]> {
    [0xf8, 0xff, 0xfe].into()
}

#[test]
fn sound_arrives() {
    let mut pair = Pair::new();
    let mid = pair.connect(&[Kind::Audio], false).remove(0);
    pair.peers[0].connection.set_send(&mid, Some(1));
    pair.peers[1].connection.set_receive(&mid, Some(2));
    for number in 0..100 {
        let now = pair.now;
        pair.peers[0].connection.send_sound(1, &opus(), number * 960, now);
        pair.run(Duration::from_millis(20));
        let now = pair.now;
        if let Some(sound) = pair.peers[1].connection.pull_sound(2, 2, Duration::ZERO, now) {
            assert_eq!(sound.samples.len(), 2 * 960);
        }
    }
    let report = pair.peers[1].connection.stats(0.0);
    let playout = report.inbound[0].playout.clone().unwrap();
    assert!(report.inbound[0].packets_received >= 99 && report.inbound[0].packets_lost == 0, "{report:?}");
    assert!(playout.jitter_buffer_emitted_count > 80_000 && playout.packets_discarded == 0, "{playout:?}");
}

fn options(label: &str) -> ChannelOptions {
    ChannelOptions {
        label: label.into(),
        protocol: "p".into(),
        ordered: true,
        max_retransmits: None,
        max_packet_life_time: None,
    }
}

#[test]
fn data_channels_carry_messages_in_order_through_loss() {
    let mut pair = Pair::new();
    pair.link = Link { delay: Duration::from_millis(10), loss: 0.05, ..Link::default() };
    pair.peers[0].connection.open_channel(5, options("chat"), None);
    pair.connect(&[], true);
    pair.until("the channel is open on both sides", |pair| {
        let opened = |event: &Event| matches!(event, Event::ChannelOpened { .. });
        pair.peers.iter().all(|peer| peer.events.iter().any(opened))
    });
    let remote = pair.peers[1].events.iter().find_map(|event| match event {
        Event::ChannelOpened { channel, options, remote: true, .. } => Some((*channel, options.clone())),
        _ => None,
    });
    let (channel, told) = remote.unwrap();
    assert_eq!((channel, told), (0x8000_0000, options("chat")));

    let messages: Vec<Vec<u8>> =
        (0..40u8).map(|number| vec![number; 1 + usize::from(number) * 6_000]).collect();
    for message in &messages {
        pair.peers[0].connection.send_message(5, true, message);
    }
    pair.peers[0].connection.send_message(5, false, "äß".as_bytes());
    let received = |pair: &Pair| -> Vec<Vec<u8>> {
        let data = |event: &Event| match event {
            Event::ChannelMessage { data, .. } => Some(data.clone()),
            _ => None,
        };
        pair.peers[1].events.iter().filter_map(data).collect()
    };
    pair.until("all has arrived", |pair| received(pair).len() == 41);
    assert_eq!(received(&pair)[..40], messages);
    let told = |event: &Event| if let Event::ChannelSent { bytes, .. } = event { *bytes as usize } else { 0 };
    let all: usize = messages.iter().map(Vec::len).sum::<usize>() + 4;
    pair.until("all is told as sent", |pair| pair.peers[0].events.iter().map(told).sum::<usize>() == all);

    pair.peers[1].connection.close_channel(channel);
    pair.until("it is closed on both sides", |pair| {
        pair.peers[0].has(&Event::ChannelClosed { channel: 5 })
            && pair.peers[1].has(&Event::ChannelClosed { channel })
    });
}

#[test]
fn a_channel_with_an_id_agreed_on_elsewhere_needs_no_opening() {
    let mut pair = Pair::new();
    for peer in &mut pair.peers {
        peer.connection.open_channel(1, options("both"), Some(7));
        peer.connection.open_channel(2, options("taken"), Some(7));
        peer.connection.open_channel(3, options("ours"), Some(65_000));
    }
    pair.connect(&[], true);
    pair.until("it is open", |pair| {
        pair.peers.iter().all(|peer| {
            let open = |event: &Event| {
                matches!(event, Event::ChannelOpened { channel: 1, id: 7, remote: false, .. })
            };
            peer.events.iter().any(open)
        })
    });
    for peer in &pair.peers {
        assert!(
            peer.has(&Event::ChannelClosed { channel: 2 }) && peer.has(&Event::ChannelClosed { channel: 3 })
        );
    }
}

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
fn offers_commit_nothing() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Video], true);
    let direction = |direction| vec![LineDirection { mid: mids[0].clone(), direction }];
    let inactive = Offer { directions: direction(Direction::Inactive), ..Offer::default() };
    let offer = pair.peers[0].connection.offer(&inactive).unwrap();
    assert!(offer.sdp.contains("a=inactive"));
    pair.peers[0].connection.rollback();
    let (link, mid) = (pair.link, mids[0].clone());
    pair.peers[0].connection.set_send(&mid, Some(7));
    pair.peers[1].connection.set_receive(&mid, Some(9));
    assert!(send_pictures(&mut pair, &mid, Duration::from_secs(1)).len() > 20, "it sends as before");
    assert_eq!(link.loss, 0.0);
    let error = pair.peers[0].connection.accept(&offer.sdp, pair.now).unwrap_err();
    assert_eq!(error.code, RefusalCode::WrongState);
    // One that is answered does.
    pair.negotiate(0, &Offer { directions: direction(Direction::Inactive), ..Offer::default() });
    let before = pictures(&pair).len();
    pair.run(Duration::from_secs(1));
    assert!(send_pictures(&mut pair, &mid, Duration::from_secs(1)).len() <= before + 1);
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
        pair.link = Link { delay: Duration::from_millis(30), loss: 0.2, ..Link::default() };
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
fn who_leaves_says_so() {
    let mut pair = Pair::new();
    pair.peers[1].connection.open_channel(1, options("chat"), None);
    pair.connect(&[Kind::Audio], true);
    pair.run(Duration::from_secs(1));
    pair.peers[0].connection.close();
    pair.until("the other side knows", |pair| pair.peers[1].has(&Event::Dtls(DtlsState::Closed)));
    assert!(pair.peers[1].has(&Event::ChannelClosed { channel: 1 }));
}

#[test]
fn lips_move_with_the_sound() {
    /// What waits in the page, which here is the only reason for sound to be late besides the playout.
    const BUFFERED: Duration = Duration::from_millis(300);
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Audio, Kind::Video], false);
    for (mid, stream) in mids.iter().zip([1, 2]) {
        pair.peers[0].connection.set_send(mid, Some(stream));
        pair.peers[1].connection.set_receive(mid, Some(stream));
    }
    let start = pair.now;
    let mut apart = Vec::new();
    let mut heard = 0;
    for tick in 0..1500u64 {
        let now = pair.now;
        let micros = tick * 10_000;
        if tick % 2 == 0 {
            pair.peers[0].connection.send_sound(1, &opus(), tick * 480, now);
        }
        if tick % 3 == 0 {
            let data = vp8(tick == 0, 1000);
            let picture = Picture { codec: Codec::Vp8, key_frame: tick == 0, time: micros, data: &data };
            pair.peers[0].connection.send_picture(2, picture, now);
        }
        if let Some(sound) = pair.peers[1].connection.pull_sound(1, 1, BUFFERED, now) {
            heard = sound.time;
        }
        let shown = pictures(&pair).len();
        pair.run(Duration::from_millis(10));
        for picture in &pictures(&pair)[shown..] {
            let AppFrame::Picture { time, .. } = picture else { unreachable!() };
            let sound = heard as i64 - BUFFERED.as_micros() as i64;
            apart.push((pair.now - start, (*time as i64 - sound) / 1000));
        }
    }
    // Sender reports come every few seconds.
    let settled: Vec<i64> =
        apart.iter().filter(|(at, _)| at.as_secs() > 8).map(|(_, apart)| *apart).collect();
    assert!(settled.len() > 150, "{}", settled.len());
    assert!(settled.iter().all(|apart| apart.abs() <= 80), "{settled:?}");
    assert!(apart[..20].iter().all(|(_, apart)| *apart > 200), "it is not so by itself: {:?}", &apart[..20]);
}
