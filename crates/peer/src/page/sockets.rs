//! The UDP sockets of one connection, one for each address of this machine.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::task::Poll;

use tokio::net::UdpSocket;

/// Most sockets of one connection: machines have few networks that lead anywhere, and each is tried with each
/// address of the other side.
const MAX_SOCKETS: usize = 8;

struct Socket {
    address: SocketAddr,
    udp: UdpSocket,
}

/// All sockets of one connection.
#[derive(Default)]
pub struct Sockets(Vec<Socket>);

impl Sockets {
    /// Opens sockets for new addresses, and closes those whose address is gone: tells the latter.
    pub async fn follow(&mut self, mut interfaces: Vec<IpAddr>) -> Vec<SocketAddr> {
        if interfaces.iter().any(|ip| !ip.is_loopback()) {
            interfaces.retain(|ip| !ip.is_loopback());
        } else if interfaces.is_empty() {
            // Without any network there are still other programs on this machine.
            interfaces.push(Ipv4Addr::LOCALHOST.into());
        }
        interfaces.truncate(MAX_SOCKETS);
        let (kept, gone) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|socket: &Socket| interfaces.contains(&socket.address.ip()));
        self.0 = kept;
        for ip in interfaces {
            if self.0.iter().any(|socket| socket.address.ip() == ip) {
                continue;
            }
            // An address may be gone by now: others will do.
            if let Ok(udp) = UdpSocket::bind((ip, 0)).await
                && let Ok(address) = udp.local_addr()
            {
                self.0.push(Socket { address, udp });
            }
        }
        gone.iter().map(|socket: &Socket| socket.address).collect()
    }

    /// In the order of the interfaces.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|socket| socket.address).collect()
    }

    /// Sends a datagram. Like any network, this may lose it.
    pub fn send(&self, from: SocketAddr, to: SocketAddr, datagram: &[u8]) {
        if let Some(socket) = self.0.iter().find(|socket| socket.address == from) {
            let _ = socket.udp.try_send_to(datagram, to);
        }
    }

    /// Waits until something has come.
    pub async fn readable(&self) -> usize {
        poll_fn(|context| {
            for (index, socket) in self.0.iter().enumerate() {
                if socket.udp.poll_recv_ready(context).is_ready() {
                    return Poll::Ready(index);
                }
            }
            Poll::Pending
        })
        .await
    }

    /// What has come to a socket: its address, the sender's and the length.
    pub fn receive(&self, index: usize, buffer: &mut [u8]) -> Option<(SocketAddr, SocketAddr, usize)> {
        loop {
            let socket = self.0.get(index)?;
            match socket.udp.try_recv_from(buffer) {
                Ok((length, from)) => return Some((socket.address, from, length)),
                // What was sent came back as unreachable: that is ICE's to find out.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
                Err(_) => return None,
            }
        }
    }
}
