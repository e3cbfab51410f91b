//! Data channels, and how a connection ends.

use std::time::Duration;

use visavis_peer::connection::Event;
use visavis_peer::wire::{ChannelOptions, DtlsState, Kind};

use crate::common::pair::{Link, Pair};

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
fn a_channel_with_a_longer_name_than_can_be_told_is_closed_and_nothing_else() {
    let mut pair = Pair::new();
    pair.connect(&[], true);
    for (channel, length) in [(1, 1_487), (2, 1_488), (3, 65_535)] {
        pair.peers[0].connection.open_channel(channel, options(&"n".repeat(length)), None);
    }
    pair.until("the first is open on both sides", |pair| {
        let opened = |event: &Event| matches!(event, Event::ChannelOpened { .. });
        pair.peers.iter().all(|peer| peer.events.iter().any(opened))
    });
    let closed = [1, 2, 3].map(|channel| pair.peers[0].has(&Event::ChannelClosed { channel }));
    assert_eq!(closed, [false, true, true]);
}

#[test]
fn what_has_gone_out_waits_no_longer_though_it_has_not_arrived() {
    let mut pair = Pair::new();
    pair.peers[0].connection.open_channel(5, options("chat"), None);
    pair.connect(&[], true);
    pair.until("the channel is open", |pair| {
        pair.peers[0].events.iter().any(|event| matches!(event, Event::ChannelOpened { .. }))
    });
    pair.run(Duration::from_secs(1));
    pair.link.delay = Duration::from_millis(500);
    let sent = |pair: &Pair| -> usize {
        let bytes =
            |event: &Event| if let Event::ChannelSent { bytes, .. } = event { *bytes as usize } else { 0 };
        pair.peers[0].events.iter().map(bytes).sum()
    };
    pair.peers[0].connection.send_message(5, true, &[1; 1_000]);
    pair.run(Duration::from_millis(1));
    assert_eq!(sent(&pair), 1_000);
    pair.peers[0].connection.send_message(5, true, &[2; 100_000]);
    pair.run(Duration::from_millis(1));
    assert!(sent(&pair) < 10_000, "more than that cannot be on its way");
    pair.until("all has gone out", |pair| sent(pair) == 101_000);
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
fn who_leaves_says_so() {
    let mut pair = Pair::new();
    pair.peers[1].connection.open_channel(1, options("chat"), None);
    pair.connect(&[Kind::Audio], true);
    pair.run(Duration::from_secs(1));
    pair.peers[0].connection.close();
    pair.until("the other side knows", |pair| pair.peers[1].has(&Event::Dtls(DtlsState::Closed)));
    assert!(pair.peers[1].has(&Event::ChannelClosed { channel: 1 }));
}
