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

    /// What has to be done before the hub hears this.
    pub(crate) fn errand(&self, frame: &ClientFrame, text: &Utf8Bytes, line: &Line) -> Errand {
        match &frame.message {
            ClientMessage::Hello { .. } => {
                // Whoever opens a lobby may be about to type a room ID.
                self.finder.look_around();
                Errand::Nothing
            }
            ClientMessage::Create { .. } => Errand::OpenNetwork,
            ClientMessage::Join { room, resume, at, .. } if line.leads_elsewhere(*room) => {
                let (text, at, returns) = (text.clone(), at.clone(), resume.is_some());
                Errand::Travel(Wish { text, room: *room, at, returns, seq: frame.seq })
            }
            _ => Errand::Nothing,
        }
    }
}

/// What one's own server does before its hub hears a page.
pub(crate) enum Errand {
    Nothing,
    /// The welcome can then tell how others get in.
    OpenNetwork,
    /// The room is on another machine: the hub does not hear of it at all.
    Travel(Wish),
}
