//! Connections as a driver sees them.
#![allow(clippy::disallowed_methods)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::pair::{Link, Pair, offer};
use common::{FRAME, vp8};
use visavis_peer::connection::{Event, Picture};
use visavis_peer::wire::{AppFrame, ChannelOptions, Codec, Direction, IceState, Kind, LineDirection, Offer};

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
