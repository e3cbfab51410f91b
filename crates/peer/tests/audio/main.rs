//! Sound: the microphone against a synthetic room, the playout against a synthetic network.

mod call;
mod cost;
mod hostile;
mod microphone;
mod playout;
mod speech;
