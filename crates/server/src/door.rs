use std::net::{IpAddr, SocketAddr};

use tokio::net::{TcpListener, UdpSocket};
use tokio::task::AbortHandle;
use visavis_lan::stun;

use crate::config::Port;
use crate::listener::{self, Service};

/// One address with its listener and its STUN responder; dropping it closes both.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    tasks: Vec<AbortHandle>,
}

impl Drop for Door {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Door {
    /// `None` if the address cannot be bound.
    pub(crate) async fn open(address: IpAddr, port: Port, service: &Service) -> Option<Self> {
        let listener = bind(address, port).await?;
        let address = listener.local_addr().ok()?;
        let mut tasks = vec![tokio::spawn(listener::serve(listener, service.clone())).abort_handle()];
        match UdpSocket::bind(address).await {
            Ok(socket) => tasks.push(tokio::spawn(stun::serve(socket)).abort_handle()),
            // Pages then know fewer addresses of their own; most calls do without.
            Err(error) => tracing::warn!(kind = ?error.kind(), "cannot answer STUN on one address"),
        }
        Some(Self { address, tasks })
    }
}

async fn bind(address: IpAddr, port: Port) -> Option<TcpListener> {
    let wished = match port {
        Port::Any => 0,
        // On loopback the port is taken by this machine's own pages.
        Port::Exactly(port) if !address.is_loopback() => {
            return TcpListener::bind((address, port)).await.ok();
        }
        Port::Exactly(port) | Port::Preferably(port) => port,
    };
    match TcpListener::bind((address, wished)).await {
        Ok(listener) => Some(listener),
        Err(_) => TcpListener::bind((address, 0)).await.ok(),
    }
}
