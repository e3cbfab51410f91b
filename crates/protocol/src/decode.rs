//! From the bytes of a WebSocket message to a [`ClientFrame`], or to the reason why not.

use std::fmt;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::client::ClientFrame;
use crate::error::ErrorCode;
use crate::limits::MESSAGE_BYTES;

/// Longest part of a refused message that is repeated in its error.
const QUOTE_CHARS: usize = 120;

/// Why a message from a client could not be read.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong.
    pub code: ErrorCode,
    /// The same as a sentence. Goes back to the sender only: it may quote the message.
    pub message: String,
    /// The message's `seq`, if at least that could be read: it counts as received.
    pub seq: Option<u64>,
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("code", &self.code)
            .field("seq", &self.seq)
            .finish_non_exhaustive()
    }
}

/// Reads one message of a client and checks its limits. Never recurses deeper than serde_json's
/// own limit of 128 levels.
///
/// # Errors
/// What is wrong, as a code, a sentence and the `seq` if there is one.
pub fn decode_client_frame(text: &str) -> Result<ClientFrame, DecodeError> {
    if text.len() > MESSAGE_BYTES {
        let message = format!("A message has at most {MESSAGE_BYTES} bytes.");
        return Err(DecodeError { code: ErrorCode::TooLarge, message, seq: seq_of(text) });
    }
    // serde would read a list as the fields in their order; the protocol knows objects only.
    if !text.trim_start().starts_with('{') {
        return Err(classify(text, true, "it is not a JSON object"));
    }
    let frame: ClientFrame =
        serde_json::from_str(text).map_err(|error| classify(text, error.is_data(), &error.to_string()))?;
    match frame.flaw() {
        None => Ok(frame),
        Some(flaw) => {
            let seq = frame.seq.filter(|seq| *seq > 0);
            Err(DecodeError { code: ErrorCode::InvalidField, message: sentence(flaw), seq })
        }
    }
}

/// What is left of a frame whose message cannot be read.
#[derive(Deserialize)]
struct Numbered {
    seq: Option<u64>,
}

/// A message of whatever type.
#[derive(Deserialize)]
struct Tagged<'a> {
    #[serde(borrow)]
    message: Tag<'a>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'a, str>,
}

/// `well_formed`: as far as it was read.
fn classify(text: &str, well_formed: bool, flaw: &str) -> DecodeError {
    if !well_formed || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return DecodeError { code: ErrorCode::MalformedJson, message: sentence(flaw), seq: None };
    }
    let seq = seq_of(text);
    match serde_json::from_str::<Tagged<'_>>(text) {
        Ok(Tagged { message: Tag { kind } }) if !is_known(&kind) => {
            let message = ErrorCode::UnknownMessage.sentence().to_owned();
            DecodeError { code: ErrorCode::UnknownMessage, message, seq }
        }
        Ok(_) | Err(_) => DecodeError { code: ErrorCode::InvalidField, message: sentence(flaw), seq },
    }
}

/// The frame's number, whatever else is wrong with it: the message then counts as received.
fn seq_of(text: &str) -> Option<u64> {
    let is_object = text.trim_start().starts_with('{');
    let numbered = is_object.then(|| serde_json::from_str::<Numbered>(text).ok()).flatten()?;
    numbered.seq.filter(|seq| *seq > 0)
}

fn is_known(kind: &str) -> bool {
    matches!(
        kind,
        "hello" | "create" | "join" | "leave" | "signal" | "state" | "hand" | "react" | "vouch" | "pong"
    )
}

fn sentence(flaw: &str) -> String {
    let short: String = flaw.chars().filter(|character| !character.is_control()).take(QUOTE_CHARS).collect();
    format!("This message cannot be used: {short}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (ErrorCode, Option<u64>) {
        let error = decode_client_frame(text).unwrap_err();
        assert!(error.message.ends_with('.') && error.message.len() < 600, "{}", error.message);
        (error.code, error.seq)
    }

    #[test]
    fn each_flaw_has_its_code_and_keeps_the_sequence() {
        for (text, code, seq) in [
            ("", ErrorCode::MalformedJson, None),
            ("{", ErrorCode::MalformedJson, None),
            ("{\"message\":{\"type\":\"leave\"}", ErrorCode::MalformedJson, None),
            (r#"{"seq":"x","message""#, ErrorCode::MalformedJson, None),
            ("nonsense", ErrorCode::MalformedJson, None),
            ("[]", ErrorCode::InvalidField, None),
            (r#"[1,0,{"type":"leave"}]"#, ErrorCode::InvalidField, None),
            ("7", ErrorCode::InvalidField, None),
            ("{}", ErrorCode::InvalidField, None),
            (r#"{"seq":4,"message":{}}"#, ErrorCode::InvalidField, Some(4)),
            (r#"{"seq":4,"message":{"type":5}}"#, ErrorCode::InvalidField, Some(4)),
            (r#"{"seq":4,"message":"leave"}"#, ErrorCode::InvalidField, Some(4)),
            (r#"{"seq":4,"message":["leave"]}"#, ErrorCode::InvalidField, Some(4)),
            (r#"{"seq":4,"message":{"type":"leave"},"message":7}"#, ErrorCode::InvalidField, Some(4)),
            (r#"{"seq":0,"message":{"type":"leave"}}"#, ErrorCode::InvalidField, None),
            (
                r#"{"seq":4,"message":{"type":"signal","to":1,"signal":{"candidate":["x"]}}}"#,
                ErrorCode::InvalidField,
                Some(4),
            ),
            (r#"{"seq":4,"message":{"type":"dance"}}"#, ErrorCode::UnknownMessage, Some(4)),
            (r#"{"seq":4,"message":{"type":"signal","to":1}}"#, ErrorCode::InvalidField, Some(4)),
            (
                r#"{"seq":4,"message":{"type":"signal","to":"x","signal":{}}}"#,
                ErrorCode::InvalidField,
                Some(4),
            ),
            (r#"{"message":{"type":"join","room":"12","name":"A"}}"#, ErrorCode::InvalidField, None),
            (
                r#"{"message":{"type":"join","room":"123456789","name":"\u202e"}}"#,
                ErrorCode::InvalidField,
                None,
            ),
            (r#"{"message":{"type":"create","name":"A","capacity":1}}"#, ErrorCode::InvalidField, None),
            (r#"{"message":{"type":"hello","versions":[]}}"#, ErrorCode::InvalidField, None),
            (r#"{"seq":-1,"message":{"type":"leave"}}"#, ErrorCode::InvalidField, None),
        ] {
            assert_eq!(refusal(text), (code, seq), "{text}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        assert_eq!(refusal(&"[".repeat(60_000)).0, ErrorCode::MalformedJson);
        let deep =
            format!(r#"{{"message":{{"type":"leave","x":{}0{}}}}}"#, "[".repeat(20_000), "]".repeat(20_000));
        assert!(decode_client_frame(&deep).is_err());
        assert_eq!(refusal(&" ".repeat(MESSAGE_BYTES + 1)), (ErrorCode::TooLarge, None));
        let long = format!(r#"{{"seq":4,"message":{{"type":"leave","x":"{}"}}}}"#, "x".repeat(MESSAGE_BYTES));
        assert_eq!(refusal(&long), (ErrorCode::TooLarge, Some(4)));
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert!(decode_client_frame(r#"{"seq":1,"new":true,"message":{"type":"leave","more":[1]}}"#).is_ok());
    }
}
