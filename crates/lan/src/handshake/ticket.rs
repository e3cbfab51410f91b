use std::fmt;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

/// Beyond guessing, as no throttle counts tickets.
pub(crate) const TICKET_BYTES: usize = 16;

/// Lets who was admitted come back to the same room of the same host without the room ID.
///
/// Comparing two takes the same time wherever they differ, and `Debug` hides it.
#[derive(Clone)]
pub struct Ticket([u8; TICKET_BYTES]);

impl Ticket {
    /// A new one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; TICKET_BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    pub(crate) fn from_bytes(bytes: [u8; TICKET_BYTES]) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; TICKET_BYTES] {
        &self.0
    }
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Ticket {}

impl fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ticket(…)")
    }
}
