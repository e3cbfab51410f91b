use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use visavis_protocol::{AccessToken, ClientFrame, ClientMessage};

use crate::abroad::Wish;
use crate::finder::Finder;
use crate::lan_side::LanSide;
use crate::switchboard::Line;

/// What this machine's own pages can do besides speaking with its hub.
pub(crate) struct Home {
    pub(crate) lan: Arc<LanSide>,
    pub(crate) finder: Arc<Finder>,
    pub(crate) token: AccessToken,
    /// Becomes true when the server stops.
    pub(crate) stopping: watch::Receiver<bool>,
    /// How many pages are in rooms of other machines.
    pub(crate) abroad: Arc<AtomicUsize>,
}

/// A page that is in a room of another machine; it is home when this is dropped.
pub(crate) struct Stay(Arc<AtomicUsize>);

impl Drop for Stay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Home {
    /// A page goes to a room of another machine.
    pub(crate) fn stay(&self) -> Stay {
        self.abroad.fetch_add(1, Ordering::Relaxed);
        Stay(Arc::clone(&self.abroad))
    }

    /// Waits until the server stops, or is gone.
    pub(crate) async fn stopped(&self) {
        let _ = self.stopping.clone().wait_for(|stopping| *stopping).await;
    }

    /// Does what has to be done before the hub hears this. A wish is for a room of another machine: the hub does not
    /// hear it at all.
    pub(crate) async fn prepare(&self, frame: &ClientFrame, text: &Utf8Bytes, line: &Line) -> Option<Wish> {
        match &frame.message {
            ClientMessage::Hello { .. } => {
                // Whoever opens a lobby may be about to type a room ID.
                self.finder.look_around();
                None
            }
            ClientMessage::Create { .. } => {
                // The welcome can then tell how others get in.
                Box::pin(self.lan.open()).await;
                None
            }
            ClientMessage::Join { room, resume, at, .. } if line.leads_elsewhere(*room) => Some(Wish {
                text: text.clone(),
                room: *room,
                at: at.clone(),
                returns: resume.is_some(),
                seq: frame.seq,
            }),
            _ => None,
        }
    }
}
