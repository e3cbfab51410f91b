//! Two pages in a call.

use std::time::Duration;

use visavis_peer::wire::{
    Answer, AnswerLine, AppMessage, Direction, DtlsState, IceState, Kind, NewLine, Offer, Open, PageMessage,
    StatsReport,
};
use visavis_protocol::{CandidateLine, Sdp};

use crate::common::client::{Page, frame, server};
use crate::common::vp8;

pub const HERE: u32 = 1;
pub const PICTURES: u32 = 10;
pub const SOUND: u32 = 11;
pub const SHOWN: u32 = 20;
pub const HEARD: u32 = 21;

pub fn line(kind: Kind) -> NewLine {
    NewLine { kind, direction: Direction::SendRecv, stream: Some("s".into()), track: Some("t".into()) }
}

pub async fn open(page: &mut Page) {
    page.say(&PageMessage::Open(Open { connection: HERE, ..Open::default() })).await;
}

/// The candidates that `gather` brings.
pub async fn gathered(page: &mut Page) -> Vec<String> {
    page.say(&PageMessage::Gather { connection: HERE, relay_only: false }).await;
    let mut lines = Vec::new();
    loop {
        let told =
            page.message("a candidate", |message| matches!(message, AppMessage::Candidate { .. })).await;
        let AppMessage::Candidate { candidate, mid, username_fragment, .. } = told else { unreachable!() };
        assert!(!mid.is_empty() && !username_fragment.is_empty());
        let Some(candidate) = candidate else { return lines };
        lines.push(candidate.expose().to_owned());
    }
}

/// Hands the candidates of one page to the other, until there are no more.
pub async fn trickle(from: &mut Page, to: &mut Page) {
    for line in gathered(from).await {
        let candidate = CandidateLine::new(line);
        to.say(&PageMessage::Candidate { connection: HERE, request: 90, candidate, mid: None }).await;
        to.message("the candidate is taken", |message| matches!(message, AppMessage::Done { request: 90 }))
            .await;
    }
}

/// Two pages in a call: a line of sound, one of pictures, and data channels. Tells the mids.
pub async fn call(ada: &mut Page, bob: &mut Page) -> Vec<String> {
    open(ada).await;
    open(bob).await;
    let wish = Offer {
        connection: HERE,
        request: 1,
        media: vec![line(Kind::Audio), line(Kind::Video)],
        data_channels: true,
        ..Offer::default()
    };
    ada.say(&PageMessage::Offer(wish)).await;
    let (offer, mids) = ada.described(1).await;
    let media = mids
        .iter()
        .map(|mid| AnswerLine {
            mid: mid.clone(),
            direction: Direction::SendRecv,
            stream: Some("b".into()),
            track: None,
        })
        .collect();
    bob.say(&PageMessage::Answer(Answer { connection: HERE, request: 2, sdp: Sdp::new(offer), media })).await;
    let (answer, _) = bob.described(2).await;
    ada.say(&PageMessage::Accept { connection: HERE, request: 3, sdp: Sdp::new(answer) }).await;
    ada.message("the answer is taken", |message| matches!(message, AppMessage::Done { request: 3 })).await;
    trickle(ada, bob).await;
    trickle(bob, ada).await;
    for page in [ada, bob] {
        let connected = |message: &AppMessage| {
            matches!(message, AppMessage::IceState { state: IceState::Connected | IceState::Completed, .. })
        };
        page.message("ICE is connected", connected).await;
        let connected = |message: &AppMessage| {
            matches!(message, AppMessage::DtlsState { state: DtlsState::Connected, .. })
        };
        page.message("DTLS is connected", connected).await;
    }
    mids
}

/// Sends key frames until one arrives.
pub async fn see(from: &mut Page, to: &mut Page, mid: &str) -> Vec<u8> {
    from.say(&PageMessage::Send { connection: HERE, mid: mid.into(), stream: PICTURES }).await;
    to.say(&PageMessage::Receive { connection: HERE, mid: mid.into(), stream: SHOWN }).await;
    for number in 0..3u64 {
        from.send(frame(1, 1, 1, PICTURES, number * 33_000, &vp8(true, 30_000))).await;
    }
    to.frame("a picture", 1).await
}

pub async fn figures(page: &mut Page) -> StatsReport {
    page.say(&PageMessage::Stats { connection: HERE, request: 7 }).await;
    let stats =
        page.message("figures", |message| matches!(message, AppMessage::Stats { request: 7, .. })).await;
    let AppMessage::Stats { report, .. } = stats else { unreachable!() };
    *report
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_see_and_hear_each_other() {
    let (ada_server, bob_server) = (server().await, server().await);
    let (mut ada, mut bob) = (Page::open(&ada_server).await, Page::open(&bob_server).await);
    let mids = call(&mut ada, &mut bob).await;

    for _ in 0..2 {
        let picture = see(&mut ada, &mut bob, &mids[1]).await;
        assert_eq!(picture[..8], [1, 1, 1, 0, SHOWN as u8, 0, 0, 0]);
        assert_eq!(picture[16..], vp8(true, 30_000));
        std::mem::swap(&mut ada, &mut bob);
    }

    let source = PageMessage::Source {
        stream: SOUND,
        echo_cancellation: false,
        noise_suppression: false,
        auto_gain_control: false,
    };
    ada.say(&source).await;
    ada.say(&PageMessage::Send { connection: HERE, mid: mids[0].clone(), stream: SOUND }).await;
    bob.say(&PageMessage::Receive { connection: HERE, mid: mids[0].clone(), stream: HEARD }).await;
    let loud: Vec<u8> =
        (0..960).flat_map(|n| (((f64::from(n) * 0.1).sin() * 9000.0) as i16).to_le_bytes()).collect();
    let both = [loud, vec![0; 1920]].concat();
    let mut packets = 0;
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    loop {
        clock.tick().await;
        ada.send(frame(2, 0, 0, SOUND, packets * 20_000, &both)).await;
        bob.send(frame(3, 0, 0, HEARD, 2, &0u32.to_le_bytes())).await;
        let sound = bob.frame("sound", 2).await;
        assert_eq!(sound.len(), 16 + 2 * 960);
        let loudest = sound[16..].chunks(2).map(|s| i16::from_le_bytes([s[0], s[1]]).unsigned_abs()).max();
        if loudest > Some(3000) {
            break;
        }
        packets += 1;
        assert!(packets < 250, "nothing is heard");
    }

    // str0m counts four times a second.
    let mut report = figures(&mut ada).await;
    while report.pair.is_none() || report.outbound.len() < 2 || report.inbound.is_empty() {
        report = figures(&mut ada).await;
    }
    assert!(report.transport.packets_sent > 30 && report.transport.bytes_sent > 30_000, "{report:?}");
    let pictures = report.outbound.iter().find(|line| line.mid == mids[1]).unwrap();
    assert_eq!((pictures.frames_sent, pictures.key_frames_sent), (3, 3));
    assert_eq!(pictures.source, None);
    let source = report.outbound.iter().find_map(|line| line.source).unwrap();
    let loudness = 9000.0 / 32_767.0 / 2f64.sqrt();
    assert!((source.total_audio_energy / source.total_samples_duration - loudness.powi(2)).abs() < 0.01);
    assert!(source.audio_level > 0.0 && source.audio_level < loudness + 0.01, "{source:?}");
    ada_server.shutdown().await;
    assert_eq!(ada.closed().await, 1001);
}
