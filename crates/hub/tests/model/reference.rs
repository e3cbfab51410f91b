//! What the hub should do, said as simply as possible: one room, its members, and the time.

use std::collections::BTreeMap;

use visavis_hub::ConnectionId;
use visavis_protocol::*;

const SILENCE_MS: u64 = 6_000;
const GRACE_MS: u64 = 30_000;
const LONGEST_GRACE_MS: u64 = 600_000;

pub struct Reference {
    pub room: Option<RoomId>,
    capacity: usize,
    kept: bool,
    last: u32,
    last_hand: u32,
    members: BTreeMap<ParticipantId, Member>,
}

struct Member {
    session: u32,
    entrant: Entrant,
    hand: Option<Hand>,
    link: Link,
    /// The highest number received in the session.
    received: u64,
}

enum Link {
    Up { connection: ConnectionId, heard: u64 },
    Lost { since: u64, vouched: u64 },
}

impl Link {
    fn lost(now: u64) -> Self {
        Self::Lost { since: now, vouched: now }
    }
}

/// How a page enters.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub you: ParticipantId,
    pub session: u32,
    pub continued: bool,
    pub received: u64,
}

impl Reference {
    pub fn new(capacity: u32, kept: Option<RoomId>) -> Self {
        let capacity = capacity as usize;
        let members = BTreeMap::new();
        Self { room: kept, capacity, kept: kept.is_some(), last: 0, last_hand: 0, members }
    }

    pub fn create(&mut self, connection: ConnectionId, entrant: Entrant, now: u64) -> Entry {
        (self.last, self.last_hand) = (0, 0);
        self.enter(connection, entrant, now)
    }

    /// `from`: whose place the page asks for, and the session that it has kept.
    pub fn join(
        &mut self,
        connection: ConnectionId,
        room: RoomId,
        entrant: Entrant,
        from: Option<(ParticipantId, Option<u32>)>,
        now: u64,
    ) -> Result<Entry, ErrorCode> {
        if self.room != Some(room) {
            return Err(ErrorCode::UnknownRoom);
        }
        let link = Link::Up { connection, heard: now };
        if let Some((you, kept)) = from
            && let Some(member) = self.members.get_mut(&you)
        {
            member.link = link;
            member.entrant.state = entrant.state;
            let continued = kept == Some(member.session);
            if !continued {
                (member.session, member.received) = (member.session + 1, 0);
            }
            return Ok(Entry { you, session: member.session, continued, received: member.received });
        }
        if entrant.role == Role::Participant && self.view().len() >= self.capacity {
            return Err(ErrorCode::RoomFull);
        }
        Ok(self.enter(connection, entrant, now))
    }

    fn enter(&mut self, connection: ConnectionId, mut entrant: Entrant, now: u64) -> Entry {
        self.last += 1;
        let you = ParticipantId(self.last);
        let taken: Vec<_> = self.view().into_values().map(|participant| participant.name).collect();
        let wish = entrant.name.as_str().to_owned();
        for number in 2.. {
            if !taken.contains(&entrant.name) || entrant.role == Role::Observer {
                break;
            }
            entrant.name = DisplayName::parse(&format!("{wish} {number}")).unwrap();
        }
        let link = Link::Up { connection, heard: now };
        self.members.insert(you, Member { session: 1, entrant, hand: None, link, received: 0 });
        Entry { you, session: 1, continued: false, received: 0 }
    }

    /// Something said by a member; what was received before has no effect.
    pub fn hear(&mut self, connection: ConnectionId, frame: &ClientFrame, now: u64) {
        let Some(id) = self.who(connection) else { return };
        let member = self.members.get_mut(&id).unwrap();
        member.link = Link::Up { connection, heard: now };
        let Some(seq) = frame.seq.filter(|seq| *seq > member.received) else { return };
        assert_eq!(seq, member.received + 1, "pages send without a gap");
        member.received = seq;
        match frame.message {
            ClientMessage::State { state } => member.entrant.state = state,
            ClientMessage::Hand { raised: false } => member.hand = None,
            ClientMessage::Hand { raised: true } if member.hand.is_none() => {
                self.last_hand += 1;
                member.hand = Some(Hand(self.last_hand));
            }
            ClientMessage::Leave {} => {
                self.members.remove(&id);
                self.end_if_empty();
            }
            ClientMessage::Vouch { participant } => self.vouch(id, participant, now),
            _ => {}
        }
    }

    fn vouch(&mut self, by: ParticipantId, about: ParticipantId, now: u64) {
        let view = self.view();
        if !view.contains_key(&by) || !view.contains_key(&about) {
            return;
        }
        if let Some(Link::Lost { vouched, .. }) = self.members.get_mut(&about).map(|member| &mut member.link)
        {
            *vouched = now;
        }
    }

    pub fn disconnect(&mut self, connection: ConnectionId, now: u64) {
        if let Some(id) = self.who(connection) {
            self.members.get_mut(&id).unwrap().link = Link::lost(now);
        }
    }

    pub fn pass(&mut self, now: u64) {
        for member in self.members.values_mut() {
            if matches!(member.link, Link::Up { heard, .. } if now - heard >= SILENCE_MS) {
                member.link = Link::lost(now);
            }
        }
        self.members.retain(|_, member| match member.link {
            Link::Up { .. } => true,
            Link::Lost { since, vouched } => now - vouched < GRACE_MS && now - since < LONGEST_GRACE_MS,
        });
        self.end_if_empty();
    }

    /// Who has this connection.
    pub fn who(&self, wanted: ConnectionId) -> Option<ParticipantId> {
        let mut members = self.members.iter();
        let found = members.find(|(_, member)| match member.link {
            Link::Up { connection, .. } => connection == wanted,
            Link::Lost { .. } => false,
        });
        found.map(|(id, _)| *id)
    }

    /// Everybody with a seat, as all should see them.
    pub fn view(&self) -> BTreeMap<ParticipantId, Participant> {
        let seated = self.members.iter().filter(|(_, member)| member.entrant.role == Role::Participant);
        seated.map(|(id, member)| (*id, member.shown(*id))).collect()
    }

    pub fn observers(&self) -> usize {
        self.members.len() - self.view().len()
    }

    fn end_if_empty(&mut self) {
        if self.members.is_empty() && !self.kept {
            self.room = None;
        }
    }
}

impl Member {
    fn shown(&self, id: ParticipantId) -> Participant {
        let Entrant { name, colour, capabilities, state, .. } = self.entrant.clone();
        let presence = match self.link {
            Link::Up { .. } => Presence::Here,
            Link::Lost { .. } => Presence::Reconnecting,
        };
        let (session, hand) = (self.session, self.hand);
        Participant { id, session, name, colour, capabilities, state, presence, hand }
    }
}
