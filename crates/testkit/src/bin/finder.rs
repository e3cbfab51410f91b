//! `finder`: prints the hosts that mDNS finds, a line of JSON for each change, until its standard input ends.

use serde_json::json;
use tokio::io::{AsyncReadExt, stdin};
use visavis_lan::{Discovery, FoundHost};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let discovery = Discovery::start()?;
    let mut found = discovery.found();
    let mut input = stdin();
    loop {
        tokio::select! {
            change = found.changed() => {
                change?;
                let hosts: Vec<_> = found.borrow_and_update().iter().map(as_json).collect();
                println!("{}", json!(hosts));
            }
            ending = input.read_u8() => {
                if ending.is_err() {
                    break;
                }
            }
        }
    }
    discovery.shutdown().await;
    Ok(())
}

fn as_json(host: &FoundHost) -> serde_json::Value {
    json!({ "device": host.device.hex(), "addresses": host.addresses, "name": host.name })
}
