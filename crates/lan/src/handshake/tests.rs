//! The states of both sides, with the same randomness each time.

use std::convert::Infallible;
use std::sync::Mutex;

use rand_core::{TryCryptoRng, TryRng};
use tokio::io::duplex;
use visavis_protocol::RoomId;

use super::host::{self, Opened};
use super::joiner::{self, Joiner};
use super::wire::FromHost;
use super::{HostFailure, JoinError, Refusal, Rooms, Ticket, admit, frames};

const EXPORTER: [u8; 32] = [7; 32];

/// Gives the same byte for ever.
struct Constant(u8);

impl TryRng for Constant {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_ne_bytes([self.0; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_ne_bytes([self.0; 8]))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(self.0);
        Ok(())
    }
}

impl TryCryptoRng for Constant {}

fn room() -> RoomId {
    RoomId::parse("482 193 775").unwrap()
}

/// One room, and what becomes of the attempts at it.
#[derive(Default)]
struct OneRoom {
    admitted: Mutex<usize>,
    failed: Mutex<usize>,
}

impl Rooms for OneRoom {
    fn begin(&self, _tag: u16) -> Result<RoomId, Refusal> {
        Ok(room())
    }

    fn is_ticket(&self, _tag: u16, _ticket: &Ticket) -> Option<RoomId> {
        None
    }

    fn admitted(&self, _room: RoomId) -> Ticket {
        *self.admitted.lock().unwrap() += 1;
        Ticket::generate(&mut Constant(3))
    }

    fn failed(&self, _room: RoomId, _why: HostFailure) {
        *self.failed.lock().unwrap() += 1;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whoever writes another implementation can compare with these; it goes with `docs/protocol.md`, «Between apps».
#[test]
fn the_bytes_of_version_1_stay() {
    let (joiner, ask) = Joiner::ask(room(), EXPORTER, &mut Constant(1)).unwrap();
    let opened = host::open(&ask, EXPORTER, &OneRoom::default(), &mut Constant(2)).unwrap();
    let Opened::Answered { host, reply: answer, .. } = opened else { panic!("the room is there") };
    let prover = joiner.answered(&answer).unwrap();
    let confirm = prover.confirmation();
    let (verifier, proof) = host.confirmed(&confirm).unwrap();
    prover.check(&proof).unwrap();
    let bind = prover.binding();
    verifier.bound(&bind).unwrap();
    let admitted = host::admitted(&Ticket::generate(&mut Constant(3)));
    let ticket = joiner::admitted(&admitted).unwrap();
    let resume = joiner::resume(room(), &ticket);
    joiner::resumed(&FromHost::Resumed.encode()).unwrap();
    let said = [ask, answer, confirm, proof, bind, admitted, resume].map(|message| hex(&message));
    assert_eq!(said, VERSION_1);
}

/// What is said in turn, and the message that comes back with the ticket.
const VERSION_1: [&str; 7] = [
    "01010101e241aadabf58a9e670fd5f761a465bcfd8205246b16de1e056e606fe987ef167dd67",
    "810142a16cc4d1081981c4957e547f9e044f181c4dfcaa8258f1e2fb00a914a12ffce1",
    "03abc930ef280b744fc0a4d0f8171115e082d96725caaecd8379f7d5275c0d36f4",
    "8533ac508ce23aa89f19c10f32102b63fb8ec6556edaa227e6fcb922085a3b7c46\
     6c53220c03853e37d69513d79e8f6970cfc850149d80302d2c2c9c8d869fb3c9",
    "046c8965c975ae9ccc303c3024ec3f1ce0f24fc502713b41061501978d44ff585b",
    "8703030303030303030303030303030303",
    "02010101e203030303030303030303030303030303",
];

/// Both sides have the same room ID, and each its own end of another TLS connection.
#[test]
fn another_channel_is_told_from_another_room_id() {
    let (joiner, ask) = Joiner::ask(room(), EXPORTER, &mut Constant(1)).unwrap();
    let opened = host::open(&ask, [8; 32], &OneRoom::default(), &mut Constant(2)).unwrap();
    let Opened::Answered { host, reply, .. } = opened else { panic!("the room is there") };
    let prover = joiner.answered(&reply).unwrap();
    let (verifier, proof) = host.confirmed(&prover.confirmation()).unwrap();
    assert_eq!(prover.check(&proof), Err(JoinError::Intercepted));
    assert_eq!(verifier.bound(&prover.binding()), Err(HostFailure::Intercepted));
}

/// It had the room ID, so that it does not hear of its success is no failed attempt.
#[tokio::test]
async fn a_joiner_that_leaves_before_its_ticket_came_is_not_counted() {
    let rooms = OneRoom::default();
    let (mut near, mut far) = duplex(1024);
    let leaving = async move {
        let (joiner, ask) = Joiner::ask(room(), EXPORTER, &mut Constant(1)).unwrap();
        frames::write(&mut near, &ask).await.unwrap();
        let prover = joiner.answered(&frames::read(&mut near).await.unwrap()).unwrap();
        frames::write(&mut near, &prover.confirmation()).await.unwrap();
        prover.check(&frames::read(&mut near).await.unwrap()).unwrap();
        frames::write(&mut near, &prover.binding()).await.unwrap();
    };
    let mut rng = Constant(2);
    let (_, outcome) = tokio::join!(leaving, admit(&mut far, EXPORTER, &rooms, &mut rng));
    assert_eq!(outcome, Err(HostFailure::Broken));
    assert_eq!((*rooms.admitted.lock().unwrap(), *rooms.failed.lock().unwrap()), (1, 0));
}
