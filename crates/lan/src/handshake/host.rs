//! What a host says and takes, without sockets.

use rand_core::CryptoRng;
use visavis_protocol::RoomId;

use super::admit::{Refusal, Rooms};
use super::failure::HostFailure;
use super::proofs::{EXPORTER_BYTES, Pake, Proofs, Side, Transcript};
use super::ticket::Ticket;
use super::wire::{FromHost, FromJoiner, PakeMessage, Unreadable, VERSIONS};

/// What becomes of an opening.
pub(super) enum Opened {
    /// An attempt at this room has begun.
    Answered {
        room: RoomId,
        host: Box<Host>,
        reply: Vec<u8>,
    },
    /// Who was here before is here again.
    Resumed {
        room: RoomId,
        reply: Vec<u8>,
    },
    Refused {
        reply: Vec<u8>,
    },
}

pub(super) fn open(
    message: &[u8],
    exporter: [u8; EXPORTER_BYTES],
    rooms: &impl Rooms,
    rng: &mut impl CryptoRng,
) -> Result<Opened, HostFailure> {
    let refused = |reply: FromHost| Ok(Opened::Refused { reply: reply.encode() });
    let (tag, theirs) = match FromJoiner::parse(message) {
        Ok(FromJoiner::Ask { tag, pake }) => (tag, pake),
        Ok(FromJoiner::Resume { tag, ticket }) => {
            return match rooms.is_ticket(tag, &ticket) {
                Some(room) => Ok(Opened::Resumed { room, reply: FromHost::Resumed.encode() }),
                None => refused(FromHost::NoRoom),
            };
        }
        Err(Unreadable::Version) => return refused(FromHost::Version(VERSIONS.to_vec())),
        Ok(FromJoiner::Confirm(_) | FromJoiner::Bind(_)) | Err(Unreadable::Nonsense) => {
            return Err(HostFailure::Broken);
        }
    };
    let room = match rooms.begin(tag) {
        Ok(room) => room,
        Err(Refusal::NoRoom) => return refused(FromHost::NoRoom),
        Err(Refusal::TryLater(wait)) => return refused(FromHost::TryLater(wait)),
    };
    let (pake, ours) = Pake::start(Side::Host, room, rng).ok_or(HostFailure::Broken)?;
    let reply = FromHost::Answer { version: VERSIONS[0], pake: ours }.encode();
    let transcript = Transcript::begin(message).and(&reply);
    let host = Box::new(Host { pake, theirs, transcript, exporter });
    Ok(Opened::Answered { room, host, reply })
}

/// Has answered, and waits for the joiner's confirmation.
pub(super) struct Host {
    pake: Pake,
    theirs: PakeMessage,
    transcript: Transcript,
    exporter: [u8; EXPORTER_BYTES],
}

impl Host {
    /// Says nothing that depends on the room ID to somebody who has another.
    pub(super) fn confirmed(self, message: &[u8]) -> Result<(Verifier, Vec<u8>), HostFailure> {
        let Ok(FromJoiner::Confirm(mac)) = FromJoiner::parse(message) else {
            return Err(HostFailure::Broken);
        };
        let proofs = self.pake.finish(&self.theirs, self.transcript, self.exporter);
        let proofs = proofs.ok_or(HostFailure::Broken)?;
        if !proofs.is_confirmation(Side::Joiner, &mac) {
            return Err(HostFailure::WrongId);
        }
        let (confirmation, channel) = (proofs.confirmation(Side::Host), proofs.channel(Side::Host));
        Ok((Verifier(proofs), FromHost::Proof { confirmation, channel }.encode()))
    }
}

/// Knows that the joiner has the room ID, and waits to learn whether it is at the other end of this TLS connection.
pub(super) struct Verifier(Proofs);

impl Verifier {
    pub(super) fn bound(self, message: &[u8]) -> Result<(), HostFailure> {
        match FromJoiner::parse(message) {
            Ok(FromJoiner::Bind(mac)) if self.0.is_channel(Side::Joiner, &mac) => Ok(()),
            Ok(FromJoiner::Bind(_)) => Err(HostFailure::Intercepted),
            _ => Err(HostFailure::Broken),
        }
    }
}

pub(super) fn wrong_id() -> Vec<u8> {
    FromHost::WrongId.encode()
}

pub(super) fn admitted(ticket: &Ticket) -> Vec<u8> {
    FromHost::Admitted(ticket.clone()).encode()
}
