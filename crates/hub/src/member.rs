use std::sync::Arc;
use std::time::Instant;

use visavis_protocol::limits::{GRACE, LONGEST_GRACE};
use visavis_protocol::{
    Colour, DisplayName, ErrorCode, Hand, MediaState, Participant, ParticipantId, Presence, ResumeToken,
    Role, ServerMessage,
};

use crate::io::ConnectionId;
use crate::outputs::Outputs;
use crate::reactions::ReactionAllowance;
use crate::session::Session;

/// Somebody in a room: a participant in its seat, or an observer. Both live alike.
pub(crate) struct Member {
    pub(crate) id: ParticipantId,
    pub(crate) role: Role,
    pub(crate) name: DisplayName,
    pub(crate) colour: Option<Colour>,
    pub(crate) capabilities: Vec<String>,
    pub(crate) state: MediaState,
    pub(crate) hand: Option<Hand>,
    pub(crate) reactions: ReactionAllowance,
    /// The part of its resume tokens that stays: the welcome with a newer one could get lost.
    pub(crate) secret: ResumeToken,
    pub(crate) link: Link,
    pub(crate) session: Session,
}

/// How a member can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Up(ConnectionId),
    Lost {
        since: Instant,
        /// From when its grace runs.
        vouched: Instant,
    },
}

impl Link {
    pub(crate) fn lost(now: Instant) -> Self {
        Self::Lost { since: now, vouched: now }
    }
}

/// What became of a message to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Fate {
    /// Sent, kept, or of no use any more.
    Settled,
    /// The member does not read what is sent: it has just lost its link.
    CutOff,
}

impl Member {
    pub(crate) fn is_participant(&self) -> bool {
        self.role == Role::Participant
    }

    /// Gives the place back, and names the session: what a page knows of one session must not
    /// be taken for the next one, of which it may have missed the welcome.
    pub(crate) fn resume_token(&self) -> ResumeToken {
        ResumeToken::new(format!("{}-{}", self.secret.expose(), self.session.number))
    }

    /// The member as the others see it.
    pub(crate) fn shown(&self) -> Participant {
        Participant {
            id: self.id,
            session: self.session.number,
            name: self.name.clone(),
            colour: self.colour,
            capabilities: self.capabilities.clone(),
            state: self.state,
            hand: self.hand,
            presence: match self.link {
                Link::Up(_) => Presence::Here,
                Link::Lost { .. } => Presence::Reconnecting,
            },
        }
    }

    /// Says something in the member's sequence, now or when it is back.
    pub(crate) fn tell(&mut self, message: &Arc<ServerMessage>, now: Instant, out: &mut Outputs) -> Fate {
        match (self.session.say(message), self.link) {
            (Some(frame), Link::Up(connection)) => {
                out.send(connection, frame);
                Fate::Settled
            }
            (None, Link::Up(_)) => {
                self.cut_off(ErrorCode::TooSlow, out);
                self.link = Link::lost(now);
                Fate::CutOff
            }
            (_, Link::Lost { .. }) => Fate::Settled,
        }
    }

    /// Says the last thing in the member's sequence: nothing is kept for it any more.
    pub(crate) fn tell_last(&mut self, message: &Arc<ServerMessage>, out: &mut Outputs) {
        if let (Link::Up(connection), Some(frame)) = (self.link, self.session.say(message)) {
            out.send(connection, frame);
        }
    }

    /// Says something outside the sequence, if the member is here.
    pub(crate) fn remark(&mut self, message: ServerMessage, out: &mut Outputs) {
        if let Link::Up(connection) = self.link {
            out.send(connection, self.session.remark(message));
        }
    }

    /// Closes the member's connection, if there is one, and says why.
    pub(crate) fn cut_off(&mut self, why: ErrorCode, out: &mut Outputs) {
        if let (Link::Up(connection), Some(code)) = (self.link, why.close_code()) {
            self.remark(ServerMessage::error(why), out);
            out.close(connection, code);
        }
    }

    /// Its media still flows: if its link is lost, its grace begins anew.
    pub(crate) fn vouch(&mut self, now: Instant) {
        if let Link::Lost { vouched, .. } = &mut self.link {
            *vouched = now;
        }
    }

    /// Whether its seat need not be kept any longer.
    pub(crate) fn is_given_up(&self, now: Instant) -> bool {
        let Link::Lost { since, vouched } = self.link else { return false };
        let past = |since: Instant, limit| now.saturating_duration_since(since) >= limit;
        past(vouched, GRACE) || past(since, LONGEST_GRACE)
    }
}
