//! `link-emulator NEAR FAR`: makes two network interfaces and a link between them that delays and loses packets.
//!
//! It says `ready` when both exist. Then each line of standard input says how the link is from there on, as
//! `DELAY_MS LOSS` with the delay of one direction and the lost part of all packets (`50 0.1`), and is answered with
//! what became of the packets so far, as `DELIVERED LOST`. It ends with its input.

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    use std::io::BufRead;
    use std::time::Duration;

    use anyhow::Context;
    use visavis_testkit::link::{Conditions, LinkEmulator};

    const USAGE: &str = "usage: link-emulator NEAR FAR, then lines DELAY_MS LOSS";

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [near, far] = arguments.as_slice() else { anyhow::bail!(USAGE) };
    let link = LinkEmulator::between(near, far).context("The interfaces cannot be made")?;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (delay, loss) = line.split_once(' ').context(USAGE)?;
        link.set(Conditions { delay: Duration::from_millis(delay.parse()?), loss: loss.parse()? });
        let counts = link.counts();
        println!("{} {}", counts.delivered, counts.lost);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("The link emulator needs Linux")
}
