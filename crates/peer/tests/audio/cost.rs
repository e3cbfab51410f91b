//! What sound costs; no assertion, as machines differ:
//! `cargo test --release -p visavis-peer --test audio -- --ignored --nocapture cost`

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use visavis_peer::audio::{Microphone, Processing};

use crate::call::{LAN, Network, encode, listen, packets, send};
use crate::speech::{RATE, speech};

const SECONDS: usize = 20;

/// When those who fall silent do.
const SILENT_AFTER: usize = 2 * RATE;

#[test]
#[ignore = "measures, and asserts nothing"]
fn cost() {
    let (own, far) = (speech(SECONDS, 120.0, 1), speech(SECONDS, 200.0, 2));
    for echo_cancellation in [false, true] {
        for noise_suppression in [false, true] {
            for auto_gain_control in [false, true] {
                let processing = Processing { echo_cancellation, noise_suppression, auto_gain_control };
                let mut microphone = Microphone::new(processing).unwrap();
                measured(&format!("{processing:?}"), || talk(&mut microphone, &own, &far));
            }
        }
    }
    // A microphone is never quite silent, what is played often is.
    let (faint, silent) = (after(&own, 3), after(&far, 0));
    for (who, near, far) in
        [("this side", &own, &silent), ("the other side", &faint, &far), ("nobody", &faint, &silent)]
    {
        let all = Processing { echo_cancellation: true, noise_suppression: true, auto_gain_control: true };
        let mut microphone = Microphone::new(all).unwrap();
        measured(&format!("Microphone, {who} talks"), || talk(&mut microphone, near, far));
    }
    for (what, sound) in [("speech", &own), ("silence", &silent)] {
        let packets = encode(sound);
        let rough = Network { jitter: 60_000.0, loss: 5.0, ..LAN };
        for (name, network) in [("wire", LAN), ("60 ms of jitter, 5 % loss", rough)] {
            let arrivals = send(&packets, network, 0, 0);
            measured(&format!("Playout, {what}, {name}"), || {
                listen(&arrivals, SECONDS as f64);
            });
        }
    }
}

fn talk(microphone: &mut Microphone, near: &[i16], far: &[i16]) {
    for (near, far) in packets(near).zip(packets(far)) {
        microphone.push(&near, &far).unwrap();
    }
}

/// Speech that ends, and noise up to this loud.
fn after(speech: &[i16], loudest: i16) -> Vec<i16> {
    let mut random = StdRng::seed_from_u64(1);
    let mut sound = speech.to_vec();
    sound[SILENT_AFTER..].fill_with(|| random.random_range(-loudest..=loudest));
    sound
}

fn measured(what: &str, work: impl FnOnce()) {
    let before = cpu_time();
    work();
    let per_second = (cpu_time() - before) / SECONDS as f64;
    println!("{what}: {:.2} ms per second, {:.2} % of a core", per_second / 1e6, per_second / 1e7);
}

/// Nanoseconds that this thread has run.
fn cpu_time() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split(' ').next().unwrap().parse().unwrap()
}
