//! Sound: the microphone against a synthetic room, the playout against a synthetic network.

mod call;
mod playout;
mod speech;
