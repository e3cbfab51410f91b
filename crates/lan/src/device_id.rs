use std::fmt;

use sha2::{Digest, Sha256};

/// The bytes of a SHA-256.
const BYTES: usize = 32;

/// Who an installation is: the SHA-256 of its public key (SubjectPublicKeyInfo; RFC 5280, section 4.1).
///
/// `Debug` hides it: it stays for the life of an installation, so it tells one from another as a name does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId([u8; BYTES]);

impl DeviceId {
    /// The owner of this key (SubjectPublicKeyInfo, DER).
    pub(crate) fn of_key(public_key_info: &[u8]) -> Self {
        Self(Sha256::digest(public_key_info).into())
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 2 * BYTES {
            return None;
        }
        let mut digest = [0; BYTES];
        for (byte, pair) in digest.iter_mut().zip(digits.chunks(2)) {
            for &digit in pair {
                *byte = *byte << 4 | value_of(digit)?;
            }
        }
        Some(Self(digest))
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn value_of(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
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
    fn only_its_own_form_is_read() {
        let hex = "0123456789abcdef".repeat(4);
        assert_eq!(DeviceId::parse(&hex).unwrap().hex(), hex);
        for text in ["", "00", &hex[1..], &format!("{hex}0"), &hex.to_uppercase(), &hex.replace('0', "é")] {
            assert!(DeviceId::parse(text).is_none());
        }
    }
}
