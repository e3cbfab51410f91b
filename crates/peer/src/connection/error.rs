use thiserror::Error;

use crate::wire::{EndCode, RefusalCode};

/// Why something that was asked of a connection could not be done.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable.
    pub code: RefusalCode,
    /// For a person.
    pub message: String,
}

impl Refusal {
    /// With a sentence that names nothing of the other side.
    pub fn new(code: RefusalCode, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }
}

/// Why a connection was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum End {
    /// The other side is not who its description said.
    #[error("The other side could not prove that it is the one that was invited.")]
    Untrusted,
    /// There was a way, and no keys could be agreed on.
    #[error("No keys could be agreed on with the other side, so the connection to it was closed.")]
    NoKeys,
    /// Too much arrived that no peer sends.
    #[error("The other side sent what no app sends, so the connection to it was closed.")]
    Hostile,
    /// There are as many as there can be.
    #[error("This app cannot hold more connections.")]
    TooMany,
    /// A bug of ours.
    #[error("Something went wrong in this app, so this connection was closed. Others go on.")]
    Fault,
}

impl End {
    /// Stable.
    pub fn code(self) -> EndCode {
        match self {
            Self::Untrusted => EndCode::Untrusted,
            Self::NoKeys => EndCode::NoKeys,
            Self::Hostile => EndCode::Hostile,
            Self::TooMany => EndCode::TooMany,
            Self::Fault => EndCode::Fault,
        }
    }
}
