//! A writer that is killed leaves the old file or the new one, whenever it happens.

#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use std::{env, fs, path::Path, process::Command};

use visavis_storage::{WriteStep, Writer, read};

const FILE: &str = "settings.json";

/// Tell the child process of these tests, which is this very program, where to write and when to die.
const FOLDER_VARIABLE: &str = "VISAVIS_TEST_FOLDER";
const STEP_VARIABLE: &str = "VISAVIS_TEST_STEP";

/// Longer than one piece, so that some of it can be missing.
fn content(letter: u8) -> Vec<u8> {
    vec![letter; 10_000]
}

/// Every step of a write, in order, as they are.
fn steps() -> Vec<WriteStep> {
    let folder = tempfile::tempdir().unwrap();
    let mut steps = Vec::new();
    let writer = Writer::lock(folder.path()).unwrap();
    writer.write_watched(FILE, &content(b'n'), |step| steps.push(step)).unwrap();
    steps
}

/// Not a test: what the child process does. Without its variables it does nothing.
#[test]
fn child_writes_and_dies() {
    let Some(folder) = env::var_os(FOLDER_VARIABLE) else { return };
    let last: usize = env::var(STEP_VARIABLE).unwrap().parse().unwrap();
    let mut count = 0;
    let writer = Writer::lock(Path::new(&folder)).unwrap();
    let _ = writer.write_watched(FILE, &content(b'n'), |_| {
        if count == last {
            // No destructor and no buffer gets a chance, as when the system kills it.
            std::process::abort();
        }
        count += 1;
    });
}

#[test]
fn a_killed_writer_leaves_the_old_file_or_the_new_one() {
    let steps = steps();
    assert!(steps.len() >= 6, "{steps:?}");
    for (number, step) in steps.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        Writer::lock(folder.path()).unwrap().write(FILE, &content(b'o')).unwrap();

        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child_writes_and_dies", "--nocapture"])
            .env(FOLDER_VARIABLE, folder.path())
            .env(STEP_VARIABLE, number.to_string())
            .output()
            .unwrap();
        assert!(!child.status.success(), "killed at {step:?}");

        let renamed = matches!(step, WriteStep::Renamed | WriteStep::Done);
        let expected = content(if renamed { b'n' } else { b'o' });
        assert!(read(folder.path(), FILE).unwrap().unwrap() == expected, "after a crash at {step:?}");

        // What it left does not keep the next writer from writing.
        Writer::lock(folder.path()).unwrap().write(FILE, b"next").unwrap();
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), b"next", "after a crash at {step:?}");
    }
}

#[test]
fn writers_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for letter in b'a'..b'i' {
            let folder = folder.path();
            scope.spawn(move || Writer::lock(folder).unwrap().write(FILE, &content(letter)).unwrap());
        }
    });
    let left = read(folder.path(), FILE).unwrap().unwrap();
    assert_eq!(left, content(left[0]));
}
