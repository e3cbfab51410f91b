use rand::{RngExt, SeedableRng, rngs::StdRng};
use visavis_peer::audio::{Microphone, Processing};

use crate::call::packets;
use crate::speech::{RATE, speech};

const ALL: Processing =
    Processing { echo_cancellation: true, noise_suppression: true, auto_gain_control: true };
const NO_GAIN: Processing = Processing { auto_gain_control: false, ..ALL };

/// A loudspeaker and a microphone in an ordinary room.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// From the page's mix to the microphone's sound in the page.
    delay_ms: usize,
    gain_db: f64,
}

/// Four walls throw the sound back and forth; the microphone itself is not quite silent.
fn echo(far: &[i16], room: Room) -> Vec<i16> {
    const WALLS: [usize; 4] = [1_031, 1_427, 1_867, 2_503];
    let mut random = StdRng::seed_from_u64(7);
    let mut reflected = WALLS.map(|way| vec![0.0; way]);
    let delay = room.delay_ms * RATE / 1_000;
    let mut sound = Vec::with_capacity(far.len());
    for i in 0..far.len() {
        let played = if i < delay { 0.0 } else { f64::from(far[i - delay]) };
        let mut heard = played;
        for wall in &mut reflected {
            let at = i % wall.len();
            heard += 0.3 * wall[at];
            wall[at] = 0.5 * wall[at] + played;
        }
        sound.push(heard);
    }
    let power = |sound: &mut dyn Iterator<Item = f64>| sound.map(|s| s * s).sum::<f64>();
    let wanted = power(&mut far.iter().map(|&s| f64::from(s))) * 10f64.powf(room.gain_db / 10.0);
    let gain = (wanted / power(&mut sound.iter().copied())).sqrt();
    sound.iter().map(|heard| (heard * gain + random.random_range(-6.0..6.0)) as i16).collect()
}

/// What listeners hear of the microphone, as long as `near`.
fn heard(processing: Processing, near: &[i16], far: &[i16]) -> Vec<i16> {
    let mut microphone = Microphone::new(processing).unwrap();
    let mut decoder = opus::Decoder::new(48_000, opus::Channels::Mono).unwrap();
    let mut sound = Vec::new();
    for (near, far) in packets(near).zip(packets(far)) {
        let packet = microphone.push(&near, &far).unwrap();
        let mut samples = [0; 960];
        decoder.decode(&packet.payload, &mut samples, false).unwrap();
        sound.extend(samples);
    }
    sound
}

fn db(sound: &[i16]) -> f64 {
    let power = sound.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / sound.len() as f64;
    10.0 * (power.max(1e-9) / f64::from(i16::MAX).powi(2)).log10()
}

/// The normalized correlation: 1 is the same sound.
fn alike(a: &[i16], b: &[i16]) -> f64 {
    let product =
        |a: &[i16], b: &[i16]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

fn silence(sound: &[i16]) -> Vec<i16> {
    vec![0; sound.len()]
}

fn mixed(a: &[i16], b: &[i16]) -> Vec<i16> {
    a.iter().zip(b).map(|(a, b)| a.saturating_add(*b)).collect()
}

const ROOMS: [Room; 4] = [
    Room { delay_ms: 20, gain_db: -6.0 },
    Room { delay_ms: 60, gain_db: -8.0 },
    Room { delay_ms: 120, gain_db: -6.0 },
    Room { delay_ms: 200, gain_db: -12.0 },
];

#[test]
fn after_two_seconds_an_echo_is_at_least_20_db_weaker() {
    let far = speech(6, 115.0, 1);
    for room in ROOMS {
        let near = echo(&far, room);
        let out = heard(ALL, &near, &far);
        let weaker = db(&near[2 * RATE..]) - db(&out[2 * RATE..]);
        println!("{room:?}: {weaker:.1} dB weaker");
        assert!(weaker >= 20.0, "{room:?}: only {weaker:.1} dB");
    }
}

#[test]
fn who_unmutes_while_the_others_speak_is_heard_without_their_echo() {
    let far = speech(7, 115.0, 1);
    let room = ROOMS[1];
    let mut near = echo(&far, room);
    near[3 * RATE..5 * RATE].fill(0);
    let out = heard(ALL, &near, &far);
    assert!(
        out[7 * RATE / 2..5 * RATE].iter().all(|sample| sample.unsigned_abs() < 2),
        "a muted one is silent"
    );
    let weaker = |from: usize| db(&near[from..]) - db(&out[from..]);
    let (at_once, after_half_a_second) = (weaker(5 * RATE), weaker(11 * RATE / 2));
    println!("unmuted after 2 s: {at_once:.1} dB weaker, {after_half_a_second:.1} dB after half a second");
    assert!(at_once >= 20.0, "only {at_once:.1} dB");
    assert!(after_half_a_second >= 30.0, "what was known of the room is lost: {after_half_a_second:.1} dB");
}

#[test]
fn ones_own_voice_is_kept_while_the_others_speak() {
    const TOGETHER: usize = 4 * RATE;
    let far = speech(8, 115.0, 1);
    let mut own = speech(8, 210.0, 2);
    own[..TOGETHER].fill(0);
    let alone = heard(NO_GAIN, &own, &silence(&own));
    for room in ROOMS {
        let near = mixed(&echo(&far, room), &own);
        let out = heard(NO_GAIN, &near, &far);
        let weaker = db(&alone[TOGETHER..]) - db(&out[TOGETHER..]);
        let alike = alike(&alone[TOGETHER..], &out[TOGETHER..]);
        println!("{room:?}: own voice {weaker:.1} dB weaker than alone, likeness {alike:.2}");
        assert!(weaker.abs() < 6.0, "{room:?}: {weaker:.1} dB");
        assert!(alike > 0.6, "{room:?}: likeness {alike:.2}");
    }
}

#[test]
fn without_an_echo_a_voice_keeps_its_level() {
    let own = speech(4, 210.0, 2);
    let out = heard(NO_GAIN, &own, &silence(&own));
    let weaker = db(&own[RATE..]) - db(&out[RATE..]);
    println!("{weaker:.1} dB weaker");
    assert!(weaker.abs() < 3.0, "{weaker:.1} dB");
}

#[test]
fn gain_control_brings_a_quiet_voice_near_a_loud_one() {
    let loud = speech(6, 140.0, 3);
    let quiet: Vec<i16> = loud.iter().map(|sample| sample / 10).collect();
    let levels = [&loud, &quiet].map(|own| db(&heard(ALL, own, &silence(own))[4 * RATE..]));
    println!("{levels:.1?} dB of {:.1} and {:.1}", db(&loud), db(&quiet));
    assert!(levels[0] - levels[1] < 8.0, "{levels:.1?} dB");
}

#[test]
fn noise_is_taken_out() {
    let mut random = StdRng::seed_from_u64(5);
    let noise: Vec<i16> = (0..4 * RATE).map(|_| random.random_range(-300..300)).collect();
    let out = heard(NO_GAIN, &noise, &silence(&noise));
    let weaker = db(&noise[2 * RATE..]) - db(&out[2 * RATE..]);
    println!("{weaker:.1} dB weaker");
    assert!(weaker > 10.0, "{weaker:.1} dB");
}

/// What is above 9 kHz of it, roughly: slow changes are taken out four times.
fn hiss(sound: &[i16]) -> Vec<i16> {
    let mut rest: Vec<f64> = sound.iter().map(|&sample| f64::from(sample)).collect();
    for _ in 0..4 {
        rest = rest.windows(2).map(|pair| (pair[1] - pair[0]) / 2.0).collect();
    }
    rest.iter().map(|&sample| sample as i16).collect()
}

/// A voice that lisps and spits: noise of all frequencies in syllables of 200 ms.
fn sibilants(seconds: usize, seed: u64) -> Vec<i16> {
    let mut random = StdRng::seed_from_u64(seed);
    let loud = |at: usize| if at / (RATE / 10) % 4 < 2 { 6_000 } else { 6 };
    (0..seconds * RATE).map(|at| random.random_range(-loud(at)..loud(at))).collect()
}

#[test]
fn sound_above_8_khz_is_kept_of_a_voice_and_taken_out_of_an_echo() {
    let (own, far) = (sibilants(6, 8), sibilants(6, 9));
    let kept = db(&hiss(&own)[2 * RATE..]) - db(&hiss(&heard(NO_GAIN, &own, &silence(&own)))[2 * RATE..]);
    let echo = echo(&far, ROOMS[1]);
    let gone = db(&hiss(&echo)[2 * RATE..]) - db(&hiss(&heard(NO_GAIN, &echo, &far))[2 * RATE..]);
    println!("a voice {kept:.1} dB weaker, an echo {gone:.1} dB");
    assert!(kept.abs() < 6.0, "{kept:.1} dB");
    assert!(gone >= 20.0, "{gone:.1} dB");
}

#[test]
fn without_processing_the_sound_is_what_it_was() {
    // How much Opus looks ahead.
    const LATER: usize = 312;
    let own = speech(2, 140.0, 3);
    let out = heard(Processing::default(), &own, &speech(2, 90.0, 4));
    let alike = alike(&own[..RATE], &out[LATER..LATER + RATE]);
    assert!(alike > 0.98, "{alike}");
}

#[test]
fn packets_follow_each_other_by_20_ms() {
    let mut microphone = Microphone::new(ALL).unwrap();
    let times = [(); 3].map(|()| microphone.push(&[0; 960], &[0; 960]).unwrap().time);
    assert_eq!(times, [0, 960, 1_920]);
}

#[test]
fn a_voice_is_modelled_for_copies_only_while_packets_get_lost() {
    // The first bits of a packet tell how it is encoded (RFC 6716, section 3.1).
    const TRANSFORMED: u8 = 16 << 3;
    let own = speech(4, 140.0, 3);
    let mut microphone = Microphone::new(NO_GAIN).unwrap();
    for (percent, bits) in [(0, 64_000), (5, 40_000), (0, 64_000), (u8::MAX, 40_000)] {
        microphone.set_expected_loss(percent).unwrap();
        let sent: Vec<_> =
            packets(&own).map(|own| microphone.push(&own, &[0; 960]).unwrap().payload).collect();
        let took = sent.iter().map(Vec::len).sum::<usize>() * 8 / 4;
        assert!(took < bits * 5 / 4 && took > bits / 2, "{took} of {bits}");
        let last = sent.last().unwrap()[0];
        assert_eq!(last >= TRANSFORMED, percent == 0, "{percent} % lost");
    }
}

#[test]
fn the_level_is_that_of_the_sound() {
    let mut microphone = Microphone::new(Processing::default()).unwrap();
    let square = std::array::from_fn(|i| if i / 24 % 2 == 0 { 16_384 } else { -16_384 });
    for _ in 0..50 {
        microphone.push(&square, &[0; 960]).unwrap();
    }
    let stats = microphone.stats();
    assert!((stats.audio_level - 0.5).abs() < 0.01, "{stats:?}");
    assert!((stats.total_audio_energy - 0.25).abs() < 0.01, "{stats:?}");
    assert!((stats.total_samples_duration - 1.0).abs() < 1e-9, "{stats:?}");
}

#[test]
fn the_loudest_sound_there_is_does_no_harm() {
    let mut microphone = Microphone::new(ALL).unwrap();
    for block in 0..200 {
        let extreme = if block / 7 % 2 == 0 { i16::MIN } else { i16::MAX };
        microphone.push(&[extreme; 960], &[extreme; 960]).unwrap();
    }
}
