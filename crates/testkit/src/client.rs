use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use visavis_protocol::{
    AccessToken, ClientFrame, ClientMessage, DisplayName, Entrant, MediaState, Role, RoomId, ServerFrame,
    ServerMessage, Welcome,
};

/// How long a test waits for something that must come. Not a promise of the server: only so that a
/// broken one fails a test instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that speaks the protocol over a real WebSocket, and anything else it is told to.
pub struct SimulatedClient {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    sent: u64,
    received: u64,
}

/// What came from the server.
#[derive(Debug)]
pub enum Arrived {
    /// A frame.
    Frame(ServerFrame),
    /// The end, with the close code if there was one.
    Closed(Option<u16>),
}

impl SimulatedClient {
    /// Connects as a page of this origin.
    ///
    /// # Errors
    /// As the WebSocket handshake fails; [`Error::Http`] if the server refuses it.
    pub async fn connect(url: &str, origin: &str) -> Result<Self, Box<Error>> {
        let mut request = url.into_client_request()?;
        let origin = origin.parse().map_err(|_| Error::Utf8("origin".into()))?;
        request.headers_mut().insert("origin", origin);
        let (socket, _) = connect_async(request).await?;
        Ok(Self { socket, sent: 0, received: 0 })
    }

    /// Says hello, with the token if there is one.
    pub async fn hello(&mut self, token: Option<&AccessToken>) {
        self.say(ClientMessage::Hello { versions: vec![1], token: token.cloned(), code: None }).await;
    }

    /// Creates a room and waits for the welcome.
    pub async fn create(&mut self, name: &str) -> Welcome {
        self.say(ClientMessage::Create { entrant: entrant(name), capacity: None }).await;
        self.welcome().await
    }

    /// Joins a room and waits for the welcome.
    pub async fn join(&mut self, room: RoomId, name: &str) -> Welcome {
        self.say(ClientMessage::Join { room, entrant: entrant(name), resume: None, at: None }).await;
        self.welcome().await
    }

    /// Sends a message without a number.
    pub async fn say(&mut self, message: ClientMessage) {
        self.send(ClientFrame { seq: None, ack: self.received, message }).await;
    }

    /// Sends the next message of the session.
    pub async fn say_next(&mut self, message: ClientMessage) {
        self.sent += 1;
        self.send(ClientFrame { seq: Some(self.sent), ack: self.received, message }).await;
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: impl Into<String>) {
        // A server that has closed already shows in what arrives.
        let _ = self.socket.send(Message::text(text.into())).await;
    }

    /// Sends any bytes as a binary message.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) {
        let _ = self.socket.send(Message::binary(bytes)).await;
    }

    /// The next frame or the end. Pings of the protocol are answered and passed over.
    ///
    /// # Panics
    /// If nothing comes in time, or something that is not a frame.
    pub async fn next(&mut self) -> Arrived {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            let Ok(message) = message else { panic!("nothing came from the server") };
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: ServerFrame = match serde_json::from_str(text.as_str()) {
                        Ok(frame) => frame,
                        Err(error) => panic!("not a frame: {error}"),
                    };
                    self.received = frame.seq.unwrap_or(self.received);
                    if *frame.message == (ServerMessage::Ping {}) {
                        self.say(ClientMessage::Pong {}).await;
                    } else {
                        return Arrived::Frame(frame);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Arrived::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Arrived::Closed(None),
            }
        }
    }

    /// The next message, which has to be there.
    ///
    /// # Panics
    /// If the connection ends instead.
    pub async fn message(&mut self) -> ServerMessage {
        match self.next().await {
            Arrived::Frame(frame) => (*frame.message).clone(),
            Arrived::Closed(code) => panic!("closed with {code:?}"),
        }
    }

    /// Passes over messages until one is wanted.
    ///
    /// # Panics
    /// If the connection ends before.
    pub async fn until<T>(&mut self, mut wanted: impl FnMut(ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.message().await) {
                return found;
            }
        }
    }

    /// Waits for the welcome of a session, whose numbers begin with it.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn welcome(&mut self) -> Welcome {
        let welcome = self
            .until(|message| match message {
                ServerMessage::Welcome(welcome) => Some(*welcome),
                ServerMessage::Error { code, .. } => panic!("refused: {code:?}"),
                _ => None,
            })
            .await;
        self.sent = welcome.received;
        if !welcome.continued {
            self.received = 0;
        }
        welcome
    }

    async fn send(&mut self, frame: ClientFrame) {
        match serde_json::to_string(&frame) {
            Ok(text) => self.send_text(text).await,
            Err(error) => panic!("cannot be written: {error}"),
        }
    }
}

/// Somebody of this name with everything on.
///
/// # Panics
/// If nobody can have this name.
pub fn entrant(name: &str) -> Entrant {
    let Ok(name) = DisplayName::parse(name) else { panic!("not a name") };
    Entrant {
        name,
        role: Role::Participant,
        colour: None,
        capabilities: vec!["audio".into(), "video".into()],
        state: MediaState { microphone: true, camera: true, screen: false },
    }
}
