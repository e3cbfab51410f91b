//! How machines on one network find and trust each other: identity, addresses, STUN.
