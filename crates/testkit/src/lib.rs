//! What tests share: a virtual clock and simulated clients.
