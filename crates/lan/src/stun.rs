//! A STUN server for binding requests (RFC 8489): it tells a page at which address the network sees it.
//!
//! Own code, because one method without authentication is this page, and the STUN crates bring 20 to 60 others.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;

/// The longest request that is read, in bytes: what fits every path over IPv4 (RFC 8489, section 6.1). Browsers send
/// 20 to 100; more room would only serve those who want long answers.
pub const MAX_REQUEST_BYTES: usize = 548;

/// By how many bytes an answer may be longer than its request, so that somebody who sends requests in another's
/// name gains little: 20 bytes get at most 52. It is reached by a request with a single unknown attribute.
pub const MAX_GROWTH_BYTES: usize = 40;

const HEADER_BYTES: usize = 20;
const ATTRIBUTE_HEADER_BYTES: usize = 4;
const FINGERPRINT_BYTES: usize = ATTRIBUTE_HEADER_BYTES + 4;

/// Attributes are padded to this (section 14).
const ALIGNMENT: usize = 4;

/// Section 5.
const MAGIC_COOKIE: u32 = 0x2112_A442;

/// Section 14.7: so that the checksum differs from that of another protocol in the same packet.
const FINGERPRINT_XOR: u32 = 0x5354_554E;

const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;

const MESSAGE_INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
const MESSAGE_INTEGRITY_SHA256: u16 = 0x001C;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const FINGERPRINT: u16 = 0x8028;

/// The attributes that RFC 8489 makes a receiver understand (section 18.3.1). Here they ask for nothing: the server
/// authenticates nobody, and what a request has no use for is ignored (section 6.3).
const UNDERSTOOD: [u16; 12] = [
    0x0001, // MAPPED-ADDRESS
    0x0006, // USERNAME
    MESSAGE_INTEGRITY,
    ERROR_CODE,
    UNKNOWN_ATTRIBUTES,
    0x0014, // REALM
    0x0015, // NONCE
    MESSAGE_INTEGRITY_SHA256,
    0x001D, // PASSWORD-ALGORITHM
    0x001E, // USERHASH
    XOR_MAPPED_ADDRESS,
    FINGERPRINT,
];

/// Attributes from here on may be ignored by who does not know them (section 14).
const FIRST_OPTIONAL: u16 = 0x8000;

const FAMILY_IPV4: u8 = 1;
const FAMILY_IPV6: u8 = 2;

/// The value of ERROR-CODE 420 (section 14.8): class 4, number 20, and the recommended phrase.
const UNKNOWN_ATTRIBUTE_ERROR: &[u8] = b"\0\0\x04\x14Unknown Attribute";

/// So many failures to receive in a row are other machines' doing (ICMP); more are the socket's own.
const FAILURES_IN_A_ROW: u32 = 16;

/// How long to rest when the socket keeps failing: no load, and soon back.
const REST: Duration = Duration::from_millis(200);

/// Serves binding requests on a bound socket. Ends only by being dropped.
pub async fn serve(socket: UdpSocket) {
    // One byte more than is read, so that a longer datagram is seen to be longer.
    let mut buffer = [0; MAX_REQUEST_BYTES + 1];
    let mut failures = 0;
    loop {
        match exchange(&socket, &mut buffer).await {
            Ok(()) => failures = 0,
            Err(_) if failures < FAILURES_IN_A_ROW => failures += 1,
            Err(_) => tokio::time::sleep(REST).await,
        }
    }
}

async fn exchange(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<()> {
    let (length, from) = socket.recv_from(buffer).await?;
    if let Some(answer) = buffer.get(..length).and_then(|datagram| answer(datagram, from)) {
        // An answer that cannot be sent is as one that was lost: the client asks again.
        let _ = socket.send_to(&answer, from).await;
    }
    Ok(())
}

/// The answer to one datagram, or `None` if it is not a binding request worth answering.
///
/// It holds the sender's address (XOR-MAPPED-ADDRESS), or error 420 if the request has attributes that must be
/// understood and are not, and a FINGERPRINT. It is at most [`MAX_GROWTH_BYTES`] longer than the request.
pub fn answer(datagram: &[u8], from: SocketAddr) -> Option<Vec<u8>> {
    let request = Request::parse(datagram)?;
    let mut attributes = Vec::new();
    let kind = if request.unknown.is_empty() {
        push_attribute(&mut attributes, XOR_MAPPED_ADDRESS, &xor_mapped_address(from, request.transaction));
        BINDING_SUCCESS
    } else {
        let unknown: Vec<u8> = request.unknown.iter().flat_map(|kind| kind.to_be_bytes()).collect();
        push_attribute(&mut attributes, ERROR_CODE, UNKNOWN_ATTRIBUTE_ERROR);
        push_attribute(&mut attributes, UNKNOWN_ATTRIBUTES, &unknown);
        BINDING_ERROR
    };
    Some(message(kind, request.transaction, &attributes))
}

struct Request<'a> {
    transaction: &'a [u8; 12],
    /// The attributes that must be understood and are not.
    unknown: Vec<u16>,
}

impl<'a> Request<'a> {
    fn parse(datagram: &'a [u8]) -> Option<Self> {
        if datagram.len() > MAX_REQUEST_BYTES {
            return None;
        }
        let (header, mut rest) = datagram.split_first_chunk::<HEADER_BYTES>()?;
        let [k0, k1, l0, l1, c0, c1, c2, c3, transaction @ ..] = header;
        if u16::from_be_bytes([*k0, *k1]) != BINDING_REQUEST
            || usize::from(u16::from_be_bytes([*l0, *l1])) != rest.len()
            || u32::from_be_bytes([*c0, *c1, *c2, *c3]) != MAGIC_COOKIE
        {
            return None;
        }
        let mut unknown = Vec::new();
        let mut protected = false;
        while let Some(([k0, k1, l0, l1], tail)) = rest.split_first_chunk::<ATTRIBUTE_HEADER_BYTES>() {
            let kind = u16::from_be_bytes([*k0, *k1]);
            let length = usize::from(u16::from_be_bytes([*l0, *l1]));
            let value = tail.get(..length)?;
            let next = tail.get(length.next_multiple_of(ALIGNMENT)..)?;
            match kind {
                FINGERPRINT => {
                    let covered = datagram.get(..datagram.len() - rest.len())?;
                    if !next.is_empty() || value != fingerprint(covered) {
                        return None;
                    }
                }
                // What follows these two is not protected by them and ignored (section 14.5).
                MESSAGE_INTEGRITY | MESSAGE_INTEGRITY_SHA256 => protected = true,
                _ if protected || kind >= FIRST_OPTIONAL || UNDERSTOOD.contains(&kind) => {}
                _ => unknown.push(kind),
            }
            rest = next;
        }
        rest.is_empty().then_some(Self { transaction, unknown })
    }
}

/// Section 14.2. Without the disguise some routers would rewrite the address.
fn xor_mapped_address(from: SocketAddr, transaction: &[u8; 12]) -> Vec<u8> {
    // A socket for both families sees IPv4 addresses mapped into IPv6.
    let (family, address) = match from.ip().to_canonical() {
        IpAddr::V4(address) => (FAMILY_IPV4, address.octets().to_vec()),
        IpAddr::V6(address) => (FAMILY_IPV6, address.octets().to_vec()),
    };
    let mask = || MAGIC_COOKIE.to_be_bytes().into_iter().chain(*transaction);
    let xored = |bytes: &[u8]| bytes.iter().zip(mask()).map(|(byte, mask)| byte ^ mask).collect::<Vec<_>>();
    let mut value = vec![0, family];
    value.extend(xored(&from.port().to_be_bytes()));
    value.extend(xored(&address));
    value
}

fn push_attribute(attributes: &mut Vec<u8>, kind: u16, value: &[u8]) {
    attributes.extend(kind.to_be_bytes());
    // No value here is longer than a request.
    attributes.extend((value.len() as u16).to_be_bytes());
    attributes.extend(value);
    attributes.resize(attributes.len().next_multiple_of(ALIGNMENT), 0);
}

/// A whole message: its header, these attributes and a FINGERPRINT, which the header's length counts already.
fn message(kind: u16, transaction: &[u8; 12], attributes: &[u8]) -> Vec<u8> {
    let length = attributes.len() + FINGERPRINT_BYTES;
    let mut message = Vec::with_capacity(HEADER_BYTES + length);
    message.extend(kind.to_be_bytes());
    message.extend((length as u16).to_be_bytes());
    message.extend(MAGIC_COOKIE.to_be_bytes());
    message.extend(transaction);
    message.extend(attributes);
    let fingerprint = fingerprint(&message);
    push_attribute(&mut message, FINGERPRINT, &fingerprint);
    message
}

fn fingerprint(covered: &[u8]) -> [u8; 4] {
    (crc32fast::hash(covered) ^ FINGERPRINT_XOR).to_be_bytes()
}
