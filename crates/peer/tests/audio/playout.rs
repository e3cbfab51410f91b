use crate::call::{LAN, Network, encode, listen, send};
use crate::speech::speech;

#[test]
fn on_a_lan_nothing_is_made_up_and_little_time_is_lost() {
    let packets = encode(&speech(10, 120.0, 1));
    let listened = listen(&send(&packets, LAN, 0, 0), 9.9);
    println!("{:#?} delay {:.1}", listened.stats, listened.delay(5.0, 9.9));
}

#[test]
fn a_rough_network() {
    let packets = encode(&speech(20, 120.0, 1));
    let rough = Network { jitter: 60_000.0, loss: 5.0, drift_ppm: 200.0, ..LAN };
    let listened = listen(&send(&packets, rough, 65_500, u32::MAX - 100_000), 19.9);
    println!("{:#?} delay {:.1}", listened.stats, listened.delay(10.0, 19.9));
}
