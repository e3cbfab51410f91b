use rustls::{ConnectionCommon, ProtocolVersion};

use crate::handshake::EXPORTER_BYTES;

/// What apps speak with each other over TLS (RFC 7301). Browsers cannot ask for it.
pub const ALPN_VISAVIS: &[u8] = b"visavis/1";

/// The label of the keying material that both ends of a TLS connection share (RFC 8446, section 7.5).
const EXPORTER_LABEL: &[u8] = b"EXPORTER-visavis";

/// What only the two ends of this TLS connection know, if it is one between apps: of TLS 1.3, with [`ALPN_VISAVIS`].
/// Keying material of TLS 1.2 need not be the two ends' own (RFC 7627, section 1).
pub fn exporter<Data>(connection: &ConnectionCommon<Data>) -> Option<[u8; EXPORTER_BYTES]> {
    let between_apps = connection.alpn_protocol() == Some(ALPN_VISAVIS)
        && connection.protocol_version() == Some(ProtocolVersion::TLSv1_3);
    if !between_apps {
        return None;
    }
    connection.export_keying_material([0; EXPORTER_BYTES], EXPORTER_LABEL, None).ok()
}
