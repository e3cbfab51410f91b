//! DTLS with the patience of a call: str0m's own repeats lost packets after 1, 2, 4 and 8 s and gives up, so
//! that where every fifth is lost some handshakes fail and many take ten seconds.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dimpl::{Config, Dtls, SrtpProfile};
use str0m::config::{CryptoProvider, DtlsCert, DtlsVersion};
use str0m::crypto::CryptoError;
use str0m::crypto::dtls::{DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, ProtocolVersion};

/// How long an answer is waited for at first; doubled each time. Most of a round trip around the world: less
/// would say everything twice there.
const FIRST_WAIT: Duration = Duration::from_millis(150);

/// How often packets are repeated: 150 ms doubled eight times are 38 s, more than
/// [`super::DTLS_PATIENCE`].
const REPEATS: usize = 8;

/// How long a handshake may take for dimpl, which counts also while there is no way to the other side. When it has
/// failed is [`super::DTLS_PATIENCE`]'s to say.
const NO_LIMIT: Duration = Duration::from_secs(365 * 24 * 3600);

/// The longest certificate that is kept to be shown. Browsers' have less than 1 KiB.
const CERTIFICATE_BYTES: usize = 16 * 1024;

/// What a handshake has found out, which str0m does not tell, and what it is told.
#[derive(Debug, Default)]
pub struct Found {
    /// There is a way to the other side.
    has_way: bool,
    /// Both sides have keys.
    done: bool,
    /// This side's certificate (DER).
    pub own: Vec<u8>,
    /// The other side's certificate (DER), not yet compared with its description.
    pub certificate: Option<Vec<u8>>,
    /// As `RTCTransportStats.srtpCipher` names it (IANA).
    pub srtp_cipher: Option<&'static str>,
}

/// The handshake of one connection.
#[derive(Clone, Debug, Default)]
pub struct Handshake(Arc<Mutex<Found>>);

thread_local! {
    /// str0m has one provider for all connections: this is whose DTLS is being made.
    static MAKING: RefCell<Option<Handshake>> = const { RefCell::new(None) };
}

impl Handshake {
    /// The DTLS that this makes tells here what it finds.
    pub fn of<T>(&self, make: impl FnOnce() -> T) -> T {
        MAKING.set(Some(self.clone()));
        let made = make();
        MAKING.set(None);
        made
    }

    /// What is known by now.
    pub fn read<T>(&self, read: impl FnOnce(&Found) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is a way to the other side. Without one no time passes: repeats that nobody gets would make the
    /// next ones late.
    pub fn set_way(&self, has_way: bool) {
        self.write(|found| found.has_way = has_way);
    }

    fn write(&self, write: impl FnOnce(&mut Found)) {
        write(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn note(&self, output: &DtlsOutput<'_>) {
        match output {
            DtlsOutput::PeerCert(der) if der.len() <= CERTIFICATE_BYTES => {
                self.write(|found| found.certificate = Some(der.to_vec()));
            }
            DtlsOutput::KeyingMaterial(_, profile) => {
                let name = match profile {
                    SrtpProfile::AES128_CM_SHA1_80 => "SRTP_AES128_CM_HMAC_SHA1_80",
                    SrtpProfile::AEAD_AES_128_GCM => "SRTP_AEAD_AES_128_GCM",
                    SrtpProfile::AEAD_AES_256_GCM => "SRTP_AEAD_AES_256_GCM",
                    _ => return,
                };
                self.write(|found| found.srtp_cipher = Some(name));
            }
            DtlsOutput::Connected => self.write(|found| found.done = true),
            _ => {}
        }
    }
}

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
            .handshake_timeout(NO_LIMIT)
            .flight_start_rto(FIRST_WAIT)
            .flight_retries(REPEATS);
        if let Some(mtu) = mtu {
            config = config.mtu(mtu);
        }
        let config = Arc::new(config.build().map_err(unusable)?);
        let own = certificate.certificate.clone();
        let certificate = certificate.clone();
        let dtls = match version {
            DtlsVersion::Dtls12 => Dtls::new_12(config, certificate, now),
            DtlsVersion::Dtls13 => Dtls::new_13(config, certificate, now),
            _ => Dtls::new_auto(config, certificate, now),
        };
        let handshake = MAKING.take().unwrap_or_default();
        handshake.write(|found| found.own = own);
        Ok(Box::new(Instance(dtls, handshake)))
    }
}

struct Instance(Dtls, Handshake);

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
        let output = self.0.poll_output(buffer);
        self.1.note(&output);
        match output {
            DtlsOutput::Timeout(at) if self.1.read(|found| !found.has_way && !found.done) => {
                DtlsOutput::Timeout(at + super::FAR)
            }
            output => output,
        }
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
