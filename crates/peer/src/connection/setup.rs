//! How str0m is set up for every connection.

use std::sync::Arc;
use std::time::Duration;

use str0m::bwe::Bitrate;
use str0m::config::DtlsCert;
use str0m::format::CodecConfig;
use str0m::ice::IceCreds;
use str0m::{Rtc, RtcConfig};

use crate::wire::limits::MESSAGE_BYTES;

use super::dtls;

/// What a path is taken to carry before it is measured. A network at home or in an office carries it; more
/// would fill the queue of a worse one before the first measurement is there.
const FIRST_BITRATE: Bitrate = Bitrate::mbps(3);

/// How often str0m is asked for figures; what the page is told is at most so old.
const STATS_INTERVAL: Duration = Duration::from_millis(250);

/// How often each side tells how the times of its streams belong to one clock, and what it lost of the other's. Chromium
/// brings sound and picture together only once it has several such reports of both: with str0m's own 5 s for sound, a call
/// was out of step for a quarter of a minute. Twice a second takes less than the twentieth of a voice's bandwidth that
/// RFC 3550 (section 6.2) allows.
const REPORT_INTERVAL: Duration = Duration::from_millis(500);

/// Bytes that SCTP takes for sending: four of the longest messages, so that a fast network never waits.
const SCTP_BUFFER_BYTES: usize = 4 * MESSAGE_BYTES;

/// What a connection with these credentials begins with. Without a certificate it gets one of its own.
pub(super) fn config(credentials: IceCreds, certificate: Option<DtlsCert>) -> RtcConfig {
    let mut config = Rtc::builder()
        .set_crypto_provider(Arc::new(dtls::provider()))
        .set_local_ice_credentials(credentials)
        .set_stats_interval(Some(STATS_INTERVAL))
        .set_rtcp_report_interval_audio(REPORT_INTERVAL)
        .set_rtcp_report_interval_video(REPORT_INTERVAL)
        .enable_bwe(Some(FIRST_BITRATE))
        // Order and loss of sound are the playout's matter.
        .set_reordering_size_audio(0)
        .set_reordering_timeout_audio(None)
        .set_sctp_max_message_size(MESSAGE_BYTES as u32)
        .set_sctp_max_buffered_amount(SCTP_BUFFER_BYTES);
    configure_codecs(config.codec_config());
    match certificate {
        Some(certificate) => config.set_dtls_cert(certificate),
        None => config,
    }
}

/// What is offered and accepted.
fn configure_codecs(codecs: &mut CodecConfig) {
    /// Constrained baseline, level 3.1: what every browser encodes and decodes.
    const PROFILE: u32 = 0x42_e01f;
    codecs.clear();
    codecs.enable_opus(true, false);
    codecs.enable_vp8(true);
    codecs.add_h264(108.into(), Some(109.into()), true, PROFILE);
    codecs.add_h264(124.into(), Some(125.into()), false, PROFILE);
}
