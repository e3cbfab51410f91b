//! The room-ID handshake over real TLS on loopback: who gets in, who does not, and what each side learns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attackers;
mod dialling;
mod joining;
mod nonsense;
mod world;
