//! People on the network who are not what they say: one between a joiner and a host, one who announces rooms that it
//! does not have, and one who stops in the middle. All own the keys that they show, and none knows a room ID.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use anyhow::{Context, ensure};
use rand::RngExt;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use spake2::{Ed25519Group, Identity as Name, Password, Spake2};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, copy_bidirectional, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};
use visavis_lan::{ALPN_VISAVIS, DeviceId, Identity};

/// Kinds of messages, bytes in them and names of `docs/protocol.md`, «Between apps».
const ASK: u8 = 1;
const CONFIRM: u8 = 3;
const ANSWER: u8 = 0x81;
const PROOF: u8 = 0x85;
const PROOF_BYTES: usize = 64;
const VERSION: u8 = 1;
const JOINER: &[u8] = b"visavis joiner";
const HOST: &[u8] = b"visavis host";

/// After what somebody says no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// TCP is connected.
    Tcp,
    /// TLS is connected.
    Tls,
    /// A room was asked for, and the answer is that it is here.
    Answer,
}

/// Where somebody who lies listens, with a key of its own.
pub struct Impostor {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whose key it shows.
    pub device: DeviceId,
}

impl Impostor {
    /// Listens with a fresh identity.
    pub async fn listen(address: SocketAddr) -> anyhow::Result<Self> {
        let identity = Identity::generate()?;
        let certificate = identity.certificate(&[address.ip()], &[], SystemTime::now())?;
        let acceptor = TlsAcceptor::from(certificate.rustls_config()?);
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, acceptor, address, device: identity.device_id() })
    }

    /// Waits for somebody who speaks TLS.
    pub async fn accept(&self) -> anyhow::Result<server::TlsStream<TcpStream>> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            stream.set_nodelay(true)?;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return Ok(stream);
            }
        }
    }

    /// Stands between everybody who comes and this host, and passes every byte on.
    pub async fn proxy(self, target: SocketAddr) -> anyhow::Result<()> {
        loop {
            let mut joiner = self.accept().await?;
            tokio::spawn(async move {
                let mut host = connect(target).await?;
                copy_bidirectional(&mut joiner, &mut host).await?;
                anyhow::Ok(())
            });
        }
    }

    /// Answers everybody who asks for a room as if it had it, with a room ID that it guesses, and counts those who
    /// then show whether the guess was right.
    pub async fn lie(self, confirmations: Arc<AtomicUsize>) -> anyhow::Result<()> {
        loop {
            let mut joiner = self.accept().await?;
            let confirmations = Arc::clone(&confirmations);
            tokio::spawn(async move { guess(&mut joiner, &confirmations).await });
        }
    }

    /// Says nothing more to anybody after this stage, listens on, and counts those who have come so far.
    pub async fn fall_silent(self, after: Stage, held: Arc<AtomicUsize>) -> anyhow::Result<()> {
        loop {
            let (joiner, _) = self.listener.accept().await?;
            let (acceptor, held) = (self.acceptor.clone(), Arc::clone(&held));
            tokio::spawn(async move { hold(joiner, &acceptor, after, &held).await });
        }
    }
}

async fn hold(
    mut joiner: TcpStream,
    acceptor: &TlsAcceptor,
    after: Stage,
    held: &AtomicUsize,
) -> anyhow::Result<()> {
    if after == Stage::Tcp {
        return listen_on(&mut joiner, held).await;
    }
    let mut joiner = acceptor.accept(joiner).await?;
    if after == Stage::Answer {
        claim_room(&mut joiner).await?;
    }
    listen_on(&mut joiner, held).await
}

async fn listen_on(joiner: &mut (impl AsyncRead + Unpin), held: &AtomicUsize) -> anyhow::Result<()> {
    held.fetch_add(1, Ordering::Relaxed);
    copy(joiner, &mut sink()).await?;
    Ok(())
}

async fn guess(joiner: &mut server::TlsStream<TcpStream>, confirmations: &AtomicUsize) -> anyhow::Result<()> {
    claim_room(joiner).await?;
    let confirmation = read_message(joiner).await?;
    ensure!(confirmation.first() == Some(&CONFIRM), "a confirmation follows");
    confirmations.fetch_add(1, Ordering::Relaxed);
    write_message(joiner, &[&[PROOF][..], &rand::random::<[u8; PROOF_BYTES]>()].concat()).await
}

/// Answers as if there were the room that is asked for, with a guess at its ID.
async fn claim_room(joiner: &mut server::TlsStream<TcpStream>) -> anyhow::Result<()> {
    let opening = read_message(joiner).await?;
    ensure!(opening.first() == Some(&ASK), "a room is asked for");
    let guessed = Password::new(format!("{:09}", rand::rng().random_range(0..1_000_000_000)));
    let (_, pake) = Spake2::<Ed25519Group>::start_b(&guessed, &Name::new(JOINER), &Name::new(HOST));
    write_message(joiner, &[&[ANSWER, VERSION][..], &pake].concat()).await
}

/// Connects to an app as another app does, whoever it is.
pub async fn connect(target: SocketAddr) -> anyhow::Result<client::TlsStream<TcpStream>> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Credulous))
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN_VISAVIS.to_vec()];
    let stream = TcpStream::connect(target).await?;
    stream.set_nodelay(true)?;
    Ok(TlsConnector::from(Arc::new(config)).connect(ServerName::from(target.ip()), stream).await?)
}

/// Reads one message of the handshake.
pub async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> anyhow::Result<Vec<u8>> {
    let length = stream.read_u16().await.context("A message begins")?;
    let mut message = vec![0; length.into()];
    stream.read_exact(&mut message).await.context("A message ends")?;
    Ok(message)
}

/// Writes one message of the handshake.
pub async fn write_message(stream: &mut (impl AsyncWrite + Unpin), message: &[u8]) -> anyhow::Result<()> {
    let length = u16::try_from(message.len())?;
    stream.write_all(&[&length.to_be_bytes()[..], message].concat()).await?;
    Ok(stream.flush().await?)
}

/// Takes whatever it is shown.
#[derive(Debug)]
struct Credulous;

impl ServerCertVerifier for Credulous {
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
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
