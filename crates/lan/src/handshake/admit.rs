//! The host's side on a stream.

use std::time::Duration;

use rand_core::CryptoRng;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use visavis_protocol::RoomId;

use super::failure::HostFailure;
use super::frames;
use super::host::{self, Opened};
use super::proofs::EXPORTER_BYTES;
use super::ticket::Ticket;

/// Time for a whole handshake on the host's side. It covers all steps of a joiner on bad Wi-Fi; longer would let
/// strangers hold connections for longer.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// Time to say goodbye to a joiner that was refused.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Why no attempt begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No room has this tag.
    NoRoom,
    /// There were too many attempts.
    TryLater(Duration),
}

/// The rooms of a host, as far as the handshake is concerned.
pub trait Rooms {
    /// The room with this tag. Counts the attempt that begins with it.
    ///
    /// # Errors
    /// The attempt may not begin, and is not counted.
    fn begin(&self, tag: u16) -> Result<RoomId, Refusal>;

    /// The room that this ticket was issued for, if it is one and has this tag.
    fn is_ticket(&self, tag: u16, ticket: &Ticket) -> Option<RoomId>;

    /// The attempt was rightful: it no longer counts, and its joiner gets a ticket.
    fn admitted(&self, room: RoomId) -> Ticket;

    /// The attempt that had begun came to nothing. Never with [`HostFailure::Refused`].
    fn failed(&self, room: RoomId, why: HostFailure);
}

/// Lets in who has the room ID of one of these rooms, or a ticket for it, and is at the other end of this very TLS
/// connection (`exporter`, from [`exporter`](crate::exporter)). Afterwards the stream is at the first byte behind
/// the handshake.
///
/// # Errors
/// Nobody was let in; the joiner has been told as far as it may know, and the stream is shut down.
pub async fn admit<S>(
    stream: &mut S,
    exporter: [u8; EXPORTER_BYTES],
    rooms: &impl Rooms,
    rng: &mut impl CryptoRng,
) -> Result<RoomId, HostFailure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut begun = None;
    let handshake = converse(stream, exporter, rooms, rng, &mut begun);
    let outcome = timeout(HANDSHAKE_TIMEOUT, handshake).await.unwrap_or(Err(HostFailure::Broken));
    if let Err(why) = outcome {
        if let Some(room) = begun {
            rooms.failed(room, why);
        }
        // It may be gone already.
        let _ = timeout(CLOSE_TIMEOUT, stream.shutdown()).await;
    }
    outcome
}

/// `begun` is the room with an attempt that is still open.
async fn converse<S>(
    stream: &mut S,
    exporter: [u8; EXPORTER_BYTES],
    rooms: &impl Rooms,
    rng: &mut impl CryptoRng,
    begun: &mut Option<RoomId>,
) -> Result<RoomId, HostFailure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (room, host) = match host::open(&hear(stream).await?, exporter, rooms, rng)? {
        Opened::Answered { room, host, reply } => {
            *begun = Some(room);
            say(stream, &reply).await?;
            (room, host)
        }
        Opened::Resumed { room, reply } => {
            say(stream, &reply).await?;
            return Ok(room);
        }
        Opened::Refused { reply } => {
            say(stream, &reply).await?;
            return Err(HostFailure::Refused);
        }
    };
    let verifier = match host.confirmed(&hear(stream).await?) {
        Ok((verifier, reply)) => {
            say(stream, &reply).await?;
            verifier
        }
        Err(why) => {
            if why == HostFailure::WrongId {
                // Who is gone already need not be told.
                let _ = say(stream, &host::wrong_id()).await;
            }
            return Err(why);
        }
    };
    verifier.bound(&hear(stream).await?)?;
    *begun = None;
    say(stream, &host::admitted(&rooms.admitted(room))).await?;
    Ok(room)
}

async fn hear(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, HostFailure> {
    frames::read(stream).await.map_err(|_| HostFailure::Broken)
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), message: &[u8]) -> Result<(), HostFailure> {
    frames::write(stream, message).await.map_err(|_| HostFailure::Broken)
}
