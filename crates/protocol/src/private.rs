//! Values that must not reach a log: they do not implement `Display`, and `Debug` hides them.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

macro_rules! private_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself, for the wire and for the person it belongs to.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

macro_rules! secret_text {
    ($(#[$doc:meta])* $name:ident) => {
        private_text!($(#[$doc])* $name);

        impl $name {
            /// Whether both are the same, in time that does not depend on where they differ.
            pub fn matches(&self, other: &Self) -> bool {
                self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
            }

            /// A secret of 128 bits, written as 32 hexadecimal digits.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
            }
        }
    };
}

secret_text!(
    /// Shows that a page belongs to the person at this machine. One a launch.
    AccessToken
);
secret_text!(
    /// Exchanged once, within [`crate::limits::CODE_LIFETIME`], for the [`AccessToken`].
    SingleUseCode
);
secret_text!(
    /// Gives a participant its own seat back after a lost link or a reload.
    ResumeToken
);
private_text!(
    /// The private key of a connection's certificate (PKCS #8), in hexadecimal digits.
    PrivateKey
);
private_text!(
    /// A session description (RFC 8866). Holds addresses.
    Sdp
);
private_text!(
    /// A candidate line (RFC 8839, section 5.1). Holds addresses.
    CandidateLine
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_value() {
        let shown = format!(
            "{:?} {:?} {:?}",
            AccessToken::new("open sesame"),
            Sdp::new("c=IN IP4 192.0.2.7"),
            CandidateLine::new("192.0.2.7"),
        );
        assert_eq!(shown, "AccessToken(…) Sdp(…) CandidateLine(…)");
    }

    #[test]
    fn secrets_match_only_themselves() {
        let secret = ResumeToken::from_bytes([0xab; 16]);
        assert_eq!(secret.expose(), "abababababababababababababababab");
        assert!(secret.matches(&ResumeToken::from_bytes([0xab; 16])));
        assert!(!secret.matches(&ResumeToken::from_bytes([0xac; 16])));
        assert!(!secret.matches(&ResumeToken::new("")));
    }
}
