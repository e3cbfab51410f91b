use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits::NAME_CHARS;

/// A participant within its room, numbered from 1 in the order of joining and never reused there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct ParticipantId(pub u32);

/// What a member of a room does there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Takes a seat: is seen, counted and called.
    #[default]
    Participant,
    /// Sees who is there; has no seat, is not counted and cannot signal. Needs the access token.
    Observer,
}

/// Whether a participant sends sound and picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MediaState {
    /// The microphone is on.
    pub microphone: bool,
    /// The camera is on.
    pub camera: bool,
    /// A screen, window or tab is shared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>", optional))]
    pub screen: bool,
}

/// A raised hand: its place in the order in which hands went up in this room. Who raises it again gets a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Hand(pub u32);

/// What a person shows for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Reaction {
    /// Agrees.
    ThumbsUp,
    /// Applauds.
    Clap,
    /// Loves it.
    Heart,
    /// Laughs.
    Laugh,
    /// Is surprised.
    Surprise,
    /// Celebrates.
    Party,
}

/// Whether the server can reach a participant now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Its link is up.
    Here,
    /// Its link is lost; its seat is kept for [`crate::limits::GRACE`].
    Reconnecting,
}

/// A colour that a person chose to be known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// As named; each page has its own shade of it.
    Red,
    /// As named.
    Orange,
    /// As named.
    Yellow,
    /// As named.
    Green,
    /// As named.
    Teal,
    /// As named.
    Blue,
    /// As named.
    Purple,
    /// As named.
    Pink,
}

impl Colour {
    /// A colour of a newer version is none.
    pub(crate) fn if_known<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wished {
            Known(Colour),
            Unknown(serde::de::IgnoredAny),
        }
        Ok(match Wished::deserialize(deserializer)? {
            Wished::Known(colour) => Some(colour),
            Wished::Unknown(_) => None,
        })
    }
}

/// A participant as the others see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Who it is.
    pub id: ParticipantId,
    /// Which of its sessions this is, from 1. A page that starts anew in its old seat has the
    /// next one: what was negotiated with the one before is void.
    pub session: u32,
    /// Its name, unique in the room.
    pub name: DisplayName,
    /// The colour that it chose, if any.
    #[serde(default, deserialize_with = "Colour::if_known", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub colour: Option<Colour>,
    /// What its page can do; unknown entries are to be ignored.
    pub capabilities: Vec<String>,
    /// What it sends.
    pub state: MediaState,
    /// Whether it can be reached.
    pub presence: Presence,
    /// Its hand, if that is up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub hand: Option<Hand>,
}

/// A name that can be shown as it is: 1 to [`NAME_CHARS`] characters, no control and no
/// bidirectional formatting characters, no space at either end. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct DisplayName(String);

/// What a page calls its own person, in each language of the interface and in lower case.
const RESERVED_NAMES: [&str; 2] = ["you", "你"];

impl DisplayName {
    /// Checks a name after removing the space around it.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.chars().any(is_invisible) {
            return Err("a name has no control, text direction or invisible characters");
        }
        if text.chars().all(|character| is_joiner(character) || character.is_whitespace()) {
            return Err("a name has at least one character");
        }
        match text.chars().take(NAME_CHARS + 1).count() {
            0..=NAME_CHARS => Ok(Self(text.to_owned())),
            _ => Err("a name has at most 64 characters"),
        }
    }

    /// The name for the `n`th who asked for it: `Guest`, `Guest 2`. Cuts the name where the
    /// number would make it too long.
    pub fn numbered(&self, n: usize) -> Self {
        if n < 2 {
            return self.clone();
        }
        let suffix = format!(" {n}");
        let kept: String = self.0.chars().take(NAME_CHARS - suffix.len()).collect();
        Self(format!("{}{suffix}", kept.trim_end()))
    }

    /// Whether pages show their own person under this name: nobody else may have it.
    pub fn is_reserved(&self) -> bool {
        RESERVED_NAMES.iter().any(|reserved| self.0.to_lowercase() == *reserved)
    }

    /// The text itself, for the wire and for people in the room.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that change how a line is read without being seen: controls (Cc), line and
/// paragraph separators, the marks, embeddings, overrides and isolates of UAX #9, and fillers
/// that look like nothing.
fn is_invisible(character: char) -> bool {
    const INVISIBLE: [std::ops::RangeInclusive<char>; 13] = [
        '\u{ad}'..='\u{ad}',
        '\u{34f}'..='\u{34f}',
        '\u{61c}'..='\u{61c}',
        '\u{115f}'..='\u{1160}',
        '\u{17b4}'..='\u{17b5}',
        '\u{180e}'..='\u{180e}',
        '\u{200b}'..='\u{200b}',
        '\u{200e}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{2069}',
        '\u{3164}'..='\u{3164}',
        '\u{feff}'..='\u{feff}',
        '\u{ffa0}'..='\u{ffa0}',
    ];
    character.is_control() || INVISIBLE.iter().any(|range| range.contains(&character))
}

/// Characters that only change what is beside them: joiners, and selectors of a variant.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisplayName(…)")
    }
}

impl<'de> Deserialize<'de> for DisplayName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_kept() {
        for (given, kept) in [("Ada", "Ada"), ("  Ада  ", "Ада"), ("李明", "李明"), ("👩‍👩‍👧", "👩‍👩‍👧")]
        {
            assert_eq!(DisplayName::parse(given).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn names_that_would_mislead_are_refused() {
        for text in [
            "",
            " \t ",
            "a\0b",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{2028}b",
            "a\nb",
            "\u{ad}",
            "\u{3164}",
            "\u{200d} \u{fe0f}",
            &"x".repeat(65),
        ] {
            assert!(DisplayName::parse(text).is_err(), "{text:?}");
        }
        assert!(DisplayName::parse(&"é".repeat(64)).is_ok());
    }

    #[test]
    fn a_number_never_makes_a_name_too_long() {
        let long = DisplayName::parse(&"名".repeat(64)).unwrap().numbered(12);
        assert_eq!(long.as_str().chars().count(), 64);
        assert!(long.as_str().ends_with("名 12"));
        assert_eq!(DisplayName::parse("Guest").unwrap().numbered(2).as_str(), "Guest 2");
    }
}
