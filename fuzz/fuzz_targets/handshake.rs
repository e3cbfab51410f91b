//! What a joining app sends to a host (docs/protocol.md, «Between apps»).
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::io::AsyncWriteExt;
use tokio::runtime::{Builder, Runtime};
use visavis_lan::{HostFailure, Refusal, Rooms, Ticket, admit};
use visavis_protocol::RoomId;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

/// A host with one room, which everybody may try.
struct OneRoom(RoomId);

impl Rooms for OneRoom {
    fn begin(&self, tag: u16) -> Result<RoomId, Refusal> {
        if self.0.tag() == tag { Ok(self.0) } else { Err(Refusal::NoRoom) }
    }

    fn is_ticket(&self, _tag: u16, _ticket: &Ticket) -> Option<RoomId> {
        None
    }

    fn admitted(&self, _room: RoomId) -> Ticket {
        unreachable!("nobody guesses the secret")
    }

    fn failed(&self, _room: RoomId, _why: HostFailure) {}
}

fuzz_target!(|said: &[u8]| {
    let Some(room) = RoomId::parse("482193775") else { return };
    RUNTIME.block_on(async {
        let (mut joiner, mut host) = tokio::io::duplex(said.len() + 4096);
        let _ = joiner.write_all(said).await;
        let _ = joiner.shutdown().await;
        let _ = admit(&mut host, [7; 32], &OneRoom(room), &mut StdRng::seed_from_u64(1)).await;
    });
});
