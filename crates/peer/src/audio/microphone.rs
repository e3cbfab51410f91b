use opus::{Application, Bitrate, Channels, Encoder, Signal};

use super::cleaning::Cleaning;
use super::level::Level;
use super::{AudioError, PACKET, PacketSamples, SAMPLE_RATE};

/// The most bytes that Opus makes of 20 ms.
const MAX_PAYLOAD: usize = 1275;

/// Bits in a second of speech while all of it arrives. Opus then transforms it as it does music (CELT), which takes
/// a third of the time of modelling a voice (SILK) and is as good at this rate, but cannot be mended by copies.
const SPEECH_BITRATE: i32 = 64_000;

/// Bits in a second of speech while packets get lost: modelled, with copies of what the packet before said.
const MENDED_SPEECH_BITRATE: i32 = 40_000;

/// Bits in a second of sound that is not known to be speech.
const MUSIC_BITRATE: i32 = 96_000;

/// How hard Opus tries, of 10, where it transforms: more than 3 takes a third longer, and at this rate brings little.
const SPEECH_COMPLEXITY: i32 = 3;

/// How hard Opus tries otherwise. Where a voice is modelled the steps up to 9 cost an eighth more, and at these
/// bitrates bring little; below 2 it takes only one look at each sample, which is heard.
const COMPLEXITY: i32 = 6;

/// What is done to the sound of a source, as W3C's constraints name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Processing {
    /// Takes out what the page itself plays.
    pub echo_cancellation: bool,
    /// Takes out steady noise.
    pub noise_suppression: bool,
    /// Brings quiet and loud voices to one level.
    pub auto_gain_control: bool,
}

impl Processing {
    /// Whether the sound passes untouched: music, or the sound of a shared screen.
    fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Twenty milliseconds of encoded sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// What goes into one RTP packet.
    pub payload: Vec<u8>,
    /// How many samples at 48 kHz the source gave before this packet's first: an RTP time without its offset.
    pub time: u64,
}

/// How a source does, in the terms of W3C's `media-source` statistics.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SourceStats {
    /// Loudness of what is sent: linear, 1 is full scale.
    pub audio_level: f64,
    /// Sum of the squared level over time.
    pub total_audio_energy: f64,
    /// Seconds of sound so far.
    pub total_samples_duration: f64,
    /// How much weaker the echo is than what was played, in dB; `None` without echo cancellation.
    pub echo_return_loss: Option<f64>,
    /// How much of the echo the canceller takes out by its filter alone, in dB.
    pub echo_return_loss_enhancement: Option<f64>,
}

/// One source of sound: cleaned, and encoded once for all who hear it.
pub struct Microphone {
    cleaning: Option<Box<Cleaning>>,
    encoder: Encoder,
    speech: bool,
    expected_loss: u8,
    time: u64,
    level: Level,
}

impl Microphone {
    /// A source at the beginning of its time.
    pub fn new(processing: Processing) -> Result<Self, AudioError> {
        Ok(Self {
            cleaning: (!processing.is_none()).then(|| Box::new(Cleaning::new(processing))),
            encoder: encoder(processing).map_err(AudioError::Codec)?,
            speech: !processing.is_none(),
            expected_loss: 0,
            time: 0,
            level: Level::default(),
        })
    }

    /// Takes the next 20 ms: what the microphone heard (`near`) and what the page played meanwhile (`far`).
    pub fn push(&mut self, near: &PacketSamples, far: &PacketSamples) -> Result<Packet, AudioError> {
        let mut sound = [0; PACKET];
        let ends = near.as_chunks().0.iter().zip(far.as_chunks().0);
        for (cleaned, (near, far)) in sound.as_chunks_mut().0.iter_mut().zip(ends) {
            *cleaned = match &mut self.cleaning {
                Some(cleaning) => cleaning.clean(near, far)?,
                None => *near,
            };
            self.level.measure(cleaned);
        }
        let payload = self.encoder.encode_vec(&sound, MAX_PAYLOAD).map_err(AudioError::Encode)?;
        let time = self.time;
        self.time += PACKET as u64;
        Ok(Packet { payload, time })
    }

    /// Tells what share of the packets gets lost on the way, in percent; none until told. Copies of speech are sent
    /// for those that are lost, the more room they get the more are. Other sound has none.
    pub fn set_expected_loss(&mut self, percent: u8) -> Result<(), AudioError> {
        let percent = percent.min(100);
        if !self.speech || percent == self.expected_loss {
            return Ok(());
        }
        self.expected_loss = percent;
        expect_loss(&mut self.encoder, percent).map_err(AudioError::Codec)
    }

    /// How the source does.
    pub fn stats(&self) -> SourceStats {
        let echo = self.cleaning.as_ref().map(|cleaning| cleaning.stats());
        SourceStats {
            audio_level: self.level.level(),
            total_audio_energy: self.level.energy(),
            total_samples_duration: self.level.duration(),
            echo_return_loss: echo.and_then(|echo| echo.echo_return_loss),
            echo_return_loss_enhancement: echo.and_then(|echo| echo.echo_return_loss_enhancement),
        }
    }
}

fn encoder(processing: Processing) -> Result<Encoder, opus::Error> {
    let speech = !processing.is_none();
    let application = if speech { Application::Voip } else { Application::Audio };
    let mut encoder = Encoder::new(SAMPLE_RATE, Channels::Mono, application)?;
    encoder.set_dtx(false)?;
    if speech {
        encoder.set_inband_fec(true)?;
        expect_loss(&mut encoder, 0)?;
    } else {
        encoder.set_complexity(COMPLEXITY)?;
        encoder.set_bitrate(Bitrate::Bits(MUSIC_BITRATE))?;
    }
    Ok(encoder)
}

/// Has speech encoded for a way on which so many percent of the packets get lost.
fn expect_loss(encoder: &mut Encoder, percent: u8) -> Result<(), opus::Error> {
    let (signal, bitrate, complexity) = match percent {
        0 => (Signal::Music, SPEECH_BITRATE, SPEECH_COMPLEXITY),
        _ => (Signal::Voice, MENDED_SPEECH_BITRATE, COMPLEXITY),
    };
    encoder.set_signal(signal)?;
    encoder.set_complexity(complexity)?;
    encoder.set_bitrate(Bitrate::Bits(bitrate))?;
    encoder.set_packet_loss_perc(i32::from(percent))
}
