//! The hosts met before: kept whole, few, the last met first.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use visavis_lan::{DeviceId, KnownHosts, MAX_KNOWN_ADDRESSES, MAX_KNOWN_HOSTS};

const FILE: &str = "known-hosts.json";

fn device(n: u8) -> DeviceId {
    DeviceId::parse(&format!("{n:02x}").repeat(32)).unwrap()
}

/// The `n`th second.
fn at(n: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000 + n)
}

fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn order(data_dir: &Path) -> Vec<DeviceId> {
    KnownHosts::open(data_dir).list().into_iter().map(|host| host.device).collect()
}

#[test]
fn the_last_met_comes_first_with_the_address_that_it_has_now() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("not/there/yet");
    assert!(order(&data_dir).is_empty());
    assert!(!data_dir.exists(), "looking makes nothing");
    let known = KnownHosts::open(&data_dir);
    known.remember(device(1), &addresses(&["10.0.0.1:7000"]), at(1));
    known.remember(device(2), &addresses(&["10.0.0.2:7000"]), at(2));
    assert_eq!(order(&data_dir), [device(2), device(1)]);
    known.remember(device(1), &addresses(&["10.0.1.1:7000", "[fe80::1%2]:7000"]), at(3));
    assert_eq!(order(&data_dir), [device(1), device(2)]);
    let listed = KnownHosts::open(&data_dir).list();
    assert_eq!(listed[0].addresses, addresses(&["10.0.1.1:7000", "10.0.0.1:7000"]));
    assert_eq!(format!("{:?}", listed[0]), "KnownHost { addresses: 2, .. }");
}

#[test]
fn a_clock_that_was_ahead_keeps_no_host_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let known = KnownHosts::open(folder.path());
    known.remember(device(1), &addresses(&["10.0.0.1:7000"]), at(1_000_000));
    known.remember(device(2), &addresses(&["10.0.0.2:7000"]), at(1));
    assert_eq!(order(folder.path()), [device(2), device(1)]);
    known.remember(device(3), &addresses(&["10.0.0.3:7000"]), UNIX_EPOCH - Duration::from_secs(1));
    assert_eq!(order(folder.path()), [device(3), device(2), device(1)]);
}

/// The longest entries must still fit into what is read of a file.
#[test]
fn the_list_is_bounded_and_is_read_back_at_its_longest() {
    let folder = tempfile::tempdir().unwrap();
    let known = KnownHosts::open(folder.path());
    let longest = |n: u8, k: u16| format!("[ffff:ffff:ffff:ffff:ffff:ffff:ff{n:02x}:1{k:03x}]:65535");
    for n in 0..=u8::try_from(MAX_KNOWN_HOSTS).unwrap() {
        let many: Vec<SocketAddr> = (0..999).map(|k| longest(n, k).parse().unwrap()).collect();
        known.remember(device(n), &many, at(n.into()));
    }
    let listed = KnownHosts::open(folder.path()).list();
    assert_eq!(listed.len(), MAX_KNOWN_HOSTS);
    assert!(listed.iter().all(|host| host.addresses.len() == MAX_KNOWN_ADDRESSES));
    assert!(listed.iter().all(|host| host.device != device(0)), "the one met longest ago is forgotten");
    assert!(!folder.path().join(format!("{FILE}.bad")).exists());
}

#[test]
fn a_bad_file_is_set_aside_and_the_list_goes_on() {
    for bad in [&b"{\"hosts\":[{\"dev"[..], b"", b"[]", &[0xff; 100_000]] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), bad).unwrap();
        let known = KnownHosts::open(folder.path());
        assert!(known.list().is_empty());
        assert_eq!(fs::read(folder.path().join(format!("{FILE}.bad"))).unwrap(), bad);
        known.remember(device(1), &addresses(&["10.0.0.1:7000"]), at(1));
        assert_eq!(order(folder.path()), [device(1)]);
    }
}

#[test]
fn what_is_no_host_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let id = device(7).hex();
    let hosts = format!(
        r#"{{"hosts":[{{"device":"{}","addresses":[],"met":1}},{{"device":"{id}","addresses":[],"met":1}}]}}"#,
        id.to_uppercase().replace('0', "g")
    );
    fs::write(folder.path().join(FILE), hosts).unwrap();
    assert_eq!(order(folder.path()), [device(7)]);
}

/// A folder that cannot be written costs only the memory of hosts.
#[test]
fn a_folder_that_cannot_be_used_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let known = KnownHosts::open(&file);
    known.remember(device(1), &addresses(&["10.0.0.1:7000"]), at(1));
    assert!(known.list().is_empty());
}

#[test]
fn those_who_write_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for n in 0..16 {
            let data_dir = folder.path();
            scope.spawn(move || {
                KnownHosts::open(data_dir).remember(device(n), &addresses(&["10.0.0.1:7000"]), at(n.into()));
            });
        }
    });
    assert_eq!(order(folder.path()).len(), 16);
}
