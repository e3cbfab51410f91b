//! Who guesses room IDs waits; nobody else does.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use visavis_hub::throttle::{Pace, Throttle, source_of};
use visavis_protocol::*;

use crate::client::{join, resume, seconds};
use crate::common::{TOKEN, World, hello};

/// An ID of the same tag that no room has.
fn neighbour(world: &World, room: RoomId) -> RoomId {
    let same_tag = (0..RoomId::COUNT).step_by(1_000_000).find_map(|number| {
        let id = RoomId::from_number(number + 17).unwrap();
        (id.tag() == room.tag() && id != room).then_some(id)
    });
    assert_eq!(world.hub.counts().rooms, 1);
    same_tag.unwrap()
}

/// One attempt on a connection of its own: the error and how long to wait.
fn attempt(
    world: &mut World,
    source: IpAddr,
    token: Option<&str>,
    message: ClientMessage,
) -> Option<(ErrorCode, u64)> {
    let connection = world.connect_from(source);
    world.say(connection, hello(token));
    world.say(connection, message);
    let heard = world.heard(connection);
    world.input(visavis_hub::Input::Disconnected { connection });
    heard.into_iter().find_map(|message| match message {
        ServerMessage::Error { code, retry_after_ms, .. } => Some((code, retry_after_ms.unwrap_or(0))),
        _ => None,
    })
}

fn host(number: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, number))
}

#[test]
fn guesses_from_one_address_wait_longer_and_longer() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let wrong = neighbour(&world, room);
    let mut waits = Vec::new();
    for _ in 0..20 {
        let mut guess = attempt(&mut world, host(9), None, join(wrong, "Eve"));
        if let Some((ErrorCode::TryLater, wait)) = guess {
            waits.push(wait);
            world.now += Duration::from_millis(wait - 1);
            let early = attempt(&mut world, host(9), None, join(room, "Eve"));
            assert_eq!(early, Some((ErrorCode::TryLater, 1)), "waiting does not begin anew");
            world.now += Duration::from_millis(1);
            guess = attempt(&mut world, host(9), None, join(wrong, "Eve"));
        }
        assert_eq!(guess, Some((ErrorCode::UnknownRoom, 0)));
    }
    let doubling = [1, 2, 4, 8, 16, 32, 64].map(|seconds| seconds * 1000);
    let wanted: Vec<u64> = doubling.into_iter().chain([64_000; 8]).collect();
    assert_eq!(waits, wanted);
    assert_eq!(attempt(&mut world, host(9), None, join(room, "Eve")), Some((ErrorCode::TryLater, 600_000)));
    assert_eq!(attempt(&mut world, host(10), None, join(room, "Ada")), None, "others do not wait");
    assert_eq!(
        attempt(&mut world, host(9), Some(TOKEN), join(wrong, "Me")),
        Some((ErrorCode::UnknownRoom, 0))
    );
    world.now += seconds(3600);
    assert_eq!(attempt(&mut world, host(9), None, join(wrong, "Eve")), Some((ErrorCode::UnknownRoom, 0)));
}

#[test]
fn coming_back_and_the_right_id_cost_nothing() {
    let mut world = World::with_capacity(100);
    let (room, [ada]) = world.room_with(["Ada"]);
    for _ in 0..50 {
        assert_eq!(attempt(&mut world, host(20), None, join(room, "Guest")), None);
    }
    let wrong = neighbour(&world, room);
    while attempt(&mut world, host(20), None, join(wrong, "Eve")) == Some((ErrorCode::UnknownRoom, 0)) {}
    assert!(matches!(attempt(&mut world, host(20), None, join(room, "Eve")), Some((ErrorCode::TryLater, _))));
    assert_eq!(attempt(&mut world, host(20), None, resume(&ada, None)), None);
}

#[test]
fn a_newcomer_gets_in_at_once_while_a_whole_network_guesses() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let wrong = neighbour(&world, room);
    let mut guesses = 0;
    for _ in 0..5 {
        for source in 1..=254 {
            let guess = attempt(&mut world, host(source), None, join(wrong, "Eve"));
            guesses += u32::from(guess == Some((ErrorCode::UnknownRoom, 0)));
        }
    }
    assert_eq!(guesses, 254 + 40, "one of each, and what all who have failed may together");
    assert!(matches!(attempt(&mut world, host(9), None, join(room, "Eve")), Some((ErrorCode::TryLater, _))));
    let newcomer = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
    for _ in 0..100 {
        assert_eq!(attempt(&mut world, newcomer, None, join(room, "Ada")), None);
        world.pass(seconds(31), |_| ());
    }
}

#[test]
fn ipv6_sources_without_end_do_not_keep_ipv4_newcomers_out() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let wrong = neighbour(&world, room);
    let network = |number: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, number, 0, 0, 0, 1));
    let mut guess = |number| attempt(&mut world, network(number), None, join(wrong, "Eve"));
    let free = (1..1000).find(|number| guess(*number) != Some((ErrorCode::UnknownRoom, 0)));
    assert_eq!(free, Some(41));
    let waits = attempt(&mut world, network(5000), None, join(room, "Ben"));
    assert_eq!(waits, Some((ErrorCode::TryLater, 10_000)));
    assert_eq!(attempt(&mut world, host(7), None, join(room, "Ada")), None);
    world.now += seconds(10);
    assert_eq!(attempt(&mut world, network(5000), None, join(room, "Ben")), None);
}

#[test]
fn guesses_are_counted_and_rightful_attempts_are_not() {
    let mut world = World::with_capacity(10);
    let (room, _) = world.room_with(["Ada", "Ben"]);
    assert_eq!(world.hub.counts().guesses, 0);
    let wrong = neighbour(&world, room);
    for _ in 0..7 {
        attempt(&mut world, host(9), None, join(wrong, "Eve"));
    }
    assert_eq!(world.hub.counts().guesses, 7, "five wrong ones and two that came too early");
    attempt(&mut world, host(10), None, join(room, "Joe"));
    attempt(&mut world, host(10), Some(TOKEN), join(wrong, "Me"));
    assert_eq!(world.hub.counts().guesses, 7);
}

#[test]
fn a_source_is_an_ipv4_address_or_an_ipv6_network() {
    let source = |text: &str| source_of(text.parse().unwrap());
    assert_eq!(source("::ffff:192.0.2.9"), host(9));
    assert_eq!(source("2001:db8:1:2:3:4:5:6"), source("2001:db8:1:2::9"));
    assert_ne!(source("2001:db8:1:2::9"), source("2001:db8:1:3::9"));
}

#[test]
fn however_many_sources_there_are_memory_is_bounded_and_the_worst_stay_known() {
    let now = World::new().now;
    let mut throttle = Throttle::new(Pace::SOURCE);
    let worst = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    for _ in 0..5 {
        throttle.count(worst, now);
    }
    for number in 1..5_000_u128 {
        let source = IpAddr::V6(Ipv6Addr::from_bits(number));
        assert!(throttle.check(&source, now).is_ok());
        throttle.count(source, now);
    }
    assert!(throttle.check(&worst, now).is_err());
    assert!(!throttle.knows(&IpAddr::V6(Ipv6Addr::from_bits(1))), "forgotten for others");
    throttle.forgive(&IpAddr::V6(Ipv6Addr::from_bits(u128::MAX)));
}
