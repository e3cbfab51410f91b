use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use visavis_protocol::{
    AccessToken, ClientFrame, CloseCode, DecodeError, DisplayName, IceServer, Invite, RoomId, ServerFrame,
    SingleUseCode,
};

/// What a hub is told once.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Seats of a room for which nobody chose a number;
    /// [`visavis_protocol::limits::MIN_CAPACITY`] to [`visavis_protocol::limits::MAX_CAPACITY`].
    pub default_capacity: u32,
    /// Most rooms at a time, those of [`crate::Hub::open_room`] included. Never more than [`RoomId::TAGS`]: each
    /// has a tag of its own.
    pub max_rooms: usize,
    /// This launch's access token: who has it may create and observe.
    pub token: AccessToken,
    /// The host's name as others see it.
    pub host: DisplayName,
}

/// One connection of a client, numbered by the driver and never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What happened outside.
#[derive(Debug)]
pub enum Input {
    /// A client has connected. How many may is the driver's to limit.
    Connected {
        /// Its number, never given before.
        connection: ConnectionId,
        /// Where it comes from, for the throttle of guesses.
        source: IpAddr,
        /// What goes into its welcome.
        ice_servers: Vec<IceServer>,
        /// The room whose ID it has proved to know, if it came by the room-ID handshake: it may join that one,
        /// as an observer too and without waiting, and nothing else.
        admitted: Option<RoomId>,
    },
    /// A client has said something, or something that cannot be read.
    Received {
        /// By whom.
        connection: ConnectionId,
        /// As [`visavis_protocol::decode_client_frame`] read it; an error with the code
        /// `too-large` or `not-text` where there was no text to read.
        frame: Result<ClientFrame, DecodeError>,
    },
    /// A connection is gone. Nothing happens if the hub has closed it before.
    Disconnected {
        /// Which.
        connection: ConnectionId,
    },
    /// A code was handed out that can be exchanged once, within
    /// [`visavis_protocol::limits::CODE_LIFETIME`], for the access token.
    CodeIssued {
        /// The code.
        code: SingleUseCode,
    },
    /// Where others on the network find this server now; `None`: nowhere.
    Reachable {
        /// The address.
        address: Option<InviteAddress>,
        /// What goes into every welcome besides the connection's own.
        ice_servers: Vec<IceServer>,
    },
    /// The host stops: every room ends, every connection is closed.
    Stop,
}

/// Where a browser on the network finds this server. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteAddress {
    /// Scheme, address and port: `https://192.0.2.7:7443`.
    pub origin: String,
    /// SHA-256 of the certificate, as in [`Invite::fingerprint`].
    pub fingerprint: String,
}

impl InviteAddress {
    /// The way to one room: the link has its ID as the fragment.
    pub fn invite_to(&self, room: RoomId) -> Invite {
        Invite { link: format!("{}/#{}", self.origin, room.digits()), fingerprint: self.fingerprint.clone() }
    }
}

impl fmt::Debug for InviteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteAddress(…)")
    }
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this frame.
    Send {
        /// To whom.
        connection: ConnectionId,
        /// What.
        frame: ServerFrame,
    },
    /// Close the connection once everything before is sent. The hub has forgotten it.
    Close {
        /// Which.
        connection: ConnectionId,
        /// With which code.
        code: CloseCode,
    },
}

/// Why a room-ID handshake cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// No room has this tag. Nothing was counted.
    NoRoom,
    /// Too many attempts; how long to wait before the next one.
    Wait(Duration),
}

/// How much of everything there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rooms now.
    pub rooms: usize,
    /// Participants now, those who are reconnecting included.
    pub participants: usize,
    /// Observers now, those who are reconnecting included.
    pub observers: usize,
    /// Connections now.
    pub connections: usize,
    /// Messages received from clients so far, unreadable ones included.
    pub messages: u64,
    /// Errors sent to clients so far.
    pub errors: u64,
    /// Attempts at rooms so far that did not turn out to be rightful: wrong, too early, or still under way. Many
    /// of them say that somebody guesses.
    pub guesses: u64,
}
