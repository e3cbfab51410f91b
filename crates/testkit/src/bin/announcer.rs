//! `announcer DEVICE PORT ADDRESS...`: tells the network of a host with this device ID (64 hexadecimal digits),
//! whoever it is and whether anything listens there.
//!
//! Each line of standard input gives the addresses from there on, as `ADDRESS ADDRESS`; an empty line withdraws.
//! It says goodbye and ends with its input.

use std::net::IpAddr;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use visavis_lan::{Announcement, DeviceId, Discovery};

const USAGE: &str = "usage: announcer DEVICE PORT ADDRESS..., then lines of addresses";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let device = DeviceId::parse(&arguments.next().context(USAGE)?).context(USAGE)?;
    let port = arguments.next().context(USAGE)?.parse()?;
    let announcement = |addresses| Announcement { device, port, addresses, name: None };
    let discovery = Discovery::start()?;
    discovery.announce(announcement(arguments.map(|text| text.parse()).collect::<Result<_, _>>()?));
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let addresses = line.split_whitespace().map(str::parse).collect::<Result<Vec<IpAddr>, _>>()?;
        if addresses.is_empty() {
            discovery.withdraw();
        } else {
            discovery.announce(announcement(addresses));
        }
    }
    discovery.shutdown().await;
    Ok(())
}
