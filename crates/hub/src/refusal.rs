use std::borrow::Cow;
use std::time::Duration;

use visavis_protocol::{DecodeError, ErrorCode, ServerMessage};

/// Why a message is not obeyed: the one way from a failure to an `error` on the wire.
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    sentence: Cow<'static, str>,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// With a sentence that says more than the code's own.
    pub(crate) fn saying(code: ErrorCode, sentence: &'static str) -> Self {
        Self { code, sentence: sentence.into(), retry_after: None }
    }

    pub(crate) fn try_later(wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..Self::from(ErrorCode::TryLater) }
    }

    /// The message; `of` is the `seq` that is refused.
    pub(crate) fn into_message(self, of: Option<u64>) -> ServerMessage {
        // Rounded up, so that who waits exactly that long is not early.
        let retry_after_ms = self.retry_after.map(|wait| wait.as_nanos().div_ceil(1_000_000) as u64);
        ServerMessage::Error {
            code: self.code,
            message: self.sentence.into_owned(),
            of,
            retry_after_ms,
            tried: None,
        }
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::saying(code, code.sentence())
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Self { code: error.code, sentence: error.message.into(), retry_after: None }
    }
}
