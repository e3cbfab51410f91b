use std::fmt;

use sha2::{Digest, Sha256};

const BYTES: usize = 32;

/// Who an installation is: the SHA-256 of its SubjectPublicKeyInfo (RFC 5280, section 4.1).
///
/// `Debug` hides it: it stays for the life of an installation, so it tells one from another as a name does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId([u8; BYTES]);

impl DeviceId {
    /// The owner of this key (SubjectPublicKeyInfo, DER).
    pub(crate) fn of_key(public_key_info: &[u8]) -> Self {
        Self(Sha256::digest(public_key_info).into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<Vec<_>>>()?;
        let pairs = digits.chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8);
        let exact = digits.len() == 2 * BYTES;
        exact.then(|| pairs.collect::<Vec<_>>().try_into().ok().map(Self)).flatten()
    }

    /// The 64 hexadecimal digits in lower case.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DeviceId(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_text_is_sixty_four_hexadecimal_digits() {
        let id = DeviceId::of_key(b"a key");
        assert_eq!(id.hex().len(), 64);
        assert_eq!(DeviceId::parse(&id.hex()), Some(id));
        assert_eq!(DeviceId::parse(&id.hex().to_uppercase()), Some(id));
        let hex = id.hex();
        for bad in ["", &hex[1..], &hex[2..], &format!("{hex}00"), &hex.replace(|_: char| true, "g")] {
            assert_eq!(DeviceId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn debug_output_hides_it() {
        assert_eq!(format!("{:?}", DeviceId::of_key(b"a key")), "DeviceId(…)");
    }
}
