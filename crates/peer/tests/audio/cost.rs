//! What sound costs; no assertion, as machines differ:
//! `cargo test --release -p visavis-peer --test audio -- --ignored --nocapture cost`

use visavis_peer::audio::{Microphone, Processing};

use crate::call::{LAN, Network, encode, listen, packets, send};
use crate::speech::speech;

const SECONDS: usize = 20;

#[test]
#[ignore = "measures, and asserts nothing"]
fn cost() {
    let (own, far) = (speech(SECONDS, 120.0, 1), speech(SECONDS, 200.0, 2));
    for echo_cancellation in [false, true] {
        for noise_suppression in [false, true] {
            for auto_gain_control in [false, true] {
                let processing = Processing { echo_cancellation, noise_suppression, auto_gain_control };
                let mut microphone = Microphone::new(processing).unwrap();
                measured(&format!("{processing:?}"), || {
                    for (near, far) in packets(&own).zip(packets(&far)) {
                        microphone.push(&near, &far).unwrap();
                    }
                });
            }
        }
    }
    let packets = encode(&own);
    let rough = Network { jitter: 60_000.0, loss: 5.0, ..LAN };
    for (name, network) in [("wire", LAN), ("60 ms of jitter, 5 % loss", rough)] {
        let arrivals = send(&packets, network, 0, 0);
        measured(&format!("Playout, {name}"), || {
            listen(&arrivals, SECONDS as f64);
        });
    }
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
