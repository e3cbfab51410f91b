use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use visavis_protocol::limits::CODE_LIFETIME;
use visavis_protocol::{AccessToken, ErrorCode, RoomId, SingleUseCode};

use crate::connection::Rights;
use crate::throttle::{Pace, Throttle, source_of};

/// Most single-use codes that are valid at a time; a new one pushes out the oldest. Each is one
/// click of the person at this machine within a minute.
const MAX_CODES: usize = 16;

/// Who may do what, and who tries too often.
pub(crate) struct Access {
    token: AccessToken,
    codes: VecDeque<IssuedCode>,
    sources: Throttle<IpAddr>,
    tags: Throttle<u16>,
}

struct IssuedCode {
    code: SingleUseCode,
    issued: Instant,
}

impl Access {
    pub(crate) fn new(token: AccessToken) -> Self {
        let (sources, tags) = (Throttle::new(Pace::SOURCE), Throttle::new(Pace::TAG));
        Self { token, codes: VecDeque::new(), sources, tags }
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

    /// Counts an attempt of a guest at a room.
    ///
    /// # Errors
    /// How long to wait before the next attempt.
    pub(crate) fn begin(&mut self, source: IpAddr, room: RoomId, now: Instant) -> Result<(), Duration> {
        let source = source_of(source);
        self.sources.begin(source, now)?;
        self.tags.begin(room.tag(), now).inspect_err(|_| self.sources.forgive(&source))
    }

    /// The room was the right one.
    pub(crate) fn forgive(&mut self, source: IpAddr, room: RoomId) {
        self.sources.forgive(&source_of(source));
        self.tags.forgive(&room.tag());
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
