/// Why there is no sound.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// Opus gave no encoder or decoder, or did not take a setting.
    #[error("The sound codec could not be set up.")]
    Codec(#[source] opus::Error),
    /// A block could not be encoded.
    #[error("Sound could not be encoded.")]
    Encode(#[source] opus::Error),
    /// The echo canceller or its fellows refused a block.
    #[error("Sound from the microphone could not be cleaned.")]
    Processing,
}

impl AudioError {
    /// A stable code for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Codec(_) => "audio-codec",
            Self::Encode(_) => "audio-encode",
            Self::Processing => "audio-processing",
        }
    }
}
