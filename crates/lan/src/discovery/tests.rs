//! What the network says becomes a list of hosts, and nothing that it says does harm.

use std::net::{IpAddr, SocketAddr};

use mdns_sd::{ServiceInfo, TxtProperty};
use proptest::prelude::*;

use super::found::{FoundHosts, Heard};
use super::service::{SERVICE, full_name_of, heard, instance_in, instance_of};
use super::{Announcement, FoundHost, MAX_ADDRESSES, MAX_FOUND_HOSTS};
use crate::DeviceId;

/// The `n`th of many machines.
fn device(n: usize) -> DeviceId {
    DeviceId::parse(&format!("{n:016x}{:048}", 0)).unwrap()
}

fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn hear(hosts: &mut FoundHosts, device: DeviceId, texts: &[&str]) {
    let (instance, id) = (instance_of(&device), device.hex());
    let addresses = addresses(texts);
    hosts.hear(Heard { instance: &instance, id: Some(id.as_bytes()), name: None, addresses });
}

fn only(hosts: &FoundHosts) -> FoundHost {
    let [host] = hosts.others(None).try_into().unwrap();
    host
}

#[test]
fn later_news_of_a_host_take_the_place_of_earlier() {
    let mut hosts = FoundHosts::default();
    hear(&mut hosts, device(1), &["[fe80::1%3]:7000"]);
    assert_eq!(
        only(&hosts).addresses,
        addresses(&["[fe80::1%3]:7000"]),
        "it can be called, with its interface"
    );
    hear(&mut hosts, device(1), &["[fe80::1%3]:7000", "[fd00::1]:7000", "169.254.0.1:7000", "10.0.0.1:7000"]);
    let ordered = ["10.0.0.1:7000", "[fd00::1]:7000", "169.254.0.1:7000", "[fe80::1%3]:7000"];
    assert_eq!(only(&hosts).addresses, addresses(&ordered), "the likeliest first");
    hear(&mut hosts, device(1), &["10.0.0.2:7001"]);
    assert_eq!(only(&hosts).addresses, addresses(&["10.0.0.2:7001"]), "what is no longer said is gone");
    hear(&mut hosts, device(2), &["10.0.0.3:7000"]);
    assert_eq!(hosts.others(None).len(), 2);
    assert_eq!(hosts.others(Some(device(1))).len(), 1, "this machine is not listed");
    hosts.lose(instance_in(&full_name_of(&device(2))));
    assert_eq!(only(&hosts).device, device(1));
    hear(&mut hosts, device(1), &[]);
    assert!(hosts.others(None).is_empty(), "nor is a host without an address");
}

#[test]
fn addresses_that_no_other_machine_has_are_left_out() {
    let mut hosts = FoundHosts::default();
    let useless = ["127.0.0.1:7000", "[::1]:7000", "[::ffff:127.0.0.1]:7000", "0.0.0.0:7000", "[::]:7000"];
    let not_one =
        ["224.0.0.251:7000", "255.255.255.255:7000", "[ff02::fb]:7000", "[fe80::1]:7000", "10.0.0.1:0"];
    hear(&mut hosts, device(1), &[&useless[..], &not_one[..]].concat());
    assert!(hosts.others(None).is_empty());
}

#[test]
fn a_crowd_neither_fills_the_memory_nor_pushes_out_who_was_here() {
    let mut hosts = FoundHosts::default();
    hear(&mut hosts, device(0), &["10.0.0.1:7000"]);
    let many: Vec<_> = (1..=255).map(|n| format!("10.0.1.{n}:7000")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    for n in 1..1000 {
        hear(&mut hosts, device(n), &many);
    }
    let listed = hosts.others(None);
    assert_eq!(listed.len(), MAX_FOUND_HOSTS);
    assert!(listed.iter().any(|host| host.device == device(0)));
    assert!(listed.iter().all(|host| host.addresses.len() <= MAX_ADDRESSES));
    hear(&mut hosts, device(0), &["10.0.0.2:7000"]);
    assert!(hosts.others(None).iter().any(|host| host.addresses == addresses(&["10.0.0.2:7000"])));
}

#[test]
fn a_name_is_shown_only_if_it_can_be() {
    for (name, shown) in [("Ada", Some("Ada")), ("a\u{202e}b", None), (&"x".repeat(65), None), ("", None)] {
        let (instance, id, mut hosts) = (instance_of(&device(1)), device(1).hex(), FoundHosts::default());
        let addresses = addresses(&["10.0.0.1:7000"]);
        let name = Some(name.as_bytes());
        hosts.hear(Heard { instance: &instance, id: Some(id.as_bytes()), name, addresses });
        assert_eq!(only(&hosts).name.as_deref(), shown);
    }
}

#[test]
fn what_is_announced_is_what_is_heard() {
    for (name, arrives) in [(None, None), (Some("Ada"), Some("Ada".to_owned()))] {
        let host = through_the_network(name).unwrap();
        assert_eq!((host.device, host.name), (device(1), arrives));
        assert_eq!(host.addresses, addresses(&["10.0.0.1:7000", "[fd00::1]:7000"]));
    }
    let longest = "名".repeat(64);
    let heard = through_the_network(Some(&"👩".repeat(64))).unwrap().name.unwrap();
    assert_eq!(heard, "👩".repeat(62), "as much as an entry holds");
    assert_eq!(through_the_network(Some(&longest)).unwrap().name, Some(longest));
    let nowhere = Announcement { device: device(1), port: 7000, addresses: Vec::new(), name: None };
    assert!(nowhere.service(1).is_none());
}

/// What others hear of this host.
fn through_the_network(name: Option<&str>) -> Option<FoundHost> {
    let addresses: Vec<IpAddr> = ["10.0.0.1", "fd00::1"].map(|text| text.parse().unwrap()).to_vec();
    let announcement =
        Announcement { device: device(1), port: 7000, addresses, name: name.map(str::to_owned) };
    let service = announcement.service(1)?;
    assert_eq!(service.get_fullname(), full_name_of(&device(1)));
    let mut hosts = FoundHosts::default();
    hosts.hear(heard(&service.as_resolved_service()));
    hosts.others(None).pop()
}

#[test]
fn nothing_of_a_host_is_printed() {
    let host = through_the_network(Some("Ada")).unwrap();
    let addresses = vec!["10.0.0.1".parse().unwrap()];
    let announcement =
        Announcement { device: device(1), port: 7000, addresses, name: Some("Ada".to_owned()) };
    for printed in [format!("{host:?}"), format!("{announcement:?}")] {
        for private in ["Ada", "10.0", "7000", &device(1).hex()[..16]] {
            assert!(!printed.contains(private), "{printed}");
        }
    }
}

fn entries_of(pairs: Vec<(String, Vec<u8>)>) -> Vec<TxtProperty> {
    pairs.into_iter().map(TxtProperty::from).collect()
}

proptest! {
    #[test]
    fn no_instance_and_no_entry_does_harm(
        instance in "\\PC{0,80}|[0-9a-f]{16}",
        is_its_own in any::<bool>(),
        id in prop_oneof![any::<Vec<u8>>(), "[0-9a-f]{64}|[0-9a-fA-F]{0,70}".prop_map(String::into_bytes)],
        name in proptest::option::of(any::<Vec<u8>>()),
        given in any::<Vec<(IpAddr, u16)>>(),
    ) {
        let mut hosts = FoundHosts::default();
        let instance = if is_its_own { String::from_utf8_lossy(&id).chars().take(16).collect() } else { instance };
        let addresses = given.into_iter().map(SocketAddr::from).collect();
        hosts.hear(Heard { instance: &instance, id: Some(&id), name: name.as_deref(), addresses });
        for host in hosts.others(None) {
            prop_assert_eq!(instance_of(&host.device), &instance[..]);
            prop_assert!(host.name.is_none_or(|name| (1..=64).contains(&name.chars().count())));
        }
        hosts.lose(instance_in(&instance));
    }

    #[test]
    fn no_record_does_harm(
        instance in "\\PC{1,40}",
        entries in proptest::collection::vec(("[ -<>-~]{0,9}|id|name|v", any::<Vec<u8>>()), 0..9),
        port in any::<u16>(),
    ) {
        let address: IpAddr = "10.0.0.1".parse().unwrap();
        if let Ok(service) = ServiceInfo::new(SERVICE, &instance, "x.local.", address, port, entries_of(entries)) {
            let mut hosts = FoundHosts::default();
            hosts.hear(heard(&service.as_resolved_service()));
            prop_assert!(hosts.others(None).is_empty(), "an ID does not come by chance");
        }
    }
}
