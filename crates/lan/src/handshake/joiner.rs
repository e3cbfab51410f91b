//! What a joiner says and takes, without sockets.

use rand_core::CryptoRng;
use visavis_protocol::RoomId;

use super::failure::JoinError;
use super::proofs::{EXPORTER_BYTES, Pake, Proofs, Side, Transcript};
use super::ticket::Ticket;
use super::wire::{FromHost, FromJoiner, VERSIONS};

/// Has asked for a room.
pub(super) struct Joiner {
    pake: Pake,
    transcript: Transcript,
    exporter: [u8; EXPORTER_BYTES],
}

impl Joiner {
    /// Also gives what to say.
    pub(super) fn ask(
        room: RoomId,
        exporter: [u8; EXPORTER_BYTES],
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Vec<u8>), JoinError> {
        let (pake, message) = Pake::start(Side::Joiner, room, rng).ok_or(JoinError::Broken)?;
        let opening = FromJoiner::Ask { tag: room.tag(), pake: message }.encode();
        Ok((Self { pake, transcript: Transcript::begin(&opening), exporter }, opening))
    }

    pub(super) fn answered(self, message: &[u8]) -> Result<Prover, JoinError> {
        let FromHost::Answer { version, pake } = heard(message)? else { return Err(JoinError::Broken) };
        if !VERSIONS.contains(&version) {
            return Err(JoinError::Broken);
        }
        let transcript = self.transcript.and(message);
        self.pake.finish(&pake, transcript, self.exporter).map(Prover).ok_or(JoinError::Broken)
    }
}

/// Has an answer, and a key if the host has the same room ID.
pub(super) struct Prover(Proofs);

impl Prover {
    /// The first thing from which the host learns whether the joiner has the room ID: from here on a guess is spent.
    pub(super) fn confirmation(&self) -> Vec<u8> {
        FromJoiner::Confirm(self.0.confirmation(Side::Joiner)).encode()
    }

    /// Whether the host has the room ID, and is at the other end of this very TLS connection.
    pub(super) fn check(&self, message: &[u8]) -> Result<(), JoinError> {
        let FromHost::Proof { confirmation, channel } = heard(message)? else {
            return Err(JoinError::Broken);
        };
        if !self.0.is_confirmation(Side::Host, &confirmation) {
            return Err(JoinError::WrongId);
        }
        if !self.0.is_channel(Side::Host, &channel) {
            return Err(JoinError::Intercepted);
        }
        Ok(())
    }

    pub(super) fn binding(&self) -> Vec<u8> {
        FromJoiner::Bind(self.0.channel(Side::Joiner)).encode()
    }
}

pub(super) fn admitted(message: &[u8]) -> Result<Ticket, JoinError> {
    match heard(message)? {
        FromHost::Admitted(ticket) => Ok(ticket),
        _ => Err(JoinError::Broken),
    }
}

pub(super) fn resume(room: RoomId, ticket: &Ticket) -> Vec<u8> {
    FromJoiner::Resume { tag: room.tag(), ticket: ticket.clone() }.encode()
}

pub(super) fn resumed(message: &[u8]) -> Result<(), JoinError> {
    match heard(message)? {
        FromHost::Resumed => Ok(()),
        _ => Err(JoinError::Broken),
    }
}

/// What the host says, unless it says no.
fn heard(message: &[u8]) -> Result<FromHost, JoinError> {
    match FromHost::parse(message).ok_or(JoinError::Broken)? {
        FromHost::NoRoom => Err(JoinError::NoRoom),
        FromHost::TryLater(wait) => Err(JoinError::TryLater(wait)),
        FromHost::WrongId => Err(JoinError::WrongId),
        FromHost::Version(theirs) => {
            Err(JoinError::Version { host_is_older: theirs.iter().max() < VERSIONS.iter().max() })
        }
        said => Ok(said),
    }
}
