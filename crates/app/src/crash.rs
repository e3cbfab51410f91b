//! What is kept of a panic: where it happened, never what the program held.

use std::backtrace::Backtrace;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::{fs, panic, thread};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How the files of reports are called: `crash-1.txt` is the newest.
const PREFIX: &str = "crash-";

/// Reports that are kept. The oldest make room for new ones.
const KEPT_REPORTS: usize = 5;

/// From now on a panic leaves a report in this folder, and one line in the log. What the panic itself says is left
/// out unless it is a fixed text of the program: it may repeat a name or an address.
pub(crate) fn report_panics(folder: PathBuf) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        // On standard error of a developer's build it may say everything.
        if cfg!(debug_assertions) {
            before(panic);
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
        // Nobody is left to tell when the disk refuses.
        let _ = keep(&folder, &describe(panic, &place));
    }));
}

/// How many reports there are.
pub(crate) fn reports(folder: &Path) -> usize {
    (1..=KEPT_REPORTS).filter(|number| file(folder, *number).exists()).count()
}

fn describe(panic: &PanicHookInfo<'_>, place: &str) -> String {
    let now = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
    let said = panic.payload().downcast_ref::<&'static str>().unwrap_or(&"(not repeated here)");
    let thread = thread::current();
    format!(
        "Vis-à-vis {} on {} ({})\n{now}\n\nA part of the program failed: {said}\nat {place}\nin the thread {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread.name().unwrap_or("without a name"),
        Backtrace::force_capture(),
    )
}

fn keep(folder: &Path, report: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for number in (1..KEPT_REPORTS).rev() {
        // Most of the time there are fewer.
        let _ = fs::rename(file(folder, number), file(folder, number + 1));
    }
    fs::File::create(file(folder, 1))?.write_all(report.as_bytes())
}

fn file(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{PREFIX}{number}.txt"))
}
