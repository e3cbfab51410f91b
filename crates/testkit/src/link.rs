//! A bad network between two network interfaces, in user space: Linux kernels often come without netem.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tun_rs::{DeviceBuilder, Layer, SyncDevice};

/// Largest packet: what fits an ordinary Ethernet, so that senders cut their data as on a real one.
const MTU: u16 = 1500;

/// Packets on their way in one direction. A router drops what comes above that too: 4096 full packets are half
/// a second of 100 Mbit/s.
const PACKETS_UNDERWAY: usize = 4096;

/// Every run loses the same packets of the same sequence.
const SEED: u64 = 7;

/// What the link does to each packet, in either direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// From one end to the other: half of the round trip.
    pub delay: Duration,
    /// The part of all packets that is lost, 0 to 1; 1 is an outage.
    pub loss: f64,
}

/// What became of the packets so far, both directions together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Handed to the other end.
    pub delivered: u64,
    /// Dropped.
    pub lost: u64,
}

/// Two interfaces and the link between them. It works as long as the process; the interfaces may be moved to other
/// network namespaces meanwhile.
pub struct LinkEmulator {
    shared: Arc<Shared>,
}

struct Shared {
    conditions: Mutex<Conditions>,
    delivered: AtomicU64,
    lost: AtomicU64,
}

struct Underway {
    due: Instant,
    packet: Vec<u8>,
}

impl LinkEmulator {
    /// Makes two TUN interfaces of these names and carries packets between them, at first without doing them harm.
    ///
    /// # Errors
    /// What the OS said: interfaces take root, or a user namespace of one's own.
    pub fn between(near: &str, far: &str) -> io::Result<Self> {
        let (near, far) = (interface(near)?, interface(far)?);
        let shared = Arc::new(Shared {
            conditions: Mutex::new(Conditions { delay: Duration::ZERO, loss: 0.0 }),
            delivered: AtomicU64::new(0),
            lost: AtomicU64::new(0),
        });
        for (direction, (from, to)) in [(&near, &far), (&far, &near)].into_iter().enumerate() {
            let (sender, receiver) = sync_channel(PACKETS_UNDERWAY);
            let rng = StdRng::seed_from_u64(SEED + direction as u64);
            let (from, entrance) = (Arc::clone(from), Arc::clone(&shared));
            thread::spawn(move || take_in(&from, &sender, rng, &entrance));
            let (to, exit) = (Arc::clone(to), Arc::clone(&shared));
            thread::spawn(move || hand_out(&receiver, &to, &exit));
        }
        Ok(Self { shared })
    }

    /// For every packet from now on. One that is on its way arrives as it would have.
    pub fn set(&self, conditions: Conditions) {
        *self.shared.conditions.lock().unwrap_or_else(PoisonError::into_inner) = conditions;
    }

    /// What became of the packets so far.
    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts { delivered: read(&self.shared.delivered), lost: read(&self.shared.lost) }
    }
}

impl Shared {
    fn conditions(&self) -> Conditions {
        *self.conditions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn interface(name: &str) -> io::Result<Arc<SyncDevice>> {
    let builder = DeviceBuilder::new().name(name).layer(Layer::L3).mtu(MTU);
    builder.build_sync().map(Arc::new)
}

/// Decides at one end what becomes of each packet.
fn take_in(from: &SyncDevice, underway: &SyncSender<Underway>, mut rng: StdRng, shared: &Shared) {
    let mut buffer = [0; MTU as usize];
    let mut last_due = Instant::now();
    loop {
        let Ok(length) = from.recv(&mut buffer) else {
            // An interface on its way to another namespace is down for a moment.
            thread::sleep(Duration::from_millis(1));
            continue;
        };
        let Conditions { delay, loss } = shared.conditions();
        // A link does not reorder, whatever changes meanwhile.
        last_due = last_due.max(Instant::now() + delay);
        let next = Underway { due: last_due, packet: buffer[..length].to_vec() };
        if rng.random::<f64>() < loss || underway.try_send(next).is_err() {
            shared.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Hands each packet to the other end when it is due.
fn hand_out(underway: &Receiver<Underway>, to: &SyncDevice, shared: &Shared) {
    while let Ok(Underway { due, packet }) = underway.recv() {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let counter = if to.send(&packet).is_ok() { &shared.delivered } else { &shared.lost };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
