use serde::{Deserialize, Serialize};

use crate::host_address::HostAddress;
use crate::limits::{CAPABILITY_BYTES, LIST_ENTRIES, MAX_CAPACITY, MIN_CAPACITY};
use crate::object::object;
use crate::participant::{Colour, DisplayName, MediaState, ParticipantId, Reaction, Role};
use crate::private::{AccessToken, ResumeToken, SingleUseCode};
use crate::room_id::RoomId;
use crate::signal::Signal;

/// One WebSocket message from a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClientFrame {
    /// The message's place in the session, from 1 without a gap. Absent outside a session, for
    /// `react` and `pong`, and from clients that never continue a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub seq: Option<u64>,
    /// The highest `seq` received from the server in this session; 0: none.
    #[serde(default)]
    #[cfg_attr(test, ts(type = "number"))]
    pub ack: u64,
    /// What is said.
    #[serde(deserialize_with = "object")]
    pub message: ClientMessage,
}

/// What a client can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ClientMessage {
    /// The first message of a connection.
    Hello {
        /// Every version that the client speaks.
        versions: Vec<u32>,
        /// Shows that the page belongs to the person at this machine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        token: Option<AccessToken>,
        /// To be exchanged for a token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        code: Option<SingleUseCode>,
    },
    /// Makes a room and enters it.
    Create {
        /// Who enters.
        #[serde(flatten)]
        entrant: Entrant,
        /// Seats; the server's default where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        capacity: Option<u32>,
    },
    /// Enters a room.
    Join {
        /// Which room.
        #[cfg_attr(test, ts(type = "string"))]
        room: RoomId,
        /// Who enters.
        #[serde(flatten)]
        entrant: Entrant,
        /// Asks for a seat that this page had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        resume: Option<Resume>,
        /// Where the room's host is said to be. Counts only from the person at this machine, whose own server then
        /// looks there first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "string"))]
        at: Option<HostAddress>,
    },
    /// Leaves the room. The connection stays.
    Leave {},
    /// Something for one other participant.
    Signal {
        /// For whom.
        to: ParticipantId,
        /// The addressee's session that is meant; an earlier one than its present one is
        /// ignored. Absent: whichever it is in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        session: Option<u32>,
        /// What.
        signal: Signal,
    },
    /// Says what the participant sends from now on.
    State {
        /// Microphone, camera and screen.
        #[serde(flatten)]
        state: MediaState,
    },
    /// Raises one's hand, or takes it down.
    Hand {
        /// Whether it is up from now on.
        raised: bool,
    },
    /// Shows something for a moment.
    React {
        /// What.
        reaction: Reaction,
    },
    /// Media with a participant whose link is lost still flows: its seat is kept for longer.
    Vouch {
        /// For whom.
        participant: ParticipantId,
    },
    /// Answers a ping, and may be sent at any time to acknowledge.
    Pong {},
}

/// Who enters a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Entrant {
    /// The wished name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: DisplayName,
    /// The colour that the person chose, if any.
    #[serde(default, deserialize_with = "Colour::if_known", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub colour: Option<Colour>,
    /// As what.
    #[serde(default)]
    pub role: Role,
    /// What the page can do, at most [`LIST_ENTRIES`].
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// What is sent from the start.
    #[serde(default)]
    pub state: MediaState,
}

/// Asks for a seat back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Resume {
    /// As the last welcome gave it.
    pub token: ResumeToken,
    /// The highest `seq` received, from a page that has kept its state: the session is then
    /// continued. Absent from a page that starts anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub received: Option<u64>,
}

impl ClientFrame {
    /// What is wrong with the frame beyond its JSON shape, if anything.
    pub fn flaw(&self) -> Option<&'static str> {
        match self.seq {
            Some(0) => Some("numbers begin at 1"),
            Some(_) | None => self.message.flaw(),
        }
    }
}

impl ClientMessage {
    /// What is wrong with the message beyond its JSON shape, if anything.
    pub fn flaw(&self) -> Option<&'static str> {
        match self {
            Self::Hello { versions, .. } if versions.is_empty() || versions.len() > LIST_ENTRIES => {
                Some("`versions` has 1 to 16 entries")
            }
            Self::Create { capacity: Some(capacity), .. }
                if !(MIN_CAPACITY..=MAX_CAPACITY).contains(capacity) =>
            {
                Some("`capacity` is 2 to 128")
            }
            Self::Create { entrant, .. } | Self::Join { entrant, .. }
                if !entrant.has_short_capabilities() =>
            {
                Some("`capabilities` has at most 16 entries of at most 32 bytes")
            }
            Self::Signal { signal, .. } if !signal.is_within_limits() => {
                Some("a description has at most 49152 bytes, a candidate at most 2048")
            }
            Self::Hello { .. }
            | Self::Create { .. }
            | Self::Join { .. }
            | Self::Leave {}
            | Self::Signal { .. }
            | Self::State { .. }
            | Self::Hand { .. }
            | Self::React { .. }
            | Self::Vouch { .. }
            | Self::Pong {} => None,
        }
    }
}

impl Entrant {
    fn has_short_capabilities(&self) -> bool {
        self.capabilities.len() <= LIST_ENTRIES
            && self.capabilities.iter().all(|capability| capability.len() <= CAPABILITY_BYTES)
    }
}
