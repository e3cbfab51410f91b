use std::io;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use visavis_server::StartError;

use crate::settings::InvalidSetting;

/// Why the app could not do what the interface asked for. Serializes as `{code, message}`, and `field` of an invalid setting.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The app's own server does not run. Asking again tries again.
    #[error("The server of this app could not start. {0}")]
    ServerNotStarted(#[from] StartError),
    /// The app's own WebRTC peer does not run. Asking again tries again.
    #[error("This app cannot carry calls in its window. {0}")]
    PeerNotStarted(#[source] io::Error),
    /// The app is closing.
    #[error("The app is closing.")]
    Stopping,
    /// Not a room ID.
    #[error("A room ID has nine digits.")]
    InvalidRoom,
    /// Not an invite link.
    #[error("This is not an invite link. One looks like https://192.0.2.7:47000/#482193775.")]
    InvalidLink,
    /// A setting that cannot be used. Nothing was changed.
    #[error(transparent)]
    InvalidSetting(#[from] InvalidSetting),
    /// No browser took the link. The cause is not shown: it may repeat the link.
    #[error("The default browser could not be opened.")]
    BrowserNotOpened(#[source] io::Error),
}

impl AppError {
    /// Names the error for programs. Stays the same from version to version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ServerNotStarted(_) => "server-not-started",
            Self::PeerNotStarted(_) => "peer-not-started",
            Self::Stopping => "stopping",
            Self::InvalidRoom => "invalid-room",
            Self::InvalidLink => "invalid-link",
            Self::InvalidSetting(_) => "invalid-setting",
            Self::BrowserNotOpened(_) => "browser-not-opened",
        }
    }
}

impl Serialize for AppError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let field = match self {
            Self::InvalidSetting(InvalidSetting { field, .. }) => Some(field),
            _ => None,
        };
        let mut error = serializer.serialize_struct("AppError", 2 + usize::from(field.is_some()))?;
        error.serialize_field("code", self.code())?;
        error.serialize_field("message", &self.to_string())?;
        if let Some(field) = field {
            error.serialize_field("field", field)?;
        }
        error.end()
    }
}
