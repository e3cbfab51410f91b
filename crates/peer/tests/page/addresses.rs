//! Where a connection can be reached.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use visavis_peer::wire::{Open, PageMessage};
use visavis_protocol::IceServer;

use crate::call::{HERE, gathered, open};
use crate::common::client::{Page, server, server_on};

#[tokio::test]
async fn candidates_follow_the_addresses_of_the_machine() {
    let addresses: Arc<Mutex<Vec<IpAddr>>> = Arc::default();
    let shared = Arc::clone(&addresses);
    let server = server_on(move || shared.lock().unwrap().clone()).await;
    let mut page = Page::open(&server).await;
    open(&mut page).await;
    page.offer_of_sound().await;
    let hosts = |lines: Vec<String>| -> Vec<String> {
        lines.iter().map(|line| line.split(' ').nth(4).unwrap().to_owned()).collect()
    };
    for here in [&["127.0.0.2", "127.0.0.3"][..], &["127.0.0.3", "127.0.0.4"], &["127.0.0.3"]] {
        *addresses.lock().unwrap() = here.iter().map(|ip| ip.parse().unwrap()).collect();
        assert_eq!(hosts(gathered(&mut page).await), here);
    }
    *addresses.lock().unwrap() = Vec::new();
    assert_eq!(hosts(gathered(&mut page).await), ["127.0.0.1"], "there is always this machine");
}

#[tokio::test]
async fn a_stun_server_tells_how_others_see_this_side() {
    let stun = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let url = format!("stun:{}", stun.local_addr().unwrap());
    tokio::spawn(async move {
        let mut request = [0; 64];
        let (_, from): (usize, SocketAddr) = stun.recv_from(&mut request).await.unwrap();
        // 198.51.100.7:4242 behind the mask of RFC 8489.
        let mut answer = vec![1, 1, 0, 12];
        answer.extend(&request[4..20]);
        answer.extend([0, 0x20, 0, 8, 0, 1, 0x31, 0x80, 198 ^ 0x21, 51 ^ 0x12, 100 ^ 0xa4, 7 ^ 0x42]);
        stun.send_to(&answer, from).await.unwrap();
    });
    let server = server().await;
    let mut page = Page::open(&server).await;
    let turn = "turn:192.0.2.1".to_owned();
    let ice_servers = vec![IceServer { urls: vec![turn, url], username: None, credential: None }];
    page.say(&PageMessage::Open(Open { connection: HERE, ice_servers, ..Open::default() })).await;
    page.offer_of_sound().await;
    let lines = gathered(&mut page).await;
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("typ host") && lines[1].contains("198.51.100.7 4242 typ srflx"), "{lines:?}");
}
