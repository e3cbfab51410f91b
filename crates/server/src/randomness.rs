use rand::SeedableRng;
use rand::rngs::StdRng;

/// Unpredictable numbers for one handshake, which may go on in another thread.
pub(crate) fn fresh_rng() -> StdRng {
    StdRng::from_rng(&mut rand::rng())
}
