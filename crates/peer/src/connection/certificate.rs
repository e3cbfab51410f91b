//! Certificates that a page asks for, keeps and opens connections with (W3C webrtc-pc, section 4.9).

use str0m::config::DtlsCert;
use visavis_protocol::PrivateKey;

use crate::{hex, wire};

/// An ECDSA certificate over P-256, signed by itself, and its fingerprint. `None`: the system gives no randomness.
pub fn make() -> Option<(wire::Certificate, String)> {
    let provider = str0m_aws_lc_rs::default_provider();
    let made = provider.dtls_provider.generate_certificate()?;
    let fingerprint = hex::encode(&provider.sha256_provider.sha256(&made.certificate), ":");
    let key = PrivateKey::new(hex::encode(&made.private_key, ""));
    Some((wire::Certificate { der: hex::encode(&made.certificate, ""), key }, fingerprint))
}

/// What [`make`] has made, for a connection. `None`: it was not.
pub fn read(certificate: &wire::Certificate) -> Option<DtlsCert> {
    let private_key = hex::decode(certificate.key.expose())?;
    // DTLS would end the program if it could not read the key.
    str0m_aws_lc_rs::dimpl_crypto_provider().key_provider.load_private_key(&private_key).ok()?;
    Some(DtlsCert { certificate: hex::decode(&certificate.der)?, private_key })
}
