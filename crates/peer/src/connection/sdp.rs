//! Session descriptions as text: what str0m does not look at before it changes its state, and what it writes
//! differently from what was asked.

use crate::wire::limits::{MID_BYTES, REMOTE_CANDIDATES, SDP_BYTES, SDP_LINES};
use crate::wire::{AnswerLine, Direction, Kind, RefusalCode};

use super::error::Refusal;

/// A description without any line, as W3C has it where nothing is to be exchanged; str0m has none.
pub const EMPTY: &str = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

/// What a media line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Sound or picture.
    Media(Kind),
    /// Data channels.
    Data,
}

/// A media line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub mid: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The stream of its `a=msid`, if it belongs to one.
    pub stream: Option<String>,
}

/// What is looked at of the other side's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// In their order.
    pub lines: Vec<Line>,
    /// How many candidates it holds.
    pub candidates: usize,
}

fn unusable(message: &str) -> Refusal {
    Refusal::new(RefusalCode::NotUsable, message)
}

/// Reads a description of the other side far enough to know that str0m can be given it.
///
/// # Errors
/// Why it cannot.
pub fn inspect(sdp: &str) -> Result<Description, Refusal> {
    if sdp.len() > SDP_BYTES {
        return Err(Refusal::new(RefusalCode::TooMany, "The description is too long."));
    }
    if !sdp.starts_with("v=0") {
        return Err(Refusal::new(RefusalCode::SdpSyntax, "A description begins with v=0."));
    }
    let mut lines: Vec<Line> = Vec::new();
    for section in sections(sdp).skip(1) {
        if lines.len() == SDP_LINES {
            return Err(Refusal::new(RefusalCode::TooMany, "The description has too many lines."));
        }
        let line = read_section(section)?;
        if lines.iter().any(|other| other.mid == line.mid) {
            return Err(unusable("Two lines of the description have the same mid."));
        }
        lines.push(line);
    }
    let candidates = candidates(sdp).count();
    if candidates > REMOTE_CANDIDATES {
        return Err(Refusal::new(RefusalCode::TooMany, "The description has too many candidates."));
    }
    if !lines.is_empty() {
        for needed in ["ice-ufrag:", "ice-pwd:", "fingerprint:"] {
            if attributes(sdp, needed).next().is_none() {
                return Err(unusable("The description lacks what ICE or DTLS needs."));
            }
        }
    }
    Ok(Description { lines, candidates })
}

fn read_section(section: &str) -> Result<Line, Refusal> {
    let purpose = match section.split_whitespace().next() {
        Some("m=audio") => Purpose::Media(Kind::Audio),
        Some("m=video") => Purpose::Media(Kind::Video),
        Some("m=application") => Purpose::Data,
        _ => return Err(unusable("The description has a line that is neither sound, picture nor data.")),
    };
    let mid = attributes(section, "mid:").next().unwrap_or_default();
    // str0m keeps the beginning of a longer mid, with other characters replaced.
    if mid.is_empty() || mid.len() > MID_BYTES || !mid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    {
        return Err(unusable("Each line of a description has a mid of at most 16 letters and digits."));
    }
    let stream = attributes(section, "msid:").next().and_then(|msid| msid.split_whitespace().next());
    Ok(Line {
        mid: mid.to_owned(),
        purpose,
        stream: stream.filter(|stream| *stream != "-").map(str::to_owned),
    })
}

/// The part before the first media line, then each media line with what belongs to it.
fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(sdp);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.match_indices("\nm=").map(|(at, _)| at + 1).next();
        rest = end.map(|end| &text[end..]);
        Some(end.map_or(text, |end| &text[..end]))
    })
}

/// The values of `a=<name>` where `name` ends with its colon.
fn attributes<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.strip_prefix("a=")?.strip_prefix(name)).map(str::trim)
}

/// A description of the other side as str0m is given it: its candidates come by themselves, and where it leaves
/// the roles of DTLS to this side, this side begins (RFC 8842, section 5.3); str0m would wait.
pub fn for_str0m(sdp: &str) -> String {
    complete(sdp, &Changes { begins: true, ..Changes::default() })
}

/// The candidates of a description.
pub fn candidates(sdp: &str) -> impl Iterator<Item = &str> {
    attributes(sdp, "candidate:")
}

/// The ICE user name fragment of a description.
pub fn ufrag(sdp: &str) -> Option<&str> {
    attributes(sdp, "ice-ufrag:").next()
}

/// How str0m's description is to be changed.
#[derive(Default)]
pub struct Changes<'a> {
    /// These lines are as follows.
    pub lines: &'a [AnswerLine],
    /// It is an offer, though str0m wrote an answer.
    pub offered: bool,
    /// It is the other side's, and this side begins DTLS if it may.
    pub begins: bool,
    /// The description made before. What it tells of streams stays told while they rest: Chromium shows nothing
    /// more of a stream that was gone and is back.
    pub before: &'a str,
}

/// A description of str0m as it goes out: without candidates, which are told by themselves.
pub fn complete(sdp: &str, changes: &Changes<'_>) -> String {
    let mut completed = String::with_capacity(sdp.len());
    let stopped: Vec<&str> = changes
        .lines
        .iter()
        .filter(|line| line.direction == Direction::Stopped)
        .map(|line| &*line.mid)
        .collect();
    for section in sections(sdp) {
        let mid = attributes(section, "mid:").next();
        let wanted = changes.lines.iter().find(|line| Some(&*line.mid) == mid);
        for line in section.lines().filter(|line| !line.is_empty()) {
            let line = match line {
                "a=end-of-candidates" => continue,
                line if line.starts_with("a=candidate:") => continue,
                line if line.starts_with("a=setup:") && changes.offered => "a=setup:actpass".to_owned(),
                "a=setup:actpass" if changes.begins => "a=setup:passive".to_owned(),
                line if line.starts_with("m=") && changes.begins => with_codecs(line, section),
                line if line.starts_with("a=group:BUNDLE") => without(line, &stopped),
                line => match wanted.map(|wanted| change(line, wanted, changes.before)) {
                    Some(None) => continue,
                    Some(Some(changed)) => changed,
                    None => line.to_owned(),
                },
            };
            completed += &line;
            completed += "\r\n";
        }
    }
    completed
}

/// A media line without formats of which nothing is said, as those with numbers of their own may be (RFC 3264,
/// section 5.1): str0m reads no description that has one.
fn with_codecs(line: &str, section: &str) -> String {
    const BEFORE_FORMATS: usize = 3;
    if !line.starts_with("m=audio") && !line.starts_with("m=video") {
        return line.to_owned();
    }
    let told = |format: &str| {
        attributes(section, "rtpmap:").any(|map| map.split_whitespace().next() == Some(format))
    };
    let words = || line.split_whitespace();
    let known: Vec<&str> = words().skip(BEFORE_FORMATS).filter(|format| told(format)).collect();
    if known.is_empty() {
        return line.to_owned();
    }
    words().take(BEFORE_FORMATS).chain(known).collect::<Vec<_>>().join(" ")
}

fn without(group: &str, mids: &[&str]) -> String {
    group.split(' ').filter(|word| !mids.contains(word)).collect::<Vec<_>>().join(" ")
}

/// One line of a section for which there is a wish; `None`: it goes.
fn change(line: &str, wanted: &AnswerLine, before: &str) -> Option<String> {
    let sends = matches!(wanted.direction, Direction::SendRecv | Direction::SendOnly);
    let msid = || {
        let part = |text: &Option<String>| text.as_deref().map(token).filter(|text| !text.is_empty());
        let stream = part(&wanted.stream).unwrap_or_else(|| "-".to_owned());
        part(&wanted.track).map_or(stream.clone(), |track| format!("{stream} {track}"))
    };
    let rests =
        |line: &str| wanted.direction != Direction::Stopped && before.lines().any(|known| known == line);
    match line {
        "a=sendrecv" | "a=sendonly" | "a=recvonly" | "a=inactive" => {
            Some(format!("a={}", attribute(wanted.direction)))
        }
        line if line.starts_with("a=msid:") => sends.then(|| format!("a=msid:{}", msid())),
        line if line.starts_with("a=ssrc") => match line.split_once(" msid:") {
            Some((ssrc, _)) => sends.then(|| format!("{ssrc} msid:{}", msid())),
            None => (sends || rests(line)).then(|| line.to_owned()),
        },
        line if line.starts_with("m=") && wanted.direction == Direction::Stopped => {
            let mut words: Vec<&str> = line.split(' ').collect();
            if let Some(port) = words.get_mut(1) {
                *port = "0";
            }
            Some(words.join(" "))
        }
        line => Some(line.to_owned()),
    }
}

fn attribute(direction: Direction) -> &'static str {
    match direction {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "sendonly",
        Direction::RecvOnly => "recvonly",
        Direction::Inactive | Direction::Stopped => "inactive",
    }
}

/// What RFC 8830 allows in an msid: at most 64 of these.
fn token(text: &str) -> String {
    let allowed = |c: &char| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]".contains(*c);
    text.chars().filter(allowed).take(64).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=fingerprint:sha-256 AA\r\n\
        a=setup:passive\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=sendrecv\r\na=msid:s t\r\n\
        a=ssrc:5 cname:c\r\na=ssrc:5 msid:s t\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n";

    fn wish(direction: Direction, stream: Option<&str>) -> AnswerLine {
        AnswerLine {
            mid: "0".into(),
            direction,
            stream: stream.map(Into::into),
            track: Some("mic\r\n".into()),
        }
    }

    #[test]
    fn lines_are_read() {
        let read = inspect(OFFER).unwrap();
        assert_eq!(read.candidates, 1);
        let line = |mid: &str, purpose, stream: Option<&str>| Line {
            mid: mid.into(),
            purpose,
            stream: stream.map(Into::into),
        };
        assert_eq!(
            read.lines,
            [line("0", Purpose::Media(Kind::Audio), Some("s")), line("1", Purpose::Data, None)]
        );
    }

    #[test]
    fn what_str0m_would_stumble_over_is_refused() {
        for (from, to) in [
            ("v=0", "v=1"),
            ("a=mid:1", "a=mid:0"),
            ("a=mid:1", "a=mid:12345678901234567"),
            ("a=mid:1", "a=mid:a-b"),
            ("a=mid:1\r\n", ""),
            ("m=application", "m=text"),
            ("a=ice-pwd:p\r\n", ""),
            ("a=fingerprint:sha-256 AA\r\n", ""),
        ] {
            assert!(inspect(&OFFER.replace(from, to)).is_err(), "{from:?} -> {to:?}");
        }
        let many = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:";
        let lines: String = (0..=SDP_LINES).map(|mid| format!("{many}{mid}\r\n")).collect();
        assert_eq!(inspect(&format!("v=0\r\n{lines}")).unwrap_err().code, RefusalCode::TooMany);
    }

    #[test]
    fn str0m_is_given_only_formats_that_are_described() {
        let given = for_str0m("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0 9\r\na=rtpmap:111 opus/48000/2\r\n");
        assert!(given.contains("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"), "{given}");
        for untouched in
            ["m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"]
        {
            assert!(for_str0m(&format!("v=0\r\n{untouched}")).contains(untouched));
        }
    }

    #[test]
    fn a_line_is_answered_as_wished() {
        let sdp = complete(
            OFFER,
            &Changes {
                lines: &[wish(Direction::SendOnly, Some("cam"))],
                offered: true,
                ..Changes::default()
            },
        );
        assert!(
            sdp.contains("a=sendonly\r\na=msid:cam mic\r\na=ssrc:5 cname:c\r\na=ssrc:5 msid:cam mic\r\n")
        );
        assert!(sdp.contains("a=setup:actpass") && !sdp.contains("a=candidate"));
        let sdp = complete(
            OFFER,
            &Changes { lines: &[wish(Direction::RecvOnly, None)], offered: false, ..Changes::default() },
        );
        assert!(sdp.contains("a=recvonly") && !sdp.contains("ssrc") && !sdp.contains("msid"));
        let sdp = complete(
            OFFER,
            &Changes { lines: &[wish(Direction::Stopped, None)], offered: false, ..Changes::default() },
        );
        assert!(
            sdp.contains("a=group:BUNDLE 1\r\n") && sdp.contains("m=audio 0 ") && sdp.contains("a=inactive")
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(sdp in "(v=0)?(\\PC|\r\nm=(audio|video) |\r\na=(mid|candidate|msid):|\r\n)*") {
            let _ = inspect(&sdp);
            complete(&sdp, &Changes { lines: &[wish(Direction::SendRecv, None)], offered: true, ..Changes::default() });
        }
    }
}
