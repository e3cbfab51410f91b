//! Which connections are made, and which of them are ones between apps.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, HandshakeKind, RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, pause};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use visavis_lan::{ALPN_VISAVIS, Certificate, DialError, Identity, dial, exporter};

use crate::world::{Host, loopback};

const HTTP: &[u8] = b"http/1.1";

fn certificate(identity: &Identity) -> Certificate {
    identity.certificate(&[loopback().ip()], &[], SystemTime::now()).unwrap()
}

/// Takes one connection after the other, and ends each after the TLS handshake.
async fn serve(config: Arc<ServerConfig>) -> SocketAddr {
    let listener = TcpListener::bind(loopback()).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(config);
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    address
}

/// A port at which nobody listens.
async fn deserted() -> SocketAddr {
    TcpListener::bind(loopback()).await.unwrap().local_addr().unwrap()
}

/// Takes connections and never says a word.
async fn silent() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(loopback()).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test]
async fn what_is_not_an_app_is_told_apart() {
    let identity = Identity::generate().unwrap();
    let config = certificate(&identity).rustls_config().unwrap();
    let speaking = |protocols: &[&[u8]]| {
        let mut config = (*config).clone();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        serve(Arc::new(config))
    };
    assert_eq!(dial(&[speaking(&[HTTP]).await], None).await.unwrap_err(), DialError::NotVisavis);
    assert_eq!(dial(&[speaking(&[]).await], None).await.unwrap_err(), DialError::NotVisavis);

    let (listener, plain) = silent().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await
    });
    assert_eq!(dial(&[plain], None).await.unwrap_err(), DialError::NotVisavis);
    assert_eq!(dial(&[deserted().await], None).await.unwrap_err(), DialError::Unreachable);
    assert_eq!(dial(&[], None).await.unwrap_err(), DialError::Unreachable);
}

#[tokio::test]
async fn silence_is_bounded() {
    let (_listener, silent) = silent().await;
    pause();
    let start = Instant::now();
    assert_eq!(dial(&[silent], None).await.unwrap_err(), DialError::Unreachable);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_expected_device_wins_wherever_it_is_in_the_list() {
    let (host, other) = (Host::start().await, Host::start().await);
    let (_listener, silent) = silent().await;
    let addresses = [deserted().await, other.address, silent, host.address];
    let link = dial(&addresses, Some(host.device)).await.unwrap();
    assert_eq!((link.device(), link.address()), (host.device, host.address));
    let link = dial(&addresses, None).await.unwrap();
    assert_eq!(link.device(), other.device);
    let nobody = Identity::generate().unwrap().device_id();
    let found = dial(&[other.address, deserted().await], Some(nobody)).await;
    assert_eq!(found.unwrap_err(), DialError::WrongDevice);
}

#[tokio::test]
async fn the_next_address_is_tried_while_one_says_nothing() {
    let ((silent, first), (next, second)) = (silent().await, silent().await);
    tokio::spawn(async move { dial(&[first, second], None).await });
    let (mut waiting, _) = silent.accept().await.unwrap();
    let mut heard = Vec::new();
    tokio::select! {
        _ = waiting.read_to_end(&mut heard) => panic!("the first address was given up before"),
        accepted = next.accept() => drop(accepted),
    }
}

/// Shows a certificate whose key it does not have.
#[derive(Debug)]
struct Borrowed(Arc<CertifiedKey>);

impl ResolvesServerCert for Borrowed {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

#[tokio::test]
async fn a_certificate_counts_only_with_its_key() {
    let victim = Identity::generate().unwrap();
    let shown = CertificateDer::from(certificate(&victim).der().to_vec());
    let own_key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
    let provider = Arc::new(ring::default_provider());
    let own_key = PrivateKeyDer::from_pem_slice(own_key.as_bytes()).unwrap();
    let own_key = provider.key_provider.load_private_key(own_key).unwrap();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Borrowed(Arc::new(CertifiedKey::new(vec![shown], own_key)))));
    config.alpn_protocols = vec![ALPN_VISAVIS.to_vec()];
    let address = serve(Arc::new(config)).await;
    for expected in [None, Some(victim.device_id())] {
        assert_eq!(dial(&[address], expected).await.unwrap_err(), DialError::NotVisavis);
    }
}

/// A client that trusts this certificate as a browser would.
fn client(
    trusted: &Certificate,
    version: &'static SupportedProtocolVersion,
    protocol: &[u8],
) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trusted.der().to_vec())).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// What both ends of one connection have of the exporter, and whether TLS resumed an earlier one.
async fn exporters(
    connector: &TlsConnector,
    config: &Arc<ServerConfig>,
) -> ([Option<[u8; 32]>; 2], Option<HandshakeKind>) {
    let (listener, address) = silent().await;
    let acceptor = TlsAcceptor::from(Arc::clone(config));
    let server = tokio::spawn(async move {
        let mut stream = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
        stream.write_all(b"!").await.unwrap();
        exporter(stream.get_ref().1)
    });
    let stream = TcpStream::connect(address).await.unwrap();
    let mut stream = connector.connect(ServerName::from(address.ip()), stream).await.unwrap();
    // What comes before the first byte is what resumes the next connection.
    stream.read_u8().await.unwrap();
    let connection = stream.get_ref().1;
    ([exporter(connection), server.await.unwrap()], connection.handshake_kind())
}

#[tokio::test]
async fn only_tls_1_3_between_apps_has_an_exporter() {
    let certificate = certificate(&Identity::generate().unwrap());
    let config = certificate.rustls_config().unwrap();
    let (v12, v13) = (&rustls::version::TLS12, &rustls::version::TLS13);
    for (version, protocol) in [(v12, ALPN_VISAVIS), (v12, HTTP), (v13, HTTP)] {
        let (both, _) = exporters(&client(&certificate, version, protocol), &config).await;
        assert_eq!(both, [None, None]);
    }
    let ([joiner, host], _) = exporters(&client(&certificate, v13, ALPN_VISAVIS), &config).await;
    assert!(joiner.is_some());
    assert_eq!(joiner, host);
}

#[tokio::test]
async fn a_resumed_tls_session_has_an_exporter_of_its_own() {
    let certificate = certificate(&Identity::generate().unwrap());
    let config = certificate.rustls_config().unwrap();
    let connector = client(&certificate, &rustls::version::TLS13, ALPN_VISAVIS);
    let (first, _) = exporters(&connector, &config).await;
    let (second, kind) = exporters(&connector, &config).await;
    assert_eq!(kind, Some(HandshakeKind::Resumed));
    assert_eq!(second[0], second[1]);
    assert_ne!(first[0], second[0]);
}

#[tokio::test]
async fn an_app_that_offers_only_tls_1_2_is_not_dialled() {
    let identity = Identity::generate().unwrap();
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let shown = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![shown.into()], key)
        .unwrap();
    config.alpn_protocols = vec![ALPN_VISAVIS.to_vec()];
    let address = serve(Arc::new(config)).await;
    for expected in [None, Some(identity.device_id())] {
        assert_eq!(dial(&[address], expected).await.unwrap_err(), DialError::NotVisavis);
    }
}
