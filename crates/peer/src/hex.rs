//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

/// In capitals, with `between` between every two bytes.
pub fn encode(bytes: &[u8], between: &str) -> String {
    let mut text = String::with_capacity(3 * bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        let between = if index == 0 { "" } else { between };
        let _ = write!(text, "{between}{byte:02X}");
    }
    text
}

/// What digits without anything between them say. `None`: they are none.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        assert_eq!(encode(&[0, 0xab, 0x10], ":"), "00:AB:10");
        assert_eq!(decode(&encode(&[0, 0xab, 0x10], "")), Some(vec![0, 0xab, 0x10]));
        assert_eq!(decode("ABC"), None);
        assert_eq!(decode("xy"), None);
    }
}
