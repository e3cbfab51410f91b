//! Certificates that a page asks for.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::client::{Page, server};
use visavis_peer::wire::{AppMessage, Certificate, EndCode, Kind, NewLine, Offer, Open, PageMessage};
use visavis_protocol::PrivateKey;

async fn certified(page: &mut Page) -> (Certificate, String) {
    page.say(&PageMessage::Certify { request: 1 }).await;
    let made =
        page.message("a certificate", |it| matches!(it, AppMessage::Certified { request: 1, .. })).await;
    let AppMessage::Certified { certificate, fingerprint, .. } = made else { unreachable!() };
    (certificate, fingerprint)
}

/// The description that a connection with this certificate offers.
async fn offered(page: &mut Page, connection: u32, certificate: Certificate) -> String {
    page.say(&PageMessage::Open(Open { connection, certificate: Some(certificate), ..Open::default() }))
        .await;
    let line = NewLine {
        kind: Kind::Audio,
        direction: visavis_peer::wire::Direction::SendRecv,
        stream: None,
        track: None,
    };
    page.say(&PageMessage::Offer(Offer { connection, request: 2, media: vec![line], ..Offer::default() }))
        .await;
    page.described(2).await.0
}

#[tokio::test]
async fn a_connection_shows_the_certificate_that_it_was_opened_with() {
    let server = server().await;
    let mut page = Page::open(&server).await;
    let (certificate, fingerprint) = certified(&mut page).await;
    let (another, its_fingerprint) = certified(&mut page).await;
    assert_ne!(fingerprint, its_fingerprint);
    assert!(!format!("{another:?}").contains(another.key.expose()), "keys are not printed");
    for connection in [1, 2] {
        let offer = offered(&mut page, connection, certificate.clone()).await;
        assert!(offer.contains(&format!("a=fingerprint:sha-256 {fingerprint}")), "{offer}");
    }
}

#[tokio::test]
async fn what_is_no_certificate_ends_the_connection_that_it_was_for() {
    let server = server().await;
    let mut page = Page::open(&server).await;
    let (good, _) = certified(&mut page).await;
    for (connection, key) in [(1, "30"), (2, "not a number")] {
        let bad = Certificate { der: good.der.clone(), key: PrivateKey::new(key) };
        page.say(&PageMessage::Open(Open { connection, certificate: Some(bad), ..Open::default() })).await;
        let fault = |it: &AppMessage| matches!(it, AppMessage::Ended { connection: this, code: EndCode::Fault, .. } if *this == connection);
        page.message("it is over", fault).await;
    }
    assert!(offered(&mut page, 3, good).await.contains("m=audio"), "the others go on");
}
