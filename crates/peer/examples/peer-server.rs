//! The peer's server alone, for tests of the page's side without a window.
//!
//! `peer-server <origin or address>...`: prints its URL and token as one line of JSON, and ends with its input.
//! Without an address connections are made over loopback.
#![allow(clippy::print_stdout)]

use std::net::IpAddr;
use std::sync::Arc;

use rand::distr::{Alphanumeric, SampleString as _};
use tokio::io::AsyncReadExt as _;
use visavis_peer::page::{PeerConfig, PeerServer};
use visavis_protocol::AccessToken;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let addresses: Vec<IpAddr> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let origins = arguments.into_iter().filter(|argument| argument.parse::<IpAddr>().is_err()).collect();
    let token = AccessToken::new(Alphanumeric.sample_string(&mut rand::rng(), 32));
    let interfaces = Arc::new(move || addresses.clone());
    let server = PeerServer::start(PeerConfig { token, origins, interfaces }).await?;
    println!("{}", serde_json::json!({ "url": server.url(), "token": server.token().expose() }));
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    server.shutdown().await;
    Ok(())
}
