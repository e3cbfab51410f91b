//! `RTCPeerConnection.iceConnectionState`: str0m's view, and when to give up, which str0m never does.

use std::time::{Duration, Instant};

use str0m::IceConnectionState;

use crate::wire::IceState;

/// Silence after which a connection counts as disconnected. Both sides check every 3 s at least, so two
/// checks were lost; less would cry wolf on a bad network.
pub const SILENCE: Duration = Duration::from_secs(7);

/// How long a connection may be disconnected before it counts as failed. As in browsers; the call then asks
/// for an ICE restart.
pub const GIVE_UP_DISCONNECTED: Duration = Duration::from_secs(13);

/// How long ways are tried before there is none. Candidates may be told late: people look for the button.
pub const GIVE_UP_CHECKING: Duration = Duration::from_secs(25);

/// Follows the state of the way to the other side.
#[derive(Debug, Default)]
pub struct IceWatch {
    state: IceState,
    /// What str0m says.
    told: Option<IceConnectionState>,
    /// Descriptions were exchanged.
    negotiated: bool,
    /// Something was heard since then.
    heard: Option<Instant>,
    /// Since when there is no way.
    lost: Option<Instant>,
    /// It was given up.
    failed: bool,
}

impl IceWatch {
    /// The state now.
    pub fn state(&self) -> IceState {
        self.state
    }

    /// str0m has a new opinion.
    pub fn handle_state(&mut self, told: IceConnectionState, now: Instant) {
        self.told = Some(told);
        if told.is_connected() {
            self.heard = Some(now);
        }
    }

    /// Something came from the other side.
    pub fn handle_packet(&mut self, now: Instant) {
        if self.heard.is_some() {
            self.heard = Some(now);
        }
    }

    /// Descriptions were exchanged; `restart`: with new ICE credentials.
    pub fn handle_negotiated(&mut self, restart: bool, now: Instant) {
        if restart || !self.negotiated {
            self.heard = None;
            self.lost = Some(now);
            self.told = None;
            self.failed = false;
        }
        self.negotiated = true;
    }

    /// The new state, if it is one.
    pub fn poll(&mut self, now: Instant) -> Option<IceState> {
        let state = self.evaluate(now);
        (state != self.state).then(|| {
            self.state = state;
            state
        })
    }

    fn evaluate(&mut self, now: Instant) -> IceState {
        if !self.negotiated {
            return IceState::New;
        }
        if self.failed {
            return IceState::Failed;
        }
        let silent = self.heard.is_none_or(|heard| now >= heard + SILENCE);
        match self.told {
            Some(IceConnectionState::Connected) if !silent => {
                self.lost = None;
                IceState::Connected
            }
            Some(IceConnectionState::Completed) if !silent => {
                self.lost = None;
                IceState::Completed
            }
            _ => {
                let was_connected = self.heard.is_some();
                let lost = *self.lost.get_or_insert(now);
                let (state, patience) = match was_connected {
                    true => (IceState::Disconnected, GIVE_UP_DISCONNECTED),
                    false => (IceState::Checking, GIVE_UP_CHECKING),
                };
                self.failed = now >= lost + patience;
                if self.failed { IceState::Failed } else { state }
            }
        }
    }

    /// When to poll again though nothing happened.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            IceState::New | IceState::Failed => None,
            IceState::Checking => self.lost.map(|lost| lost + GIVE_UP_CHECKING),
            IceState::Disconnected => self.lost.map(|lost| lost + GIVE_UP_DISCONNECTED),
            IceState::Connected | IceState::Completed => self.heard.map(|heard| heard + SILENCE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn connected(now: Instant) -> IceWatch {
        let mut watch = IceWatch::default();
        assert_eq!(watch.poll(now), None, "new until descriptions are exchanged");
        watch.handle_negotiated(false, now);
        assert_eq!(watch.poll(now), Some(IceState::Checking));
        watch.handle_state(IceConnectionState::Completed, now);
        assert_eq!(watch.poll(now), Some(IceState::Completed));
        watch
    }

    /// Polls when asked to, until `end`.
    fn run(watch: &mut IceWatch, end: Instant) -> Vec<IceState> {
        let mut seen = Vec::new();
        while let Some(next) = watch.poll_timeout().filter(|next| *next <= end) {
            seen.extend(watch.poll(next));
        }
        seen
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn silence_is_a_disconnection_and_then_a_failure() {
        let start = Instant::now();
        let mut watch = connected(start);
        watch.handle_packet(start + SECOND);
        assert_eq!(run(&mut watch, start + SILENCE), []);
        assert_eq!(run(&mut watch, start + SECOND + SILENCE), [IceState::Disconnected]);
        watch.handle_packet(start + SILENCE + 2 * SECOND);
        assert_eq!(watch.poll(start + SILENCE + 2 * SECOND), Some(IceState::Completed), "it is back");
        let gone = start + SILENCE + 2 * SECOND + SILENCE;
        assert_eq!(run(&mut watch, gone + GIVE_UP_DISCONNECTED), [IceState::Disconnected, IceState::Failed]);
        watch.handle_packet(gone + GIVE_UP_DISCONNECTED);
        assert_eq!(watch.poll(gone + GIVE_UP_DISCONNECTED), None, "failed is failed");
        watch.handle_negotiated(true, gone + GIVE_UP_DISCONNECTED);
        assert_eq!(watch.poll(gone + GIVE_UP_DISCONNECTED), Some(IceState::Checking));
        watch.handle_state(IceConnectionState::Connected, gone + GIVE_UP_DISCONNECTED);
        assert_eq!(watch.poll(gone + GIVE_UP_DISCONNECTED), Some(IceState::Connected), "until the restart");
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn ways_are_not_tried_for_ever() {
        let start = Instant::now();
        let mut watch = IceWatch::default();
        watch.handle_negotiated(false, start);
        watch.handle_state(IceConnectionState::Disconnected, start);
        assert_eq!(watch.poll(start), Some(IceState::Checking), "nothing was there to be disconnected from");
        assert_eq!(run(&mut watch, start + GIVE_UP_CHECKING), [IceState::Failed]);
    }
}
