use std::collections::BTreeMap;

/// Packets that wait at most: four seconds of ordinary ones.
const MAX_PACKETS: usize = 200;

/// The longest payload that a packet of an ordinary network holds.
const MAX_PAYLOAD: usize = 1500;

/// A packet that waits for its time.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Its position in the packets sent.
    pub sequence: u16,
    /// How many samples it lasts.
    pub duration: usize,
    /// When it arrived, in samples.
    pub arrived: i64,
    pub payload: Vec<u8>,
}

/// Packets by their timestamps; bounded, whatever arrives.
#[derive(Debug, Default)]
pub(super) struct Packets {
    waiting: BTreeMap<i64, Waiting>,
}

/// What became of a packet that was put in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Put {
    Kept,
    /// It is there already.
    Duplicate,
    /// It is longer than any packet of sound.
    TooLong,
    /// There was no room: the oldest had to go.
    Displaced,
}

impl Packets {
    pub(super) fn put(&mut self, timestamp: i64, packet: Waiting) -> Put {
        if packet.payload.len() > MAX_PAYLOAD {
            return Put::TooLong;
        }
        if self.waiting.contains_key(&timestamp) {
            return Put::Duplicate;
        }
        self.waiting.insert(timestamp, packet);
        if self.waiting.len() > MAX_PACKETS {
            self.waiting.pop_first();
            return Put::Displaced;
        }
        Put::Kept
    }

    pub(super) fn first(&self) -> Option<(i64, &Waiting)> {
        self.waiting.first_key_value().map(|(&timestamp, packet)| (timestamp, packet))
    }

    pub(super) fn second(&self) -> Option<i64> {
        self.waiting.keys().nth(1).copied()
    }

    pub(super) fn take_first(&mut self) -> Option<(i64, Waiting)> {
        self.waiting.pop_first()
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }
}
