//! The STUN responder against the test vectors of RFC 5769 and against everything else.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::net::UdpSocket;
use visavis_lan::stun::{MAX_GROWTH_BYTES, MAX_REQUEST_BYTES, answer, serve};

/// RFC 5769, section 2.1: an ICE connectivity check with a FINGERPRINT.
const SAMPLE_REQUEST: &str = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff\
    80290008932ff9b151263b36000600096576746a3a683676592020200008001\
    49aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";

/// Its transaction ID, which the sample responses (sections 2.2 and 2.3) share.
const TRANSACTION: &str = "b7e7a701bc34d686fa87dfae";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn request(attributes: &[u8]) -> Vec<u8> {
    let mut request = bytes("0001");
    request.extend((attributes.len() as u16).to_be_bytes());
    request.extend(bytes("2112a442"));
    request.extend(bytes(TRANSACTION));
    request.extend(attributes);
    request
}

/// The same message with a FINGERPRINT, computed bit by bit (ITU V.42).
fn with_fingerprint(message: &[u8]) -> Vec<u8> {
    let mut message = message.to_vec();
    let length = (message.len() - 20 + 8) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
    let crc = message.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    message.extend(bytes("80280004"));
    message.extend((!crc ^ 0x5354_554E).to_be_bytes());
    message
}

fn without_fingerprint(message: &[u8]) -> &[u8] {
    &message[..message.len() - 8]
}

#[test]
fn the_sender_learns_its_address() {
    // Values of XOR-MAPPED-ADDRESS in RFC 5769.
    let v4 = format!("0101000c2112a442{TRANSACTION}002000080001a147e112a643");
    let v6 = format!("010100182112a442{TRANSACTION}002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9");
    let cases = [
        ("192.0.2.1:32853", &v4),
        ("[::ffff:192.0.2.1]:32853", &v4),
        ("[2001:db8:1234:5678:11:2233:4455:6677]:32853", &v6),
    ];
    for (from, expected) in cases {
        let expected = with_fingerprint(&bytes(expected));
        assert_eq!(answer(&request(&[]), address(from)).unwrap(), expected, "{from}");
    }
}

/// PRIORITY (0x0024) belongs to ICE: a plain server has to say that it does not know it.
#[test]
fn the_sample_request_is_read_and_its_fingerprint_checked() {
    let sample = bytes(SAMPLE_REQUEST);
    let from = address("192.0.2.1:32853");
    let error = answer(&sample, from).unwrap();
    // ERROR-CODE 420 "Unknown Attribute", then UNKNOWN-ATTRIBUTES.
    let expected = "0009001500000414556e6b6e6f776e20417474726962757465000000000a000200240000";
    assert_eq!(error[..2], bytes("0111"));
    assert_eq!(without_fingerprint(&error)[20..], bytes(expected));
    assert_eq!(error, with_fingerprint(without_fingerprint(&error)));
    // Another type (bytes 100 and 101) would make it an attribute that may be ignored.
    for at in (0..100).chain(102..sample.len()) {
        let mut damaged = sample.clone();
        damaged[at] ^= 1;
        assert_eq!(answer(&damaged, from), None, "byte {at}");
    }
}

#[test]
fn attributes_that_need_no_understanding_are_no_obstacle() {
    let from = address("192.0.2.1:1");
    let plain = answer(&request(&[]), from);
    // SOFTWARE with padding, an unknown optional one, USERNAME, and PRIORITY where MESSAGE-INTEGRITY ends what counts.
    let integrity = format!("00080014{}", "00".repeat(20));
    for attributes in
        ["8022000361626300", "c0570000", "0006000161000000", &format!("{integrity}0024000400000000")]
    {
        assert_eq!(answer(&request(&bytes(attributes)), from), plain, "{attributes}");
    }
    assert_eq!(answer(&with_fingerprint(&request(&[])), from), plain);
}

#[test]
fn what_is_no_proper_request_gets_no_answer() {
    let from = address("192.0.2.1:1");
    let change = |at: usize, value: u8| {
        let mut request = request(&[]);
        request[at] = value;
        request
    };
    let mut after_fingerprint = with_fingerprint(&request(&[]));
    after_fingerprint.extend(bytes("c0570000"));
    after_fingerprint[3] += 4;
    let mut cut = request(&[]);
    cut.pop();
    let cases = [
        ("nothing", Vec::new()),
        ("a cut header", cut),
        ("an indication", change(1, 0x11)),
        ("a success", change(0, 0x01)),
        ("another method", change(1, 0x03)),
        ("RTP", change(0, 0x80)),
        ("no magic cookie", change(4, 0)),
        ("a length too long", change(3, 4)),
        ("a length too short", [request(&[]), vec![0; 4]].concat()),
        ("an odd length", request(&[0xc0, 0x57])),
        ("an attribute that is too long", request(&bytes("8022000800000000"))),
        ("missing padding", request(&bytes("80220001"))),
        ("a short fingerprint", request(&bytes("80280000"))),
        ("something after the fingerprint", after_fingerprint),
        ("too much", request(&vec![0xc0; MAX_REQUEST_BYTES])),
    ];
    for (what, datagram) in cases {
        assert_eq!(answer(&datagram, from), None, "{what}");
    }
}

fn attributes() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![0..64_u16, any::<u16>(), Just(0x8028)];
    let attribute = (kind, vec(any::<u8>(), 0..24)).prop_map(|(kind, value)| {
        let mut attribute = kind.to_be_bytes().to_vec();
        attribute.extend((value.len() as u16).to_be_bytes());
        attribute.extend(&value);
        attribute.resize(attribute.len().next_multiple_of(4), 0);
        attribute
    });
    vec(attribute, 0..140).prop_map(|all| all.concat())
}

fn datagram() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..700),
        attributes().prop_map(|attributes| request(&attributes)),
        attributes().prop_map(|attributes| with_fingerprint(&request(&attributes))),
        vec(0..64_u8, 0..140).prop_map(|kinds| {
            let empty: Vec<_> = kinds.into_iter().flat_map(|kind| [0, kind, 0, 0]).collect();
            request(&empty)
        }),
    ]
}

proptest! {
    #[test]
    fn whatever_comes_the_answer_is_bounded_and_gets_no_answer(datagram in datagram(), v6: bool) {
        let from = address(if v6 { "[2001:db8::1]:9" } else { "192.0.2.1:9" });
        if let Some(message) = answer(&datagram, from) {
            prop_assert!(message.len() <= datagram.len() + MAX_GROWTH_BYTES);
            prop_assert_eq!(&message[8..20], &datagram[8..20]);
            prop_assert_eq!(&with_fingerprint(without_fingerprint(&message)), &message);
            prop_assert_eq!(answer(&message, from), None);
        }
    }
}

#[tokio::test]
async fn a_server_answers_also_after_rubbish_and_clients_that_went_away() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let server = socket.local_addr().unwrap();
    let serving = tokio::spawn(serve(socket));
    for _ in 0..100 {
        let gone = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        gone.send_to(&request(&[]), server).await.unwrap();
    }
    let client = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    client.send_to(&[], server).await.unwrap();
    client.send_to(&[0xff; 9000], server).await.unwrap();
    let mut longer = request(&[]);
    longer.resize(9000, 0);
    client.send_to(&longer, server).await.unwrap();
    client.send_to(&request(&[]), server).await.unwrap();
    let mut received = [0; 1500];
    let (length, from) = client.recv_from(&mut received).await.unwrap();
    assert_eq!(from, server);
    assert_eq!(received[..length], answer(&request(&[]), client.local_addr().unwrap()).unwrap());

    serving.abort();
    assert!(serving.await.unwrap_err().is_cancelled());
    UdpSocket::bind(server).await.unwrap();
}

/// A connected socket is told by ICMP that nobody is there, as Windows tells every socket.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_failure_to_receive_does_not_end_the_server() {
    let client = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let client_address = client.local_addr().unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let server = socket.local_addr().unwrap();
    socket.connect(client_address).await.unwrap();
    drop(client);
    socket.send(&[0]).await.unwrap();
    let failure = socket.ready(tokio::io::Interest::ERROR).await.unwrap();
    assert!(failure.is_error());

    let client = UdpSocket::bind(client_address).await.unwrap();
    client.send_to(&request(&[]), server).await.unwrap();
    let mut received = [0; 1500];
    tokio::select! {
        length = client.recv(&mut received) => {
            let expected = answer(&request(&[]), client_address).unwrap();
            assert_eq!(received[..length.unwrap()], expected);
        }
        () = serve(socket) => unreachable!("the server ended"),
    }
}
