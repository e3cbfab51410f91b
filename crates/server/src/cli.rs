//! The command line: what is asked for, and what is printed.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, builder::RangedU64ValueParser};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;
use tokio::runtime::Builder;
use tokio::signal;
use visavis_protocol::DisplayName;
use visavis_protocol::limits::{DEFAULT_CAPACITY, MAX_CAPACITY, MIN_CAPACITY};
use visavis_server::{HostedRoom, NetworkConfig, Port, Server, ServerConfig};

/// Threads that serve. All of them would wait for the one hub; a single one passes on a hundred thousand messages a
/// second, and the machine's other cores are left to the calls.
const WORKERS: usize = 1;

/// Video calls on your own network, without a window.
#[derive(Parser)]
#[command(name = "visavis-server", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a room and keep it until this program is stopped; print its ID, link and QR code.
    Host {
        #[command(flatten)]
        common: Common,
        /// Seats of the room. More than the default are more than a machine with two cores carries at full pace.
        #[arg(long, default_value_t = DEFAULT_CAPACITY,
              value_parser = RangedU64ValueParser::<u32>::new().range(u64::from(MIN_CAPACITY)..=u64::from(MAX_CAPACITY)))]
        capacity: u32,
    },
    /// Create no room; print the address of this machine's own lobby, where rooms are created and joined.
    Lobby {
        #[command(flatten)]
        common: Common,
        /// Seats of the rooms that are created there.
        #[arg(long, default_value_t = DEFAULT_CAPACITY,
              value_parser = RangedU64ValueParser::<u32>::new().range(u64::from(MIN_CAPACITY)..=u64::from(MAX_CAPACITY)))]
        capacity: u32,
    },
}

#[derive(Args)]
struct Common {
    /// Print one line of JSON instead of text.
    #[arg(long)]
    json: bool,
    /// This host's name as others see it (default: the machine's).
    #[arg(long)]
    name: Option<String>,
    /// TCP and UDP port; 0: any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Neither look for hosts on the network nor be found there, except by address.
    #[arg(long)]
    no_discovery: bool,
    /// The one network interface to use, by name (default: all that lead to people).
    #[arg(long)]
    interface: Option<String>,
    /// Folder for the identity and settings (default: the user's data folder).
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

/// What `--json` prints. The order of the fields is part of the promise.
#[derive(Serialize)]
struct Printed {
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    local: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
}

impl Arguments {
    /// The command line of this process; ends it with a sentence and code 2 if that cannot be used.
    pub fn read() -> Self {
        let arguments = Self::parse();
        let (Command::Host { common, .. } | Command::Lobby { common, .. }) = &arguments.command;
        // Checked here because clap repeats a refused value, whatever is in it.
        if let Some(Err(flaw)) = common.name.as_deref().map(DisplayName::parse) {
            Self::command().error(ErrorKind::ValueValidation, format!("--name cannot be used: {flaw}")).exit()
        }
        arguments
    }
}

/// Runs until SIGINT or SIGTERM.
///
/// # Errors
/// What kept it from starting, as sentences.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    visavis_server::start_logging(Vec::new())?;
    let mut runtime = Builder::new_multi_thread();
    let runtime = runtime.worker_threads(WORKERS).enable_all().build();
    runtime.context("The program cannot start its tasks")?.block_on(async {
        let stop = stop_signal()?;
        let (server, printed) = start(arguments.command).await?;
        // Whoever started us may not listen: the server runs all the same.
        let _ = io::stdout().write_all(printed.as_bytes());
        let _ = io::stdout().flush();
        stop.await;
        server.shutdown().await;
        Ok(())
    })
}

/// Says on standard error what went wrong.
pub fn complain(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "visavis-server: {error:#}");
}

async fn start(command: Command) -> anyhow::Result<(Server, String)> {
    let (common, capacity, hosts) = match command {
        Command::Host { common, capacity } => (common, capacity, true),
        Command::Lobby { common, capacity } => (common, capacity, false),
    };
    let data_dir = match common.data_dir {
        Some(folder) => folder,
        None => dirs::data_local_dir()
            .context("This user has no data folder: name one with --data-dir")?
            .join("visavis"),
    };
    let server = Server::start(ServerConfig {
        host_name: common.name,
        default_capacity: capacity,
        discovery: !common.no_discovery,
        network: NetworkConfig {
            port: match common.port {
                0 => Port::Any,
                port => Port::Exactly(port),
            },
            interface: common.interface,
            ..NetworkConfig::default()
        },
        ..ServerConfig::new(data_dir)
    })
    .await?;
    let hosted = if hosts { Some(server.host_room(None).await?) } else { None };
    let local = server.local_url(hosted.as_ref().map(|hosted| hosted.room));
    let printed = if common.json { as_json(hosted, local)? } else { as_text(hosted, &local)? };
    Ok((server, printed))
}

fn as_json(hosted: Option<HostedRoom>, local: String) -> anyhow::Result<String> {
    let printed = match hosted {
        Some(HostedRoom { room, invite }) => Printed {
            room: Some(room.digits()),
            link: Some(invite.link),
            local,
            fingerprint: Some(invite.fingerprint),
        },
        None => Printed { room: None, link: None, local, fingerprint: None },
    };
    Ok(serde_json::to_string(&printed)? + "\n")
}

fn as_text(hosted: Option<HostedRoom>, local: &str) -> anyhow::Result<String> {
    let Some(HostedRoom { room, invite }) = hosted else {
        return Ok(format!(
            "Your lobby, in a browser on this machine:\n  {local}\n\nPress Ctrl+C to stop.\n"
        ));
    };
    let code = QrCode::new(&invite.link)?.render::<Dense1x2>().quiet_zone(true).build();
    Ok(format!(
        "Room ID  {}\n\nOthers on this network open this link in a browser, or scan the code:\n  {}\n\n{code}\n\n\
         Their browser warns about a certificate that it does not know; its SHA-256 fingerprint is\n  {}\n\n\
         You join in a browser on this machine:\n  {local}\n\nThe room is open until you press Ctrl+C.\n",
        room.grouped(),
        invite.link,
        invite.fingerprint,
    ))
}

#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("The program cannot wait for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("The program cannot wait for signals")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = signal::ctrl_c().await;
    })
}
