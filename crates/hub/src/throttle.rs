//! Slows down who guesses: few attempts are free, further ones have to wait longer and longer.
//!
//! An attempt is counted when it begins, so that many at once gain nothing, and forgiven when it
//! turns out to be rightful.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// Most keys that a throttle remembers, about 64 bytes each. With fewer, somebody with many
/// addresses could make it forget theirs sooner.
const MAX_KEYS: usize = 4096;

/// Leading bits of an IPv6 address that count as one source: who has one address of such a
/// network can usually take any of it (RFC 4291, section 2.5.4).
const IPV6_SOURCE_BITS: u32 = 64;

/// How attempts are slowed down.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Attempts that need not wait for each other. More forgives more typing errors.
    pub free: u32,
    /// The wait after the first attempt that is not free. It doubles with each further one.
    pub first_wait: Duration,
    /// Where the doubling ends.
    pub longest_wait: Duration,
    /// After how many attempts nothing is heard for how long, if ever.
    pub refusal: Option<(u32, Duration)>,
    /// After how long without attempts all are forgotten; longer than any wait.
    pub forget_after: Duration,
}

impl Pace {
    /// For one source address (`docs/protocol.md`, «Rooms»): 1 s, 2 s, 4 s … 64 s after 5 attempts,
    /// 10 min after 20. Who rests for an hour after each 20 has the most guesses: 17 an hour.
    pub const SOURCE: Self = Self {
        free: 5,
        first_wait: Duration::from_secs(1),
        longest_wait: Duration::from_secs(64),
        refusal: Some((20, Duration::from_secs(600))),
        forget_after: Duration::from_secs(3600),
    };

    /// The wait between attempt number `attempts` and the next one.
    fn wait_after(&self, attempts: u32) -> Duration {
        match self.refusal {
            Some((limit, wait)) if attempts >= limit => wait,
            _ if attempts < self.free => Duration::ZERO,
            _ => {
                let doubled = 2_u32.checked_pow(attempts - self.free);
                let wait = doubled.and_then(|factor| self.first_wait.checked_mul(factor));
                wait.map_or(self.longest_wait, |wait| wait.min(self.longest_wait))
            }
        }
    }
}

/// Counts attempts by key. The number of keys is bounded: above it, those with the fewest
/// attempts are forgotten first.
#[derive(Debug)]
pub struct Throttle<K> {
    pace: Pace,
    entries: BTreeMap<K, Entry>,
}

#[derive(Debug)]
struct Entry {
    attempts: u32,
    last: Instant,
    /// When the next attempt may begin.
    open: Instant,
}

impl<K: Ord + Clone> Throttle<K> {
    /// Knows nobody yet.
    pub fn new(pace: Pace) -> Self {
        Self { pace, entries: BTreeMap::new() }
    }

    /// Whether an attempt may begin now.
    ///
    /// # Errors
    /// How long to wait before the next attempt.
    pub fn check(&mut self, key: &K, now: Instant) -> Result<(), Duration> {
        let Some(entry) = self.entries.get(key) else { return Ok(()) };
        if self.pace.is_forgotten(entry, now) {
            self.entries.remove(key);
            return Ok(());
        }
        let wait = entry.open.saturating_duration_since(now);
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }

    /// Counts an attempt that begins now.
    pub fn count(&mut self, key: K, now: Instant) {
        if !self.entries.contains_key(&key) {
            self.make_room(now);
        }
        let entry = self.entries.entry(key).or_insert(Entry { attempts: 0, last: now, open: now });
        entry.attempts = entry.attempts.saturating_add(1);
        entry.last = now;
        entry.open = now + self.pace.wait_after(entry.attempts);
    }

    /// Whether it has attempts that are neither forgiven nor, at the last [`Self::check`], forgotten.
    pub fn knows(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    /// Takes back an attempt: it was rightful. Others of the same key still count.
    pub fn forgive(&mut self, key: &K) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let wait = self.pace.wait_after(entry.attempts);
        entry.open = entry.open.checked_sub(wait).unwrap_or(entry.open);
        entry.attempts = entry.attempts.saturating_sub(1);
        if entry.attempts == 0 {
            self.entries.remove(key);
        }
    }

    fn make_room(&mut self, now: Instant) {
        if self.entries.len() < MAX_KEYS {
            return;
        }
        self.entries.retain(|_, entry| !self.pace.is_forgotten(entry, now));
        if self.entries.len() >= MAX_KEYS {
            let least = self.entries.iter().min_by_key(|(_, entry)| (entry.attempts, entry.last));
            if let Some(key) = least.map(|(key, _)| key.clone()) {
                self.entries.remove(&key);
            }
        }
    }
}

impl Pace {
    fn is_forgotten(&self, entry: &Entry, now: Instant) -> bool {
        now.saturating_duration_since(entry.last) >= self.forget_after
    }
}

/// What counts as one source: an IPv4 address (mapped ones included), or an IPv6 network of 64
/// bits.
pub fn source_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << (Ipv6Addr::BITS - IPV6_SOURCE_BITS));
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}
