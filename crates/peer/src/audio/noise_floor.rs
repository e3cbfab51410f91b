//! A noise far below hearing, so that filters never count with next to nothing.

/// The loudest of it: a thousandth of a step of 16 bits, 1 being full scale. Squared and squared again it is still
/// far from the least normal number (1e-38).
const LOUDEST: f32 = 1e-3 / -(i16::MIN as f32);

/// Multiplier and increment of the generator ("Numerical Recipes", section 7.1): each of the 2^32 numbers comes once.
const MULTIPLIER: u32 = 1_664_525;
const INCREMENT: u32 = 1_013_904_223;

/// White noise, the same each time.
///
/// What goes through a recursive filter and then falls silent fades without ever being nothing, and ends in subnormal
/// numbers (IEEE 754), which take processors many times as long. WebRTC has the processor take them for zero,
/// which in Rust would be undefined behaviour.
#[derive(Default)]
pub(super) struct NoiseFloor(u32);

impl NoiseFloor {
    /// Adds it to the next samples.
    pub(super) fn add(&mut self, sound: &mut [f32]) {
        for sample in sound {
            self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
            *sample += LOUDEST * (self.0.cast_signed() as f32 / -(i32::MIN as f32));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_never_silent_and_never_a_step_of_16_bits() {
        let mut sound = [0.0; 48_000];
        NoiseFloor::default().add(&mut sound);
        assert!(sound.iter().all(|sample| sample.abs() <= 1e-3 / 32_768.0));
        for block in sound.as_chunks::<16>().0 {
            let power = block.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f32>();
            assert!(power > 1e-18, "also what changes slowly is filtered out of something: {power}");
        }
    }
}
