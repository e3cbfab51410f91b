//! Pictures and sound.

use std::sync::Arc;
use std::time::Duration;

use visavis_peer::connection::{Event, Picture};
use visavis_peer::wire::{AppFrame, Codec, DtlsState, IceState, Kind};

use crate::common::pair::{Link, Pair, offer};
use crate::common::{FRAME, vp8};

/// Sends pictures from the first peer for so long, a key frame whenever it is asked for one. Tells when, in
/// its own time, each that arrived was sent.
pub fn send_pictures(pair: &mut Pair, mid: &str, time: Duration) -> Vec<AppFrame> {
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

pub fn pictures(pair: &Pair) -> Vec<AppFrame> {
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
        pair.peers[0].connection.send_sound(1, &opus(), number * 960, number * 20_000, now);
        pair.run(Duration::from_millis(20));
        let now = pair.now;
        if let Some(sound) = pair.peers[1].connection.pull_sound(2, 2, Duration::ZERO, now) {
            assert_eq!(sound.samples.len(), 2 * 960);
        }
    }
    let now = pair.now;
    let report = pair.peers[1].connection.stats(now, 0.0);
    let playout = report.inbound[0].playout.clone().unwrap();
    assert!(report.inbound[0].packets_received >= 94 && report.inbound[0].packets_lost == 0, "{report:?}");
    // Its offset is random. All that was sent is 2 s.
    let delivered = report.inbound[0].delivered.unwrap();
    assert!((-100.0..=0.0).contains(&delivered.timestamp), "{delivered:?}");
    assert!(playout.jitter_buffer_emitted_count > 80_000 && playout.packets_discarded == 0, "{playout:?}");
}

#[test]
fn sound_of_before_there_was_a_way_does_not_come_late() {
    let mut pair = Pair::new();
    pair.link.delay = Duration::from_millis(50);
    let mid = pair.negotiate(0, &offer(&[Kind::Audio], false)).remove(0);
    pair.peers[0].connection.set_send(&mid, Some(1));
    pair.peers[1].connection.set_receive(&mid, Some(2));
    let connected = Event::Dtls(DtlsState::Connected);
    let mut number = 0;
    while !pair.peers.iter().all(|peer| peer.has(&connected)) {
        let now = pair.now;
        pair.peers[0].connection.send_sound(1, &opus(), number * 960, number * 20_000, now);
        pair.run(Duration::from_millis(20));
        number += 1;
    }
    pair.run(Duration::from_secs(1));
    let now = pair.now;
    let received: u64 =
        pair.peers[1].connection.stats(now, 0.0).inbound.iter().map(|line| line.packets_received).sum();
    assert!(number > 8, "the way took time: {number} packets");
    assert!(received <= 4, "{received} of {number} came: only those of the last flight may");
}

/// How many packets of sound the second peer gets, if the first is given one after each of these gaps.
fn received_with_gaps(gaps: impl IntoIterator<Item = u64>) -> u64 {
    let mut pair = Pair::new();
    let mid = pair.connect(&[Kind::Audio], false).remove(0);
    pair.peers[0].connection.set_send(&mid, Some(1));
    pair.peers[1].connection.set_receive(&mid, Some(2));
    for (number, gap) in (0..).zip(gaps) {
        pair.run(Duration::from_millis(gap));
        let now = pair.now;
        pair.peers[0].connection.send_sound(1, &opus(), number * 960, number * 20_000, now);
    }
    pair.run(Duration::from_millis(200));
    let now = pair.now;
    pair.peers[1].connection.stats(now, 0.0).inbound.iter().map(|line| line.packets_received).sum()
}

#[test]
fn sound_begins_once_it_comes_steadily() {
    const STEADY: [u64; 10] = [20; 10];
    /// A page that stands still for a fifth of a second, and then hands over what has gathered.
    const BEGINNING: [u64; 14] = [20, 20, 20, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(received_with_gaps(BEGINNING), 0);
    let received = received_with_gaps(BEGINNING.into_iter().chain(STEADY));
    assert!((5..=7).contains(&received), "{received} of the 10 steady ones");
    // Later nothing is kept back.
    let received = received_with_gaps(STEADY.into_iter().chain(BEGINNING));
    assert!((19..=20).contains(&received), "{received} of 24");
}

#[test]
fn sound_that_never_comes_steadily_is_heard_all_the_same() {
    let received = received_with_gaps([60, 0, 0].into_iter().cycle().take(150));
    assert!(received > 110, "{received} of 150, which are 3 s");
}

#[test]
fn what_is_lost_of_the_sound_is_told() {
    let mut pair = Pair::new();
    let mid = pair.connect(&[Kind::Audio], false).remove(0);
    pair.peers[0].connection.set_send(&mid, Some(1));
    pair.peers[1].connection.set_receive(&mid, Some(2));
    let mut number = 0;
    let mut told_after = |pair: &mut Pair, time: Duration| {
        let end = pair.now + time;
        while pair.now < end {
            let now = pair.now;
            pair.peers[0].connection.send_sound(1, &opus(), number * 960, number * 20_000, now);
            pair.run(Duration::from_millis(20));
            number += 1;
        }
        let told = |event: &Event| match event {
            Event::SoundLost { percent } => Some(*percent),
            _ => None,
        };
        pair.peers[0].events.iter().filter_map(told).collect::<Vec<u8>>()
    };
    let time = Duration::from_secs(20);
    assert!(told_after(&mut pair, time).is_empty(), "nothing is lost");
    pair.link.loss = 0.1;
    let lossy = told_after(&mut pair, time);
    assert!(lossy.iter().any(|percent| (5..=30).contains(percent)), "{lossy:?}");
    pair.link.loss = 0.0;
    assert_eq!(told_after(&mut pair, time).last(), Some(&0));
}

#[test]
fn lips_move_with_the_sound() {
    lips_move_with_the_sound_of(Duration::ZERO);
}

#[test]
fn lips_move_with_the_sound_however_long_pictures_are_encoded() {
    lips_move_with_the_sound_of(Duration::from_millis(150));
}

fn lips_move_with_the_sound_of(encoding: Duration) {
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
            pair.peers[0].connection.send_sound(1, &opus(), tick * 480, micros, now);
        }
        if tick % 3 == 0
            && let Some(time) = micros.checked_sub(encoding.as_micros() as u64)
        {
            let data = vp8(time == 0, 1000);
            let picture = Picture { codec: Codec::Vp8, key_frame: time == 0, time, data: &data };
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
    // Sender reports come twice a second.
    let settled: Vec<i64> =
        apart.iter().filter(|(at, _)| at.as_secs() >= 1).map(|(_, apart)| *apart).collect();
    assert!(settled.len() > 150, "{}", settled.len());
    assert!(settled.iter().all(|apart| apart.abs() <= 80), "{settled:?}");
    let ahead = (BUFFERED - encoding).as_millis() as i64 - 100;
    assert!(
        apart[..10].iter().all(|(_, apart)| *apart > ahead),
        "it is not so by itself: {:?}",
        &apart[..10]
    );
}
