use std::io;

/// Why the identity or its certificate is not available.
///
/// Neither the sentence nor `Debug` holds a path, an address, a name or a part of a key.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The data folder, or a file in it, cannot be read or written.
    #[error("The folder that keeps this installation's identity cannot be used: {}.", .0.kind())]
    Storage(#[source] io::Error),
    /// No key pair could be made.
    #[error("A new key could not be made.")]
    Key(#[source] rcgen::Error),
    /// No certificate could be made.
    #[error("The certificate for the network could not be made.")]
    Certificate(#[source] rcgen::Error),
    /// The system's random source failed.
    #[error("The system's random source does not answer.")]
    Random,
    /// The time is outside what a certificate can say (the years 1970 to 9999).
    #[error("This machine's clock is far off. Set it, then try again.")]
    Clock,
    /// TLS cannot be set up with this certificate.
    #[error("Secure connections could not be set up.")]
    Tls(#[source] rustls::Error),
}

impl IdentityError {
    /// A stable code for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Storage(_) => "identity-storage",
            Self::Key(_) => "identity-key",
            Self::Certificate(_) => "identity-certificate",
            Self::Random => "identity-random",
            Self::Clock => "identity-clock",
            Self::Tls(_) => "identity-tls",
        }
    }
}

/// Why hosts cannot be looked for, nor this one be found.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The system gives no thread or no way to wait for packets.
    #[error("Other machines cannot be looked for: the system has no room for it.")]
    System,
}

impl DiscoveryError {
    /// A stable code for this kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::System => "discovery-system",
        }
    }
}

impl From<io::Error> for IdentityError {
    fn from(error: io::Error) -> Self {
        Self::Storage(error)
    }
}
