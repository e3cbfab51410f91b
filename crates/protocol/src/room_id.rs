use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Digits of a room ID.
const DIGITS: usize = 9;

/// The nine digits that a person types to join a room. `Debug` hides them: the ID admits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(u32);

impl RoomId {
    /// How many different tags there are: three digits.
    pub const TAGS: u16 = 1_000;

    /// How many different IDs of one tag there are: six digits.
    pub const SECRETS: u32 = 1_000_000;

    /// How many different IDs there are.
    pub const COUNT: u32 = Self::TAGS as u32 * Self::SECRETS;

    /// The ID with this number; `None` from [`Self::COUNT`] on.
    pub fn from_number(number: u32) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// The ID with this tag and these six digits after it; `None` if either is too large.
    pub fn from_parts(tag: u16, secret: u32) -> Option<Self> {
        (tag < Self::TAGS && secret < Self::SECRETS).then(|| Self(u32::from(tag) * Self::SECRETS + secret))
    }

    /// Reads exactly nine ASCII digits; spaces and dashes between them are allowed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut number = 0;
        let mut digits = 0;
        for character in text.trim().chars() {
            match character {
                '0'..='9' if digits < DIGITS => {
                    number = number * 10 + (character as u32 - '0' as u32);
                    digits += 1;
                }
                ' ' | '-' | '\u{a0}' | '\u{2009}' | '\u{2011}' => {}
                _ => return None,
            }
        }
        (digits == DIGITS).then_some(Self(number))
    }

    /// The nine digits without a gap.
    pub fn digits(self) -> String {
        format!("{:0DIGITS$}", self.0)
    }

    /// The digits in groups of three, as people read them.
    pub fn grouped(self) -> String {
        let digits = self.digits();
        format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..])
    }

    /// The first three digits, 0 to 999: they may be told to a host before it has proved itself.
    pub fn tag(self) -> u16 {
        // Three digits always fit.
        (self.0 / Self::SECRETS) as u16
    }
}

impl fmt::Debug for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomId(…)")
    }
}

impl Serialize for RoomId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.digits())
    }
}

impl<'de> Deserialize<'de> for RoomId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a room ID has nine digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_person_may_type() {
        for text in ["482193775", "482 193 775", " 482-193-775 ", "482\u{a0}193\u{2011}775"] {
            assert_eq!(RoomId::parse(text).map(RoomId::digits).as_deref(), Some("482193775"), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in ["", "48219377", "4821937755", "48219377a", "482.193.775", "٤٨٢١٩٣٧٧٥", "4294967296"]
        {
            assert_eq!(RoomId::parse(text), None, "{text}");
        }
        assert_eq!(RoomId::from_number(RoomId::COUNT), None);
    }

    #[test]
    fn keeps_leading_zeros() {
        let id = RoomId::from_number(42).unwrap();
        assert_eq!((id.digits().as_str(), id.grouped().as_str(), id.tag()), ("000000042", "000 000 042", 0));
        assert_eq!(RoomId::parse("987 654 321").unwrap().tag(), 987);
    }

    #[test]
    fn is_made_of_a_tag_and_a_secret() {
        assert_eq!(RoomId::from_parts(987, 654_321), RoomId::parse("987 654 321"));
        assert_eq!(RoomId::from_parts(0, 7).unwrap().digits(), "000000007");
        assert_eq!(RoomId::from_parts(RoomId::TAGS, 0), None);
        assert_eq!(RoomId::from_parts(u16::MAX, u32::MAX), None);
        assert_eq!(RoomId::from_parts(0, RoomId::SECRETS), None);
    }

    #[test]
    fn debug_output_hides_the_digits() {
        assert_eq!(format!("{:?}", RoomId::from_number(482_193_775)), "Some(RoomId(…))");
    }
}
