//! What a STUN server says this side's addresses are (RFC 8489, the binding request alone).

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

const MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const REQUEST: [u8; 2] = [0x00, 0x01];
const SUCCESS: [u8; 2] = [0x01, 0x01];
const XOR_MAPPED_ADDRESS: [u8; 2] = [0x00, 0x20];
const HEADER_BYTES: usize = 20;
const IPV4: u8 = 1;
const IPV6: u8 = 2;

/// When a request is sent again, counted from the one before. Each loss costs this much, and a server that is
/// not there delays the end of gathering by all of it together.
const RETRIES: [Duration; 3] =
    [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1)];

/// How long after the last request an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Names a question and its answer.
pub type Transaction = [u8; 12];

/// A question that is not answered.
struct Question {
    socket: SocketAddr,
    server: SocketAddr,
    asked: usize,
    next: Instant,
}

/// A datagram for a STUN server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// From the socket with this address.
    pub socket: SocketAddr,
    /// To this one.
    pub server: SocketAddr,
    /// The datagram.
    pub datagram: [u8; HEADER_BYTES],
}

/// All questions of one connection.
#[derive(Default)]
pub struct Questions {
    open: BTreeMap<Transaction, Question>,
}

impl Questions {
    /// Asks a server about a socket, if both speak the same version of IP.
    pub fn ask(&mut self, transaction: Transaction, socket: SocketAddr, server: SocketAddr, now: Instant) {
        if socket.is_ipv4() == server.is_ipv4() {
            self.open.insert(transaction, Question { socket, server, asked: 0, next: now });
        }
    }

    /// Nothing is asked any more.
    pub fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    /// What to send now.
    pub fn poll(&mut self, now: Instant) -> Option<Request> {
        self.open.retain(|_, question| question.asked <= RETRIES.len() || question.next > now);
        let (transaction, question) = self.open.iter_mut().find(|(_, question)| question.next <= now)?;
        question.next = now + RETRIES.get(question.asked).copied().unwrap_or(PATIENCE);
        question.asked += 1;
        let mut datagram = [0; HEADER_BYTES];
        datagram[..2].copy_from_slice(&REQUEST);
        datagram[4..8].copy_from_slice(&MAGIC);
        datagram[8..].copy_from_slice(transaction);
        Some(Request { socket: question.socket, server: question.server, datagram })
    }

    /// When to poll again.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.open.values().map(|question| question.next).min()
    }

    /// Takes a datagram that answers one of these questions: the socket and how the server saw it. `None`: it
    /// is something else.
    pub fn handle(&mut self, datagram: &[u8]) -> Option<(SocketAddr, Option<SocketAddr>)> {
        let header = datagram.first_chunk::<HEADER_BYTES>()?;
        let transaction: Transaction = header[8..].try_into().ok()?;
        if header[4..8] != MAGIC {
            return None;
        }
        let question = self.open.remove(&transaction)?;
        let success = header[..2] == SUCCESS;
        Some((question.socket, mapped(&datagram[HEADER_BYTES..], transaction).filter(|_| success)))
    }
}

/// The XOR-MAPPED-ADDRESS among attributes.
fn mapped(mut attributes: &[u8], transaction: Transaction) -> Option<SocketAddr> {
    loop {
        let (head, rest) = attributes.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if head[..2] == XOR_MAPPED_ADDRESS {
            return address(rest.get(..length)?, transaction);
        }
        attributes = rest.get(length.next_multiple_of(4)..)?;
    }
}

fn address(value: &[u8], transaction: Transaction) -> Option<SocketAddr> {
    let (head, bytes) = value.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes([head[2] ^ MAGIC[0], head[3] ^ MAGIC[1]]);
    let key: Vec<u8> = MAGIC.into_iter().chain(transaction).collect();
    let plain: Vec<u8> = bytes.iter().zip(key).map(|(byte, key)| byte ^ key).collect();
    let ip = match head[1] {
        IPV4 => IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(plain).ok()?)),
        IPV6 => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(plain).ok()?)),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// The host and port of a `stun:` URL (RFC 7064). Other schemes, TURN among them, are not supported.
pub fn server(url: &str) -> Option<(String, u16)> {
    const PORT: u16 = 3478;
    let rest = url.strip_prefix("stun:")?.split('?').next()?;
    if let Some(rest) = rest.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let port = port.strip_prefix(':').map_or(Some(PORT), |port| port.parse().ok())?;
        return Some((host.to_owned(), port));
    }
    match rest.rsplit_once(':') {
        Some((host, port)) => Some((host.to_owned(), port.parse().ok()?)),
        None => Some((rest.to_owned(), PORT)),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRANSACTION: Transaction = *b"\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae";

    /// The answer of RFC 5769, section 2.2, without what authenticates it.
    const ANSWER: [u8; 48] =
        *b"\x01\x01\x00\x1c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
        \x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20\
        \x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43";

    fn asked(now: Instant) -> Questions {
        let mut questions = Questions::default();
        questions.ask(TRANSACTION, "10.0.0.1:4000".parse().unwrap(), "192.0.2.9:3478".parse().unwrap(), now);
        questions
    }

    #[test]
    fn a_question_is_repeated_and_given_up() {
        let mut now = Instant::now();
        let mut questions = asked(now);
        questions.ask([0; 12], "10.0.0.1:4000".parse().unwrap(), "[2001:db8::1]:3478".parse().unwrap(), now);
        let mut sent = 0;
        while let Some(next) = questions.poll_timeout() {
            now = next;
            sent += usize::from(questions.poll(now).is_some());
        }
        assert_eq!(sent, RETRIES.len() + 1, "and nobody was asked who speaks another version of IP");
        assert!(questions.is_done());
    }

    #[test]
    fn the_answer_is_read() {
        let now = Instant::now();
        let mut questions = asked(now);
        let request = questions.poll(now).unwrap();
        assert_eq!(request.datagram[..8], *b"\x00\x01\x00\x00\x21\x12\xa4\x42");
        let mut other = ANSWER;
        other[19] ^= 1;
        assert_eq!(questions.handle(&other), None, "to somebody else's question");
        let seen = Some("192.0.2.1:32853".parse().unwrap());
        assert_eq!(questions.handle(&ANSWER), Some((request.socket, seen)));
        assert!(questions.is_done());
    }

    #[test]
    fn urls_are_read() {
        let of = |url| server(url).map(|(host, port)| format!("{host} {port}"));
        assert_eq!(of("stun:192.0.2.7").as_deref(), Some("192.0.2.7 3478"));
        assert_eq!(of("stun:host.local:19302").as_deref(), Some("host.local 19302"));
        assert_eq!(of("stun:[2001:db8::1]:5").as_deref(), Some("2001:db8::1 5"));
        for wrong in ["turn:192.0.2.7", "stuns:192.0.2.7", "stun:host:port", "stun:[::1"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_datagram_is_too_much(mut datagram: Vec<u8>, keep in 0..49usize) {
            let _ = asked(Instant::now()).handle(&datagram);
            datagram.splice(..0, ANSWER.into_iter().take(keep));
            let _ = asked(Instant::now()).handle(&datagram);
        }

        #[test]
        fn no_url_is_too_much(url in "(stun:)?\\PC*") {
            let _ = server(&url);
        }
    }
}
