//! One page: what it says is handed to the connection or source that it is about.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use crate::audio::Processing;
use crate::connection::{End, certificate};
use crate::wire::limits::{CONNECTIONS, HELLO_TIME, SOURCES, TEXT_BYTES};
use crate::wire::{
    AppFrame, AppMessage, BLOCK_BYTES, CloseCode, HEADER_BYTES, Open, PageFrame, PageMessage, RefusalCode,
    VERSION,
};

use super::Interfaces;
use super::command::{COMMANDS, Command, Loss, Reach};
use super::door::Door;
use super::outbox::{Lane, Outbox};
use super::replies::{ended, refused};
use super::source::{Listeners, Source};
use super::task::Task;

/// How long a connection may leave what it is told unread. Each message takes it some microseconds.
const HANGING: Duration = Duration::from_secs(5);

/// Serves one page until it goes or the server ends.
pub async fn run(stream: TcpStream, door: &Door, mut server_ended: watch::Receiver<()>) {
    let Ok(Some(socket)) = timeout(HELLO_TIME, door.open(stream)).await else { return };
    let (sink, mut frames) = socket.split();
    let outbox = Outbox::default();
    let mut delivery = tokio::spawn(outbox.clone().deliver(sink));
    let mut session = Session::new(outbox.clone(), Arc::clone(&door.interfaces), server_ended.clone());
    let work = async {
        let code = match timeout(HELLO_TIME, greet(&mut frames, door)).await {
            Ok(true) => session.serve(&mut frames).await,
            Ok(false) | Err(_) => CloseCode::WrongToken,
        };
        outbox.close(code);
    };
    tokio::select! {
        () = work => {}
        _ = &mut delivery => return,
        _ = server_ended.changed() => outbox.close(CloseCode::GoingAway),
    }
    // Its connections say goodbye meanwhile.
    drop(session);
    let _ = delivery.await;
}

/// Whether the page shows the token with its first frame.
async fn greet(frames: &mut SplitStream<WebSocketStream<TcpStream>>, door: &Door) -> bool {
    let Some(Ok(Message::Text(text))) = frames.next().await else { return false };
    let hello = serde_json::from_str(&text);
    matches!(hello, Ok(PageMessage::Hello { token }) if door.knows(&token))
}

/// What is known of one page.
struct Session {
    outbox: Outbox,
    interfaces: Interfaces,
    /// The server waits until nobody has this.
    running: watch::Receiver<()>,
    connections: BTreeMap<u32, Reach>,
    sources: BTreeMap<u32, Source>,
    /// Which connections and lines send a stream.
    senders: BTreeMap<u32, Vec<(u32, String)>>,
    listeners: BTreeMap<u32, Listeners>,
    /// Which connection receives a stream.
    receivers: BTreeMap<u32, u32>,
}

impl Session {
    fn new(outbox: Outbox, interfaces: Interfaces, running: watch::Receiver<()>) -> Self {
        Self {
            outbox,
            interfaces,
            running,
            connections: BTreeMap::new(),
            sources: BTreeMap::new(),
            senders: BTreeMap::new(),
            listeners: BTreeMap::new(),
            receivers: BTreeMap::new(),
        }
    }

    /// Takes in frames until the page ends or breaks a rule.
    async fn serve(&mut self, frames: &mut SplitStream<WebSocketStream<TcpStream>>) -> CloseCode {
        self.outbox.tell(&AppMessage::Welcome { version: VERSION });
        while let Some(frame) = frames.next().await {
            let understood = match frame {
                Ok(Message::Text(text)) if text.len() > TEXT_BYTES => return CloseCode::TooLarge,
                Ok(Message::Text(text)) => {
                    serde_json::from_str(&text).map(|message| self.handle(message)).is_ok()
                }
                Ok(Message::Binary(bytes)) => self.handle_frame(&bytes).await,
                Ok(_) => true,
                Err(Error::Capacity(CapacityError::MessageTooLong { .. })) => return CloseCode::TooLarge,
                Err(_) => return CloseCode::GoingAway,
            };
            if !understood {
                return CloseCode::Malformed;
            }
        }
        CloseCode::GoingAway
    }

    fn handle(&mut self, message: PageMessage) {
        match message {
            PageMessage::Certify { request } => self.certify(request),
            PageMessage::Open(open) => self.open(open),
            PageMessage::Source { stream, echo_cancellation, noise_suppression, auto_gain_control } => {
                self.begin_source(
                    stream,
                    Processing { echo_cancellation, noise_suppression, auto_gain_control },
                );
            }
            PageMessage::EndSource { stream } => {
                self.sources.remove(&stream);
            }
            PageMessage::Hello { .. } | PageMessage::Unknown => {}
            message => self.forward(message),
        }
    }

    fn certify(&self, request: u32) {
        let Some((certificate, fingerprint)) = certificate::make() else {
            let message = "No certificate could be made.";
            return self.outbox.tell(&refused(request, RefusalCode::Fault, message));
        };
        self.outbox.tell(&AppMessage::Certified { request, certificate, fingerprint });
    }

    fn open(&mut self, open: Open) {
        let number = open.connection;
        self.forget_ended();
        if self.connections.len() >= CONNECTIONS {
            self.outbox.tell(&ended(number, End::TooMany));
            return;
        }
        if self.connections.contains_key(&number) {
            return;
        }
        let own = open.certificate.as_ref().map(certificate::read);
        if matches!(own, Some(None)) {
            self.outbox.tell(&ended(number, End::Fault));
            return;
        }
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let interfaces = Arc::clone(&self.interfaces);
        let reach = Reach { commands, loss: Loss::default() };
        let task = Task::new(open, own.flatten(), self.outbox.clone(), interfaces, &reach);
        let work = tokio::spawn(task.run(receiver));
        let (outbox, running) = (self.outbox.clone(), self.running.clone());
        tokio::spawn(async move {
            // A panic has ended this one task.
            if work.await.is_err() {
                outbox.tell(&ended(number, End::Fault));
            }
            drop(running);
        });
        self.connections.insert(number, reach);
    }

    fn begin_source(&mut self, stream: u32, processing: Processing) {
        if let Some(source) = self.sources.get(&stream) {
            source.set_processing(processing);
        } else if self.sources.len() < SOURCES {
            let listeners = self.listeners.entry(stream).or_default().clone();
            self.sources.insert(stream, Source::start(stream, processing, listeners));
        }
    }

    fn forward(&mut self, message: PageMessage) {
        let Some((number, request)) = addressee(&message) else { return };
        let Some(reach) = self.connections.get(&number).filter(|reach| !reach.commands.is_closed()).cloned()
        else {
            self.forget(number);
            if let Some(request) = request {
                let message = "There is no such connection.";
                self.outbox.tell(&refused(request, RefusalCode::UnknownConnection, message));
            }
            return;
        };
        self.route(&message, number, &reach);
        let close = matches!(message, PageMessage::Close { .. });
        if reach.commands.try_send(Command::Message(message)).is_err() {
            // It hangs: what it was to be told is lost, so it cannot go on.
            self.outbox.tell(&ended(number, End::Fault));
            self.forget(number);
        } else if close {
            self.forget(number);
        }
    }

    /// Remembers where streams go.
    fn route(&mut self, message: &PageMessage, number: u32, reach: &Reach) {
        match message {
            PageMessage::Send { mid, stream, .. } => {
                self.stop_sending(number, Some(mid));
                self.senders.entry(*stream).or_default().push((number, mid.clone()));
                self.listeners.entry(*stream).or_default().add(number, reach.clone());
            }
            PageMessage::StopSend { mid, .. } => self.stop_sending(number, Some(mid)),
            PageMessage::Receive { stream, .. } => {
                self.receivers.insert(*stream, number);
            }
            _ => {}
        }
    }

    /// On this line, or on all of a connection.
    fn stop_sending(&mut self, number: u32, mid: Option<&String>) {
        let gone =
            |(connection, line): &(u32, String)| *connection == number && mid.is_none_or(|mid| line == mid);
        for (stream, senders) in &mut self.senders {
            senders.retain(|sender| !gone(sender));
            if !senders.iter().any(|(connection, _)| *connection == number)
                && let Some(listeners) = self.listeners.get(stream)
            {
                listeners.remove(number);
            }
        }
        self.senders.retain(|_, senders| !senders.is_empty());
        let (senders, sources) = (&self.senders, &self.sources);
        self.listeners.retain(|stream, _| senders.contains_key(stream) || sources.contains_key(stream));
    }

    fn forget_ended(&mut self) {
        let ended = self.connections.iter().filter(|(_, reach)| reach.commands.is_closed());
        for number in ended.map(|(number, _)| *number).collect::<Vec<_>>() {
            self.forget(number);
        }
    }

    fn forget(&mut self, number: u32) {
        self.connections.remove(&number);
        self.stop_sending(number, None);
        self.receivers.retain(|_, receiver| *receiver != number);
    }

    /// `false`: the frame is malformed.
    async fn handle_frame(&mut self, bytes: &Bytes) -> bool {
        let payload = || bytes.slice(HEADER_BYTES..);
        match PageFrame::parse(bytes) {
            Ok(PageFrame::Picture { stream, codec, key_frame, time, .. }) => {
                self.send_picture(
                    stream,
                    |data| Command::Picture { stream, codec, key_frame, time, data },
                    &payload(),
                );
            }
            Ok(PageFrame::Sound { stream, time, .. }) => {
                if let Some(source) = self.sources.get(&stream) {
                    source.push(time, payload());
                }
            }
            Ok(PageFrame::SoundWanted { stream, blocks, buffered }) => {
                self.want_sound(stream, blocks, buffered)
            }
            Ok(PageFrame::Data { connection, channel, binary, .. }) => {
                self.send_data(connection, Command::Data { channel, binary, data: payload() }).await;
            }
            Ok(PageFrame::Unknown) => {}
            Err(_) => return false,
        }
        true
    }

    fn send_picture(&self, stream: u32, command: impl Fn(Bytes) -> Command, data: &Bytes) {
        let mut last = None;
        for (connection, mid) in self.senders.get(&stream).into_iter().flatten() {
            if last.replace(connection) == Some(connection) {
                // One connection sends it on several lines by itself.
                continue;
            }
            let Some(reach) = self.connections.get(connection) else { continue };
            if let Err(mpsc::error::TrySendError::Full(_)) = reach.commands.try_send(command(data.clone())) {
                // The frames that follow build on the one that is lost.
                let mid = mid.clone();
                self.outbox.tell(&AppMessage::KeyFrameWanted { connection: *connection, mid });
            }
        }
    }

    /// A page that sends faster than its connection takes waits, and has room for everything else meanwhile.
    async fn send_data(&mut self, number: u32, command: Command) {
        let Some(commands) = self.connections.get(&number).map(|reach| reach.commands.clone()) else {
            return;
        };
        let room = async {
            while commands.capacity() < COMMANDS / 2 && !commands.is_closed() {
                yield_now().await;
            }
        };
        let hangs = timeout(HANGING, room).await.is_err();
        if hangs || matches!(commands.try_send(command), Err(mpsc::error::TrySendError::Full(_))) {
            self.outbox.tell(&ended(number, End::Fault));
            self.forget(number);
        }
    }

    fn want_sound(&self, stream: u32, blocks: usize, buffered: u32) {
        let reach = self.receivers.get(&stream).and_then(|number| self.connections.get(number));
        let wanted = Command::SoundWanted { stream, blocks, buffered };
        if reach.is_none_or(|reach| reach.commands.try_send(wanted).is_err()) {
            // Whoever plays waits for an answer: silence, if nobody speaks.
            let frame = AppFrame::Sound { stream, time: 0 }.with_payload(&vec![0; blocks * BLOCK_BYTES]);
            self.outbox.push(Lane::Sound, Message::binary(frame));
        }
    }
}

/// Which connection a message is about, and the request to be answered.
fn addressee(message: &PageMessage) -> Option<(u32, Option<u32>)> {
    Some(match message {
        PageMessage::Offer(wish) => (wish.connection, Some(wish.request)),
        PageMessage::Answer(wish) => (wish.connection, Some(wish.request)),
        PageMessage::Check { connection, request, .. }
        | PageMessage::Accept { connection, request, .. }
        | PageMessage::Candidate { connection, request, .. }
        | PageMessage::Stats { connection, request } => (*connection, Some(*request)),
        PageMessage::SetIceServers { connection, .. }
        | PageMessage::Rollback { connection }
        | PageMessage::Gather { connection, .. }
        | PageMessage::Send { connection, .. }
        | PageMessage::StopSend { connection, .. }
        | PageMessage::Receive { connection, .. }
        | PageMessage::StopReceive { connection, .. }
        | PageMessage::KeyFrame { connection, .. }
        | PageMessage::WantedBitrate { connection, .. }
        | PageMessage::Channel { connection, .. }
        | PageMessage::CloseChannel { connection, .. }
        | PageMessage::LowThreshold { connection, .. }
        | PageMessage::Close { connection } => (*connection, None),
        PageMessage::Hello { .. }
        | PageMessage::Certify { .. }
        | PageMessage::Open { .. }
        | PageMessage::Source { .. }
        | PageMessage::EndSource { .. }
        | PageMessage::Unknown => return None,
    })
}
