//! The installation's key pair: made once, kept, and never lost to a crash or a race.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Barrier};

use visavis_lan::Identity;

/// More than the machine has cores, so that some are stopped in the middle.
const CREATORS: usize = 16;

fn device_id(data_dir: &Path) -> String {
    Identity::load_or_create(data_dir).unwrap().device_id().hex()
}

#[test]
fn the_identity_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("not/there/yet");
    let first = device_id(&data_dir);
    assert_eq!(first.len(), 64);
    assert!(first.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(device_id(&data_dir), first);
    assert_ne!(device_id(&folder.path().join("another")), first);
}

#[cfg(unix)]
#[test]
fn folder_and_key_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    device_id(&data_dir);
    assert_eq!(mode(&data_dir), 0o700);
    assert_eq!(mode(&data_dir.join("identity.pem")), 0o600);
}

/// Also where a bad file is in the way: the one who comes second must not take the new key for the bad one.
#[test]
fn racing_creators_end_with_one_identity() {
    for bad_key in [None, Some("not a key")] {
        let folder = tempfile::tempdir().unwrap();
        if let Some(content) = bad_key {
            fs::write(folder.path().join("identity.pem"), content).unwrap();
        }
        let start = Arc::new(Barrier::new(CREATORS));
        let creators: Vec<_> = (0..CREATORS)
            .map(|_| {
                let (start, data_dir) = (Arc::clone(&start), folder.path().to_owned());
                std::thread::spawn(move || {
                    start.wait();
                    device_id(&data_dir)
                })
            })
            .collect();
        let ids: BTreeSet<_> = creators.into_iter().map(|creator| creator.join().unwrap()).collect();
        assert_eq!(ids, BTreeSet::from([device_id(folder.path())]));
    }
}

#[test]
fn a_file_that_is_no_key_is_kept_aside() {
    let other_kind = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap().serialize_pem();
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("identity.pem");
    device_id(folder.path());
    let cut = fs::read(&key_file).unwrap()[..100].to_vec();
    for bad in [Vec::new(), b"\xff\0 text".to_vec(), vec![b'a'; 1 << 20], cut, other_kind.into_bytes()] {
        fs::write(&key_file, &bad).unwrap();
        let id = device_id(folder.path());
        assert_eq!(fs::read(folder.path().join("identity.pem.bad")).unwrap(), bad);
        assert_eq!(device_id(folder.path()), id);
    }
}

#[test]
fn what_a_crash_left_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("write.new"), "half a k").unwrap();
    fs::write(folder.path().join("write.lock"), "").unwrap();
    let id = device_id(folder.path());
    assert_eq!(device_id(folder.path()), id);
    assert!(!folder.path().join("write.new").exists());
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error_without_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jeanne-dupont");
    fs::write(&file, "").unwrap();
    let error = Identity::load_or_create(&file).unwrap_err();
    assert_eq!(error.code(), "identity-storage");
    assert!(!format!("{error} {error:?}").contains("jeanne"));
}

#[test]
fn debug_output_hides_the_key() {
    assert_eq!(format!("{:?}", Identity::generate().unwrap()), "Identity(…)");
}
