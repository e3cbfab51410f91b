//! Whatever a stranger sends as sound: nothing breaks, nothing grows, and the next honest packets are played.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use visavis_peer::audio::{Packet, Playout};

use crate::call::encode;
use crate::speech::speech;

static HONEST: LazyLock<Vec<Packet>> = LazyLock::new(|| encode(&speech(4, 120.0, 1)));

#[derive(Debug, Clone)]
enum Deed {
    Insert { payload: Vec<u8>, sequence: u16, timestamp: u32 },
    Pull(usize),
    Pass(Duration),
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    let honest = || (0..HONEST.len()).prop_map(|index| HONEST[index].payload.clone());
    let changed =
        (honest(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut payload, at, byte)| {
            *at.get_mut(&mut payload) = byte;
            payload
        });
    let cut = (honest(), any::<prop::sample::Index>()).prop_map(|(mut payload, at)| {
        payload.truncate(at.index(payload.len()));
        payload
    });
    prop_oneof![3 => honest(), 2 => changed, 1 => cut, 2 => vec(any::<u8>(), 0..80), 1 => vec(any::<u8>(), 1_400..1_600)]
}

fn deed() -> impl Strategy<Value = Deed> {
    // Some near each other and around the wrap, some anywhere.
    let sequence = prop_oneof![4 => (0u16..80).prop_map(|n| n.wrapping_sub(40)), 1 => any::<u16>()];
    let timestamp =
        prop_oneof![4 => (0u32..60).prop_map(|n| (n * 960).wrapping_sub(20_000)), 1 => any::<u32>()];
    prop_oneof![
        6 => (payload(), sequence, timestamp)
            .prop_map(|(payload, sequence, timestamp)| Deed::Insert { payload, sequence, timestamp }),
        3 => (1usize..20).prop_map(Deed::Pull),
        2 => (0u64..60).prop_map(|ms| Deed::Pass(Duration::from_millis(ms))),
        1 => (0u64..5_000).prop_map(|ms| Deed::Pass(Duration::from_millis(ms))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn honest_packets_are_played_after_any_others(deeds in vec(deed(), 1..200)) {
        let mut playout = Playout::new().unwrap();
        let mut now = Instant::now();
        for deed in deeds {
            match deed {
                Deed::Insert { payload, sequence, timestamp } => playout.insert(&payload, sequence, timestamp, now),
                Deed::Pull(blocks) => {
                    for _ in 0..blocks {
                        playout.pull(now);
                        now += Duration::from_millis(10);
                    }
                }
                Deed::Pass(time) => now += time,
            }
            let stats = playout.stats();
            prop_assert!(stats.silent_concealed_samples <= stats.concealed_samples);
            prop_assert!((0.0..=1.0).contains(&stats.audio_level));
            prop_assert!(stats.jitter_buffer_delay.is_finite() && stats.jitter_buffer_delay >= 0.0);
        }
        let mut before = playout.stats();
        for (index, packet) in (0u16..).zip(HONEST.iter()) {
            let timestamp = 70_000u32.wrapping_add(packet.time as u32);
            playout.insert(&packet.payload, index, timestamp, now);
            for _ in 0..2 {
                playout.pull(now);
                now += Duration::from_millis(10);
            }
            if index == 150 {
                before = playout.stats();
            }
        }
        let after = playout.stats();
        prop_assert_eq!(after.concealed_samples - before.concealed_samples, 0);
        // A second less what the playout may slow down by, should the deeds have asked for more delay.
        prop_assert!(after.jitter_buffer_emitted_count - before.jitter_buffer_emitted_count > 40_000);
    }
}

#[test]
fn a_flood_that_nobody_listens_to_is_not_kept() {
    const KEPT: u64 = 200;
    let mut playout = Playout::new().unwrap();
    let now = Instant::now();
    for index in 0..5_000u32 {
        playout.insert(&HONEST[20].payload, index as u16, index * 960, now);
    }
    assert_eq!(playout.stats().packets_discarded, 5_000 - KEPT);
}

#[test]
fn what_is_no_opus_is_discarded() {
    let mut playout = Playout::new().unwrap();
    let now = Instant::now();
    let garbage: [&[u8]; 4] = [&[], &[0xff], &[0x03, 0x3f], &[0x02, 0xff]];
    for (index, payload) in (0u16..).zip(garbage) {
        playout.insert(payload, index, u32::from(index) * 960, now);
    }
    for _ in 0..20 {
        assert_eq!(playout.pull(now), [0; 480]);
    }
    assert_eq!(playout.stats().jitter_buffer_emitted_count, 0);
}
