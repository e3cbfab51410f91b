use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use visavis_protocol::limits::CODE_LIFETIME;
use visavis_protocol::{AccessToken, ErrorCode, SingleUseCode};

use crate::connection::Rights;
use crate::lanes::{Lane, Lanes};
use crate::throttle::{Pace, Throttle, source_of};

/// Most single-use codes that are valid at a time; a new one pushes out the oldest. Each is one
/// click of the person at this machine within a minute.
const MAX_CODES: usize = 16;

/// Who may do what, and who tries too often.
pub(crate) struct Access {
    token: AccessToken,
    codes: VecDeque<IssuedCode>,
    sources: Throttle<IpAddr>,
    /// One for each tag at most: [`visavis_protocol::RoomId::TAGS`].
    tags: BTreeMap<u16, Lanes>,
    guesses: u64,
}

struct IssuedCode {
    code: SingleUseCode,
    issued: Instant,
}

impl Access {
    pub(crate) fn new(token: AccessToken) -> Self {
        let sources = Throttle::new(Pace::SOURCE);
        Self { token, codes: VecDeque::new(), sources, tags: BTreeMap::new(), guesses: 0 }
    }

    pub(crate) fn issue(&mut self, code: SingleUseCode, now: Instant) {
        self.forget_expired(now);
        if self.codes.len() >= MAX_CODES {
            self.codes.pop_front();
        }
        self.codes.push_back(IssuedCode { code, issued: now });
    }

    /// What a hello entitles to, and the token if it was a code that did. A valid token spends
    /// no code; a token that is not valid is no harm beside a valid code.
    pub(crate) fn rights(
        &mut self,
        token: Option<&AccessToken>,
        code: Option<&SingleUseCode>,
        now: Instant,
    ) -> Result<(Rights, Option<AccessToken>), ErrorCode> {
        if token.is_some_and(|token| token.matches(&self.token)) {
            return Ok((Rights::Owner, None));
        }
        if code.is_some_and(|code| self.spend(code, now)) {
            return Ok((Rights::Owner, Some(self.token.clone())));
        }
        match (token, code) {
            (None, None) => Ok((Rights::Guest, None)),
            _ => Err(ErrorCode::WrongToken),
        }
    }

    /// Counts an attempt at a room with this tag.
    ///
    /// # Errors
    /// How long to wait before the next attempt.
    pub(crate) fn begin(&mut self, source: IpAddr, tag: u16, now: Instant) -> Result<(), Duration> {
        self.guesses = self.guesses.saturating_add(1);
        let source = source_of(source);
        self.sources.check(&source, now)?;
        let lane = self.lane_of(&source);
        self.tags.entry(tag).or_insert_with(|| Lanes::new(now)).begin(lane, now)?;
        self.sources.count(source, now);
        Ok(())
    }

    /// The attempt was rightful.
    pub(crate) fn forgive(&mut self, source: IpAddr, tag: u16) {
        self.guesses = self.guesses.saturating_sub(1);
        let source = source_of(source);
        self.sources.forgive(&source);
        let lane = self.lane_of(&source);
        if let Some(lanes) = self.tags.get_mut(&tag) {
            lanes.forgive(lane);
        }
    }

    /// Attempts so far that were not forgiven, refused ones included.
    pub(crate) fn guesses(&self) -> u64 {
        self.guesses
    }

    fn lane_of(&self, source: &IpAddr) -> Lane {
        match source {
            _ if self.sources.knows(source) => Lane::Known,
            IpAddr::V4(_) => Lane::FreshIpv4,
            IpAddr::V6(_) => Lane::FreshIpv6,
        }
    }

    fn spend(&mut self, code: &SingleUseCode, now: Instant) -> bool {
        self.forget_expired(now);
        let place = self.codes.iter().position(|issued| issued.code.matches(code));
        place.and_then(|place| self.codes.remove(place)).is_some()
    }

    fn forget_expired(&mut self, now: Instant) {
        self.codes.retain(|issued| now.saturating_duration_since(issued.issued) < CODE_LIFETIME);
    }
}
