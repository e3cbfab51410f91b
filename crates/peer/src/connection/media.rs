use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::format::{Codec as RtpCodec, PayloadParams};
use str0m::media::{Frequency, KeyframeRequestKind, MediaData, MediaTime, Mid};
use str0m::stats::{MediaEgressStats, MediaIngressStats};

use crate::audio::SourceStats;
use crate::wire::limits::{SAMPLE_RATE, SDP_LINES};
use crate::wire::{AudioSourceStats, Codec, DtlsState, Kind};

use super::Connection;
use super::event::{Event, Picture};
use super::line::LineState;
use super::sound::Sound;

/// RTP ticks a second of every picture.
const PICTURE_RATE: u32 = 90_000;

/// Times of the page are taken without their bits above these: RTP sends 32, and str0m multiplies what it is
/// given.
const TICK_BITS: u32 = 44;

fn ticks(micros: u64, rate: u32) -> u64 {
    let ticks = u128::from(micros) * u128::from(rate) / 1_000_000;
    (ticks & ((1 << TICK_BITS) - 1)) as u64
}

/// What the page wants done with a line.
#[derive(Default)]
pub struct Route {
    send: Option<u32>,
    receive: Option<u32>,
}

impl Connection {
    /// What the page sends under this number goes out on a line, or nothing does. The page may say so before
    /// the line is negotiated.
    pub fn set_send(&mut self, mid: &str, stream: Option<u32>) {
        if let Some(line) = self.line(mid) {
            line.set_send(stream);
        } else if let Some(route) = self.route(mid) {
            route.send = stream;
        }
    }

    /// What arrives on a line goes to the page under this number, or nowhere. As `set_send`.
    pub fn set_receive(&mut self, mid: &str, stream: Option<u32>) {
        if let Some(line) = self.line(mid) {
            line.set_receive(stream);
        } else if let Some(route) = self.route(mid) {
            route.receive = stream;
        }
    }

    fn route(&mut self, mid: &str) -> Option<&mut Route> {
        if self.routes.len() >= SDP_LINES && !self.routes.contains_key(mid) {
            return None;
        }
        Some(self.routes.entry(mid.to_owned()).or_default())
    }

    /// Descriptions were exchanged: what the page said of lines holds from now on, and what it said of lines
    /// that came to nothing is forgotten.
    pub(super) fn take_routes(&mut self) {
        let mids: Vec<String> = self.negotiation.lines().iter().map(|line| line.mid.clone()).collect();
        // The other side may use the place of a line that was stopped for another (RFC 8829, section 5.2.2).
        self.lines.retain(|mid, _| mids.contains(mid));
        let mut routes = std::mem::take(&mut self.routes);
        for mid in mids {
            let route = routes.remove(&mid);
            if let (Some(line), Some(route)) = (self.line(&mid), route) {
                line.send = route.send.or(line.send);
                if route.receive.is_some() {
                    line.set_receive(route.receive);
                }
            }
        }
    }

    /// Asks the other side for a key frame.
    pub fn request_key_frame(&mut self, mid: &str) {
        if let Some(line) = self.lines.get_mut(mid) {
            line.want_key_frame();
        }
    }

    /// A picture did not reach the page: it is given no other before the next key frame.
    pub fn lose_picture(&mut self, mid: &str) {
        if let Some(line) = self.lines.get_mut(mid) {
            line.lose_picture();
        }
    }

    /// Sends a picture on every line that sends `stream`.
    pub fn send_picture(&mut self, stream: u32, picture: Picture<'_>, now: Instant) {
        self.now = now;
        let recorded = self.page_clock.recorded(picture.time, now);
        let mut data: Option<Arc<[u8]>> = None;
        for line in
            self.lines.values_mut().filter(|line| line.send == Some(stream) && line.kind == Kind::Video)
        {
            let codec = match picture.codec {
                Codec::Vp8 => RtpCodec::Vp8,
                Codec::H264 => RtpCodec::H264,
            };
            let time = MediaTime::new(ticks(picture.time, PICTURE_RATE), Frequency::NINETY_KHZ);
            let data = data.get_or_insert_with(|| picture.data.into());
            if let Some(params) = write(&mut self.rtc, line.mid, codec, (time, recorded), data) {
                line.note_sent(params, picture.key_frame);
            }
        }
    }

    /// Sends a packet of sound on every line that sends `stream`. `time`: in samples of any one clock; `recorded`: in
    /// microseconds of the clock of pictures.
    pub fn send_sound(&mut self, stream: u32, packet: &Arc<[u8]>, time: u64, recorded: u64, now: Instant) {
        self.now = now;
        // What waits until there is a way would come all at once, and be heard late from then on.
        if self.dtls != Some(DtlsState::Connected) {
            return;
        }
        let recorded = self.page_clock.recorded(recorded, now);
        for line in
            self.lines.values_mut().filter(|line| line.send == Some(stream) && line.kind == Kind::Audio)
        {
            if !line.start.lets_through(now) {
                continue;
            }
            let time = MediaTime::new(time & ((1 << TICK_BITS) - 1), Frequency::FORTY_EIGHT_KHZ);
            if let Some(params) = write(&mut self.rtc, line.mid, RtpCodec::Opus, (time, recorded), packet) {
                line.note_sent(params, false);
            }
        }
    }

    /// How the source of a stream of sound does.
    pub fn note_source(&mut self, stream: u32, stats: SourceStats) {
        for line in self.lines.values_mut().filter(|line| line.send == Some(stream)) {
            line.source = Some(AudioSourceStats {
                audio_level: stats.audio_level,
                total_audio_energy: stats.total_audio_energy,
                total_samples_duration: stats.total_samples_duration,
                echo_return_loss: stats.echo_return_loss,
                echo_return_loss_enhancement: stats.echo_return_loss_enhancement,
            });
        }
    }

    /// The next blocks of sound of a stream. `None`: there is no such stream here.
    pub fn pull_sound(
        &mut self,
        stream: u32,
        blocks: usize,
        buffered: Duration,
        now: Instant,
    ) -> Option<Sound> {
        let line = self.lines.values_mut().find(|line| line.receive == Some(stream))?;
        line.sound.as_mut().map(|sound| sound.pull(blocks, buffered, now))
    }

    pub(super) fn handle_media(&mut self, data: MediaData) {
        let mid = data.mid;
        let stream = self.negotiation.lines().iter().find(|line| *line.mid == *mid);
        let stream = stream.and_then(|line| line.stream.clone());
        let now = self.now;
        let Some(kind) = self.line(&mid).map(|line| line.kind) else { return };
        if kind == Kind::Audio {
            if let Some(line) = self.line(&mid) {
                line.handle_sound(&data);
            }
            return;
        }
        let belongs = |line: &&super::sdp::Line| stream.is_some() && line.stream == stream;
        let sound = self
            .negotiation
            .lines()
            .iter()
            .filter(belongs)
            .filter_map(|line| self.lines.get(&line.mid)?.sound.as_ref())
            .find_map(|sound| sound.heard(now));
        if let Some(line) = self.line(&mid) {
            line.handle_picture(data, sound, now);
        }
    }

    pub(super) fn handle_key_frame_wish(&mut self, mid: Mid) {
        if let Some(line) = self.line(&mid) {
            line.handle_wish();
        }
    }

    /// Collects what lines have to say. `true`: str0m has something to do.
    pub(super) fn poll_lines(&mut self) -> bool {
        let mut asked = false;
        for line in self.lines.values_mut() {
            while let Some(event) = line.poll_event(self.now) {
                self.events.push_back(event);
            }
            if line.poll_request(self.now)
                && let Some(mut writer) = self.rtc.writer(line.mid)
            {
                asked |= writer.request_keyframe(None, KeyframeRequestKind::Pli).is_ok();
            }
        }
        asked
    }

    pub(super) fn note_ingress(&mut self, stats: MediaIngressStats) {
        let mid = stats.mid;
        if let Some(line) = self.line(&mid) {
            line.ingress = Some(stats);
        }
    }

    pub(super) fn note_egress(&mut self, stats: MediaEgressStats) {
        let mid = stats.mid;
        if let Some(line) = self.line(&mid) {
            line.reported_loss = stats.loss.or(line.reported_loss);
            line.egress = Some(stats);
        }
        let sound = self.lines.values().filter(|line| line.kind == Kind::Audio && line.send.is_some());
        let percent = sound.map(LineState::percent_lost).max().unwrap_or(0);
        if percent != self.sound_lost {
            self.sound_lost = percent;
            self.events.push_back(Event::SoundLost { percent });
        }
    }

    /// The state of a line that is negotiated.
    fn line(&mut self, mid: &str) -> Option<&mut LineState> {
        if !self.lines.contains_key(mid) {
            let kind = self.rtc.media(Mid::from(mid))?.kind();
            if self.lines.len() >= 2 * SDP_LINES {
                return None;
            }
            self.lines.insert(mid.to_owned(), LineState::new(Mid::from(mid), kind));
        }
        self.lines.get_mut(mid)
    }
}

/// Gives str0m a frame or packet if the line takes it, and tells how it goes out. Reports of the sender tell when it was
/// recorded.
fn write(
    rtc: &mut str0m::Rtc,
    mid: Mid,
    codec: RtpCodec,
    (time, recorded): (MediaTime, Instant),
    data: &Arc<[u8]>,
) -> Option<PayloadParams> {
    if !rtc.media(mid)?.direction().is_sending() {
        return None;
    }
    let writer = rtc.writer(mid)?;
    let params = *writer.payload_params().find(|params| params.spec().codec == codec)?;
    writer.write(params.pt(), recorded, time, Arc::clone(data)).ok()?;
    Some(params)
}

const _: () = assert!(SAMPLE_RATE == 48_000, "send_sound counts in samples");
