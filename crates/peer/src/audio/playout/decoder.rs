use opus::Channels;

use super::super::{AudioError, SAMPLE_RATE};

/// The longest packet of Opus: 120 ms.
pub(super) const MAX_PACKET: usize = 5760;

/// The shortest piece that Opus conceals: 2.5 ms.
pub(super) const CONCEALMENT_STEP: usize = 120;

/// Frames shorter than this are never speech-coded.
const SPEECH_FRAME: usize = 960;

/// Opus with its concealment; stereo comes out mixed to mono. What it cannot decode is silence.
pub(super) struct Decoder {
    opus: opus::Decoder,
    samples: Box<[i16; MAX_PACKET]>,
}

impl Decoder {
    pub(super) fn new() -> Result<Self, AudioError> {
        let opus = opus::Decoder::new(SAMPLE_RATE, Channels::Mono).map_err(AudioError::Codec)?;
        Ok(Self { opus, samples: Box::new([0; MAX_PACKET]) })
    }

    /// The sound of a packet that lasts `duration`; `None` if there is none in it.
    pub(super) fn decode(&mut self, payload: &[u8], duration: usize) -> Option<&[i16]> {
        let decoded = self.opus.decode(payload, &mut self.samples[..], false).ok()?;
        (decoded == duration).then(|| &self.samples[..decoded])
    }

    /// The sound of a lost packet as far as the packet after it, which lasts as long, carries a copy.
    pub(super) fn recover(&mut self, following: &[u8], duration: usize) -> &[i16] {
        self.decode_lost(following, duration)
    }

    /// A continuation of what was decoded last, in whole steps of [`CONCEALMENT_STEP`].
    pub(super) fn conceal(&mut self, duration: usize) -> &[i16] {
        self.decode_lost(&[], duration)
    }

    fn decode_lost(&mut self, following: &[u8], duration: usize) -> &[i16] {
        let samples = &mut self.samples[..duration.min(MAX_PACKET)];
        if self.opus.decode(following, samples, !following.is_empty()).is_err() {
            samples.fill(0);
        }
        samples
    }
}

/// How many samples a packet lasts; `None` if it is no Opus.
pub(super) fn duration(payload: &[u8]) -> Option<usize> {
    opus::packet::get_nb_samples(payload, SAMPLE_RATE).ok().filter(|&samples| samples <= MAX_PACKET)
}

/// Whether the packet carries a copy of the speech before it (RFC 6716, section 4.2.4): a flag that follows the
/// voice flags of its first frame.
pub(super) fn carries_copy(payload: &[u8]) -> bool {
    /// Configurations from here on are not speech-coded.
    const FIRST_MUSIC_CONFIG: u8 = 16;
    let Some(toc) = payload.first() else { return false };
    if toc >> 3 >= FIRST_MUSIC_CONFIG {
        return false;
    }
    let (Ok(per_frame), Ok(packet)) =
        (opus::packet::get_samples_per_frame(payload, SAMPLE_RATE), opus::packet::parse(payload))
    else {
        return false;
    };
    let Some(&flags) = packet.frames.first().and_then(|frame| frame.first()) else { return false };
    let voice_flags = (per_frame / SPEECH_FRAME).max(1);
    let stereo = toc & 4 != 0;
    let middle = flags >> (7 - voice_flags) & 1 == 1;
    let side = stereo && flags >> (6 - 2 * voice_flags) & 1 == 1;
    middle || side
}
