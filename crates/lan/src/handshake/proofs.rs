use hmac::{Hmac, Mac as _};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use spake2::{Ed25519Group, Identity, Password, Spake2};
use visavis_protocol::RoomId;

use super::wire::{Mac, PakeMessage};

/// As many bytes of the TLS exporter as its hash gives.
pub(crate) const EXPORTER_BYTES: usize = 32;

/// HMAC-SHA256 fills shorter keys with zeros up to this (RFC 2104).
const HMAC_BLOCK_BYTES: usize = 64;

const JOINER: &[u8] = b"visavis joiner";
const HOST: &[u8] = b"visavis host";

/// Who says something. A proof of one side is none of the other.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Joiner,
    Host,
}

/// One side of SPAKE2 with the room ID as the password.
pub(super) struct Pake(Spake2<Ed25519Group>);

impl Pake {
    pub(super) fn start(side: Side, room: RoomId, rng: &mut impl CryptoRng) -> Option<(Self, PakeMessage)> {
        let password = Password::new(room.digits());
        let (joiner, host) = (Identity::new(JOINER), Identity::new(HOST));
        let (state, message) = match side {
            Side::Joiner => Spake2::start_a_with_rng(&password, &joiner, &host, Adapter(rng)),
            Side::Host => Spake2::start_b_with_rng(&password, &joiner, &host, Adapter(rng)),
        };
        Some((Self(state), message.try_into().ok()?))
    }

    /// `None` if the other side's message is none of SPAKE2.
    pub(super) fn finish(
        self,
        other: &PakeMessage,
        transcript: Transcript,
        exporter: [u8; EXPORTER_BYTES],
    ) -> Option<Proofs> {
        let key = self.0.finish(other).ok()?;
        let mut block = [0; HMAC_BLOCK_BYTES];
        block.get_mut(..key.len())?.copy_from_slice(&key);
        Some(Proofs { keyed: Hmac::new(&block.into()), transcript: transcript.0.finalize().into(), exporter })
    }
}

/// Everything both sides have said before the first proof: the opening and its answer, each as on the wire.
pub(super) struct Transcript(Sha256);

impl Transcript {
    pub(super) fn begin(opening: &[u8]) -> Self {
        Self(Sha256::new()).and(opening)
    }

    pub(super) fn and(self, message: &[u8]) -> Self {
        let length = (message.len() as u16).to_be_bytes();
        Self(self.0.chain_update(length).chain_update(message))
    }
}

/// What shows that a side has the key, and at which end of which TLS connection it is.
pub(super) struct Proofs {
    keyed: Hmac<Sha256>,
    transcript: [u8; 32],
    exporter: [u8; EXPORTER_BYTES],
}

impl Proofs {
    pub(super) fn confirmation(&self, by: Side) -> Mac {
        self.confirming(by).finalize().into_bytes().into()
    }

    pub(super) fn is_confirmation(&self, by: Side, mac: &Mac) -> bool {
        self.confirming(by).verify(mac.into()).is_ok()
    }

    pub(super) fn channel(&self, by: Side) -> Mac {
        self.binding(by).finalize().into_bytes().into()
    }

    pub(super) fn is_channel(&self, by: Side, mac: &Mac) -> bool {
        self.binding(by).verify(mac.into()).is_ok()
    }

    fn confirming(&self, by: Side) -> Hmac<Sha256> {
        let label: &[u8] = match by {
            Side::Joiner => b"visavis joiner confirms",
            Side::Host => b"visavis host confirms",
        };
        self.keyed.clone().chain_update(label).chain_update(self.transcript)
    }

    fn binding(&self, by: Side) -> Hmac<Sha256> {
        let label: &[u8] = match by {
            Side::Joiner => b"visavis joiner channel",
            Side::Host => b"visavis host channel",
        };
        self.keyed.clone().chain_update(label).chain_update(self.transcript).chain_update(self.exporter)
    }
}

/// A random source of today in the form that spake2 takes.
struct Adapter<'a, R>(&'a mut R);

impl<R: CryptoRng> rand_core_06::RngCore for Adapter<'_, R> {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core_06::Error> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl<R: CryptoRng> rand_core_06::CryptoRng for Adapter<'_, R> {}
