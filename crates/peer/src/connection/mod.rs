//! One connection as pure state over str0m: no clock, no sockets, no tasks.
//!
//! A driver hands a [`Connection`] what happens with the time, then calls [`Connection::poll_output`] until it
//! is [`Output::Timeout`]; only then comes the next thing. Nothing that the other side sends can do more than
//! end its own connection ([`Event::Ended`]).

mod bitrate;
mod candidates;
pub mod certificate;
mod channels;
mod dtls;
mod error;
mod event;
mod ice;
mod key_frames;
mod line;
mod lip_sync;
mod media;
mod negotiation;
mod page_clock;
mod picture;
mod report;
mod sdp;
mod setup;
mod sound;
mod steady_start;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::bwe::{Bitrate, BweKind};
use str0m::config::DtlsCert;
use str0m::ice::IceCreds;
use str0m::net::{Protocol, Receive};
use str0m::{Input, Output as RtcOutput, Rtc, RtcError};

use crate::wire::{
    self, Answer, CandidateType, ChannelOptions, DescriptionKind, DtlsState, IceState, RefusalCode,
};

pub use candidates::LocalCandidate;
pub use error::{End, Refusal};
pub use event::{Event, Output, Picture};
pub use ice::{GIVE_UP_CHECKING, GIVE_UP_DISCONNECTED, SILENCE};
pub use negotiation::Described;
pub use sound::Sound;

use bitrate::BitrateNews;
use channels::Channels;
use dtls::Handshake;
use ice::IceWatch;
use line::LineState;
use media::Route;
use negotiation::{Exchanged, Negotiation};
use page_clock::PageClock;
use report::Figures;

/// How long the two sides may take to agree on keys while there is a way. A handshake of three round trips that
/// loses every second packet takes less.
const DTLS_PATIENCE: Duration = Duration::from_secs(30);

/// Packets that str0m cannot use, before their sender counts as hostile. A broken encoder sends a few.
const MAX_FAULTS: u32 = 200;

/// Where nothing is left to be done.
const FAR: Duration = Duration::from_secs(3600);

/// A connection to one other side.
pub struct Connection {
    rtc: Rtc,
    handshake: Handshake,
    negotiation: Negotiation,
    ice: IceWatch,
    dtls: Option<DtlsState>,
    /// When DTLS has failed unless it is connected.
    dtls_deadline: Option<Instant>,
    lines: BTreeMap<String, LineState>,
    /// What the page wants done with lines that are not negotiated yet.
    routes: BTreeMap<String, Route>,
    channels: Channels,
    page_clock: PageClock,
    bitrate: BitrateNews,
    figures: Figures,
    /// Candidates of an offer that is not answered yet.
    early: Vec<str0m::Candidate>,
    remote_candidates: Vec<(SocketAddr, CandidateType)>,
    local_candidates: Vec<str0m::Candidate>,
    relay_only: bool,
    faults: u32,
    /// What was told of it last, in percent.
    sound_lost: u8,
    events: VecDeque<Event>,
    now: Instant,
    over: bool,
}

impl Connection {
    /// A connection with fresh ICE credentials: a user name fragment and a password of letters and digits, from
    /// a source that cannot be guessed. Without a certificate it gets one of its own.
    pub fn new(ufrag: String, password: String, certificate: Option<DtlsCert>, now: Instant) -> Self {
        let negotiation = Negotiation::new(ufrag.clone());
        let config = setup::config(IceCreds { ufrag, pass: password }, certificate);
        let handshake = Handshake::default();
        Self {
            rtc: handshake.of(|| config.build(now)),
            handshake,
            negotiation,
            ice: IceWatch::default(),
            dtls: None,
            dtls_deadline: None,
            lines: BTreeMap::new(),
            routes: BTreeMap::new(),
            channels: Channels::default(),
            page_clock: PageClock::default(),
            bitrate: BitrateNews::default(),
            figures: Figures::default(),
            early: Vec::new(),
            remote_candidates: Vec::new(),
            local_candidates: Vec::new(),
            relay_only: false,
            faults: 0,
            sound_lost: 0,
            events: VecDeque::new(),
            now,
            over: false,
        }
    }

    /// Makes an offer and commits nothing.
    ///
    /// # Errors
    /// Why there is none.
    pub fn offer(&mut self, wish: &wire::Offer) -> Result<Described, Refusal> {
        self.alive()?;
        self.negotiation.offer(&mut self.rtc, wish)
    }

    /// Forgets an offer of the other side that was only checked.
    pub fn rollback(&mut self) {
        self.negotiation.rollback();
        self.take_candidates("");
    }

    /// Whether a description of the other side can be used. Commits nothing.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&mut self, kind: DescriptionKind, sdp: &str) -> Result<(), Refusal> {
        self.alive()?;
        self.negotiation.check(kind, sdp).map(|_| ())
    }

    /// Accepts an offer of the other side.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn answer(&mut self, answer: &Answer, now: Instant) -> Result<Described, Refusal> {
        self.alive()?;
        let answered = self.negotiation.answer(&mut self.rtc, answer.sdp.expose(), &answer.media);
        let (described, exchanged) = self.survive(answered)?;
        self.handle_exchange(exchanged, answer.sdp.expose(), now);
        Ok(described)
    }

    /// Accepts the other side's answer.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn accept(&mut self, sdp: &str, now: Instant) -> Result<(), Refusal> {
        self.alive()?;
        let accepted = self.negotiation.accept(&mut self.rtc, sdp);
        let exchanged = self.survive(accepted)?;
        self.handle_exchange(exchanged, sdp, now);
        Ok(())
    }

    fn handle_exchange(&mut self, exchanged: Exchanged, description: &str, now: Instant) {
        self.now = now;
        if exchanged.restart {
            self.forget_ways();
        }
        if !self.negotiation.lines().is_empty() {
            self.ice.handle_negotiated(exchanged.restart, now);
            if self.dtls.is_none() {
                self.set_dtls(DtlsState::Connecting);
            }
        }
        self.take_candidates(description);
        self.take_routes();
    }

    /// Ends the connection if a description has left str0m in pieces.
    fn survive<T>(&mut self, result: Result<T, Refusal>) -> Result<T, Refusal> {
        if result.is_err() && !self.rtc.is_alive() {
            self.end(End::Hostile);
        }
        result
    }

    fn alive(&self) -> Result<(), Refusal> {
        let ended = || Refusal::new(RefusalCode::WrongState, "The connection has ended.");
        (!self.over && self.rtc.is_alive()).then_some(()).ok_or_else(ended)
    }

    /// What the encoders of all pictures could use together.
    pub fn set_wanted_bitrate(&mut self, bps: u32) {
        self.rtc.bwe().set_bitrate(Bitrate::ZERO, Bitrate::bps(bps.into()));
    }

    /// Opens a data channel.
    pub fn open_channel(&mut self, channel: u32, options: ChannelOptions, negotiated: Option<u16>) {
        if !self.channels.open(&mut self.rtc, channel, options, negotiated) {
            self.events.push_back(Event::ChannelClosed { channel });
        }
    }

    /// Sends a message on a data channel.
    pub fn send_message(&mut self, channel: u32, binary: bool, data: &[u8]) {
        if !self.channels.send(channel, binary, data) {
            self.close_channel(channel);
        }
    }

    /// Closes a data channel once all is sent.
    pub fn close_channel(&mut self, channel: u32) {
        if self.channels.close(channel) {
            self.events.push_back(Event::ChannelClosed { channel });
        }
    }

    /// See [`wire::PageMessage::LowThreshold`].
    pub fn set_low_threshold(&mut self, channel: u32, bytes: u32) {
        self.channels.set_low(channel, bytes);
    }

    /// Says goodbye. What is polled afterwards is to be sent still.
    pub fn close(&mut self) {
        if self.rtc.close().is_err() {
            self.rtc.disconnect();
        }
    }

    /// A datagram came to the socket with the address `local`.
    pub fn handle_packet(&mut self, local: SocketAddr, remote: SocketAddr, datagram: &[u8], now: Instant) {
        self.now = now;
        // What is no packet of WebRTC at all, or of nobody who was invited, is somebody else's business.
        let Ok(receive) = Receive::new(Protocol::Udp, remote, local, datagram) else { return };
        let input = Input::Receive(now, receive);
        if !self.rtc.accepts(&input) {
            return;
        }
        self.figures.note_received((local, remote), datagram, now);
        self.ice.handle_packet(now);
        if let Err(error) = self.rtc.handle_input(input) {
            self.handle_error(&error);
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = now;
        if let Err(error) = self.rtc.handle_input(Input::Timeout(now)) {
            self.handle_error(&error);
        }
    }

    /// What is to be done next.
    pub fn poll_output(&mut self) -> Output {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Output::Event(event);
            }
            if self.over {
                return Output::Timeout(self.now + FAR);
            }
            match self.rtc.poll_output() {
                Ok(RtcOutput::Transmit(transmit)) => {
                    let (local, remote) = (transmit.source, transmit.destination);
                    self.figures.note_sent((local, remote), &transmit.contents, self.now);
                    return Output::Transmit { local, remote, contents: transmit.contents };
                }
                Ok(RtcOutput::Event(event)) => self.handle_event(event),
                Ok(RtcOutput::Timeout(at)) => {
                    let busy = self.channels.flush(&mut self.rtc, &mut self.events) | self.poll_lines();
                    self.poll_ice();
                    let bitrate = self.bitrate.poll(self.now);
                    self.events.extend(bitrate.map(|bps| Event::Bitrate { bps }));
                    if !busy && self.events.is_empty() {
                        return Output::Timeout(self.next_timeout(at));
                    }
                }
                Err(error) => self.handle_error(&error),
            }
        }
    }

    fn next_timeout(&self, at: Instant) -> Instant {
        let lines = self.lines.values().filter_map(LineState::poll_timeout);
        let own = [self.ice.poll_timeout(), self.bitrate.poll_timeout(), self.dtls_deadline];
        lines.chain(own.into_iter().flatten()).chain([at]).min().unwrap_or(at)
    }

    fn poll_ice(&mut self) {
        if let Some(state) = self.ice.poll(self.now) {
            self.events.push_back(Event::Ice(state));
            let connected = matches!(state, IceState::Connected | IceState::Completed);
            self.handshake.set_way(connected);
            if !connected {
                self.dtls_deadline = None;
            } else if self.dtls == Some(DtlsState::Connecting) {
                self.dtls_deadline.get_or_insert(self.now + DTLS_PATIENCE);
            }
        }
        if self.dtls_deadline.is_some_and(|deadline| deadline <= self.now) {
            self.set_dtls(DtlsState::Failed);
            self.end(End::NoKeys);
        }
    }

    fn handle_event(&mut self, event: str0m::Event) {
        match event {
            str0m::Event::Connected => self.set_dtls(DtlsState::Connected),
            str0m::Event::IceConnectionStateChange(state) => self.ice.handle_state(state, self.now),
            str0m::Event::MediaData(data) => self.handle_media(data),
            str0m::Event::KeyframeRequest(request) => self.handle_key_frame_wish(request.mid),
            str0m::Event::EgressBitrateEstimate(
                BweKind::Twcc { estimate, .. } | BweKind::Remb { estimate, .. },
            ) => {
                self.bitrate.note(u32::try_from(estimate.as_u64()).unwrap_or(u32::MAX));
            }
            str0m::Event::ChannelOpen(id, _) => {
                let opened = self.channels.handle_open(&mut self.rtc, id);
                self.events.extend(opened);
            }
            str0m::Event::ChannelData(message) => self.events.extend(self.channels.handle_data(message)),
            str0m::Event::ChannelClose(id) => self.events.extend(self.channels.handle_close(id)),
            str0m::Event::Closed => {
                // In this order a page can tell a channel that was cut off from one that was closed.
                self.set_dtls(DtlsState::Closed);
                self.events.extend(self.channels.handle_end());
            }
            str0m::Event::PeerStats(stats) => self.figures.note_peer(stats),
            str0m::Event::MediaIngressStats(stats) => self.note_ingress(stats),
            str0m::Event::MediaEgressStats(stats) => self.note_egress(stats),
            _ => {}
        }
    }

    fn set_dtls(&mut self, state: DtlsState) {
        self.dtls = Some(state);
        self.dtls_deadline = None;
        self.events.push_back(Event::Dtls(state));
    }

    fn handle_error(&mut self, error: &RtcError) {
        self.faults += 1;
        let untrusted = matches!(error, RtcError::RemoteSdp(_));
        if untrusted || !self.rtc.is_alive() {
            self.set_dtls(DtlsState::Failed);
            self.end(if untrusted { End::Untrusted } else { End::NoKeys });
        } else if self.faults > MAX_FAULTS {
            self.end(End::Hostile);
        }
    }

    fn end(&mut self, end: End) {
        if !self.over {
            self.rtc.disconnect();
            self.over = true;
            self.events.extend(self.channels.handle_end());
            self.events.push_back(Event::Ended(end));
        }
    }
}
