//! The log and the reports of panics, as files. One test: both belong to the whole process.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail loudly")]

use std::{fs, path::Path, thread};

use visavis_app::Diagnosis;

/// Of the reports that are kept, see docs/desktop.md.
const KEPT_REPORTS: usize = 5;

fn content(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn a_panic_leaves_a_line_and_a_report_that_repeat_nothing_private() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    let diagnosis = Diagnosis::start(logs.clone()).unwrap();
    diagnosis.report_panics();
    let name = String::from("Ada");
    for number in 0..KEPT_REPORTS + 2 {
        let name = name.clone();
        let _ = thread::spawn(move || panic!("{name} broke it, time {number}")).join();
    }
    let _ = thread::spawn(|| panic!("a fixed text")).join();

    let newest = content(&logs, "crash-1.txt");
    assert!(newest.contains("a fixed text") && newest.contains(file!()), "{newest}");
    let before = content(&logs, "crash-2.txt");
    assert!(before.contains("not repeated") && !before.contains(&name), "{before}");
    assert_eq!(diagnosis.crash_reports(), KEPT_REPORTS);
    assert_eq!(fs::read_dir(&logs).unwrap().count(), KEPT_REPORTS + 1);

    let log = content(&logs, "visavis.log");
    assert_eq!(log.matches(file!()).count(), KEPT_REPORTS + 3, "{log}");
    assert!(!log.contains(&name), "{log}");
    assert!(diagnosis.recent_lines().last().unwrap().contains(file!()));
}
