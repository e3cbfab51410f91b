use opus::{Application, Bitrate, Channels, Encoder, Signal};
use sonora::config::{
    AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, MaxProcessingRate, NoiseSuppression,
    NoiseSuppressionLevel, Pipeline,
};
use sonora::{AudioProcessing, Config, StreamConfig};

use super::level::Level;
use super::{AudioError, BLOCK, Block, SAMPLE_RATE};

/// Samples in a packet: 20 ms, what WebRTC sends.
const PACKET: usize = 2 * BLOCK;

/// The most bytes that Opus makes of 20 ms.
const MAX_PAYLOAD: usize = 1275;

/// Bits in a second of speech: its whole band, with room for the copies that mend losses.
const SPEECH_BITRATE: u32 = 40_000;

/// Bits in a second of sound that is not known to be speech.
const MUSIC_BITRATE: u32 = 96_000;

/// What a caller may ask for: below, Opus narrows the band; above, mono gains nothing.
const BITRATES: std::ops::RangeInclusive<u32> = 16_000..=128_000;

/// How hard Opus tries, of 10. The steps up to 9 cost an eighth more of a microphone's time, and at these bitrates
/// bring little; below 2 it takes only one look at each sample, which is heard.
const COMPLEXITY: i32 = 6;

/// Percent of packets lost that the encoder counts on until told otherwise: enough to send copies of speech.
const EXPECTED_LOSS: u8 = 5;

/// Where gain control begins, in dB: an ordinary voice ends up near it. Each dB more is a dB more of the echo in the
/// first second, before the canceller knows the room.
const INITIAL_GAIN: f32 = 6.0;

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
    cleaning: Option<Box<AudioProcessing>>,
    encoder: Encoder,
    pending: Vec<i16>,
    time: u64,
    level: Level,
}

impl Microphone {
    /// A source at the beginning of its time.
    pub fn new(processing: Processing) -> Result<Self, AudioError> {
        Ok(Self {
            cleaning: (!processing.is_none()).then(|| Box::new(cleaning(processing))),
            encoder: encoder(processing).map_err(AudioError::Codec)?,
            pending: Vec::with_capacity(PACKET),
            time: 0,
            level: Level::default(),
        })
    }

    /// Takes the next 10 ms: what the microphone heard (`near`) and what the page played meanwhile (`far`).
    /// Every second block completes a packet.
    pub fn push(&mut self, near: &Block, far: &Block) -> Result<Option<Packet>, AudioError> {
        let block = self.clean(near, far)?;
        self.level.measure(&block);
        self.pending.extend_from_slice(&block);
        if self.pending.len() < PACKET {
            return Ok(None);
        }
        let payload = self.encoder.encode_vec(&self.pending, MAX_PAYLOAD).map_err(AudioError::Encode)?;
        self.pending.clear();
        let time = self.time;
        self.time += PACKET as u64;
        Ok(Some(Packet { payload, time }))
    }

    fn clean(&mut self, near: &Block, far: &Block) -> Result<Block, AudioError> {
        let Some(cleaning) = &mut self.cleaning else { return Ok(*near) };
        let mut played = [0; BLOCK];
        cleaning.process_render_i16(far, &mut played).map_err(|_| AudioError::Processing)?;
        let mut cleaned = [0; BLOCK];
        cleaning.process_capture_i16(near, &mut cleaned).map_err(|_| AudioError::Processing)?;
        Ok(cleaned)
    }

    /// Sets how many bits a second of sound takes, within what makes sense for mono.
    pub fn set_bitrate(&mut self, bits_per_second: u32) -> Result<(), AudioError> {
        let bits = bits_per_second.clamp(*BITRATES.start(), *BITRATES.end());
        self.encoder.set_bitrate(Bitrate::Bits(bits.cast_signed())).map_err(AudioError::Codec)
    }

    /// Tells what share of the packets gets lost on the way: the more, the more room copies of speech get.
    pub fn set_expected_loss(&mut self, percent: u8) -> Result<(), AudioError> {
        self.encoder.set_packet_loss_perc(i32::from(percent.min(100))).map_err(AudioError::Codec)
    }

    /// How the source does.
    pub fn stats(&self) -> SourceStats {
        let echo = self.cleaning.as_ref().map(|cleaning| cleaning.statistics());
        SourceStats {
            audio_level: self.level.level(),
            total_audio_energy: self.level.energy(),
            total_samples_duration: self.level.duration(),
            echo_return_loss: echo.and_then(|echo| echo.echo_return_loss),
            echo_return_loss_enhancement: echo.and_then(|echo| echo.echo_return_loss_enhancement),
        }
    }
}

fn cleaning(processing: Processing) -> AudioProcessing {
    let mono = StreamConfig::new(SAMPLE_RATE, 1);
    let config = Config {
        pipeline: Pipeline {
            // What a voice has above 16 kHz is not worth an eighth more time.
            maximum_internal_processing_rate: MaxProcessingRate::Rate32kHz,
            ..Pipeline::default()
        },
        high_pass_filter: Some(HighPassFilter::default()),
        echo_canceller: processing.echo_cancellation.then(EchoCanceller::default),
        noise_suppression: processing
            .noise_suppression
            .then(|| NoiseSuppression { level: NoiseSuppressionLevel::High, ..NoiseSuppression::default() }),
        gain_controller2: processing.auto_gain_control.then(|| GainController2 {
            adaptive_digital: Some(AdaptiveDigital {
                initial_gain_db: INITIAL_GAIN,
                ..AdaptiveDigital::default()
            }),
            ..GainController2::default()
        }),
        ..Config::default()
    };
    AudioProcessing::builder().config(config).capture_config(mono).render_config(mono).build()
}

fn encoder(processing: Processing) -> Result<Encoder, opus::Error> {
    let (application, signal, bitrate) = if processing.is_none() {
        (Application::Audio, Signal::Auto, MUSIC_BITRATE)
    } else {
        (Application::Voip, Signal::Voice, SPEECH_BITRATE)
    };
    let mut encoder = Encoder::new(SAMPLE_RATE, Channels::Mono, application)?;
    encoder.set_complexity(COMPLEXITY)?;
    encoder.set_signal(signal)?;
    encoder.set_bitrate(Bitrate::Bits(bitrate.cast_signed()))?;
    encoder.set_inband_fec(true)?;
    encoder.set_packet_loss_perc(i32::from(EXPECTED_LOSS))?;
    encoder.set_dtx(false)?;
    Ok(encoder)
}
