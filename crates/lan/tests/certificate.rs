//! The certificate: what a browser needs to see in it, and that it stays while nothing changes.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConnection, SupportedProtocolVersion};
use sha2::{Digest, Sha256};
use visavis_lan::{Certificate, Identity};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

const DAY: Duration = Duration::from_secs(86_400);

fn addresses() -> Vec<IpAddr> {
    ["127.0.0.1", "192.168.1.20", "fd00::20"].map(|text| text.parse().unwrap()).to_vec()
}

fn names() -> Vec<String> {
    vec!["kitchen.local".to_owned()]
}

fn fresh(names: &[&str]) -> Certificate {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    Identity::generate().unwrap().certificate(&addresses(), &names, SystemTime::now()).unwrap()
}

fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<_> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Says what a browser would check: the address, the dates, the use, the signature.
fn client(trusted: &Certificate, version: &'static SupportedProtocolVersion) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trusted.der().to_vec())).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

#[test]
fn a_client_that_was_told_the_fingerprint_gets_a_connection() {
    let certificate = fresh(&["kitchen.local"]);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let config = certificate.rustls_config().unwrap();
        let server = std::thread::spawn(move || {
            let mut socket = listener.accept().unwrap().0;
            let mut server = ServerConnection::new(config).unwrap();
            let mut stream = rustls::Stream::new(&mut server, &mut socket);
            let mut word = [0; 5];
            stream.read_exact(&mut word).unwrap();
            stream.write_all(&word).unwrap();
        });
        let mut socket = TcpStream::connect(address).unwrap();
        let name = ServerName::from(address.ip());
        let mut client = ClientConnection::new(Arc::new(client(&certificate, version)), name).unwrap();
        let mut stream = rustls::Stream::new(&mut client, &mut socket);
        let mut word = [0; 5];
        stream.write_all(b"hello").unwrap();
        stream.read_exact(&mut word).unwrap();
        server.join().unwrap();
        assert_eq!(&word, b"hello");
        assert_eq!(client.alpn_protocol(), Some(&b"http/1.1"[..]));
        assert_eq!(fingerprint(&client.peer_certificates().unwrap()[0]), certificate.fingerprint());
    }
}

#[test]
fn it_says_what_browsers_ask_for_and_no_more() {
    let identity = Identity::generate().unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let certificate = identity.certificate(&addresses(), &names(), now).unwrap();
    let (rest, parsed) = X509Certificate::from_der(certificate.der()).unwrap();
    assert!(rest.is_empty());
    parsed.verify_signature(None).unwrap();
    assert_eq!(parsed.subject().to_string(), "CN=Vis-a-vis on kitchen.local");
    assert_eq!(parsed.validity().not_before.timestamp(), 1_800_000_000 - 86_400);
    assert_eq!(parsed.validity().not_after.timestamp(), 1_800_000_000 + 396 * 86_400);
    assert!(!parsed.is_ca());
    assert_eq!(parsed.key_usage().unwrap().unwrap().value.flags, 1);
    let usage = parsed.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && !usage.client_auth && !usage.any);
    let said: Vec<_> = parsed.subject_alternative_name().unwrap().unwrap().value.general_names.clone();
    let v6 = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20];
    assert_eq!(
        said,
        [
            GeneralName::IPAddress(&[127, 0, 0, 1]),
            GeneralName::IPAddress(&[192, 168, 1, 20]),
            GeneralName::IPAddress(&v6),
            GeneralName::DNSName("kitchen.local"),
        ]
    );
    let device_id: String =
        Sha256::digest(parsed.public_key().raw).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(identity.device_id().hex(), device_id);
}

#[test]
fn two_certificates_of_one_key_have_different_numbers() {
    let identity = Identity::generate().unwrap();
    let number = || {
        let certificate = identity.certificate(&addresses(), &names(), SystemTime::now()).unwrap();
        X509Certificate::from_der(certificate.der()).unwrap().1.raw_serial().to_vec()
    };
    assert_ne!(number(), number());
}

#[test]
fn names_that_dns_does_not_know_are_left_out() {
    let long_label = "a".repeat(64);
    let long_name = format!("{}.local", ["a".repeat(62).as_str(); 4].join("."));
    let longest = format!("{}.local", "b".repeat(63));
    let bad = [
        "",
        ".",
        "küche.local",
        "a b",
        "-a.local",
        "a-.local",
        "a..local",
        "a_b",
        "a\0b",
        "192.168.1.1",
        "*",
    ];
    let mut names = vec!["Kitchen.Local.", &longest, &long_label, &long_name];
    names.extend(bad);
    let certificate = fresh(&names);
    let (_, parsed) = X509Certificate::from_der(certificate.der()).unwrap();
    let said = &parsed.subject_alternative_name().unwrap().unwrap().value.general_names;
    let said: Vec<_> = said.iter().filter(|name| matches!(name, GeneralName::DNSName(_))).cloned().collect();
    assert_eq!(said, [GeneralName::DNSName(&longest), GeneralName::DNSName("kitchen.local")]);
    assert!(parsed.subject().iter_common_name().next().unwrap().as_str().unwrap().len() <= 64);
}

#[test]
fn no_address_and_no_name_still_make_a_certificate() {
    let identity = Identity::generate().unwrap();
    identity.certificate(&[], &[], SystemTime::now()).unwrap().rustls_config().unwrap();
}

#[test]
fn a_clock_that_is_far_off_is_an_error() {
    let identity = Identity::generate().unwrap();
    let far = SystemTime::UNIX_EPOCH + Duration::from_secs(u32::MAX.into()) * 100;
    for time in [far, SystemTime::UNIX_EPOCH - DAY] {
        assert_eq!(identity.certificate(&addresses(), &names(), time).unwrap_err().code(), "identity-clock");
    }
    identity.certificate(&addresses(), &names(), SystemTime::UNIX_EPOCH).unwrap();
}

/// The fingerprint that a new start of the program would show.
fn kept(data_dir: &Path, addresses: &[IpAddr], names: &[String], now: SystemTime) -> String {
    let identity = Identity::load_or_create(data_dir).unwrap();
    identity.current_certificate(data_dir, addresses, names, now).unwrap().fingerprint()
}

#[test]
fn the_certificate_stays_until_it_would_no_longer_be_true() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path();
    let now = SystemTime::now();
    let first = kept(data_dir, &addresses(), &names(), now);

    let mut reversed = addresses();
    reversed.reverse();
    assert_eq!(kept(data_dir, &reversed, &["KITCHEN.local".to_owned()], now), first);
    assert_eq!(kept(data_dir, &addresses(), &names(), now + 366 * DAY), first);

    let later = kept(data_dir, &addresses(), &names(), now + 367 * DAY);
    assert_ne!(later, first, "too little time left");
    let back = kept(data_dir, &addresses(), &names(), now);
    assert_ne!(back, later, "not valid yet");
    let fewer = kept(data_dir, &addresses()[1..], &names(), now);
    assert_ne!(fewer, back, "other addresses");
    let renamed = kept(data_dir, &addresses()[1..], &[], now);
    assert_ne!(renamed, fewer, "other names");
    assert_eq!(kept(data_dir, &addresses()[1..], &[], now), renamed);
}

#[test]
fn a_certificate_that_is_not_ours_or_is_damaged_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.pem");
    let now = SystemTime::now();
    let ours = || kept(folder.path(), &addresses(), &names(), now);

    let stranger = tempfile::tempdir().unwrap();
    let theirs = kept(stranger.path(), &addresses(), &names(), now);
    std::fs::copy(stranger.path().join("certificate.pem"), &file).unwrap();
    let mut last = ours();
    assert_ne!(last, theirs);

    let good = std::fs::read_to_string(&file).unwrap();
    // In the middle of the last but one line: a part of the signature.
    let at = good.len() - 80;
    let flipped = if &good[at..=at] == "A" { "B" } else { "A" };
    let damaged = format!("{}{flipped}{}", &good[..at], &good[at + 1..]);
    for content in
        [damaged.as_str(), "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &good[..90]]
    {
        std::fs::write(&file, content).unwrap();
        let new = ours();
        assert_ne!(new, last);
        assert_ne!(std::fs::read_to_string(&file).unwrap(), content);
        assert_eq!(ours(), new);
        last = new;
    }
}

#[test]
fn a_folder_that_keeps_nothing_costs_no_call() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let identity = Identity::generate().unwrap();
    identity.current_certificate(&file, &addresses(), &names(), SystemTime::now()).unwrap();
}

#[test]
fn debug_output_hides_names_and_addresses() {
    assert_eq!(format!("{:?}", fresh(&["kitchen.local"])), "Certificate(…)");
}
