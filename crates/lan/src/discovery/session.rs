//! The task between [`super::Discovery`] and the daemon of mdns-sd, which has a thread of its own.

use std::time::Duration;

use mdns_sd::{DaemonEvent, IfKind, Receiver, ServiceDaemon, ServiceEvent};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::found::{FoundHost, FoundHosts};
use super::service::{SERVICE, full_name_of, heard, instance_in};
use super::{Announcement, Orders};
use crate::DeviceId;

/// How often the daemon looks for addresses that came or went, in seconds: as long may a machine that changes its
/// network be deaf. A look takes some ten microseconds.
const ADDRESS_CHECK_SECONDS: u32 = 1;

/// How often the daemon's memory is looked at. It grows with what others send, without a limit of its own.
const MEMORY_CHECK: Duration = Duration::from_secs(1);

/// As many records may the daemon keep. A network of a hundred machines makes some hundreds; each takes some 300 bytes.
const MAX_RECORDS: i64 = 8_192;

/// As many moments to wake up at may the daemon keep, 16 bytes each. Every record that is heard again adds two.
const MAX_TIMERS: i64 = 500_000;

/// Before a daemon that failed or grew too large is replaced: a flood must not keep a core busy.
const REPLACE_PAUSE: Duration = Duration::from_secs(1);

/// The daemon says goodbye within milliseconds, or never.
const GOODBYE_PATIENCE: Duration = Duration::from_secs(1);

/// Why a daemon is to be replaced. What mdns-sd says of it may hold names and addresses, so that is not kept.
enum Fault {
    Failed,
    Flooded,
}

impl From<mdns_sd::Error> for Fault {
    fn from(_: mdns_sd::Error) -> Self {
        Self::Failed
    }
}

impl From<mdns_sd::RecvError> for Fault {
    fn from(_: mdns_sd::RecvError) -> Self {
        Self::Failed
    }
}

pub(super) async fn run(
    first: ServiceDaemon,
    mut orders: watch::Receiver<Orders>,
    found: watch::Sender<Vec<FoundHost>>,
) {
    let mut daemon = Ok(first);
    loop {
        if let Ok(daemon) = daemon {
            let mut session = Session::new(daemon);
            let outcome = session.serve(&mut orders, &found).await;
            session.say_goodbye().await;
            match outcome {
                Ok(()) => break,
                Err(Fault::Failed) => tracing::debug!("mDNS failed, and starts anew"),
                Err(Fault::Flooded) => tracing::warn!("the network floods mDNS, which starts anew"),
            }
        }
        sleep(REPLACE_PAUSE).await;
        daemon = ServiceDaemon::new();
    }
    found.send_replace(Vec::new());
}

/// The life of one daemon.
struct Session {
    daemon: ServiceDaemon,
    announced: Option<DeviceId>,
    times_told: u32,
    own: Option<DeviceId>,
    events: Option<Receiver<ServiceEvent>>,
    hosts: FoundHosts,
}

impl Session {
    fn new(daemon: ServiceDaemon) -> Self {
        Self { daemon, announced: None, times_told: 0, own: None, events: None, hosts: FoundHosts::default() }
    }

    /// Until the end is ordered.
    async fn serve(
        &mut self,
        orders: &mut watch::Receiver<Orders>,
        found: &watch::Sender<Vec<FoundHost>>,
    ) -> Result<(), Fault> {
        let changes = self.daemon.monitor()?;
        self.daemon.set_ip_check_interval(ADDRESS_CHECK_SECONDS)?;
        let mut memory_check = interval(MEMORY_CHECK);
        memory_check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        orders.mark_changed();
        loop {
            tokio::select! {
                sender = orders.changed() => {
                    if sender.is_err() || orders.borrow().end {
                        return Ok(());
                    }
                    self.follow(&orders.borrow_and_update())?;
                }
                change = changes.recv_async() => {
                    // What could not be told before there was such an address can be now.
                    if let DaemonEvent::IpAdd(_) | DaemonEvent::IpDel(_) = change? {
                        self.tell(orders.borrow().announcement.as_ref())?;
                    }
                }
                event = next(self.events.as_ref()) => self.hear(event?),
                _ = memory_check.tick() => self.check_memory().await?,
            }
            let others = self.hosts.others(self.own);
            found.send_if_modified(|listed| {
                let is_new = *listed != others;
                *listed = others;
                is_new
            });
        }
    }

    fn follow(&mut self, orders: &Orders) -> Result<(), Fault> {
        if orders.browse && self.events.is_none() {
            self.events = Some(self.daemon.browse(SERVICE)?);
        }
        // The daemon only tells of networks it knows: it looks for new ones now, not at its next turn.
        self.daemon.enable_interface(IfKind::All)?;
        self.tell(orders.announcement.as_ref())
    }

    fn tell(&mut self, announcement: Option<&Announcement>) -> Result<(), Fault> {
        self.times_told = self.times_told.wrapping_add(1);
        let service = announcement.and_then(|announcement| announcement.service(self.times_told));
        let device = announcement.filter(|_| service.is_some()).map(|announcement| announcement.device);
        if let Some(last) = self.announced.filter(|&last| device != Some(last)) {
            self.daemon.unregister(&full_name_of(&last))?;
        }
        if let Some(service) = service {
            self.daemon.register(service)?;
        }
        self.announced = device;
        self.own = device.or(self.own);
        Ok(())
    }

    fn hear(&mut self, event: ServiceEvent) {
        match event {
            ServiceEvent::ServiceResolved(service) => self.hosts.hear(heard(&service)),
            ServiceEvent::ServiceRemoved(_, full_name) => self.hosts.lose(instance_in(&full_name)),
            _ => {}
        }
    }

    async fn check_memory(&self) -> Result<(), Fault> {
        let counts = self.daemon.get_metrics()?.recv_async().await?;
        let records: i64 =
            counts.iter().filter(|(name, _)| name.starts_with("cached-")).map(|(_, count)| count).sum();
        let timers = counts.get("timer").copied().unwrap_or_default();
        if records > MAX_RECORDS || timers > MAX_TIMERS { Err(Fault::Flooded) } else { Ok(()) }
    }

    async fn say_goodbye(&self) {
        if let Ok(said) = self.daemon.shutdown() {
            // Whether it was said in time: there is nobody left to tell.
            let _ = timeout(GOODBYE_PATIENCE, said.recv_async()).await;
        }
    }
}

/// The daemon's thread does not end by itself, also not when the runtime drops the task.
impl Drop for Session {
    fn drop(&mut self) {
        // It has ended already if the session did.
        let _ = self.daemon.shutdown();
    }
}

/// Nothing ever, if nothing is looked for.
async fn next(events: Option<&Receiver<ServiceEvent>>) -> Result<ServiceEvent, mdns_sd::RecvError> {
    match events {
        Some(events) => events.recv_async().await,
        None => std::future::pending().await,
    }
}
