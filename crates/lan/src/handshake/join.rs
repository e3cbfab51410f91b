//! The joiner's side on a connection that [`dial`](crate::dial) made.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use rand_core::CryptoRng;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use visavis_protocol::RoomId;

use super::failure::JoinError;
use super::frames;
use super::joiner::{self, Joiner, Prover};
use super::ticket::Ticket;
use crate::device_id::DeviceId;
use crate::dial::HostLink;

/// Time for one message and its answer. Wi-Fi at its worst needs some hundred milliseconds; longer would keep a
/// person waiting for a host that has stopped, while others could be asked.
const STEP_TIMEOUT: Duration = Duration::from_millis(1500);

impl HostLink {
    /// Asks for a room. Nobody can learn anything about the room ID from it but the first three digits.
    ///
    /// # Errors
    /// Why the host does not go on.
    pub async fn ask(mut self, room: RoomId, rng: &mut impl CryptoRng) -> Result<Asked, JoinError> {
        let (joiner, opening) = Joiner::ask(room, self.exporter, rng)?;
        let answer = exchange(&mut self.stream, &opening).await?;
        Ok(Asked { prover: joiner.answered(&answer)?, link: self })
    }

    /// Comes back with a ticket. Only over a connection to the device that was `expected` when it was made: anybody
    /// else could use the ticket.
    ///
    /// # Errors
    /// [`JoinError::NoRoom`] if the host does not know the ticket (any more): then the room has to be asked for.
    pub async fn resume(mut self, room: RoomId, ticket: &Ticket) -> Result<TlsStream<TcpStream>, JoinError> {
        if !self.is_expected {
            return Err(JoinError::Broken);
        }
        let answer = exchange(&mut self.stream, &joiner::resume(room, ticket)).await?;
        joiner::resumed(&answer)?;
        Ok(self.stream)
    }
}

/// A host that has such a room, or says so.
pub struct Asked {
    prover: Prover,
    link: HostLink,
}

impl Asked {
    /// Proves the room ID and has the host prove it too. This gives a host that lies one guess at the ID.
    ///
    /// # Errors
    /// Why the joiner is not in.
    pub async fn prove(self) -> Result<Admitted, JoinError> {
        let Self { prover, mut link } = self;
        let proof = exchange(&mut link.stream, &prover.confirmation()).await?;
        let (checked, binding) = (prover.check(&proof), prover.binding());
        if checked == Err(JoinError::Intercepted) {
            // Then the host learns it as well, if it gets there. To anybody else this says nothing.
            let _ = timeout(STEP_TIMEOUT, frames::write(&mut link.stream, &binding)).await;
        }
        checked?;
        let answer = exchange(&mut link.stream, &binding).await?;
        let ticket = joiner::admitted(&answer)?;
        Ok(Admitted { device: link.device, address: link.address, stream: link.stream, ticket })
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Asked(…)")
    }
}

/// In: the host has proved that it has the room ID, and that nobody is in between.
pub struct Admitted {
    /// Carries what comes after the handshake.
    pub stream: TlsStream<TcpStream>,
    /// Who the host is.
    pub device: DeviceId,
    /// Where it was reached.
    pub address: SocketAddr,
    /// For [`HostLink::resume`].
    pub ticket: Ticket,
}

impl fmt::Debug for Admitted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Admitted(…)")
    }
}

async fn exchange(stream: &mut TlsStream<TcpStream>, message: &[u8]) -> Result<Vec<u8>, JoinError> {
    let step = async {
        frames::write(stream, message).await?;
        frames::read(stream).await
    };
    timeout(STEP_TIMEOUT, step).await.ok().and_then(Result::ok).ok_or(JoinError::Broken)
}
