//! What a page is told of what it asked for and cannot have.

use crate::connection::End;
use crate::wire::{AppMessage, RefusalCode};

/// That a connection was dropped.
pub fn ended(connection: u32, end: End) -> AppMessage {
    AppMessage::Ended { connection, code: end.code(), message: end.to_string() }
}

/// That something could not be done.
pub fn refused(request: u32, code: RefusalCode, message: impl Into<String>) -> AppMessage {
    AppMessage::Refused { request, code, message: message.into() }
}
