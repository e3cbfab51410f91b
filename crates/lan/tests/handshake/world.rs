//! A host as the server runs one, with rooms in a list, and somebody in between.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use visavis_lan::{
    Admitted, DeviceId, HostFailure, HostLink, Identity, JoinError, Refusal, Rooms, Ticket, admit, dial,
    exporter,
};
use visavis_protocol::RoomId;
use visavis_testkit::impostor::{Impostor, connect, read_message, write_message};

pub const ROOM: &str = "482 193 775";

/// Messages of a whole handshake, three by each side, the joiner's first.
pub const MESSAGES: usize = 6;

pub fn room(text: &str) -> RoomId {
    RoomId::parse(text).unwrap()
}

pub fn rng() -> StdRng {
    StdRng::from_rng(&mut rand::rng())
}

pub fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// The rooms of a host, and what the handshake said about them.
#[derive(Default)]
pub struct Book {
    pub rooms: Vec<RoomId>,
    /// If set, nobody may try.
    pub wait: Option<Duration>,
    pub log: Mutex<Log>,
}

#[derive(Default, Clone, Debug, PartialEq)]
pub struct Log {
    pub begun: Vec<u16>,
    pub admitted: usize,
    pub failed: Vec<HostFailure>,
    pub tickets: Vec<Ticket>,
}

impl Book {
    pub fn of(rooms: &[&str]) -> Self {
        Self { rooms: rooms.iter().map(|text| room(text)).collect(), ..Self::default() }
    }

    pub fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }
}

impl Rooms for Book {
    fn begin(&self, tag: u16) -> Result<RoomId, Refusal> {
        if let Some(wait) = self.wait {
            return Err(Refusal::TryLater(wait));
        }
        let room = self.rooms.iter().find(|room| room.tag() == tag).ok_or(Refusal::NoRoom)?;
        self.log.lock().unwrap().begun.push(tag);
        Ok(*room)
    }

    fn is_ticket(&self, tag: u16, ticket: &Ticket) -> Option<RoomId> {
        let known = self.log.lock().unwrap().tickets.contains(ticket);
        self.rooms.iter().find(|room| known && room.tag() == tag).copied()
    }

    fn admitted(&self, _room: RoomId) -> Ticket {
        let ticket = Ticket::generate(&mut rng());
        let mut log = self.log.lock().unwrap();
        log.admitted += 1;
        log.tickets.push(ticket.clone());
        ticket
    }

    fn failed(&self, _room: RoomId, why: HostFailure) {
        self.log.lock().unwrap().failed.push(why);
    }
}

/// Admits who has the room ID, and then says back what it hears.
pub struct Host {
    pub address: SocketAddr,
    pub device: DeviceId,
    pub book: Arc<Book>,
    outcomes: mpsc::UnboundedReceiver<Result<RoomId, HostFailure>>,
}

impl Host {
    pub async fn with(book: Book) -> Self {
        let identity = Identity::generate().unwrap();
        let certificate = identity.certificate(&[loopback().ip()], &[], SystemTime::now()).unwrap();
        let acceptor = TlsAcceptor::from(certificate.rustls_config().unwrap());
        let listener = TcpListener::bind(loopback()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let book = Arc::new(book);
        let (sender, outcomes) = mpsc::unbounded_channel();
        tokio::spawn(accept(listener, acceptor, Arc::clone(&book), sender));
        Self { address, device: identity.device_id(), book, outcomes }
    }

    pub async fn start() -> Self {
        Self::with(Book::of(&[ROOM])).await
    }

    /// How the next handshake ended on the host's side.
    pub async fn outcome(&mut self) -> Result<RoomId, HostFailure> {
        self.outcomes.recv().await.unwrap()
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    book: Arc<Book>,
    outcomes: mpsc::UnboundedSender<Result<RoomId, HostFailure>>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, book, outcomes) = (acceptor.clone(), Arc::clone(&book), outcomes.clone());
        tokio::spawn(async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let Some(exporter) = exporter(stream.get_ref().1) else { return };
            let outcome = admit(&mut stream, exporter, &*book, &mut rng()).await;
            let _ = outcomes.send(outcome);
            if outcome.is_ok() {
                echo(stream).await;
            }
        });
    }
}

async fn echo(mut stream: tokio_rustls::server::TlsStream<TcpStream>) {
    let mut buffer = [0; 64];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        if stream.write_all(&buffer[..length]).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

/// Whether both ends of this stream are at the same place in it.
pub async fn assert_open(stream: &mut tokio_rustls::client::TlsStream<TcpStream>) {
    stream.write_all(b"first words").await.unwrap();
    let mut heard = [0; 11];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"first words");
}

/// The whole way of a typed ID to one address.
pub async fn join(address: SocketAddr, id: &str) -> Result<Admitted, JoinError> {
    let link = dial(&[address], None).await.unwrap();
    link.ask(room(id), &mut rng()).await?.prove().await
}

/// A joiner's connection to somebody else, and that one's end of it. The joiner may have been looking for it.
pub async fn encounter(expected: bool) -> (HostLink, tokio_rustls::server::TlsStream<TcpStream>) {
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let addresses = [impostor.address];
    let dialled = dial(&addresses, expected.then_some(impostor.device));
    let (link, stream) = tokio::join!(dialled, impostor.accept());
    (link.unwrap(), stream.unwrap())
}

/// Somebody between who ends TLS on both sides, and changes what it likes: `alter` gets each message with its number
/// from 0. Serves one joiner.
pub async fn meddler(
    target: SocketAddr,
    mut alter: impl FnMut(usize, &mut Vec<u8>) + Send + 'static,
) -> SocketAddr {
    let impostor = Impostor::listen(loopback()).await.unwrap();
    let address = impostor.address;
    tokio::spawn(async move {
        let mut joiner = impostor.accept().await?;
        let mut host = connect(target).await?;
        for number in (0..MESSAGES).step_by(2) {
            let mut message = read_message(&mut joiner).await?;
            alter(number, &mut message);
            write_message(&mut host, &message).await?;
            let mut message = read_message(&mut host).await?;
            alter(number + 1, &mut message);
            write_message(&mut joiner, &message).await?;
        }
        anyhow::Ok(())
    });
    address
}
