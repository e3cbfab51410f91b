//! The messages as bytes: first what kind it is, then fields of fixed length, and nothing after them.

use std::time::Duration;

use super::ticket::{TICKET_BYTES, Ticket};

/// What this program speaks of the handshake, dearest first.
pub(super) const VERSIONS: &[u8] = &[1];

/// Most versions that a side may name.
const MAX_VERSIONS: usize = 16;

/// One more than the greatest tag: three digits.
const TAGS: u16 = 1000;

/// A message of SPAKE2 over Ed25519: the side, and a compressed point.
pub(super) const PAKE_BYTES: usize = 33;

/// An HMAC-SHA256.
pub(super) const MAC_BYTES: usize = 32;

const ASK: u8 = 1;
const RESUME: u8 = 2;
const CONFIRM: u8 = 3;
const BIND: u8 = 4;

const ANSWER: u8 = 0x81;
const NO_ROOM: u8 = 0x82;
const TRY_LATER: u8 = 0x83;
const VERSION: u8 = 0x84;
const PROOF: u8 = 0x85;
const WRONG_ID: u8 = 0x86;
const ADMITTED: u8 = 0x87;
const RESUMED: u8 = 0x88;

pub(super) type PakeMessage = [u8; PAKE_BYTES];
pub(super) type Mac = [u8; MAC_BYTES];

/// What a joiner says.
#[cfg_attr(test, derive(Clone, Debug, PartialEq))]
pub(super) enum FromJoiner {
    Ask { tag: u16, pake: PakeMessage },
    Resume { tag: u16, ticket: Ticket },
    Confirm(Mac),
    Bind(Mac),
}

/// What a host says.
#[cfg_attr(test, derive(Clone, Debug, PartialEq))]
pub(super) enum FromHost {
    Answer {
        version: u8,
        pake: PakeMessage,
    },
    NoRoom,
    TryLater(Duration),
    /// None of the joiner's versions; these are the host's.
    Version(Vec<u8>),
    Proof {
        confirmation: Mac,
        channel: Mac,
    },
    WrongId,
    Admitted(Ticket),
    Resumed,
}

/// Why a joiner's message cannot be taken.
#[derive(Debug, PartialEq)]
pub(super) enum Unreadable {
    /// It is for other versions than ours.
    Version,
    Nonsense,
}

impl FromJoiner {
    pub(super) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Ask { tag, pake } => [&opening(ASK, *tag)[..], pake].concat(),
            Self::Resume { tag, ticket } => [&opening(RESUME, *tag)[..], ticket.bytes()].concat(),
            Self::Confirm(mac) => [&[CONFIRM][..], mac].concat(),
            Self::Bind(mac) => [&[BIND][..], mac].concat(),
        }
    }

    pub(super) fn parse(message: &[u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader(message);
        let parsed = match reader.byte().ok_or(Unreadable::Nonsense)? {
            kind @ (ASK | RESUME) => {
                let versions = reader.versions().ok_or(Unreadable::Nonsense)?;
                // What comes behind the versions belongs to them.
                if !versions.iter().any(|version| VERSIONS.contains(version)) {
                    return Err(Unreadable::Version);
                }
                reader.opening(kind)
            }
            CONFIRM => reader.take().map(Self::Confirm),
            BIND => reader.take().map(Self::Bind),
            _ => None,
        };
        parsed.filter(|_| reader.0.is_empty()).ok_or(Unreadable::Nonsense)
    }
}

fn opening(kind: u8, tag: u16) -> Vec<u8> {
    [&[kind, VERSIONS.len() as u8][..], VERSIONS, &tag.to_be_bytes()].concat()
}

impl FromHost {
    pub(super) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Answer { version, pake } => [&[ANSWER, *version][..], pake].concat(),
            Self::NoRoom => vec![NO_ROOM],
            Self::TryLater(wait) => {
                let milliseconds = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
                [&[TRY_LATER][..], &milliseconds.to_be_bytes()].concat()
            }
            Self::Version(versions) => [&[VERSION, versions.len() as u8][..], versions].concat(),
            Self::Proof { confirmation, channel } => [&[PROOF][..], confirmation, channel].concat(),
            Self::WrongId => vec![WRONG_ID],
            Self::Admitted(ticket) => [&[ADMITTED][..], ticket.bytes()].concat(),
            Self::Resumed => vec![RESUMED],
        }
    }

    pub(super) fn parse(message: &[u8]) -> Option<Self> {
        let mut reader = Reader(message);
        let parsed = match reader.byte()? {
            ANSWER => Self::Answer { version: reader.byte()?, pake: reader.take()? },
            NO_ROOM => Self::NoRoom,
            TRY_LATER => {
                let milliseconds = u32::from_be_bytes(reader.take()?);
                Self::TryLater(Duration::from_millis(milliseconds.into()))
            }
            VERSION => Self::Version(reader.versions()?.to_vec()),
            PROOF => Self::Proof { confirmation: reader.take()?, channel: reader.take()? },
            WRONG_ID => Self::WrongId,
            ADMITTED => Self::Admitted(Ticket::from_bytes(reader.take::<TICKET_BYTES>()?)),
            RESUMED => Self::Resumed,
            _ => return None,
        };
        reader.0.is_empty().then_some(parsed)
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn versions(&mut self) -> Option<&'a [u8]> {
        let count = usize::from(self.byte()?);
        let (versions, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        (1..=MAX_VERSIONS).contains(&count).then_some(versions)
    }

    fn opening(&mut self, kind: u8) -> Option<FromJoiner> {
        let tag = u16::from_be_bytes(self.take()?);
        if tag >= TAGS {
            return None;
        }
        Some(match kind {
            ASK => FromJoiner::Ask { tag, pake: self.take()? },
            _ => FromJoiner::Resume { tag, ticket: Ticket::from_bytes(self.take::<TICKET_BYTES>()?) },
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn from_joiner() -> impl Strategy<Value = FromJoiner> {
        prop_oneof![
            (0..TAGS, vec(any::<u8>(), PAKE_BYTES))
                .prop_map(|(tag, pake)| FromJoiner::Ask { tag, pake: pake.try_into().unwrap() }),
            (0..TAGS, any::<[u8; TICKET_BYTES]>())
                .prop_map(|(tag, ticket)| FromJoiner::Resume { tag, ticket: Ticket::from_bytes(ticket) }),
            any::<Mac>().prop_map(FromJoiner::Confirm),
            any::<Mac>().prop_map(FromJoiner::Bind),
        ]
    }

    fn from_host() -> impl Strategy<Value = FromHost> {
        prop_oneof![
            (any::<u8>(), vec(any::<u8>(), PAKE_BYTES))
                .prop_map(|(version, pake)| FromHost::Answer { version, pake: pake.try_into().unwrap() }),
            Just(FromHost::NoRoom),
            any::<u32>().prop_map(|wait| FromHost::TryLater(Duration::from_millis(wait.into()))),
            vec(any::<u8>(), 1..=MAX_VERSIONS).prop_map(FromHost::Version),
            (any::<Mac>(), any::<Mac>())
                .prop_map(|(confirmation, channel)| FromHost::Proof { confirmation, channel }),
            Just(FromHost::WrongId),
            any::<[u8; TICKET_BYTES]>().prop_map(|ticket| FromHost::Admitted(Ticket::from_bytes(ticket))),
            Just(FromHost::Resumed),
        ]
    }

    proptest! {
        #[test]
        fn whatever_arrives_is_read_exactly_or_not_at_all(kind in any::<u8>(), rest in vec(any::<u8>(), 0..80)) {
            let message = [&[kind][..], &rest].concat();
            if let Ok(parsed @ (FromJoiner::Confirm(_) | FromJoiner::Bind(_))) = FromJoiner::parse(&message) {
                prop_assert_eq!(parsed.encode(), &message[..]);
            }
            if let Some(parsed) = FromHost::parse(&message) {
                prop_assert_eq!(parsed.encode(), message);
            }
        }

        #[test]
        fn what_one_side_says_the_other_reads(joiner in from_joiner(), host in from_host(), extra in any::<u8>()) {
            for (message, by_joiner) in [(joiner.encode(), true), (host.encode(), false)] {
                let reads = |message: &[u8]| match by_joiner {
                    true => FromJoiner::parse(message).is_ok(),
                    false => FromHost::parse(message).is_some(),
                };
                prop_assert!(reads(&message));
                prop_assert!(!reads(&message[..message.len() - 1]));
                prop_assert!(!reads(&[&message[..], &[extra]].concat()));
            }
            prop_assert_eq!(FromJoiner::parse(&joiner.encode()), Ok(joiner));
            prop_assert_eq!(FromHost::parse(&host.encode()), Some(host));
        }
    }

    #[test]
    fn a_later_version_is_told_from_nonsense() {
        assert_eq!(FromJoiner::parse(&[ASK, 2, 7, 8, b'?']), Err(Unreadable::Version));
        assert_eq!(FromJoiner::parse(&[RESUME, 1, 2]), Err(Unreadable::Version));
        let several = [&[RESUME, 2, 9, 1, 0, 42][..], &[5; TICKET_BYTES]].concat();
        assert!(matches!(FromJoiner::parse(&several), Ok(FromJoiner::Resume { tag: 42, .. })));
        for nonsense in [&[][..], &[ASK], &[ASK, 0], &[ASK, 3, 1, 1], &[ASK, 17, 1], &[99, 1, 2]] {
            assert_eq!(FromJoiner::parse(nonsense), Err(Unreadable::Nonsense), "{nonsense:?}");
        }
        let tag_of_four_digits = [&[RESUME, 1, 1][..], &TAGS.to_be_bytes(), &[5; TICKET_BYTES]].concat();
        assert_eq!(FromJoiner::parse(&tag_of_four_digits), Err(Unreadable::Nonsense));
    }
}
