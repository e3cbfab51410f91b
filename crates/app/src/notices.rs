//! What the person should know, put together from where it is known.

use visavis_server::NetworkState;

use crate::desktop::Notice;
use crate::settings::Settings;

/// What notices are made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances {
    /// The name under which the settings of before are kept, if they could not be read.
    pub(crate) set_aside: Option<String>,
    /// The last change of the settings is not on the disk.
    pub(crate) unsaved: bool,
    /// The port that the server was started with in the settings, and the one that it got on loopback.
    pub(crate) loopback_port: Option<(u16, u16)>,
    /// `None` while the server does not run.
    pub(crate) network: Option<NetworkState>,
}

impl Circumstances {
    /// What to tell, the gravest first.
    pub(crate) fn notices(&self, settings: &Settings) -> Vec<Notice> {
        let mut notices = Vec::new();
        if self.network.as_ref().is_some_and(|network| network.intercepted) {
            notices.push(Notice::Intercepted);
        }
        if self.network.as_ref().is_some_and(|network| network.guessed_at) {
            notices.push(Notice::GuessedAt);
        }
        if let Some(file) = &self.set_aside {
            notices.push(Notice::SettingsSetAside { file: file.clone() });
        }
        if self.unsaved {
            notices.push(Notice::SettingsNotSaved);
        }
        if let Some((port, used)) = self.taken_port(settings) {
            notices.push(Notice::PortTaken { port, used });
        }
        match (&self.network, &settings.network_interface) {
            (Some(network), _) if !network.connected => notices.push(Notice::NoNetwork),
            (Some(network), Some(name)) if network.interface_missing => {
                notices.push(Notice::InterfaceMissing { name: name.clone() });
            }
            _ => {}
        }
        notices
    }

    /// The port of the settings and the one that serves instead. On the network counts what guests see; before
    /// that is open, this machine's own side already shows whether another program has the port.
    fn taken_port(&self, settings: &Settings) -> Option<(u16, u16)> {
        let (on_network, refused) =
            self.network.as_ref().map(|network| (network.port, network.refused_port))?;
        match on_network {
            Some(used) => refused.filter(|port| *port == settings.port).map(|port| (port, used)),
            None => self
                .loopback_port
                .filter(|(wished, used)| settings.port != 0 && *wished == settings.port && wished != used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_network(port: Option<u16>, refused_port: Option<u16>) -> Circumstances {
        let network = NetworkState { connected: true, port, refused_port, ..NetworkState::default() };
        Circumstances { network: Some(network), loopback_port: Some((0, 40001)), ..Circumstances::default() }
    }

    #[test]
    fn a_port_is_called_taken_only_if_it_is_the_one_that_is_wished_now() {
        let settings = Settings { port: 47000, ..Settings::default() };
        let taken = vec![Notice::PortTaken { port: 47000, used: 40002 }];
        assert_eq!(on_network(Some(40002), Some(47000)).notices(&settings), taken);
        assert_eq!(on_network(Some(40002), Some(46000)).notices(&settings), []);
        assert_eq!(on_network(None, None).notices(&settings), []);

        let on_loopback =
            |wished| Circumstances { loopback_port: Some((wished, 40002)), ..on_network(None, None) };
        assert_eq!(on_loopback(47000).notices(&settings), taken);
        assert_eq!(on_loopback(46000).notices(&settings), []);
        assert_eq!(on_loopback(0).notices(&Settings::default()), []);
    }

    #[test]
    fn without_any_network_the_chosen_interface_is_no_news() {
        let settings = Settings { network_interface: Some("eth7".to_owned()), ..Settings::default() };
        let circumstances = |connected| Circumstances {
            network: Some(NetworkState { connected, interface_missing: true, ..NetworkState::default() }),
            ..Circumstances::default()
        };
        assert_eq!(circumstances(false).notices(&settings), [Notice::NoNetwork]);
        let missing = Notice::InterfaceMissing { name: "eth7".to_owned() };
        assert_eq!(circumstances(true).notices(&settings), [missing]);
    }

    #[test]
    fn who_is_attacked_is_told_first() {
        let network =
            NetworkState { connected: false, guessed_at: true, intercepted: true, ..NetworkState::default() };
        let circumstances = Circumstances { network: Some(network), ..Circumstances::default() };
        let told = [Notice::Intercepted, Notice::GuessedAt, Notice::NoNetwork];
        assert_eq!(circumstances.notices(&Settings::default()), told);
    }
}
