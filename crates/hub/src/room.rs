use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use visavis_protocol::{
    DisplayName, EndReason, Entrant, ErrorCode, Hand, IceServer, Invite, LeaveReason, Limits, MediaState,
    ParticipantId, Reaction, ResumeToken, Role, RoomId, ServerMessage, Signal, Welcome,
};

use crate::io::ConnectionId;
use crate::member::{Fate, Link, Member};
use crate::outputs::Outputs;
use crate::reactions::ReactionAllowance;
use crate::refusal::Refusal;
use crate::session::Session;

/// Most observers of a room, those who are reconnecting included. Each is a window whose person takes part in a
/// browser; the bound only keeps a faulty one from filling the memory.
const MAX_OBSERVERS: usize = 16;

/// A room and who is in it.
pub(crate) struct Room {
    id: RoomId,
    host: DisplayName,
    capacity: u32,
    /// Stays when its last member has left.
    kept: bool,
    last_member: ParticipantId,
    last_hand: Hand,
    /// Boxed: the map keeps room for eleven of what it holds, and most rooms are small.
    members: BTreeMap<ParticipantId, Box<Member>>,
    invite: Option<Invite>,
}

/// The connection that somebody enters through.
pub(crate) struct Door {
    pub(crate) connection: ConnectionId,
    pub(crate) ice_servers: Vec<IceServer>,
}

/// What a page that comes back has kept.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Of this session …
    pub(crate) session: u32,
    /// … everything up to this number.
    pub(crate) received: u64,
}

impl Room {
    pub(crate) fn new(
        id: RoomId,
        host: DisplayName,
        capacity: u32,
        kept: bool,
        invite: Option<Invite>,
    ) -> Self {
        Self {
            id,
            host,
            capacity,
            kept,
            last_member: ParticipantId(0),
            last_hand: Hand(0),
            members: BTreeMap::new(),
            invite,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.members.is_empty() && !self.kept
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Participants and observers.
    pub(crate) fn head_count(&self) -> (usize, usize) {
        let participants = self.members.values().filter(|member| member.is_participant()).count();
        (participants, self.members.len() - participants)
    }

    pub(crate) fn member_mut(&mut self, id: ParticipantId) -> Option<&mut Member> {
        self.members.get_mut(&id).map(Box::as_mut)
    }

    /// The member of this role that the token belongs to, and the session that it names.
    pub(crate) fn owner_of(&self, token: &ResumeToken, role: Role) -> Option<(ParticipantId, u32)> {
        let (secret, session) = token.expose().rsplit_once('-')?;
        let secret = ResumeToken::new(secret);
        let owner = self.members.values().find(|member| member.secret.matches(&secret))?;
        (owner.role == role).then_some((owner.id, session.parse().ok()?))
    }

    /// Takes in somebody new.
    pub(crate) fn enter(
        &mut self,
        entrant: Entrant,
        secret: ResumeToken,
        door: Door,
        now: Instant,
        out: &mut Outputs,
    ) -> Result<ParticipantId, Refusal> {
        let (participants, observers) = self.head_count();
        match entrant.role {
            Role::Participant if participants >= self.capacity as usize => {
                return Err(ErrorCode::RoomFull.into());
            }
            Role::Observer if observers >= MAX_OBSERVERS => {
                return Err(Refusal::saying(ErrorCode::RoomFull, "This room has observers enough."));
            }
            Role::Participant | Role::Observer => {}
        }
        let number = self.last_member.0.checked_add(1).ok_or(ErrorCode::RoomFull)?;
        let id = ParticipantId(number);
        self.last_member = id;
        let member = Member {
            id,
            role: entrant.role,
            name: match entrant.role {
                Role::Participant => self.free_name(&entrant.name),
                Role::Observer => entrant.name,
            },
            colour: entrant.colour,
            capabilities: entrant.capabilities,
            state: entrant.state,
            hand: None,
            reactions: ReactionAllowance::rested(now),
            secret,
            link: Link::Up(door.connection),
            session: Session::first(),
        };
        self.members.insert(id, Box::new(member));
        self.welcome(id, false, door.ice_servers, out);
        self.announce_joined(id, now, out);
        Ok(id)
    }

    /// Gives a member its place back, and goes on with its session if that is the one of which
    /// the page knows everything up to a number.
    pub(crate) fn resume(
        &mut self,
        id: ParticipantId,
        known: Option<Known>,
        state: MediaState,
        door: Door,
        now: Instant,
        out: &mut Outputs,
    ) {
        let Some(member) = self.members.get_mut(&id) else { return };
        member.cut_off(ErrorCode::Replaced, out);
        member.link = Link::Up(door.connection);
        let changed = member.state != state;
        member.state = state;
        let continued = known.is_some_and(|known| {
            known.session == member.session.number && member.session.continue_from(known.received)
        });
        if !continued {
            member.session = member.session.next();
        }
        self.welcome(id, continued, door.ice_servers, out);
        if !continued {
            self.announce_joined(id, now, out);
            return;
        }
        if let Some(member) = self.members.get_mut(&id) {
            for frame in member.session.unacknowledged() {
                out.send(door.connection, frame);
            }
        }
        self.announce(id, ServerMessage::Resumed { participant: id }, now, out);
        if changed {
            self.announce(id, ServerMessage::Changed { participant: id, state }, now, out);
        }
    }

    /// A member goes by its own wish.
    pub(crate) fn leave(&mut self, id: ParticipantId, now: Instant, out: &mut Outputs) {
        let Some(mut member) = self.members.remove(&id) else { return };
        let message = Arc::new(ServerMessage::Left { participant: id, reason: LeaveReason::Left });
        member.tell_last(&message, out);
        if member.is_participant() {
            self.tell_all(message, now, out);
        }
    }

    /// A member's connection is gone: its place is kept for a while.
    pub(crate) fn lose(&mut self, id: ParticipantId, now: Instant, out: &mut Outputs) {
        let Some(member) = self.members.get_mut(&id) else { return };
        member.link = Link::lost(now);
        self.announce(id, ServerMessage::Reconnecting { participant: id }, now, out);
    }

    /// A participant still has media with another one: that one's place is kept for longer.
    pub(crate) fn vouch(&mut self, by: ParticipantId, about: ParticipantId, now: Instant) {
        let is_seated = self.members.get(&by).is_some_and(|member| member.is_participant());
        if let Some(member) = self.members.get_mut(&about)
            && is_seated
            && member.is_participant()
        {
            member.vouch(now);
        }
    }

    /// Gives up the places of those who did not come back in time.
    pub(crate) fn expire(&mut self, now: Instant, out: &mut Outputs) {
        let given_up = self.members.values().filter(|member| member.is_given_up(now));
        let lost: Vec<_> =
            given_up.filter(|member| member.is_participant()).map(|member| member.id).collect();
        self.members.retain(|_, member| !member.is_given_up(now));
        for participant in lost {
            let reason = LeaveReason::Lost;
            self.tell_all(Arc::new(ServerMessage::Left { participant, reason }), now, out);
        }
    }

    /// Passes a signal on. One that is meant for an earlier session of the addressee is void.
    pub(crate) fn signal(
        &mut self,
        from: ParticipantId,
        to: ParticipantId,
        session: Option<u32>,
        signal: Signal,
        now: Instant,
        out: &mut Outputs,
    ) -> Result<(), Refusal> {
        let sender = self.members.get(&from).ok_or(ErrorCode::NotJoined)?;
        if !sender.is_participant() {
            return Err(Refusal::saying(ErrorCode::NotAllowed, "An observer cannot signal."));
        }
        let sender_session = sender.session.number;
        let addressee = self
            .members
            .get_mut(&to)
            .filter(|member| member.is_participant() && member.id != from)
            .ok_or(ErrorCode::UnknownParticipant)?;
        if session.is_some_and(|meant| meant != addressee.session.number) {
            return Ok(());
        }
        let message = Arc::new(ServerMessage::Signal { from, session: sender_session, signal });
        if addressee.tell(&message, now, out) == Fate::CutOff {
            self.announce(to, ServerMessage::Reconnecting { participant: to }, now, out);
        }
        Ok(())
    }

    pub(crate) fn set_state(
        &mut self,
        id: ParticipantId,
        state: MediaState,
        now: Instant,
        out: &mut Outputs,
    ) -> Result<(), Refusal> {
        let member = self.participant_mut(id, "An observer sends nothing.")?;
        if member.state != state {
            member.state = state;
            self.announce(id, ServerMessage::Changed { participant: id, state }, now, out);
        }
        Ok(())
    }

    /// Everybody is told, who raises it too: only here it is known when it went up among the others' hands.
    pub(crate) fn raise_hand(
        &mut self,
        id: ParticipantId,
        raised: bool,
        now: Instant,
        out: &mut Outputs,
    ) -> Result<(), Refusal> {
        let next = Hand(self.last_hand.0.saturating_add(1));
        let member = self.participant_mut(id, "An observer has no hand.")?;
        if member.hand.is_some() == raised {
            return Ok(());
        }
        member.hand = raised.then_some(next);
        let hand = member.hand;
        self.last_hand = hand.unwrap_or(self.last_hand);
        self.tell_all(Arc::new(ServerMessage::Hand { participant: id, hand }), now, out);
        Ok(())
    }

    /// Shown to those who are here now; later it would mean nothing.
    pub(crate) fn react(
        &mut self,
        id: ParticipantId,
        reaction: Reaction,
        now: Instant,
        out: &mut Outputs,
    ) -> Result<(), Refusal> {
        if !self.participant_mut(id, "An observer does not react.")?.reactions.take(now) {
            return Ok(());
        }
        for member in self.members.values_mut().filter(|member| member.id != id) {
            member.remark(ServerMessage::Reaction { participant: id, reaction }, out);
        }
        Ok(())
    }

    fn participant_mut(
        &mut self,
        id: ParticipantId,
        otherwise: &'static str,
    ) -> Result<&mut Member, Refusal> {
        let member = self.members.get_mut(&id).ok_or(ErrorCode::NotJoined)?;
        if member.is_participant() {
            Ok(member)
        } else {
            Err(Refusal::saying(ErrorCode::NotAllowed, otherwise))
        }
    }

    pub(crate) fn set_invite(&mut self, invite: Option<Invite>, now: Instant, out: &mut Outputs) {
        self.invite.clone_from(&invite);
        self.tell_all(Arc::new(ServerMessage::Invite { invite }), now, out);
    }

    /// Tells everybody that the room is over. The caller closes their connections.
    pub(crate) fn end(&mut self, reason: EndReason, out: &mut Outputs) {
        let message = Arc::new(ServerMessage::Ended { reason });
        for member in self.members.values_mut() {
            member.tell_last(&message, out);
        }
    }

    fn welcome(
        &mut self,
        id: ParticipantId,
        continued: bool,
        ice_servers: Vec<IceServer>,
        out: &mut Outputs,
    ) {
        let participants = self.members.values().filter(|member| member.is_participant());
        let participants = participants.map(|member| member.shown()).collect();
        let Some(member) = self.members.get_mut(&id) else { return };
        let welcome = Welcome {
            you: id,
            role: member.role,
            session: member.session.number,
            continued,
            received: member.session.received(),
            resume: member.resume_token(),
            room: self.id,
            host: self.host.clone(),
            capacity: self.capacity,
            participants,
            ice_servers,
            invite: self.invite.clone(),
            limits: Limits::default(),
        };
        member.remark(ServerMessage::Welcome(Box::new(welcome)), out);
    }

    fn announce_joined(&mut self, id: ParticipantId, now: Instant, out: &mut Outputs) {
        if let Some(member) = self.members.get(&id) {
            let participant = member.shown();
            self.announce(id, ServerMessage::Joined { participant }, now, out);
        }
    }

    /// Tells the others about a participant. Of observers nobody is told.
    fn announce(&mut self, about: ParticipantId, message: ServerMessage, now: Instant, out: &mut Outputs) {
        if self.members.get(&about).is_some_and(|member| member.is_participant()) {
            self.tell(VecDeque::from([(Arc::new(message), Some(about))]), now, out);
        }
    }

    fn tell_all(&mut self, message: Arc<ServerMessage>, now: Instant, out: &mut Outputs) {
        self.tell(VecDeque::from([(message, None)]), now, out);
    }

    /// Says each message to everybody but the one it names. Who is cut off over it is news too.
    fn tell(
        &mut self,
        mut news: VecDeque<(Arc<ServerMessage>, Option<ParticipantId>)>,
        now: Instant,
        out: &mut Outputs,
    ) {
        while let Some((message, except)) = news.pop_front() {
            for member in self.members.values_mut().filter(|member| Some(member.id) != except) {
                if member.tell(&message, now, out) == Fate::CutOff && member.is_participant() {
                    let participant = member.id;
                    let lost = ServerMessage::Reconnecting { participant };
                    news.push_back((Arc::new(lost), Some(participant)));
                }
            }
        }
    }

    /// The wished name, numbered if somebody here has it already.
    fn free_name(&self, wish: &DisplayName) -> DisplayName {
        let seated = self.members.values().filter(|member| member.is_participant());
        let taken: BTreeSet<_> = seated.map(|member| &member.name).collect();
        // Of that many different names one is free, and at most the first is reserved.
        let mut names = (1..=taken.len() + 2).map(|n| wish.numbered(n));
        names.find(|name| !taken.contains(name) && !name.is_reserved()).unwrap_or_else(|| wish.clone())
    }
}
