//! Rooms and their participants as a pure state machine: no clock, no randomness, no input or output of its own.
