//! DTLS with the patience of a call: str0m's own repeats lost packets after 1, 2, 4 and 8 s and gives up, so
//! that where every fifth is lost some handshakes fail and many take ten seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dimpl::{Config, Dtls};
use str0m::config::{CryptoProvider, DtlsCert, DtlsVersion};
use str0m::crypto::CryptoError;
use str0m::crypto::dtls::{DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, ProtocolVersion};

/// How long an answer is waited for at first; doubled each time. Most of a round trip around the world: less
/// would say everything twice there.
const FIRST_WAIT: Duration = Duration::from_millis(150);

/// How often packets are repeated: 150 ms doubled eight times are 38 s, more than
/// [`super::DTLS_PATIENCE`].
const REPEATS: usize = 8;

/// str0m's cryptography with this DTLS.
pub fn provider() -> CryptoProvider {
    CryptoProvider { dtls_provider: &Patient, ..str0m_aws_lc_rs::default_provider() }
}

#[derive(Debug)]
struct Patient;

fn unusable(error: impl std::fmt::Display) -> CryptoError {
    CryptoError::Other(error.to_string())
}

impl DtlsProvider for Patient {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        str0m_aws_lc_rs::default_provider().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        // ICE has shown already that the other side is where it says.
        let mut config = Config::builder()
            .with_crypto_provider(str0m_aws_lc_rs::dimpl_crypto_provider())
            .use_server_cookie(false)
            .flight_start_rto(FIRST_WAIT)
            .flight_retries(REPEATS);
        if let Some(mtu) = mtu {
            config = config.mtu(mtu);
        }
        let config = Arc::new(config.build().map_err(unusable)?);
        let certificate = certificate.clone();
        Ok(Box::new(Instance(match version {
            DtlsVersion::Dtls12 => Dtls::new_12(config, certificate, now),
            DtlsVersion::Dtls13 => Dtls::new_13(config, certificate, now),
            _ => Dtls::new_auto(config, certificate, now),
        })))
    }
}

struct Instance(Dtls);

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Instance")
    }
}

impl DtlsInstance for Instance {
    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        self.0.poll_output(buffer)
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}
