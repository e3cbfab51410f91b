//! What the desktop app does, behind a trait for the window around it.
