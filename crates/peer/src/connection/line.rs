//! One media line: what it sends, what it receives, and what is known of both.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::{Instant, SystemTime};

use str0m::format::{Codec as RtpCodec, PayloadParams};
use str0m::media::{MediaData, MediaKind, Mid};
use str0m::rtp::SeqNo;
use str0m::stats::{MediaEgressStats, MediaIngressStats};

use crate::wire::{AppFrame, AudioSourceStats, Codec, Kind};

use super::event::Event;
use super::key_frames::Limiter;
use super::lip_sync::{Heard, LipSync};
use super::picture::{PictureGate, Verdict};
use super::sound::{SoundIn, recorded};
use super::steady_start::SteadyStart;

/// Most bytes of pictures that lip sync holds back; more are shown at once. Half a second at 32 Mbit/s.
const HELD_BYTES: usize = 2 * 1024 * 1024;

/// A picture that waits for its sound.
struct Held {
    at: Instant,
    /// As RTP has it.
    timestamp: u32,
    event: Event,
    bytes: usize,
}

/// Counts of one direction that str0m does not keep.
#[derive(Default)]
pub struct Frames {
    /// That came or went.
    pub frames: u64,
    /// Of them.
    pub key_frames: u64,
    /// That were kept from the page.
    pub dropped: u64,
    /// RTP packets that are missing.
    pub lost: i64,
    /// The RTP sequence number after the highest so far.
    next: Option<u64>,
    /// In use.
    pub codec: Option<PayloadParams>,
}

/// Packets that are farther from those before are another stream's, as after a change of SSRC (RFC 3550, appendix A.1).
const MAX_DROPOUT: u64 = 3_000;

impl Frames {
    fn note(&mut self, codec: PayloadParams, key_frame: bool) {
        self.frames += 1;
        self.key_frames += u64::from(key_frame);
        self.codec = Some(codec);
    }

    fn note_sequence(&mut self, range: &RangeInclusive<SeqNo>) {
        let (first, last) = (**range.start(), **range.end());
        let end = last.saturating_add(1);
        let Some(next) = self.next.filter(|next| first.abs_diff(*next) <= MAX_DROPOUT) else {
            self.next = Some(end);
            return;
        };
        match first < next {
            true => self.lost -= 1,
            false => self.lost = self.lost.saturating_add_unsigned(first - next),
        }
        self.next = Some(next.max(end));
    }
}

/// A media line.
pub struct LineState {
    /// As str0m names it.
    pub mid: Mid,
    /// Sound or picture.
    pub kind: Kind,
    /// What the page sends under this number goes out here.
    pub send: Option<u32>,
    /// What arrives here goes to the page under this number.
    pub receive: Option<u32>,
    /// When the sound that is sent begins.
    pub start: SteadyStart,
    /// Of what is sent.
    pub sent: Frames,
    /// Of what is received.
    pub received: Frames,
    /// Where the sound that is sent comes from.
    pub source: Option<AudioSourceStats>,
    /// What str0m said last.
    pub egress: Option<MediaEgressStats>,
    /// What the other side said last of what it has lost; str0m forgets it.
    pub reported_loss: Option<f32>,
    /// What str0m said last.
    pub ingress: Option<MediaIngressStats>,
    /// When the other side last told what it has sent, by its own clock.
    pub reported_at: Option<SystemTime>,
    /// Incoming sound.
    pub sound: Option<SoundIn>,
    /// The RTP timestamp of the picture that the page was given last, and when.
    shown: Option<(u32, Instant)>,
    gate: PictureGate,
    sync: LipSync,
    /// The other side's wishes for key frames.
    wishes: Limiter,
    held: VecDeque<Held>,
    held_bytes: usize,
}

impl LineState {
    /// A line that neither sends nor receives yet.
    pub fn new(mid: Mid, kind: MediaKind) -> Self {
        Self {
            mid,
            kind: if kind.is_audio() { Kind::Audio } else { Kind::Video },
            send: None,
            receive: None,
            start: SteadyStart::default(),
            sent: Frames::default(),
            received: Frames::default(),
            source: None,
            egress: None,
            reported_loss: None,
            ingress: None,
            reported_at: None,
            sound: None,
            shown: None,
            gate: PictureGate::new(),
            sync: LipSync::default(),
            wishes: Limiter::default(),
            held: VecDeque::new(),
            held_bytes: 0,
        }
    }

    /// From now on what the page sends under this number goes out here, or nothing.
    pub fn set_send(&mut self, stream: Option<u32>) {
        self.send = stream;
        self.source = None;
    }

    /// From now on the page is given what arrives, or no more.
    pub fn set_receive(&mut self, stream: Option<u32>) {
        self.receive = stream;
        self.held.clear();
        self.held_bytes = 0;
        if self.kind == Kind::Video && stream.is_some() {
            self.gate = PictureGate::new();
            if self.received.frames > 0 {
                self.gate.lose();
            }
        }
    }

    /// The page did not get a picture, or its decoder has to begin anew.
    pub fn lose_picture(&mut self) {
        self.gate.lose();
        self.received.dropped += 1;
    }

    /// The page wants a key frame.
    pub fn want_key_frame(&mut self) {
        self.gate.want_key_frame();
    }

    /// The other side wants a key frame.
    pub fn handle_wish(&mut self) {
        self.wishes.want();
    }

    /// A picture arrived. `heard`: of the sound that belongs to it.
    pub fn handle_picture(&mut self, data: MediaData, heard: Option<Heard>, now: Instant) {
        let codec = match data.params.spec().codec {
            RtpCodec::Vp8 => Codec::Vp8,
            RtpCodec::H264 => Codec::H264,
            _ => return,
        };
        let key_frame = data.is_keyframe();
        self.note_report(&data);
        self.received.note(data.params, key_frame);
        self.received.note_sequence(&data.seq_range);
        let Some(stream) = self.receive else { return };
        let Verdict::Show { contiguous } = self.gate.judge(key_frame, data.contiguous) else {
            self.received.dropped += 1;
            return;
        };
        let recorded = data.last_sender_info.and_then(|sender| recorded(&sender, data.time.as_seconds()));
        let time = (data.time.as_seconds() * 1e6) as u64;
        let header = AppFrame::Picture { stream, codec, key_frame, contiguous, time };
        let at = self.sync.release(recorded, heard, now);
        let bytes = data.data.len();
        self.held_bytes += bytes;
        let event = Event::Picture { mid: self.mid.to_string(), header, data: data.data };
        // Sent without its upper bits.
        let timestamp = data.time.numer() as u32;
        self.held.push_back(Held { at, timestamp, event, bytes });
    }

    /// A packet of sound arrived.
    pub fn handle_sound(&mut self, data: &MediaData) {
        if data.params.spec().codec != RtpCodec::Opus {
            return;
        }
        self.note_report(data);
        self.received.note(data.params, false);
        self.received.note_sequence(&data.seq_range);
        if self.receive.is_none() {
            return;
        }
        if self.sound.is_none() {
            // Without a decoder there is no sound, and everything else goes on.
            self.sound = SoundIn::new().ok();
        }
        if let Some(sound) = &mut self.sound {
            sound.insert(data);
        }
    }

    /// The RTP timestamp of what the page was given last, and when.
    pub fn delivered(&self) -> Option<(u32, Instant)> {
        self.sound.as_ref().map_or(self.shown, SoundIn::delivered)
    }

    fn note_report(&mut self, data: &MediaData) {
        self.reported_at = data.last_sender_info.map(|sender| sender.ntp_time).or(self.reported_at);
    }

    /// Something was sent.
    pub fn note_sent(&mut self, codec: PayloadParams, key_frame: bool) {
        self.sent.note(codec, key_frame);
    }

    /// What the other side lost of a hundred packets that were sent last, as it reports.
    pub fn percent_lost(&self) -> u8 {
        let fraction = self.egress.as_ref().and_then(|egress| egress.loss).unwrap_or(0.0);
        (100.0 * fraction).ceil() as u8
    }

    /// What is due now: a picture to be shown, or a key frame that the other side waits for.
    pub fn poll_event(&mut self, now: Instant) -> Option<Event> {
        if self.wishes.poll(now) {
            return Some(Event::KeyFrameWanted { mid: self.mid.to_string() });
        }
        if self.held_bytes <= HELD_BYTES && self.held.front().is_none_or(|held| held.at > now) {
            return None;
        }
        let held = self.held.pop_front()?;
        self.held_bytes -= held.bytes;
        self.shown = Some((held.timestamp, now));
        Some(held.event)
    }

    /// Whether to ask the other side for a key frame now.
    pub fn poll_request(&mut self, now: Instant) -> bool {
        self.kind == Kind::Video && self.gate.poll_request(now)
    }

    /// When something is due though nothing happens.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let held = self.held.front().map(|held| held.at);
        [held, self.gate.poll_timeout(), self.wishes.poll_timeout()].into_iter().flatten().min()
    }
}
