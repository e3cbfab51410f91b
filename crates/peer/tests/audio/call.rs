//! A sender, a network and a listener, on one made-up clock.

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use visavis_peer::audio::{Microphone, Packet, PacketSamples, Playout, PlayoutStats, Processing};

const SECOND: f64 = 1_000_000.0;

/// What lies between a sender and a listener. Times are in microseconds.
#[derive(Clone, Copy)]
pub struct Network {
    pub delay: f64,
    /// Each packet takes up to so much longer.
    pub jitter: f64,
    /// Of 100 packets, so many are lost.
    pub loss: f64,
    /// Of 100 packets, so many come twice.
    pub duplicates: f64,
    /// How much faster the sender's clock runs than the listener's.
    pub drift_ppm: f64,
    /// Nothing arrives from here on for so long; then everything does.
    pub stall: (f64, f64),
    pub seed: u64,
}

/// Another computer on the same wire.
pub const LAN: Network = Network {
    delay: 500.0,
    jitter: 2_000.0,
    loss: 0.0,
    duplicates: 0.0,
    drift_ppm: 0.0,
    stall: (0.0, 0.0),
    seed: 1,
};

pub struct Arrival {
    pub at: f64,
    pub sequence: u16,
    pub timestamp: u32,
    pub payload: Vec<u8>,
}

pub struct Listened {
    pub sound: Vec<i16>,
    /// At each block: when, the timestamp given out, and the statistics.
    pub blocks: Vec<(f64, Option<u32>, PlayoutStats)>,
    pub stats: PlayoutStats,
}

impl Listened {
    /// Mean delay in ms of the samples given out between two times (in seconds).
    pub fn delay(&self, from: f64, to: f64) -> f64 {
        let (a, b) = (self.at(from), self.at(to));
        let waited = b.jitter_buffer_delay - a.jitter_buffer_delay;
        1_000.0 * waited / (b.jitter_buffer_emitted_count - a.jitter_buffer_emitted_count) as f64
    }

    pub fn at(&self, seconds: f64) -> &PlayoutStats {
        let block = self.blocks.iter().rfind(|(at, ..)| *at <= seconds * SECOND);
        block.map(|(.., stats)| stats).expect("a block by then")
    }
}

/// Speech as packets, for a way on which some get lost.
pub fn encode(sound: &[i16]) -> Vec<Packet> {
    let speech = Processing { noise_suppression: true, ..Processing::default() };
    encode_as(sound, speech)
}

pub fn encode_as(sound: &[i16], processing: Processing) -> Vec<Packet> {
    let mut microphone = Microphone::new(processing).unwrap();
    microphone.set_expected_loss(5).unwrap();
    packets(sound).map(|samples| microphone.push(&samples, &[0; 960]).unwrap()).collect()
}

pub fn packets(sound: &[i16]) -> impl Iterator<Item = PacketSamples> {
    sound.as_chunks().0.iter().copied()
}

/// Sends the packets from this sequence number and timestamp on, and tells when what arrives.
pub fn send(packets: &[Packet], network: Network, sequence: u16, timestamp: u32) -> Vec<Arrival> {
    let mut random = StdRng::seed_from_u64(network.seed);
    let (stalled, stall) = network.stall;
    let mut arrivals = Vec::new();
    for (index, packet) in packets.iter().enumerate() {
        let sent = (packet.time + 960) as f64 / 0.048 / (1.0 + network.drift_ppm / SECOND);
        let jitter = if network.jitter > 0.0 { random.random_range(0.0..network.jitter) } else { 0.0 };
        let mut at = sent + network.delay + jitter;
        if (stalled..stalled + stall).contains(&at) {
            at = stalled + stall;
        }
        if random.random_range(0.0..100.0) < network.loss {
            continue;
        }
        let copies = if random.random_range(0.0..100.0) < network.duplicates { 2 } else { 1 };
        for _ in 0..copies {
            arrivals.push(Arrival {
                at,
                sequence: sequence.wrapping_add(index as u16),
                timestamp: timestamp.wrapping_add(packet.time as u32),
                payload: packet.payload.clone(),
            });
        }
    }
    arrivals.sort_by(|a, b| a.at.total_cmp(&b.at));
    arrivals
}

/// A listener that asks every 10 ms.
pub fn listen(arrivals: &[Arrival], seconds: f64) -> Listened {
    let asked = (0..(seconds * 100.0) as usize).map(|block| block as f64 * 10_000.0);
    listen_when(arrivals, asked)
}

/// A listener that asks at these times.
pub fn listen_when(arrivals: &[Arrival], asked: impl Iterator<Item = f64>) -> Listened {
    let mut playout = Playout::new().unwrap();
    let start = Instant::now();
    let time = |micros: f64| start + Duration::from_nanos((micros * 1_000.0) as u64);
    let mut arrivals = arrivals.iter().peekable();
    let mut listened = Listened { sound: Vec::new(), blocks: Vec::new(), stats: PlayoutStats::default() };
    for now in asked {
        while let Some(arrival) = arrivals.next_if(|arrival| arrival.at <= now) {
            playout.insert(&arrival.payload, arrival.sequence, arrival.timestamp, time(arrival.at));
        }
        listened.sound.extend(playout.pull(time(now)));
        listened.blocks.push((now, playout.playing(), playout.stats()));
    }
    listened.stats = playout.stats();
    listened
}
