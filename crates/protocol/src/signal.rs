use serde::{Deserialize, Serialize};

use crate::limits::{CANDIDATE_BYTES, SDP_BYTES};
use crate::object::object;
use crate::private::{CandidateLine, Sdp};

/// What one participant tells another to set up their media: exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Signal {
    /// A session description.
    #[serde(deserialize_with = "object")]
    Description(Description),
    /// A candidate, or with an empty line the end of candidates.
    #[serde(deserialize_with = "object")]
    Candidate(Candidate),
}

/// `RTCSessionDescriptionInit` (W3C webrtc-pc, section 4.6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Description {
    /// Offer or answer.
    #[serde(rename = "type")]
    pub kind: DescriptionKind,
    /// At most [`SDP_BYTES`] long.
    pub sdp: Sdp,
}

/// `RTCSdpType` without the kinds that need no other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DescriptionKind {
    /// Proposes a session.
    Offer,
    /// Accepts an offer.
    Answer,
}

/// `RTCIceCandidateInit` (W3C webrtc-pc, section 4.8.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// At most [`CANDIDATE_BYTES`] long.
    pub candidate: CandidateLine,
    /// The media line's tag.
    #[serde(default)]
    pub sdp_mid: Option<String>,
    /// The media line's place, from 0.
    #[serde(default)]
    pub sdp_m_line_index: Option<u16>,
    /// The ICE user name fragment of the generation it belongs to.
    #[serde(default)]
    pub username_fragment: Option<String>,
}

impl Signal {
    /// Bytes that keeping this signal takes, about.
    pub fn size(&self) -> usize {
        let text_len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        match self {
            Self::Description(description) => description.sdp.expose().len(),
            Self::Candidate(candidate) => {
                candidate.candidate.expose().len()
                    + text_len(&candidate.sdp_mid)
                    + text_len(&candidate.username_fragment)
            }
        }
    }

    /// Whether every text is within its limit.
    pub fn is_within_limits(&self) -> bool {
        match self {
            Self::Description(_) => self.size() <= SDP_BYTES,
            Self::Candidate(_) => self.size() <= CANDIDATE_BYTES,
        }
    }
}
