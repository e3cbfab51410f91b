use std::f64::consts::TAU;
use std::sync::LazyLock;

use visavis_peer::audio::{Packet, Processing};

use crate::call::{Arrival, LAN, Listened, Network, encode, encode_as, listen, listen_when, send};
use crate::speech::{RATE, speech};

/// Ten seconds of speech, as often as needed: clocks drift slowly.
fn long(times: u64) -> Vec<Packet> {
    static ONCE: LazyLock<Vec<Packet>> = LazyLock::new(|| encode(&speech(10, 120.0, 1)));
    let again = |round| {
        let once = ONCE.iter().cloned();
        once.map(move |packet| Packet { time: packet.time + round * 480_000, ..packet })
    };
    (0..times).flat_map(again).collect()
}

/// How many samples were made up between two times (in seconds).
fn made_up(listened: &Listened, from: f64, to: f64) -> u64 {
    listened.at(to).concealed_samples - listened.at(from).concealed_samples
}

/// What share of the sound was made up and can be heard, in percent: pauses do not miss what they lose.
fn audibly_made_up(listened: &Listened, from: f64, to: f64) -> f64 {
    let silent = listened.at(to).silent_concealed_samples - listened.at(from).silent_concealed_samples;
    100.0 * (made_up(listened, from, to) - silent) as f64 / ((to - from) * RATE as f64)
}

/// The longest time in ms through which sound was made up without a break.
fn longest_made_up(listened: &Listened) -> usize {
    let concealed: Vec<u64> = listened.blocks.iter().map(|(.., stats)| stats.concealed_samples).collect();
    let made_up: Vec<bool> = concealed.windows(2).map(|pair| pair[1] > pair[0]).collect();
    10 * made_up.split(|&made_up| !made_up).map(<[bool]>::len).max().unwrap_or(0)
}

fn show(listened: &Listened, from: f64, to: f64) {
    let (delay, audible) = (listened.delay(from, to), audibly_made_up(listened, from, to));
    let stats = listened.stats;
    println!(
        "{delay:.1} ms, {audible:.2} % audibly made up, {} ms at most; of {} samples {} made up, {} put in, {} left out",
        longest_made_up(listened),
        stats.total_samples_received,
        stats.concealed_samples,
        stats.inserted_samples_for_deceleration,
        stats.removed_samples_for_acceleration,
    );
}

#[test]
fn on_a_wire_nothing_is_made_up_and_little_time_is_lost() {
    let listened = listen(&send(&long(1), LAN, 0, 0), 9.9);
    show(&listened, 5.0, 9.9);
    assert_eq!(listened.stats.concealed_samples, 0);
    assert_eq!(listened.stats.packets_discarded, 0);
    assert!(listened.delay(5.0, 9.9) < 40.0);
}

#[test]
fn a_rough_network_is_bridged() {
    let rough = Network { jitter: 60_000.0, loss: 5.0, duplicates: 2.0, drift_ppm: 200.0, ..LAN };
    // Both counters begin anew on the way.
    let listened = listen(&send(&long(3), rough, 65_000, u32::MAX - 500_000), 29.9);
    show(&listened, 5.0, 29.9);
    assert!(listened.delay(5.0, 29.9) < 100.0);
    assert!(audibly_made_up(&listened, 5.0, 29.9) < 1.0);
    assert!(longest_made_up(&listened) <= 60, "{} ms", longest_made_up(&listened));
    assert!(listened.stats.packets_recovered > 30, "{:?}", listened.stats);
}

#[test]
fn jitter_alone_is_soon_covered() {
    let listened = listen(&send(&long(3), Network { jitter: 60_000.0, ..LAN }, 0, 0), 29.9);
    show(&listened, 5.0, 29.9);
    assert!(listened.delay(5.0, 29.9) < 80.0);
    assert!(audibly_made_up(&listened, 5.0, 29.9) < 0.2);
    assert!(longest_made_up(&listened) <= 20, "{} ms", longest_made_up(&listened));
}

#[test]
fn losses_are_mended_by_the_packets_after_them() {
    let listened = listen(&send(&long(3), Network { loss: 5.0, ..LAN }, 0, 0), 29.9);
    show(&listened, 5.0, 29.9);
    assert!(listened.delay(5.0, 29.9) < 60.0);
    assert!(audibly_made_up(&listened, 5.0, 29.9) < 1.0);
}

#[test]
fn after_a_rough_time_the_delay_comes_down_again() {
    let packets = long(9);
    let rough = Network { jitter: 60_000.0, ..LAN };
    let mut arrivals = send(&packets[..1_000], rough, 0, 0);
    arrivals.extend(send(&packets[1_000..], LAN, 1_000, 0));
    let listened = listen(&arrivals, 89.9);
    let (rough, calm) = (listened.delay(10.0, 20.0), listened.delay(80.0, 89.9));
    println!("{rough:.1} ms, then {calm:.1} ms");
    assert!(calm < 40.0, "{calm:.1} ms");
    assert_eq!(made_up(&listened, 25.0, 89.9), 0);
}

#[test]
fn clocks_that_drift_apart_are_followed() {
    for drift_ppm in [-300.0, 300.0] {
        let listened = listen(&send(&long(12), Network { drift_ppm, ..LAN }, 0, 0), 119.0);
        let (early, late) = (listened.delay(10.0, 30.0), listened.delay(100.0, 119.0));
        println!("{drift_ppm} ppm: {early:.1} ms, then {late:.1} ms");
        assert!((early - late).abs() < 15.0, "{early:.1} ms, then {late:.1} ms");
        assert_eq!(listened.stats.concealed_samples, 0);
    }
}

#[test]
fn after_a_stall_of_the_network_what_is_old_is_left_out() {
    let stalled = Network { stall: (5_000_000.0, 2_000_000.0), ..LAN };
    let listened = listen(&send(&long(1), stalled, 0, 0), 9.9);
    show(&listened, 8.0, 9.9);
    assert!(listened.delay(8.0, 9.9) < 60.0);
    assert_eq!(listened.at(7.5).concealed_samples, listened.stats.concealed_samples);
    assert!(listened.stats.packets_discarded > 80, "{:?}", listened.stats);
    // No droning on meanwhile.
    assert!(listened.sound[5 * RATE + RATE / 2..6 * RATE + RATE / 2].iter().all(|&sample| sample == 0));
}

#[test]
fn after_an_outage_the_call_goes_on_where_it_is() {
    let packets = long(1);
    let mut arrivals = send(&packets, LAN, 0, 0);
    arrivals.retain(|arrival| !(3_000_000.0..6_000_000.0).contains(&arrival.at));
    let listened = listen(&arrivals, 9.9);
    show(&listened, 7.0, 9.9);
    assert!(listened.delay(7.0, 9.9) < 45.0);
    assert_eq!(made_up(&listened, 6.2, 9.9), 0);
}

#[test]
fn after_a_pause_sound_begins_with_the_delay_that_the_network_needs() {
    for seed in 1..=5 {
        let mut arrivals = send(&long(1), Network { jitter: 60_000.0, seed, ..LAN }, 0, 0);
        arrivals.retain(|arrival| !(4_000_000.0..6_000_000.0).contains(&arrival.at));
        let listened = listen(&arrivals, 9.9);
        show(&listened, 6.0, 9.9);
        let begun = listened
            .blocks
            .iter()
            .map(|(at, ..)| *at / 1e6)
            .find(|at| *at > 5.9 && made_up(&listened, *at, *at + 0.02) == 0);
        let begun = begun.expect("it goes on");
        assert!(made_up(&listened, begun, begun + 1.0) <= 960, "seed {seed}: one packet at most");
    }
}

#[test]
fn a_listener_that_stalled_hears_the_present() {
    let arrivals = send(&long(1), LAN, 0, 0);
    let asked = (0..990).map(|block| f64::from(block) * 10_000.0);
    let listened = listen_when(&arrivals, asked.filter(|at| !(3_000_000.0..6_000_000.0).contains(at)));
    show(&listened, 6.2, 9.9);
    assert!(listened.delay(6.2, 9.9) < 60.0);
    assert_eq!(made_up(&listened, 6.2, 9.9), 0);
}

#[test]
fn a_listener_may_ask_for_several_blocks_at_once() {
    let arrivals = send(&long(1), LAN, 0, 0);
    let listened = listen_when(&arrivals, (0..990).map(|block| f64::from(block / 5 * 5) * 10_000.0));
    show(&listened, 2.0, 9.9);
    assert_eq!(made_up(&listened, 2.0, 9.9), 0);
}

#[test]
fn a_sender_that_begins_anew_is_followed() {
    let packets = long(1);
    for (sequence, timestamp) in [(30_000, 0), (7, 4_000_000_000), (60_000, 300_000), (250, 5_000_000)] {
        let mut arrivals = send(&packets[..250], LAN, 0, 1_000_000);
        arrivals.extend(send(&packets[250..], LAN, sequence, timestamp));
        let listened = listen(&arrivals, 9.9);
        show(&listened, 6.0, 9.9);
        assert_eq!(made_up(&listened, 6.0, 9.9), 0);
        assert!(listened.delay(6.0, 9.9) < 60.0);
        let (at, playing, _) = listened.blocks[980];
        let newest = timestamp.wrapping_add((at * 0.048) as u32);
        assert!(newest.wrapping_sub(playing.unwrap()) < 4_800, "{playing:?} of {newest}");
    }
}

#[test]
fn a_sender_that_says_nothing_for_a_while_is_waited_for() {
    let packets = long(1);
    let arrivals: Vec<Arrival> = send(&packets, LAN, 0, 0);
    // A second of nothing in every two, and no number left out.
    let spoken = arrivals.into_iter().filter(|arrival| ((arrival.at / 1e6) as usize).is_multiple_of(2));
    let spoken: Vec<_> =
        spoken.zip(0u16..).map(|(arrival, sequence)| Arrival { sequence, ..arrival }).collect();
    let listened = listen(&spoken, 8.9);
    show(&listened, 2.0, 8.9);
    assert_eq!(listened.stats.packets_recovered, 0);
    assert_eq!(listened.stats.concealment_events, 4);
    assert!(listened.delay(2.0, 8.9) < 45.0);
}

#[test]
fn a_chord_stays_smooth_while_it_is_stretched() {
    // Two tones that have no period in common: where the playout leaps, it must fade.
    let angles = [220.0, 317.0].map(|frequency| TAU * frequency / RATE as f64);
    let chord = |i: usize| angles.iter().map(|angle| (i as f64 * angle).sin() * 5_000.0).sum::<f64>() as i16;
    let packets = encode_as(&(0..20 * RATE).map(chord).collect::<Vec<_>>(), Processing::default());
    // Ten times as far apart as clocks may be.
    let listened = listen(&send(&packets, Network { drift_ppm: 3_000.0, ..LAN }, 0, 0), 19.9);
    show(&listened, 2.0, 19.9);
    let left_out = |at: f64| listened.at(at).removed_samples_for_acceleration;
    assert!(left_out(19.0) - left_out(2.0) > 1_000, "too little was left out");
    let step = |pair: &[i16]| (i32::from(pair[0]) - i32::from(pair[1])).abs();
    let steepest = angles.iter().sum::<f64>() * 5_000.0;
    let jump = listened.sound[2 * RATE..].windows(2).map(step).max();
    println!("{jump:?} of {steepest:.0}");
    assert!(jump < Some((steepest * 1.25) as i32), "{jump:?} of {steepest:.0}");
}

#[test]
fn what_is_playing_is_told_by_its_timestamp() {
    let listened = listen(&send(&long(1), LAN, 0, u32::MAX - 100_000), 9.9);
    for (at, playing, _) in &listened.blocks[100..] {
        let spoken = (at * 0.048) as u32;
        let played = playing.unwrap().wrapping_sub(u32::MAX - 100_000);
        // 20 ms until a packet is full, and the delay of the playout.
        assert!(spoken - played < 3_360, "{} samples behind", spoken - played);
    }
}

#[test]
fn packets_of_every_length_and_stereo_are_played() {
    let sound = speech(3, 120.0, 1);
    for (channels, mix) in [(opus::Channels::Mono, 1), (opus::Channels::Stereo, 2)] {
        for length in [120, 240, 480, 960, 1_920, 2_880] {
            let mut encoder = opus::Encoder::new(48_000, channels, opus::Application::Voip).unwrap();
            let packet = |(index, samples): (usize, &[i16])| Packet {
                payload: encoder
                    .encode_vec(&samples.iter().flat_map(|&s| vec![s; mix]).collect::<Vec<_>>(), 1_275)
                    .unwrap(),
                time: (index * length) as u64,
            };
            let packets: Vec<_> = sound.chunks_exact(length).enumerate().map(packet).collect();
            let listened = listen(&send(&packets, LAN, 0, 0), 2.9);
            assert_eq!(made_up(&listened, 0.5, 2.9), 0);
            let loudness = |sound: &[i16]| sound.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>();
            let kept = loudness(&listened.sound[RATE..]) / loudness(&sound[RATE..]);
            assert!((0.6..1.4).contains(&kept), "{kept}");
        }
    }
}
