//! A text that a person may pass on when something did not work. It holds no name, address, ID or secret.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use visavis_server::Counts;

use crate::settings::Settings;

/// The longest part of the page that is taken over, in characters: several times an ordinary one.
const PAGE_CHARS: usize = 16 * 1024;

/// What a report is made of, besides the settings.
pub(crate) struct Facts<'a> {
    pub(crate) webview: String,
    pub(crate) running: Duration,
    /// `None` while the server does not run.
    pub(crate) counts: Option<Counts>,
    /// How many network interfaces there are: those that lead to people, and virtual ones.
    pub(crate) interfaces: (usize, usize),
    pub(crate) notices: usize,
    pub(crate) tray_available: bool,
    pub(crate) crash_reports: usize,
    pub(crate) log: Vec<String>,
    /// What the interface says of itself.
    pub(crate) page: &'a str,
}

/// Writes the report.
pub(crate) fn write(settings: &Settings, facts: &Facts<'_>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_lines(&mut text, settings, facts);
    text
}

fn write_lines(text: &mut String, settings: &Settings, facts: &Facts<'_>) -> std::fmt::Result {
    let yes_no = |yes| if yes { "yes" } else { "no" };
    writeln!(text, "Vis-à-vis {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "system: {}, {}", system(), std::env::consts::ARCH)?;
    writeln!(text, "webview: {}", facts.webview)?;
    writeln!(text, "running for: {} s", facts.running.as_secs())?;
    match facts.counts {
        None => writeln!(text, "server: not running")?,
        Some(counts) => writeln!(
            text,
            "server: {} rooms, {} participants, {} observers, {} connections, {} messages, {} errors",
            counts.rooms,
            counts.participants,
            counts.observers,
            counts.connections,
            counts.messages,
            counts.errors
        )?,
    }
    writeln!(text, "network interfaces: {} physical, {} virtual", facts.interfaces.0, facts.interfaces.1)?;
    writeln!(
        text,
        "settings: interface {}, port {}, visible {}, tray {} (available: {}), STUN and TURN servers {}, log {:?}",
        if settings.network_interface.is_some() { "chosen" } else { "automatic" },
        if settings.port == 0 { "any" } else { "chosen" },
        yes_no(settings.visible),
        yes_no(settings.tray),
        yes_no(facts.tray_available),
        settings.ice_servers.len(),
        settings.log_level,
    )?;
    writeln!(text, "notices: {}", facts.notices)?;
    writeln!(text, "crash reports: {}", facts.crash_reports)?;
    writeln!(text, "last warnings: {}", facts.log.len())?;
    for line in &facts.log {
        writeln!(text, "  {line}")?;
    }
    writeln!(text)?;
    text.extend(facts.page.chars().take(PAGE_CHARS));
    Ok(())
}

/// The system with its version, where one file says it.
fn system() -> String {
    let os = std::env::consts::OS;
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| os.to_owned(), |name| format!("{os}, {}", name.trim_matches('"')))
}
