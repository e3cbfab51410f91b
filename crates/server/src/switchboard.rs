//! Drives the one hub: feeds it what arrives, hands out what it says, and wakes it in time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng};
use tokio::sync::{Notify, watch};
use visavis_hub::{ConnectionId, Counts, Hub, HubConfig, Input, Output};
use visavis_protocol::limits::UNACKNOWLEDGED_MESSAGES;
use visavis_protocol::{CloseCode, ErrorCode, IceServer, RoomId, ServerFrame, SingleUseCode};

use crate::queue::{Entrance, Exit, queue};

/// Frames that may wait for a connection to write them: all that the hub keeps for a participant, and some
/// room for what is not sequenced. A connection with more waiting is cut off.
const QUEUE_FRAMES: usize = UNACKNOWLEDGED_MESSAGES + 64;

/// Pause after a fault at a deadline, so that one that stays does not take the whole processor.
const FAULT_PAUSE: Duration = Duration::from_secs(1);

/// What a connection has to write.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Frame(ServerFrame),
    /// The last thing: close with this code.
    Close(CloseCode),
}

/// The hub and everybody who is connected to it.
pub(crate) struct Switchboard {
    state: Mutex<State>,
    /// The hub's next deadline may have changed from "none".
    rescheduled: Notify,
    has_rooms: watch::Sender<bool>,
}

struct State {
    hub: Hub,
    rng: StdRng,
    lines: HashMap<ConnectionId, Entrance<Outgoing>>,
    next_connection: u64,
}

/// A connection's end of the switchboard; dropping it disconnects.
pub(crate) struct Line {
    connection: ConnectionId,
    switchboard: Arc<Switchboard>,
    outgoing: Exit<Outgoing>,
}

impl Switchboard {
    /// An empty hub. Fails if the OS has no randomness to give.
    pub(crate) fn new(config: HubConfig) -> Result<Arc<Self>, rand::rngs::SysError> {
        Ok(Arc::new(Self {
            state: Mutex::new(State {
                hub: Hub::new(config),
                rng: StdRng::try_from_rng(&mut SysRng)?,
                lines: HashMap::new(),
                next_connection: 1,
            }),
            rescheduled: Notify::new(),
            has_rooms: watch::Sender::new(false),
        }))
    }

    /// A new connection from this address.
    pub(crate) fn connect(self: &Arc<Self>, source: IpAddr, ice_servers: Vec<IceServer>) -> Line {
        let (sender, outgoing) = queue(QUEUE_FRAMES);
        let mut state = self.lock();
        let connection = ConnectionId(state.next_connection);
        state.next_connection += 1;
        state.lines.insert(connection, sender);
        self.handle(&mut state, Input::Connected { connection, source, ice_servers, admitted: None });
        Line { connection, switchboard: Arc::clone(self), outgoing }
    }

    /// Something that comes from no connection.
    pub(crate) fn input(&self, input: Input) {
        self.handle(&mut self.lock(), input);
    }

    /// A room that is kept until the server stops.
    pub(crate) fn open_room(&self, capacity: Option<u32>) -> Result<RoomId, ErrorCode> {
        let mut state = self.lock();
        let State { hub, rng, .. } = &mut *state;
        let room = hub.open_room(capacity, rng)?;
        self.settle(&mut state);
        Ok(room)
    }

    /// A code that a page can exchange for the token, once.
    pub(crate) fn issue_code(&self) -> SingleUseCode {
        let mut state = self.lock();
        let mut bytes = [0; 16];
        state.rng.fill_bytes(&mut bytes);
        let code = SingleUseCode::from_bytes(bytes);
        self.handle(&mut state, Input::CodeIssued { code: code.clone() });
        code
    }

    /// How much there is of everything.
    pub(crate) fn counts(&self) -> Counts {
        self.lock().hub.counts()
    }

    /// Whether any room exists, now and whenever that changes.
    pub(crate) fn has_rooms(&self) -> watch::Receiver<bool> {
        self.has_rooms.subscribe()
    }

    /// Wakes the hub at its deadlines, for ever.
    pub(crate) async fn keep_time(self: Arc<Self>) {
        loop {
            let deadline = self.lock().hub.poll_timeout();
            match deadline {
                Some(deadline) => {
                    tokio::time::sleep_until(deadline.into()).await;
                    if !self.wake_hub() {
                        tokio::time::sleep(FAULT_PAUSE).await;
                    }
                }
                None => self.rescheduled.notified().await,
            }
        }
    }

    /// False if the hub failed at it: whatever is due is then tried again later.
    fn wake_hub(&self) -> bool {
        let mut state = self.lock();
        let outcome = catch_unwind(AssertUnwindSafe(|| state.hub.handle_timeout(Instant::now())));
        if outcome.is_err() {
            tracing::error!("the hub panicked at a deadline");
        }
        self.settle(&mut state);
        outcome.is_ok()
    }

    fn handle(&self, state: &mut State, input: Input) {
        let was_idle = state.hub.poll_timeout().is_none();
        state.feed(input);
        if was_idle {
            self.rescheduled.notify_one();
        }
        self.settle(state);
    }

    /// Hands out what the hub has to say until it says no more.
    fn settle(&self, state: &mut State) {
        while let Some(output) = state.hub.poll_output() {
            let (connection, outgoing) = match output {
                Output::Send { connection, frame } => (connection, Outgoing::Frame(frame)),
                Output::Close { connection, code } => (connection, Outgoing::Close(code)),
            };
            let is_last = matches!(outgoing, Outgoing::Close(_));
            let Some(line) = state.lines.get(&connection) else { continue };
            let is_cut_off = !line.put(outgoing);
            if is_last || is_cut_off {
                state.lines.remove(&connection);
            }
            if is_cut_off && !is_last {
                state.feed(Input::Disconnected { connection });
            }
        }
        let has_rooms = state.hub.has_rooms();
        self.has_rooms.send_if_modified(|known| std::mem::replace(known, has_rooms) != has_rooms);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic inside the hub was contained where it happened.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Hands something to the hub. A fault there ends the room in which it happened, and nothing else.
    fn feed(&mut self, input: Input) {
        let connection = match &input {
            Input::Connected { connection, .. }
            | Input::Received { connection, .. }
            | Input::Disconnected { connection } => Some(*connection),
            Input::CodeIssued { .. } | Input::Reachable { .. } | Input::Stop => None,
        };
        let Self { hub, rng, .. } = self;
        let outcome = catch_unwind(AssertUnwindSafe(|| hub.handle_input(input, Instant::now(), rng)));
        if outcome.is_err() {
            tracing::error!("the hub panicked; the room in which it happened is ended");
            if let Some(connection) = connection {
                hub.contain_fault(connection);
            }
        }
    }
}

impl Line {
    /// Feeds something that arrived here.
    pub(crate) fn received(
        &self,
        frame: Result<visavis_protocol::ClientFrame, visavis_protocol::DecodeError>,
    ) {
        self.switchboard.input(Input::Received { connection: self.connection, frame });
    }

    /// The next thing to write; `None` when the connection was cut off.
    pub(crate) async fn next(&mut self) -> Option<Outgoing> {
        self.outgoing.take().await
    }

    /// The next thing to write if it waits already.
    pub(crate) fn next_waiting(&mut self) -> Option<Outgoing> {
        self.outgoing.take_waiting()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut state = self.switchboard.lock();
        state.lines.remove(&self.connection);
        self.switchboard.handle(&mut state, Input::Disconnected { connection: self.connection });
    }
}
