//! Which of this machine's addresses a link should carry.

#![allow(clippy::unwrap_used)]

use std::net::IpAddr;

use visavis_lan::InterfaceKind::{Physical, Virtual};
use visavis_lan::{InterfaceKind, host_name, lan_interfaces, rank};

fn ranked(candidates: &[(&str, &str)]) -> Vec<(String, String, InterfaceKind)> {
    let candidates =
        candidates.iter().map(|&(name, address)| (name.to_owned(), address.parse().unwrap())).collect();
    rank(candidates)
        .into_iter()
        .map(|interface| (interface.name, interface.address.to_string(), interface.kind))
        .collect()
}

fn order(candidates: &[(&str, &str)]) -> Vec<String> {
    ranked(candidates).into_iter().map(|(_, address, _)| address).collect()
}

#[test]
fn physical_comes_before_virtual_and_ipv4_before_ipv6() {
    let order = order(&[
        ("docker0", "172.17.0.1"),
        ("wlan0", "2001:db8::1"),
        ("tailscale0", "100.64.0.7"),
        ("wg0", "fd00:1::1"),
        ("wlan0", "192.168.1.20"),
        ("eth0", "fd00::5"),
        ("eth0", "10.0.0.5"),
    ]);
    let expected =
        ["192.168.1.20", "10.0.0.5", "2001:db8::1", "fd00::5", "172.17.0.1", "100.64.0.7", "fd00:1::1"];
    assert_eq!(order, expected);
}

#[test]
fn addresses_that_nobody_else_can_reach_are_left_out() {
    let candidates = [
        ("lo", "127.0.0.1"),
        ("eth0", "127.1.2.3"),
        ("lo", "::1"),
        ("eth0", "::ffff:127.0.0.1"),
        ("eth0", "169.254.10.10"),
        ("eth0", "fe80::1"),
        ("eth0", "febf::1"),
        ("eth0", "0.0.0.0"),
        ("eth0", "::"),
        ("eth0", "224.0.0.251"),
        ("eth0", "ff02::fb"),
        ("eth0", "255.255.255.255"),
    ];
    assert_eq!(order(&candidates), Vec::<String>::new());
}

#[test]
fn an_address_is_listed_once_in_its_best_place() {
    let candidates =
        [("br-1a2b", "10.0.0.5"), ("eth0", "10.0.0.5"), ("eth0:1", "10.0.0.5"), ("eth0", "8.8.4.4")];
    let expected = [("eth0", "10.0.0.5", Physical), ("eth0", "8.8.4.4", Physical)]
        .map(|(name, address, kind)| (name.to_owned(), address.to_owned(), kind));
    assert_eq!(ranked(&candidates), expected);
}

#[test]
fn names_tell_the_kind() {
    let physical = [
        "eth0",
        "eth0:1",
        "eth0.100",
        "enp3s0",
        "eno1",
        "enx001122334455",
        "wlan0",
        "wlp2s0",
        "wwan0",
        "usb0",
        "br0",
        "en0",
        "Ethernet",
        "Ethernet 2",
        "Wi-Fi",
        "WLAN",
        "Drahtlosnetzwerkverbindung",
        "",
    ];
    let virtual_names = [
        "docker0",
        "br-1a2b3c4d5e6f",
        "veth12ab",
        "virbr0",
        "vmnet8",
        "vboxnet0",
        "tun0",
        "tap0",
        "wg0",
        "tailscale0",
        "ztabcdef12",
        "utun3",
        "ppp0",
        "lxcbr0",
        "podman0",
        "bridge100",
        "awdl0",
        "vEthernet (WSL)",
        "VMware Network Adapter VMnet8",
        "VirtualBox Host-Only Network",
        "Local Area Connection* 2",
        "ProtonVPN",
        "TAP-Windows Adapter V9",
        "Npcap Loopback Adapter",
        "Bluetooth Network Connection",
    ];
    for (names, kind) in [(&physical[..], Physical), (&virtual_names[..], Virtual)] {
        for &name in names {
            assert_eq!(ranked(&[(name, "10.0.0.5")])[0].2, kind, "{name}");
        }
    }
}

/// A bridge or a veth in a container or a test network is all there is: lower in rank, but there.
#[test]
fn a_virtual_interface_alone_is_listed() {
    assert_eq!(order(&[("lo", "127.0.0.1"), ("br-lan", "10.9.0.1")]), ["10.9.0.1"]);
}

#[test]
fn what_this_machine_lists_is_ranked_already_and_its_own() {
    let listed = lan_interfaces();
    let again = rank(listed.iter().map(|interface| (interface.name.clone(), interface.address)).collect());
    assert_eq!(listed, again);
    for interface in listed {
        std::net::UdpSocket::bind((interface.address, 0)).unwrap();
    }
}

#[test]
fn the_host_name_is_a_label_in_lower_case() {
    let Some(name) = host_name() else { return };
    assert!(!name.is_empty() && name.len() <= 63);
    assert!(
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
        "{name}"
    );
}

#[test]
fn debug_output_hides_names_and_addresses() {
    let text = format!("{:?}", rank(vec![("eth0".to_owned(), IpAddr::from([10, 9, 8, 7]))]));
    assert!(!text.contains("eth0") && !text.contains("10.9"), "{text}");
}
