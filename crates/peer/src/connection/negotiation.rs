//! Offers and answers. The page keeps the state machine of JSEP; here is what str0m needs for each step, so
//! that nothing is committed before the page says so.

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::ChannelConfig;
use str0m::media::{Direction as Way, MediaKind, Mid};
use str0m::{Rtc, RtcError};

use crate::wire::limits::SDP_LINES;
use crate::wire::{self, AnswerLine, DescriptionKind, Direction, Kind, RefusalCode};

use super::error::Refusal;
use super::sdp::{self, Changes, Description, Line, Purpose};

/// The data channel that exists only so that an offer has a line for data channels: str0m makes the line
/// together with a channel. Both its ids and those of offers that came to nothing count down from the highest
/// that SCTP has; nothing of it is ever sent.
const HIDDEN_CHANNEL: u16 = 65_534;

/// Ids below may be chosen by the page; those from here up are for [`HIDDEN_CHANNEL`].
pub const NEGOTIATED_IDS: u16 = 65_000;

/// An offer or answer for the other side.
#[derive(Clone, PartialEq, Eq)]
pub struct Described {
    /// Without candidates.
    pub sdp: String,
    /// Of each new line of an offer.
    pub mids: Vec<String>,
}

/// An offer that waits for its answer.
struct Pending {
    /// Absent if the offer changes nothing.
    changes: Option<SdpPendingOffer>,
    sdp: String,
    /// All lines that it has.
    lines: Vec<Line>,
    /// What it says of lines negotiated before.
    directions: Vec<(Mid, Way)>,
    /// The ICE user name fragment that it introduces.
    ufrag: Option<String>,
}

/// What was exchanged so far.
#[derive(Default)]
pub struct Negotiation {
    pending: Option<Pending>,
    /// In their order.
    lines: Vec<Line>,
    /// The description made last, for offers that change nothing.
    last: String,
    hidden_channels: u16,
    /// An offer was checked, and waits for its answer.
    checked: bool,
    /// The ICE user name fragment of each side.
    local_ufrag: String,
    remote_ufrag: String,
}

/// What an exchange of descriptions has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// With new ICE credentials.
    pub restart: bool,
}

impl Negotiation {
    /// With the fragment that `rtc` begins with.
    pub fn new(local_ufrag: String) -> Self {
        Self { local_ufrag, ..Self::default() }
    }

    /// The lines that both sides know.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The first line of the description that candidates are told for.
    pub fn first_mid(&self) -> Option<&str> {
        let lines = self.pending.as_ref().map_or(&self.lines, |pending| &pending.lines);
        lines.first().map(|line| &*line.mid)
    }

    /// The ICE user name fragment that candidates are told for.
    pub fn candidate_ufrag(&self) -> &str {
        self.pending.as_ref().and_then(|pending| pending.ufrag.as_deref()).unwrap_or(&self.local_ufrag)
    }

    /// Whether an offer of the other side was checked and is not answered yet: its candidates have to wait.
    pub fn is_offer_checked(&self) -> bool {
        self.checked
    }

    /// See [`wire::PageMessage::Offer`].
    pub fn offer(&mut self, rtc: &mut Rtc, wish: &wire::Offer) -> Result<Described, Refusal> {
        self.pending = None;
        let has_data = self.lines.iter().any(|line| line.purpose == Purpose::Data);
        let adds_data = wish.data_channels && !has_data;
        if self.lines.len() + wish.media.len() + usize::from(adds_data) > SDP_LINES {
            return Err(Refusal::new(RefusalCode::TooMany, "There are too many media lines."));
        }
        if adds_data && self.hidden_channels > HIDDEN_CHANNEL - NEGOTIATED_IDS {
            return Err(Refusal::new(RefusalCode::TooMany, "There were too many offers without an answer."));
        }
        let stopped = wish.stopped.iter().map(|mid| self.known(mid)).collect::<Result<Vec<_>, _>>()?;
        let mut directions = Vec::new();
        for line in &wish.directions {
            let mid = self.known(&line.mid)?;
            directions.extend(way(line.direction).map(|way| (mid, way)));
        }
        let before: Vec<(Mid, Way)> =
            directions.iter().filter_map(|(mid, _)| Some((*mid, rtc.media(*mid)?.direction()))).collect();

        let turned = self.turnable(rtc, &directions);

        let mut api = rtc.sdp_api();
        stopped.iter().for_each(|mid| api.stop_media(*mid));
        directions.iter().for_each(|(mid, way)| api.set_direction(*mid, *way));
        let added: Vec<Line> = wish
            .media
            .iter()
            .map(|line| {
                let way = way(line.direction).unwrap_or(Way::Inactive);
                let mid =
                    api.add_media(media_kind(line.kind), way, line.stream.clone(), line.track.clone(), None);
                Line { mid: mid.to_string(), purpose: Purpose::Media(line.kind), stream: None }
            })
            .collect();
        if adds_data {
            let id = HIDDEN_CHANNEL - self.hidden_channels;
            self.hidden_channels += 1;
            api.add_channel_with_config(ChannelConfig { negotiated: Some(id), ..ChannelConfig::default() });
        }
        let ufrag = wish.ice_restart.then(|| api.ice_restart(true).ufrag);
        if let Some((mid, there, back)) = turned.filter(|_| !api.has_changes()) {
            api.set_direction(mid, there);
            api.set_direction(mid, back);
        }
        let made = api.apply();
        restore(rtc, &before);
        let (sdp, changes) = match made {
            Some((offer, changes)) => (offer.to_sdp_string(), Some(changes)),
            None if self.lines.is_empty() => (sdp::EMPTY.to_owned(), None),
            None => (self.last.clone(), None),
        };
        let mids = added.iter().map(|line| line.mid.clone()).collect();
        let sdp = sdp::complete(&sdp, &Changes { offered: true, ..Changes::default() });
        // What str0m adds for data channels has a mid of its choice: the description tells it.
        let lines = sdp::inspect(&sdp)?.lines;
        self.pending = Some(Pending { changes, sdp: sdp.clone(), lines, directions, ufrag });
        Ok(Described { sdp, mids })
    }

    /// What makes str0m write an offer though nothing changes: a direction there and back again. Neither stops
    /// what is being sent.
    fn turnable(&self, rtc: &Rtc, directions: &[(Mid, Way)]) -> Option<(Mid, Way, Way)> {
        let mid = self
            .lines
            .iter()
            .map(|line| Mid::from(&*line.mid))
            .find(|mid| rtc.media(*mid).is_some_and(|media| !media.stopped()))?;
        let wished = directions.iter().find(|(wished, _)| *wished == mid).map(|(_, way)| *way);
        let way = wished.or_else(|| Some(rtc.media(mid)?.direction()))?;
        let other = match way {
            Way::SendRecv => Way::SendOnly,
            Way::SendOnly => Way::SendRecv,
            Way::RecvOnly => Way::Inactive,
            Way::Inactive => Way::RecvOnly,
        };
        Some((mid, other, way))
    }

    /// See [`wire::PageMessage::Rollback`].
    pub fn rollback(&mut self) {
        self.checked = false;
    }

    /// See [`wire::PageMessage::Check`].
    pub fn check(&mut self, kind: DescriptionKind, text: &str) -> Result<Description, Refusal> {
        let description = match kind {
            DescriptionKind::Offer => {
                SdpOffer::from_sdp_string(&sdp::for_str0m(text)).map_err(|_| syntax())?;
                let description = sdp::inspect(text)?;
                follows(&self.lines, &description.lines, false)?;
                self.checked = true;
                description
            }
            DescriptionKind::Answer => {
                SdpAnswer::from_sdp_string(&sdp::for_str0m(text)).map_err(|_| syntax())?;
                let description = sdp::inspect(text)?;
                let pending = self.pending.as_ref().ok_or_else(no_offer)?;
                follows(&pending.lines, &description.lines, true)?;
                description
            }
        };
        Ok(description)
    }

    /// See [`wire::PageMessage::Answer`].
    pub fn answer(
        &mut self,
        rtc: &mut Rtc,
        text: &str,
        wishes: &[AnswerLine],
    ) -> Result<(Described, Exchanged), Refusal> {
        let description = self.check(DescriptionKind::Offer, text)?;
        let offer = SdpOffer::from_sdp_string(&sdp::for_str0m(text)).map_err(|_| syntax())?;
        self.checked = false;
        self.pending = None;
        if description.lines.is_empty() {
            return Ok((
                Described { sdp: sdp::EMPTY.to_owned(), mids: Vec::new() },
                Exchanged { restart: false },
            ));
        }
        let answer = rtc.sdp_api().accept_offer(offer).map_err(unusable)?.to_sdp_string();
        self.lines = description.lines;
        for wish in wishes {
            let mid = Mid::from(&*wish.mid);
            let mut api = rtc.sdp_api();
            match way(wish.direction) {
                Some(way) => api.set_direction(mid, way),
                None => api.stop_media(mid),
            }
        }
        let exchanged = self.exchanged(text, &answer);
        self.last =
            sdp::complete(&answer, &Changes { lines: wishes, before: &self.last, ..Changes::default() });
        Ok((Described { sdp: self.last.clone(), mids: Vec::new() }, exchanged))
    }

    /// See [`wire::PageMessage::Accept`].
    pub fn accept(&mut self, rtc: &mut Rtc, text: &str) -> Result<Exchanged, Refusal> {
        self.check(DescriptionKind::Answer, text)?;
        let answer = SdpAnswer::from_sdp_string(&sdp::for_str0m(text)).map_err(|_| syntax())?;
        let pending = self.pending.take().ok_or_else(no_offer)?;
        let local_ufrag = pending.ufrag.unwrap_or_else(|| self.local_ufrag.clone());
        if let Some(changes) = pending.changes {
            // str0m takes some answers only if the line goes already the way that was offered.
            restore(rtc, &pending.directions);
            rtc.sdp_api().accept_answer(changes, answer).map_err(unusable)?;
        }
        self.last = pending.sdp;
        self.lines = sdp::inspect(text)?.lines;
        let restart = self.note_ufrags(text, local_ufrag);
        Ok(Exchanged { restart })
    }

    fn exchanged(&mut self, remote: &str, local: &str) -> Exchanged {
        let ufrag = sdp::ufrag(local).unwrap_or_default().to_owned();
        Exchanged { restart: self.note_ufrags(remote, ufrag) }
    }

    /// Whether the other side has other credentials than before.
    fn note_ufrags(&mut self, remote: &str, local_ufrag: String) -> bool {
        self.local_ufrag = local_ufrag;
        let Some(ufrag) = sdp::ufrag(remote) else { return false };
        let restart = !self.remote_ufrag.is_empty() && self.remote_ufrag != ufrag;
        self.remote_ufrag = ufrag.to_owned();
        restart
    }

    fn known(&self, mid: &str) -> Result<Mid, Refusal> {
        let known = self.lines.iter().any(|line| line.mid == mid);
        let unknown = || Refusal::new(RefusalCode::UnknownMid, "No media line has this mid.");
        known.then(|| Mid::from(mid)).ok_or_else(unknown)
    }
}

/// Whether lines are those before, perhaps with more: str0m would end up half changed otherwise.
fn follows(before: &[Line], after: &[Line], exactly: bool) -> Result<(), Refusal> {
    let same = |(before, after): (&Line, &Line)| before.mid == after.mid && before.purpose == after.purpose;
    let recycled = |(before, after): (&Line, &Line)| !exactly && before.mid != after.mid;
    let pairs = || before.iter().zip(after);
    let lengths = if exactly { before.len() == after.len() } else { before.len() <= after.len() };
    if lengths && pairs().all(|pair| same(pair) || recycled(pair)) {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::NotUsable, "The lines of the description are not those of the session."))
}

/// Puts directions back: str0m changes them while an offer is made, and not when it is answered.
fn restore(rtc: &mut Rtc, directions: &[(Mid, Way)]) {
    let mut api = rtc.sdp_api();
    directions.iter().for_each(|(mid, way)| api.set_direction(*mid, *way));
}

/// `None`: stopped.
fn way(direction: Direction) -> Option<Way> {
    match direction {
        Direction::SendRecv => Some(Way::SendRecv),
        Direction::SendOnly => Some(Way::SendOnly),
        Direction::RecvOnly => Some(Way::RecvOnly),
        Direction::Inactive => Some(Way::Inactive),
        Direction::Stopped => None,
    }
}

fn media_kind(kind: Kind) -> MediaKind {
    match kind {
        Kind::Audio => MediaKind::Audio,
        Kind::Video => MediaKind::Video,
    }
}

fn syntax() -> Refusal {
    Refusal::new(RefusalCode::SdpSyntax, "The description cannot be read.")
}

fn no_offer() -> Refusal {
    Refusal::new(RefusalCode::WrongState, "No offer waits for an answer.")
}

/// str0m's reasons quote what the other side wrote: they go nowhere.
fn unusable(_: RtcError) -> Refusal {
    Refusal::new(RefusalCode::NotUsable, "The description does not fit this session.")
}
