//! Pages of one machine in rooms of another, over real sockets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::time::SystemTime;

use futures_util::{SinkExt, StreamExt};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, protocol};
use visavis_lan::{HostFailure, Identity, JoinError, Refusal, Rooms, Ticket, admit, dial, exporter};
use visavis_protocol::{
    Candidate, CandidateLine, ClientMessage, CloseCode, ErrorCode, HostAddress, ParticipantId, Resume,
    RoomId, ServerFrame, ServerMessage, Signal, Tried,
};
use visavis_server::{HostedRoom, Server, ServerConfig};
use visavis_testkit::{Arrived, SimulatedClient, entrant};

/// Attempts of one source that need not wait (`docs/protocol.md`, «Rooms»).
const FREE: usize = 5;

struct Machine {
    server: Server,
    _data_dir: tempfile::TempDir,
}

impl Machine {
    async fn start() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let config = ServerConfig { discovery: false, ..ServerConfig::new(data_dir.path()) };
        Self { server: Server::start(config).await.unwrap(), _data_dir: data_dir }
    }

    /// A page of the person at this machine, past the hello.
    async fn page(&self) -> SimulatedClient {
        let url = self.server.websocket_url();
        let origin = url.replace("ws://", "http://").replace("/ws", "");
        let mut page = SimulatedClient::connect(&url, &origin).await.unwrap();
        page.hello(Some(self.server.token())).await;
        assert!(matches!(page.message().await, ServerMessage::Hello { may_create: true, .. }));
        page
    }

    async fn room(&self) -> (RoomId, SocketAddr) {
        let HostedRoom { room, invite } = self.server.host_room(None).await.unwrap();
        let authority = invite.link.trim_start_matches("https://").split('/').next().unwrap();
        (room, authority.parse().unwrap())
    }
}

/// Passes bytes on to an address until it is told to cut everything, and again when told so.
struct Cable {
    address: SocketAddr,
    is_whole: watch::Sender<bool>,
}

impl Cable {
    async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_whole = watch::Sender::new(true);
        let state = is_whole.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut state = state.subscribe();
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|is_whole| !is_whole) => {}
                    }
                });
            }
        });
        Self { address, is_whole }
    }
}

fn join(room: RoomId, at: Option<SocketAddr>, resume: Option<Resume>) -> ClientMessage {
    ClientMessage::Join { room, entrant: entrant("Bob"), resume, at: at.map(HostAddress::Socket) }
}

async fn error(page: &mut SimulatedClient) -> (ErrorCode, Option<Tried>) {
    page.until(|message| match message {
        ServerMessage::Error { code, tried, .. } => Some((code, tried)),
        _ => None,
    })
    .await
}

fn signal(to: u32, n: u32) -> ClientMessage {
    let candidate = Candidate {
        candidate: CandidateLine::new(n.to_string()),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    };
    ClientMessage::Signal { to: ParticipantId(to), session: None, signal: Signal::Candidate(candidate) }
}

async fn signal_from(page: &mut SimulatedClient) -> String {
    page.until(|message| match message {
        ServerMessage::Signal { signal: Signal::Candidate(candidate), .. } => {
            Some(candidate.candidate.expose().to_owned())
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_page_is_in_a_room_of_another_machine_and_comes_home() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let mut ada = host.page().await;
    ada.join(room, "Ada").await;
    let mut bob = own.page().await;
    bob.say(join(room, Some(address), None)).await;
    let met = bob.welcome().await;
    assert_eq!((met.room, met.participants.len(), own.server.pages_abroad()), (room, 2, 1));
    for n in 0..100 {
        bob.say_next(signal(1, n)).await;
        ada.say_next(signal(2, n)).await;
    }
    for n in 0..100 {
        assert_eq!(
            (signal_from(&mut ada).await, signal_from(&mut bob).await),
            (n.to_string(), n.to_string())
        );
    }
    bob.say_next(ClientMessage::Leave {}).await;
    let left = bob.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(message)).await;
    assert!(matches!(left, ServerMessage::Left { participant: ParticipantId(2), .. }));
    // As after hello: a room of its own, and that of the other machine again, now known by its ID alone.
    let own_room = bob.create("Bob").await.room;
    assert_ne!(own_room, room);
    assert_eq!(own.server.pages_abroad(), 0);
    bob.say_next(ClientMessage::Leave {}).await;
    bob.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(())).await;
    bob.say(join(room, None, None)).await;
    assert_eq!(bob.welcome().await.you, ParticipantId(3));
}

#[tokio::test]
async fn what_a_person_cannot_join_is_told_with_what_was_tried() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let number: u32 = room.digits().parse().unwrap();
    let mistyped = RoomId::from_number(number - number % 10 + (number + 1) % 10).unwrap();
    let elsewhere = RoomId::from_number((number + 1_000_000) % RoomId::COUNT).unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut page = own.page().await;
    for (room, at, answered) in [(mistyped, address, true), (elsewhere, address, true), (room, nobody, false)]
    {
        page.say(join(room, Some(at), None)).await;
        let tried = Tried { at: Some(answered), ..Tried::default() };
        assert_eq!(error(&mut page).await, (ErrorCode::UnknownRoom, Some(tried)));
    }
    page.say(join(elsewhere, None, None)).await;
    assert_eq!(error(&mut page).await, (ErrorCode::UnknownRoom, Some(Tried::default())));
    // The connection is as before.
    page.say(join(room, Some(address), None)).await;
    assert_eq!(page.welcome().await.room, room);
}

#[tokio::test]
async fn a_link_that_was_cut_loses_and_doubles_nothing() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let cable = Cable::to(address).await;
    let mut ada = host.page().await;
    ada.join(room, "Ada").await;
    let mut bob = own.page().await;
    bob.say(join(room, Some(cable.address), None)).await;
    let met = bob.welcome().await;
    ada.say_next(signal(2, 1)).await;
    assert_eq!(signal_from(&mut bob).await, "1");

    cable.is_whole.send_replace(false);
    let Arrived::Closed(Some(code)) = bob.next().await else { panic!("the page is not told") };
    assert_eq!(code, CloseCode::HostLost.number());
    ada.until(|message| matches!(message, ServerMessage::Reconnecting { .. }).then_some(())).await;
    ada.say_next(signal(2, 2)).await;

    let mut bob = own.page().await;
    let resume = Resume { token: met.resume, received: Some(1) };
    bob.say(join(room, None, Some(resume))).await;
    cable.is_whole.send_replace(true);
    let back = bob.welcome().await;
    assert!(back.continued);
    assert_eq!(signal_from(&mut bob).await, "2");
    ada.until(|message| matches!(message, ServerMessage::Resumed { .. }).then_some(())).await;
}

#[tokio::test]
async fn a_room_that_has_ended_is_unknown_and_its_members_are_told() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let mut ada = host.page().await;
    let created = ada.create("Ada").await;
    let at: SocketAddr = created.invite.unwrap().link[8..].split('/').next().unwrap().parse().unwrap();
    let mut bob = own.page().await;
    bob.say(join(created.room, Some(at), None)).await;
    bob.welcome().await;
    let stopped = tokio::spawn(host.server.shutdown());
    bob.until(|message| matches!(message, ServerMessage::Ended { .. }).then_some(())).await;
    assert!(matches!(bob.next().await, Arrived::Closed(Some(1001))));
    stopped.await.unwrap();
    let mut bob = own.page().await;
    bob.say(join(created.room, None, None)).await;
    assert_eq!(error(&mut bob).await.0, ErrorCode::UnknownRoom);
}

#[tokio::test]
async fn of_two_hosts_with_the_same_first_digits_the_right_one_lets_in() {
    let (first, second, own) = (Machine::start().await, Machine::start().await, Machine::start().await);
    let mut page = own.page().await;
    for host in [&first, &second] {
        let (room, address) = host.room().await;
        page.say(join(room, Some(address), None)).await;
        page.welcome().await;
        page.say_next(ClientMessage::Leave {}).await;
        page.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(())).await;
    }
    // Both are known now. The first has a room for each tag that there is.
    while let Ok(_room) = first.server.host_room(None).await {}
    let (room, _) = second.room().await;
    page.say(join(room, None, None)).await;
    assert_eq!(page.welcome().await.room, room);
}

#[tokio::test]
async fn only_the_person_at_this_machine_is_taken_elsewhere() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let url = own.server.websocket_url();
    let origin = url.replace("ws://", "http://").replace("/ws", "");
    let mut guest = SimulatedClient::connect(&url, &origin).await.unwrap();
    guest.hello(None).await;
    guest.say(join(room, Some(address), None)).await;
    assert_eq!(error(&mut guest).await, (ErrorCode::UnknownRoom, None));
}

/// A host that knows its room ID and then says what it likes.
struct FaultyHost {
    room: RoomId,
    address: SocketAddr,
    words: mpsc::UnboundedSender<Message>,
}

struct OneRoom(RoomId);

impl Rooms for OneRoom {
    fn begin(&self, _tag: u16) -> Result<RoomId, Refusal> {
        Ok(self.0)
    }

    fn is_ticket(&self, _tag: u16, _ticket: &Ticket) -> Option<RoomId> {
        None
    }

    fn admitted(&self, _room: RoomId) -> Ticket {
        Ticket::generate(&mut StdRng::seed_from_u64(1))
    }

    fn failed(&self, _room: RoomId, _why: HostFailure) {}
}

impl FaultyHost {
    async fn start() -> Self {
        let room = RoomId::from_number(482_193_775).unwrap();
        let identity = Identity::generate().unwrap();
        let certificate = identity.certificate(&[], &[], SystemTime::now()).unwrap();
        let acceptor = TlsAcceptor::from(certificate.rustls_config().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (words, mut said) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut stream = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
            let exporter = exporter(stream.get_ref().1).unwrap();
            let mut rng = StdRng::seed_from_u64(2);
            admit(&mut stream, exporter, &OneRoom(room), &mut rng).await.unwrap();
            let mut socket = WebSocketStream::from_raw_socket(stream, protocol::Role::Server, None).await;
            while let Some(word) = said.recv().await {
                socket.send(word).await.unwrap();
            }
            while let Some(Ok(_)) = socket.next().await {}
        });
        Self { room, address, words }
    }

    fn say(&self, message: ServerMessage) {
        let frame = ServerFrame { seq: None, ack: 0, message: message.into() };
        self.words.send(Message::text(serde_json::to_string(&frame).unwrap())).unwrap();
    }
}

#[tokio::test]
async fn a_host_has_no_say_in_anything_but_its_room() {
    let (own, other) = (Machine::start().await, Machine::start().await);
    let mut ada = other.page().await;
    let elsewhere = ada.create("Ada").await;
    let wrong_token = ServerMessage::error(ErrorCode::WrongToken);
    let close =
        |code: u16| Message::Close(Some(protocol::CloseFrame { code: code.into(), reason: "".into() }));
    for case in 0..4 {
        let host = FaultyHost::start().await;
        let mut page = own.page().await;
        page.say(join(host.room, Some(host.address), None)).await;
        match case {
            0 => host.say(ServerMessage::Welcome(Box::new(elsewhere.clone()))),
            1 => host.say(wrong_token.clone()),
            2 => host.words.send(close(4401)).unwrap(),
            _ => host.words.send(close(4242)).unwrap(),
        }
        let code = CloseCode::HostLost.number();
        assert!(matches!(page.next().await, Arrived::Closed(Some(said)) if said == code), "case {case}");
    }
}

#[tokio::test]
async fn a_stopping_app_takes_its_pages_out_of_rooms_elsewhere() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let mut bob = own.page().await;
    bob.say(join(room, Some(address), None)).await;
    bob.welcome().await;
    let stopped = tokio::spawn(own.server.shutdown());
    assert!(matches!(bob.next().await, Arrived::Closed(Some(1001))));
    stopped.await.unwrap();
}

#[tokio::test]
async fn a_second_page_does_not_cost_the_first_its_way_back() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let cable = Cable::to(address).await;
    let (mut bob, mut second) = (own.page().await, own.page().await);
    bob.say(join(room, Some(cable.address), None)).await;
    let met = bob.welcome().await;
    cable.is_whole.send_replace(false);
    assert!(matches!(bob.next().await, Arrived::Closed(Some(4404))));
    second.say(join(room, None, None)).await;
    assert_eq!(error(&mut second).await.0, ErrorCode::UnknownRoom);
    let mut bob = own.page().await;
    let resume = Resume { token: met.resume, received: Some(0) };
    bob.say(join(room, None, Some(resume.clone()))).await;
    assert_eq!(error(&mut bob).await.0, ErrorCode::HostUnreachable);
    cable.is_whole.send_replace(true);
    bob.say(join(room, None, Some(resume))).await;
    assert!(bob.welcome().await.continued);
}

#[tokio::test]
async fn a_handshake_that_is_broken_off_counts_too() {
    let host = Machine::start().await;
    let (room, address) = host.room().await;
    let mut rng = StdRng::seed_from_u64(3);
    for _ in 0..FREE {
        let link = dial(&[address], None).await.unwrap();
        link.ask(room, &mut rng).await.unwrap();
    }
    let link = dial(&[address], None).await.unwrap();
    assert!(matches!(link.ask(room, &mut rng).await, Err(JoinError::TryLater(_))));
}

#[tokio::test]
async fn a_mistyped_id_counts_once_however_the_host_is_known() {
    let (host, own) = (Machine::start().await, Machine::start().await);
    let (room, address) = host.room().await;
    let mut page = own.page().await;
    page.say(join(room, Some(address), None)).await;
    page.welcome().await;
    page.say_next(ClientMessage::Leave {}).await;
    page.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(())).await;
    let number: u32 = room.digits().parse().unwrap();
    let mistyped = |n: u32| RoomId::from_number(number - number % 1000 + (number + n) % 1000).unwrap();
    for n in 1..=FREE {
        page.say(join(mistyped(n as u32), Some(address), None)).await;
        assert_eq!(error(&mut page).await.0, ErrorCode::UnknownRoom, "attempt {n}");
    }
    page.say(join(mistyped(FREE as u32 + 1), Some(address), None)).await;
    assert_eq!(error(&mut page).await.0, ErrorCode::TryLater);
}
