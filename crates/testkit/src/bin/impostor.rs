//! Somebody on the network who is not what it says. All forms end with their input.
//!
//! `impostor proxy LISTEN_ADDR TARGET_ADDR` stands between joiners and the host at the target, with a key of its own,
//! and passes every byte on. When it listens it says `{"address":"…","device":"…"}`.
//!
//! `impostor liar LISTEN_ADDR N` is N hosts that have every room that they are asked for. They listen at the
//! address's port and those after it, or, if that is 0, at any. It says `{"hosts":[{"port":…,"device":"…"}]}`, and answers
//! each line of input with how many joiners have let it test a guess so far: `{"confirmations":…}`.
//!
//! `impostor mute LISTEN_ADDR tcp|tls|answer` is a host that says nothing more once TCP or TLS is connected, or once it has
//! answered that it has the room. It says what the proxy says, and answers each line of input with how many joiners have
//! come so far: `{"held":…}`.

use std::io::stdin;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use serde_json::{Value, json};
use visavis_testkit::impostor::{Impostor, Stage};

const USAGE: &str = "usage: impostor proxy LISTEN_ADDR TARGET_ADDR | impostor liar LISTEN_ADDR N \
    | impostor mute LISTEN_ADDR tcp|tls|answer";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, address, last] = arguments.as_slice() else { anyhow::bail!(USAGE) };
    let address = address.parse().context(USAGE)?;
    match mode.as_str() {
        "proxy" => proxy(address, last.parse().context(USAGE)?).await,
        "liar" => liar(address, last.parse().context(USAGE)?).await,
        "mute" => mute(address, stage(last)?).await,
        _ => anyhow::bail!(USAGE),
    }
}

fn stage(name: &str) -> anyhow::Result<Stage> {
    match name {
        "tcp" => Ok(Stage::Tcp),
        "tls" => Ok(Stage::Tls),
        "answer" => Ok(Stage::Answer),
        _ => anyhow::bail!(USAGE),
    }
}

async fn proxy(address: SocketAddr, target: SocketAddr) -> anyhow::Result<()> {
    let impostor = Impostor::listen(address).await?;
    introduce(&impostor);
    tokio::spawn(impostor.proxy(target));
    Ok(stdin().lines().try_for_each(|line| line.map(drop))?)
}

async fn liar(first: SocketAddr, count: u16) -> anyhow::Result<()> {
    let confirmations = Arc::new(AtomicUsize::new(0));
    let mut hosts: Vec<Value> = Vec::new();
    for index in 0..count {
        let port = if first.port() == 0 { 0 } else { first.port().checked_add(index).context(USAGE)? };
        let impostor = Impostor::listen(SocketAddr::new(first.ip(), port)).await?;
        hosts.push(json!({ "port": impostor.address.port(), "device": impostor.device.hex() }));
        tokio::spawn(impostor.lie(Arc::clone(&confirmations)));
    }
    println!("{}", json!({ "hosts": hosts }));
    tell("confirmations", &confirmations)
}

async fn mute(address: SocketAddr, after: Stage) -> anyhow::Result<()> {
    let held = Arc::new(AtomicUsize::new(0));
    let impostor = Impostor::listen(address).await?;
    introduce(&impostor);
    tokio::spawn(impostor.fall_silent(after, Arc::clone(&held)));
    tell("held", &held)
}

fn introduce(impostor: &Impostor) {
    println!("{}", json!({ "address": impostor.address, "device": impostor.device.hex() }));
}

/// Answers each line of input with this count.
fn tell(what: &str, count: &AtomicUsize) -> anyhow::Result<()> {
    for line in stdin().lines() {
        line?;
        println!("{}", json!({ what: count.load(Ordering::Relaxed) }));
    }
    Ok(())
}
