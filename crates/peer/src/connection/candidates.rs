use std::net::{IpAddr, SocketAddr};

use str0m::net::Protocol;
use str0m::{Candidate, CandidateKind};

use crate::wire::limits::{CANDIDATE_BYTES, REMOTE_CANDIDATES};
use crate::wire::{CandidateType, RefusalCode};

use super::Connection;
use super::error::Refusal;
use super::sdp;

/// An address of this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalCandidate {
    /// Of the socket.
    pub socket: SocketAddr,
    /// As a STUN server saw it, if it did.
    pub reflexive: Option<SocketAddr>,
}

impl LocalCandidate {
    fn candidate(self) -> Option<Candidate> {
        match self.reflexive {
            None => Candidate::host(self.socket, Protocol::Udp).ok(),
            Some(address) => Candidate::server_reflexive(address, self.socket, Protocol::Udp).ok(),
        }
    }
}

fn malformed() -> Refusal {
    Refusal::new(RefusalCode::Candidate, "The candidate cannot be read.")
}

fn too_many() -> Refusal {
    Refusal::new(RefusalCode::TooMany, "The other side has too many candidates.")
}

impl Connection {
    /// Takes a candidate of the other side. Names (`.local`) are swallowed, for the pair forms without them; so
    /// is what is not UDP.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn add_remote_candidate(&mut self, text: &str) -> Result<(), Refusal> {
        self.alive()?;
        let text = text.trim();
        let text = text.strip_prefix("a=").unwrap_or(text);
        if text.is_empty() {
            return Ok(());
        }
        if text.len() > CANDIDATE_BYTES {
            return Err(malformed());
        }
        let text = if text.starts_with("candidate:") { text.to_owned() } else { format!("candidate:{text}") };
        if is_name(text.split_whitespace().nth(4).unwrap_or_default()) {
            return Ok(());
        }
        let candidate = Candidate::from_sdp_string(&text).map_err(|_| malformed())?;
        if candidate.proto() != Protocol::Udp {
            return Ok(());
        }
        if !self.negotiation.is_offer_checked() {
            return self.admit(candidate);
        }
        // An ICE restart would forget what belongs to it.
        if self.early.len() >= REMOTE_CANDIDATES {
            return Err(too_many());
        }
        self.early.push(candidate);
        Ok(())
    }

    /// str0m keeps some candidates twice that come twice: it is given each once.
    fn admit(&mut self, candidate: Candidate) -> Result<(), Refusal> {
        let remote = (candidate.addr(), candidate_type(candidate.kind()));
        if self.remote_candidates.contains(&remote) {
            return Ok(());
        }
        if self.remote_candidates.len() >= REMOTE_CANDIDATES {
            return Err(too_many());
        }
        self.remote_candidates.push(remote);
        self.rtc.add_remote_candidate(candidate);
        Ok(())
    }

    /// Descriptions were exchanged, or are not to be: takes the candidates that waited for it, and those that
    /// the other side's description holds.
    pub(super) fn take_candidates(&mut self, description: &str) {
        for candidate in std::mem::take(&mut self.early) {
            // More than there can be are of no use.
            let _ = self.admit(candidate);
        }
        for line in sdp::candidates(description) {
            let _ = self.add_remote_candidate(line);
        }
    }

    /// Uses an address of this side, and tells the line by which the other side learns of it. `None`: nothing
    /// new.
    pub fn add_local_candidate(&mut self, local: LocalCandidate) -> Option<String> {
        let candidate = local.candidate()?;
        let known = self.local_candidates.iter().find(|known| known.addr() == candidate.addr());
        let mut told = match known {
            // Known, and to be told again after an ICE restart.
            Some(known) if known.kind() == candidate.kind() => known.clone(),
            Some(_) => return None,
            None => {
                let added = self.rtc.add_local_candidate(candidate)?.clone();
                self.local_candidates.push(added.clone());
                added
            }
        };
        told.set_ufrag(self.negotiation.candidate_ufrag());
        Some(told.to_sdp_string())
    }

    /// The socket is gone, and all its candidates.
    pub fn remove_local_candidates(&mut self, socket: SocketAddr) {
        let (gone, kept) = std::mem::take(&mut self.local_candidates)
            .into_iter()
            .partition(|candidate: &Candidate| candidate.addr() == socket || candidate.local() == socket);
        self.local_candidates = kept;
        for candidate in &gone {
            self.rtc.direct_api().invalidate_candidate(candidate);
        }
    }

    /// From the next ICE restart on no address of this side is used, for only those of relays may be.
    pub fn set_relay_only(&mut self, relay_only: bool) {
        self.relay_only = relay_only;
    }

    /// Whether anything may still come to a socket.
    pub fn has_addresses(&self) -> bool {
        !self.local_candidates.is_empty()
    }

    /// Ways of before an ICE restart are over.
    pub(super) fn forget_ways(&mut self) {
        self.remote_candidates.clear();
        if !self.relay_only {
            return;
        }
        for candidate in std::mem::take(&mut self.local_candidates) {
            self.rtc.direct_api().invalidate_candidate(&candidate);
        }
    }

    /// The line and the user name fragment that candidates are told for.
    pub fn candidate_line(&self) -> (String, String) {
        let mid = self.negotiation.first_mid().unwrap_or_default().to_owned();
        (mid, self.negotiation.candidate_ufrag().to_owned())
    }

    /// How an address of this side was found.
    pub(super) fn local_type(&self, address: SocketAddr) -> CandidateType {
        let known = self.local_candidates.iter().find(|known| known.addr() == address);
        known.map_or(CandidateType::Prflx, |known| candidate_type(known.kind()))
    }

    /// How an address of the other side was found.
    pub(super) fn remote_type(&self, address: SocketAddr) -> CandidateType {
        let known = self.remote_candidates.iter().find(|(known, _)| *known == address);
        known.map_or(CandidateType::Prflx, |(_, kind)| *kind)
    }
}

fn candidate_type(kind: CandidateKind) -> CandidateType {
    match kind {
        CandidateKind::Host => CandidateType::Host,
        CandidateKind::PeerReflexive => CandidateType::Prflx,
        CandidateKind::ServerReflexive => CandidateType::Srflx,
        CandidateKind::Relayed => CandidateType::Relay,
    }
}

fn is_name(address: &str) -> bool {
    address.parse::<IpAddr>().is_err() && address.ends_with(".local")
}
