//! The network around the hub: HTTP, HTTPS and WebSocket, and the program visavis-server.
