//! One connection's task: its state, its sockets, and the clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::distr::{Alphanumeric, SampleString as _};
use str0m::config::DtlsCert;
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use visavis_protocol::{CandidateLine, IceServer, Sdp};

use crate::connection::{Connection, Event, LocalCandidate, Output, Picture, Refusal};
use crate::wire::limits::ICE_SERVERS;
use crate::wire::{AppFrame, AppMessage, BLOCK_BYTES, DtlsState, Open, PageMessage};

use super::Interfaces;
use super::clock;
use super::command::{Command, Loss, Reach};
use super::outbox::{Lane, Outbox};
use super::replies::{ended, refused};
use super::sockets::Sockets;
use super::stun::{self, Questions};

/// The longest datagram that is read. WebRTC sends no more than fits an Ethernet frame.
const DATAGRAM_BYTES: usize = 2048;

/// Datagrams that are read in a row before others have their turn.
const BATCH: usize = 32;

/// Turns that a connection takes in a row, enough for the packets of a large frame, and how long it rests then:
/// a state that asks for ever more turns must not keep a core busy.
const TURNS: usize = 200;
const REST: Duration = Duration::from_millis(1);

/// How long names of STUN servers may take to be looked up.
const LOOKUP: Duration = Duration::from_secs(3);

/// Letters in an ICE user name fragment and password; RFC 8445 asks for 4 and 22.
const UFRAG_LETTERS: usize = 16;
const PASSWORD_LETTERS: usize = 24;

/// The first byte of a DTLS record (RFC 7983).
const DTLS: std::ops::RangeInclusive<u8> = 20..=63;

/// What a task is given.
pub struct Task {
    number: u32,
    outbox: Outbox,
    interfaces: Interfaces,
    /// Its own, for what is found out elsewhere.
    commands: mpsc::WeakSender<Command>,
    loss: Loss,
    ice_servers: Vec<IceServer>,
    connection: Connection,
    sockets: Sockets,
    questions: Questions,
    /// Candidates are being looked for.
    gathering: bool,
    /// Names of STUN servers are being looked up.
    looking_up: bool,
    /// DTLS carries nothing but data by now.
    encrypted: bool,
    over: bool,
    /// Who waits for figures, and for figures after which.
    asked: VecDeque<(u32, Option<u64>)>,
}

impl Task {
    /// A connection that is not begun.
    pub fn new(
        open: Open,
        certificate: Option<DtlsCert>,
        outbox: Outbox,
        interfaces: Interfaces,
        reach: &Reach,
    ) -> Self {
        let letters = |count| Alphanumeric.sample_string(&mut rand::rng(), count);
        let (ufrag, password) = (letters(UFRAG_LETTERS), letters(PASSWORD_LETTERS));
        Self {
            number: open.connection,
            outbox,
            interfaces,
            commands: reach.commands.downgrade(),
            loss: reach.loss.clone(),
            ice_servers: open.ice_servers,
            connection: Connection::new(ufrag, password, certificate, clock::now()),
            sockets: Sockets::default(),
            questions: Questions::default(),
            gathering: false,
            looking_up: false,
            encrypted: false,
            over: false,
            asked: VecDeque::new(),
        }
    }

    /// Runs until the page closes the connection, or it ends by itself.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut alarm: std::pin::Pin<Box<Sleep>> = Box::pin(sleep_until(clock::now().into()));
        let mut buffer = vec![0; DATAGRAM_BYTES];
        while !self.over {
            let next = self.drain();
            if alarm.deadline() != next.into() {
                alarm.as_mut().reset(next.into());
            }
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.handle(command).await,
                    None => break,
                },
                socket = self.sockets.readable() => self.receive(socket, &mut buffer),
                () = alarm.as_mut() => self.handle_timeout(),
            }
        }
        self.connection.close();
        self.drain();
    }

    fn tell(&self, message: &AppMessage) {
        self.outbox.tell(message);
    }

    fn handle_timeout(&mut self) {
        let now = clock::now();
        while let Some(request) = self.questions.poll(now) {
            self.sockets.send(request.socket, request.server, &request.datagram);
        }
        self.finish_gathering();
        self.connection.handle_timeout(now);
    }

    fn receive(&mut self, socket: usize, buffer: &mut [u8]) {
        for _ in 0..BATCH {
            let Some((local, remote, length)) = self.sockets.receive(socket, buffer) else { break };
            let Some(datagram) = buffer.get(..length) else { continue };
            if let Some((socket, Some(reflexive))) = self.questions.handle(datagram) {
                self.tell_candidate(LocalCandidate { socket, reflexive: Some(reflexive) });
                self.finish_gathering();
                continue;
            }
            let data = self.encrypted && datagram.first().is_some_and(|first| DTLS.contains(first));
            if data && self.outbox.is_data_waiting() {
                // SCTP takes it for a loss, sends it again, and slower.
                continue;
            }
            self.connection.handle_packet(local, remote, datagram, clock::now());
            self.drain_outputs();
        }
    }

    /// Does all that is to be done now, and tells when to come back.
    fn drain(&mut self) -> Instant {
        for _ in 0..TURNS {
            let at = self.drain_outputs();
            self.tell_figures();
            if at > clock::now() {
                return at;
            }
            // Pacing asks for a turn after each packet.
            self.handle_timeout();
        }
        clock::now() + REST
    }

    fn drain_outputs(&mut self) -> Instant {
        loop {
            match self.connection.poll_output() {
                Output::Transmit { local, remote, contents } => self.sockets.send(local, remote, &contents),
                Output::Event(event) => self.handle_event(event),
                Output::Timeout(at) => {
                    return self.questions.poll_timeout().map_or(at, |question| question.min(at));
                }
            }
        }
    }

    fn handle_event(&mut self, event: Event) {
        let connection = self.number;
        let message = match event {
            Event::Picture { mid, header, data } => {
                let frame = Message::binary(header.with_payload(&data));
                if !self.outbox.push(Lane::Video, frame) {
                    self.connection.lose_picture(&mid);
                }
                return;
            }
            Event::ChannelMessage { channel, binary, data } => {
                let header = AppFrame::Data { connection, channel, binary };
                self.outbox.push(Lane::Data, Message::binary(header.with_payload(&data)));
                return;
            }
            Event::Ice(state) => AppMessage::IceState { connection, state },
            Event::Dtls(state) => {
                self.encrypted = state == DtlsState::Connected;
                AppMessage::DtlsState { connection, state, certificate: self.connection.remote_certificate() }
            }
            Event::KeyFrameWanted { mid } => AppMessage::KeyFrameWanted { connection, mid },
            Event::SoundLost { percent } => {
                self.loss.set(percent);
                return;
            }
            Event::Bitrate { bps } => AppMessage::Bitrate { connection, bps },
            Event::ChannelOpened { channel, options, id, remote } => {
                let opened = AppMessage::ChannelOpened { connection, channel, options, id, remote };
                return self.outbox.tell_in(Lane::Data, &opened);
            }
            Event::ChannelClosed { channel } => {
                return self.outbox.tell_in(Lane::Data, &AppMessage::ChannelClosed { connection, channel });
            }
            Event::ChannelLow { channel } => AppMessage::ChannelLow { connection, channel },
            Event::ChannelSent { channel, bytes } => AppMessage::ChannelSent { connection, channel, bytes },
            Event::Ended(end) => {
                self.over = true;
                ended(connection, end)
            }
        };
        self.tell(&message);
    }

    async fn handle(&mut self, command: Command) {
        let now = clock::now();
        match command {
            Command::Message(message) => self.handle_message(message).await,
            Command::Picture { stream, codec, key_frame, time, data } => {
                self.connection.send_picture(stream, Picture { codec, key_frame, time, data: &data }, now);
            }
            Command::Sound { stream, packet, time, recorded, source } => {
                self.connection.note_source(stream, source);
                self.connection.send_sound(stream, &packet, time, recorded, now);
            }
            Command::SoundWanted { stream, blocks, buffered } => {
                let buffered = Duration::from_micros(buffered.into());
                let sound = self.connection.pull_sound(stream, blocks, buffered, now);
                let (time, samples) = sound
                    .map_or_else(|| (0, vec![0; blocks * BLOCK_BYTES]), |sound| (sound.time, sound.samples));
                let frame = AppFrame::Sound { stream, time }.with_payload(&samples);
                self.outbox.push(Lane::Sound, Message::binary(frame));
            }
            Command::Data { channel, binary, data } => self.connection.send_message(channel, binary, &data),
            Command::StunServers(servers) => {
                self.looking_up = false;
                self.ask(&servers);
                self.finish_gathering();
            }
        }
    }

    async fn handle_message(&mut self, message: PageMessage) {
        let now = clock::now();
        match message {
            PageMessage::SetIceServers { ice_servers, .. } => self.ice_servers = ice_servers,
            PageMessage::Offer(wish) => {
                let described = self.connection.offer(&wish);
                self.answer(wish.request, described.map(|made| described_message(wish.request, made)));
            }
            PageMessage::Rollback { .. } => self.connection.rollback(),
            PageMessage::Check { request, kind, sdp, .. } => {
                let checked = self.connection.check(kind, sdp.expose());
                self.answer(request, checked.map(|()| AppMessage::Done { request }));
            }
            PageMessage::Answer(wish) => {
                let described = self.connection.answer(&wish, now);
                self.close_unused_sockets();
                self.answer(wish.request, described.map(|made| described_message(wish.request, made)));
            }
            PageMessage::Accept { request, sdp, .. } => {
                let accepted = self.connection.accept(sdp.expose(), now);
                self.close_unused_sockets();
                self.answer(request, accepted.map(|()| AppMessage::Done { request }));
            }
            PageMessage::Candidate { request, candidate, .. } => {
                let added = self.connection.add_remote_candidate(candidate.expose());
                self.answer(request, added.map(|()| AppMessage::Done { request }));
            }
            PageMessage::Gather { relay_only, .. } => {
                self.connection.set_relay_only(relay_only);
                if !relay_only {
                    self.gather().await;
                }
            }
            PageMessage::Send { mid, stream, .. } => self.connection.set_send(&mid, Some(stream)),
            PageMessage::StopSend { mid, .. } => self.connection.set_send(&mid, None),
            PageMessage::Receive { mid, stream, .. } => self.connection.set_receive(&mid, Some(stream)),
            PageMessage::StopReceive { mid, .. } => self.connection.set_receive(&mid, None),
            PageMessage::KeyFrame { mid, .. } => self.connection.request_key_frame(&mid),
            PageMessage::WantedBitrate { bps, .. } => self.connection.set_wanted_bitrate(bps),
            PageMessage::Channel { channel, options, negotiated, .. } => {
                self.connection.open_channel(channel, options, negotiated);
            }
            PageMessage::CloseChannel { channel, .. } => self.connection.close_channel(channel),
            PageMessage::LowThreshold { channel, bytes, .. } => {
                self.connection.set_low_threshold(channel, bytes);
            }
            PageMessage::Stats { request, .. } => {
                self.asked.push_back((request, self.connection.figures_to_wait_for()));
                self.tell_figures();
            }
            PageMessage::Close { .. } => self.over = true,
            PageMessage::Hello { .. }
            | PageMessage::Certify { .. }
            | PageMessage::Open { .. }
            | PageMessage::Source { .. }
            | PageMessage::EndSource { .. }
            | PageMessage::Unknown => {}
        }
    }

    fn answer(&self, request: u32, result: Result<AppMessage, Refusal>) {
        self.tell(&result.unwrap_or_else(|refusal| refused(request, refusal.code, refusal.message)));
    }

    /// Figures are told at once, or if they lack something, the next.
    fn tell_figures(&mut self) {
        while let Some((request, after)) = self.asked.front().copied() {
            if after.is_some_and(|told| self.connection.figures_told() <= told) {
                return;
            }
            self.asked.pop_front();
            let report = Box::new(self.connection.stats(clock::now(), clock::unix_ms()));
            self.tell(&AppMessage::Stats { request, report });
        }
    }

    /// An ICE restart may have left none of its addresses to the connection.
    fn close_unused_sockets(&mut self) {
        if !self.connection.has_addresses() {
            self.sockets = Sockets::default();
        }
    }

    async fn gather(&mut self) {
        for gone in self.sockets.follow((self.interfaces)()).await {
            self.connection.remove_local_candidates(gone);
        }
        for socket in self.sockets.addresses() {
            self.tell_candidate(LocalCandidate { socket, reflexive: None });
        }
        self.gathering = true;
        self.look_up();
        self.finish_gathering();
    }

    /// Finds the addresses of STUN servers, without keeping the connection waiting.
    fn look_up(&mut self) {
        let urls = self.ice_servers.iter().flat_map(|server| &server.urls);
        let servers: Vec<(String, u16)> =
            urls.filter_map(|url| stun::server(url)).take(ICE_SERVERS).collect();
        let Some(commands) = self.commands.upgrade().filter(|_| !servers.is_empty()) else { return };
        self.looking_up = true;
        tokio::spawn(async move {
            let mut found = Vec::new();
            for server in servers {
                if let Ok(Ok(addresses)) = timeout(LOOKUP, tokio::net::lookup_host(server)).await {
                    found.extend(addresses.take(2));
                }
            }
            let _ = commands.send(Command::StunServers(found)).await;
        });
    }

    fn ask(&mut self, servers: &[SocketAddr]) {
        let now = clock::now();
        for socket in self.sockets.addresses() {
            for server in servers {
                self.questions.ask(rand::random(), socket, *server, now);
            }
        }
        self.handle_timeout();
    }

    fn tell_candidate(&mut self, local: LocalCandidate) {
        let Some(line) = self.connection.add_local_candidate(local) else { return };
        self.tell_line(Some(CandidateLine::new(line)));
    }

    fn finish_gathering(&mut self) {
        if self.gathering && !self.looking_up && self.questions.is_done() {
            self.gathering = false;
            self.tell_line(None);
        }
    }

    fn tell_line(&self, candidate: Option<CandidateLine>) {
        let (mid, username_fragment) = self.connection.candidate_line();
        let connection = self.number;
        self.tell(&AppMessage::Candidate { connection, candidate, mid, line: 0, username_fragment });
    }
}

fn described_message(request: u32, described: crate::connection::Described) -> AppMessage {
    AppMessage::Described { request, sdp: Sdp::new(described.sdp), mids: described.mids }
}
