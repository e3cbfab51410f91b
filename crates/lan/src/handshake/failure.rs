use std::time::Duration;

/// Why a handshake did not get its joiner in.
///
/// Neither the sentence nor `Debug` holds an address, a room ID or a device ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The host has no room with these first three digits, or does not know the ticket. No guess was spent.
    #[error("This host has no such room.")]
    NoRoom,
    /// The host slows attempts down.
    #[error("The host has been asked too often. Try again in a moment.")]
    TryLater(Duration),
    /// The two sides have different room IDs: it is mistyped, or the host is none.
    #[error("The room ID is wrong.")]
    WrongId,
    /// Somebody stands between the two sides and passes on what they say.
    #[error("Somebody on this network has come between you and the host. Do not join from here.")]
    Intercepted,
    /// The two apps have no version of the handshake in common.
    #[error("{}", if *.host_is_older { "The host's app is older than this one. Update the host's app." }
        else { "This app is older than the host's. Update this app." })]
    Version {
        /// Which side has to be updated.
        host_is_older: bool,
    },
    /// The connection was lost, took too long, or carried something else.
    #[error("The connection to the host broke off.")]
    Broken,
}

impl JoinError {
    /// A stable code for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRoom => "no-room",
            Self::TryLater(_) => "try-later",
            Self::WrongId => "wrong-id",
            Self::Intercepted => "intercepted",
            Self::Version { .. } => "handshake-version",
            Self::Broken => "handshake-broken",
        }
    }
}

/// Why a host let somebody not in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostFailure {
    /// It was told so and no attempt is open: no such room or ticket, too many attempts, no common version.
    #[error("The joiner was refused.")]
    Refused,
    /// The two sides have different room IDs.
    #[error("The joiner has another room ID.")]
    WrongId,
    /// Somebody stands between the two sides and passes on what they say.
    #[error("Somebody stands between the joiner and this host.")]
    Intercepted,
    /// The connection was lost, took too long, or carried something else.
    #[error("The connection to the joiner broke off.")]
    Broken,
}

impl HostFailure {
    /// A stable code for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::WrongId => "wrong-id",
            Self::Intercepted => "intercepted",
            Self::Broken => "handshake-broken",
        }
    }
}
