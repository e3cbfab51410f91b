use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::channel::{ALPN_VISAVIS, exporter};
use crate::device_id::DeviceId;
use crate::handshake::EXPORTER_BYTES;

/// Time for TCP and TLS with one address. On one network a host that is there answers within milliseconds.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(1500);

/// How much later each further address is tried. Less would open connections that are not needed, more would keep
/// waiting who has a dead address first in the list.
const STAGGER: Duration = Duration::from_millis(100);

/// Most addresses that are tried: more than a machine has on its networks.
const MAX_ADDRESSES: usize = 16;

/// Why there is no connection to a host. Neither the sentence nor `Debug` says where it was sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum DialError {
    /// Nothing answers there in time.
    #[error("Nothing answers at this address.")]
    Unreachable,
    /// What answers there is something else.
    #[error("What answers at this address is not Vis-à-vis.")]
    NotVisavis,
    /// Another device answers there.
    #[error("Another device answers at this address.")]
    WrongDevice,
}

impl DialError {
    /// A stable code for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "host-unreachable",
            Self::NotVisavis => "host-not-visavis",
            Self::WrongDevice => "host-other-device",
        }
    }
}

/// A TLS connection to an app that owns the key of its device ID. Whether it is the right one is still to be shown.
pub struct HostLink {
    pub(crate) stream: TlsStream<TcpStream>,
    pub(crate) device: DeviceId,
    pub(crate) address: SocketAddr,
    pub(crate) exporter: [u8; EXPORTER_BYTES],
    pub(crate) is_expected: bool,
}

impl HostLink {
    /// Who is at the other end.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Where it was reached.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl fmt::Debug for HostLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HostLink(…)")
    }
}

/// Connects to the host at one of these addresses: to `expected`, or to whoever answers first.
///
/// Any certificate is taken, but only from the owner of its key.
///
/// # Errors
/// What the address that came furthest had to say.
pub async fn dial(addresses: &[SocketAddr], expected: Option<DeviceId>) -> Result<HostLink, DialError> {
    let connector = connector()?;
    let mut attempts = JoinSet::new();
    let mut waiting = addresses.iter().take(MAX_ADDRESSES);
    let mut furthest = DialError::Unreachable;
    loop {
        if let Some(&address) = waiting.next() {
            attempts.spawn(connect(connector.clone(), address, expected));
        }
        let outcome = tokio::select! {
            outcome = attempts.join_next() => outcome,
            () = sleep(STAGGER), if waiting.len() > 0 => continue,
        };
        match outcome {
            Some(Ok(Ok(link))) => return Ok(link),
            Some(Ok(Err(error))) => furthest = furthest.max(error),
            Some(Err(_)) => {}
            None => return Err(furthest),
        }
    }
}

async fn connect(
    connector: TlsConnector,
    address: SocketAddr,
    expected: Option<DeviceId>,
) -> Result<HostLink, DialError> {
    let connecting = async {
        let stream = TcpStream::connect(address).await.map_err(|_| DialError::Unreachable)?;
        // The handshake and signaling are small messages, wanted at once.
        let _ = stream.set_nodelay(true);
        let name = ServerName::from(address.ip());
        connector.connect(name, stream).await.map_err(|_| DialError::NotVisavis)
    };
    let stream = timeout(CONNECT_TIMEOUT, connecting).await.map_err(|_| DialError::Unreachable)??;
    let (_, connection) = stream.get_ref();
    let exporter = exporter(connection).ok_or(DialError::NotVisavis)?;
    let device = connection.peer_certificates().and_then(|chain| device_of(chain.first()?));
    let device = device.ok_or(DialError::NotVisavis)?;
    if expected.is_some_and(|expected| expected != device) {
        return Err(DialError::WrongDevice);
    }
    Ok(HostLink { stream, device, address, exporter, is_expected: expected.is_some() })
}

/// Read as rustls reads it for the signature: what another parser made of a malformed certificate might be the key
/// of somebody else.
fn device_of(certificate: &CertificateDer<'_>) -> Option<DeviceId> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    Some(DeviceId::of_key(&parsed.subject_public_key_info()))
}

/// TLS 1.3 with [`ALPN_VISAVIS`]. Nothing is resumed, so that each connection shows its key.
fn connector() -> Result<TlsConnector, DialError> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(KeyOwner(Arc::clone(&provider)));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| DialError::Unreachable)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN_VISAVIS.to_vec()];
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Takes any certificate from the owner of its key: who that is shows in the room-ID handshake.
#[derive(Debug)]
struct KeyOwner(Arc<CryptoProvider>);

impl ServerCertVerifier for KeyOwner {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("only TLS 1.3 is offered".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
