//! Who has proved by the handshake that it knows a room's ID, and how the handshake begins.

use std::net::{IpAddr, Ipv4Addr};

use visavis_hub::{ConnectionId, Hindrance};
use visavis_protocol::*;

use crate::client::{Guest, join, resume, seconds};
use crate::common::{TOKEN, World, entrant, hello};

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));

fn admitted(world: &mut World, room: RoomId) -> ConnectionId {
    let connection = world.connect_as(ADDRESS, Some(room));
    world.say(connection, hello(None));
    let greeting = ServerMessage::Hello { version: 1, may_create: false, token: None };
    assert_eq!(world.heard(connection), [greeting]);
    connection
}

fn observe(room: RoomId) -> ClientMessage {
    ClientMessage::Join { room, entrant: entrant("Window", Role::Observer), resume: None, at: None }
}

/// Attempts until the throttle has had enough of this address.
fn use_up(world: &mut World, tag: u16) {
    while world.hub.begin_handshake(ADDRESS, tag, world.now).is_ok() {}
}

#[test]
fn who_was_admitted_joins_and_observes_without_waiting() {
    let mut world = World::new();
    let (room, [ada]) = world.room_with(["Ada"]);
    use_up(&mut world, room.tag());
    for message in [join(room, "Ben"), observe(room), resume(&ada, Some(0))] {
        let connection = admitted(&mut world, room);
        world.say(connection, message);
        assert!(matches!(world.heard(connection)[..], [ServerMessage::Welcome(_), ..]));
    }
    assert_eq!((world.present().participants, world.present().observers), (2, 1));
}

#[test]
fn who_was_admitted_to_one_room_may_do_nothing_else() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let (other, [eve]) = world.room_with(["Eve"]);
    let connection = admitted(&mut world, room);
    let create = ClientMessage::Create { entrant: entrant("Ada", Role::Participant), capacity: None };
    for message in [join(other, "Ada"), observe(other), resume(&eve, Some(0)), create] {
        world.say(connection, message);
        assert_eq!(world.error_code(connection), Some(ErrorCode::NotAllowed));
    }
    assert_eq!(world.close_code(connection), None);
    world.say(connection, join(room, "Ada"));
    assert!(matches!(world.heard(connection)[..], [ServerMessage::Welcome(_)]));
}

#[test]
fn admission_goes_before_a_token_and_after_a_hello() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let connection = world.connect_as(ADDRESS, Some(room));
    world.say(connection, join(room, "Ada"));
    assert_eq!(world.error_code(connection), Some(ErrorCode::HelloExpected));
    let connection = world.connect_as(ADDRESS, Some(room));
    world.say(connection, hello(Some(TOKEN)));
    let greeting = ServerMessage::Hello { version: 1, may_create: false, token: None };
    assert_eq!(world.heard(connection), [greeting], "the token is this machine's own pages'");
}

#[test]
fn a_room_that_is_over_is_unknown_to_those_it_admitted() {
    let mut world = World::new();
    let host = world.greeted(Some(TOKEN));
    let create = ClientMessage::Create { entrant: entrant("Ada", Role::Participant), capacity: None };
    world.say(host, create);
    let heard = world.heard(host);
    let [ServerMessage::Welcome(welcome)] = &heard[..] else { panic!("{heard:?}") };
    let connection = admitted(&mut world, welcome.room);
    world.say(host, ClientMessage::Leave {});
    world.say(connection, join(welcome.room, "Ben"));
    assert_eq!(world.error_code(connection), Some(ErrorCode::UnknownRoom));
}

#[test]
fn a_tag_says_which_room_is_meant() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let (other, []) = world.room_with([]);
    let (hub, now) = (&mut world.hub, world.now);
    for id in [room, other] {
        assert_eq!(hub.begin_handshake(ADDRESS, id.tag(), now), Ok(id));
        hub.forgive_handshake(ADDRESS, id);
    }
    let without_room = (0..=u16::MAX).filter(|tag| *tag != room.tag() && *tag != other.tag());
    for tag in without_room {
        assert_eq!(hub.begin_handshake(ADDRESS, tag, now), Err(Hindrance::NoRoom));
    }
    assert_eq!(hub.counts().guesses, 0, "no guess was spent");
}

#[test]
fn handshakes_and_guests_attempts_are_throttled_together() {
    let mut world = World::new();
    let (room, [ada]) = world.room_with(["Ada"]);
    for _ in 0..5 {
        assert_eq!(world.hub.begin_handshake(ADDRESS, room.tag(), world.now), Ok(room));
    }
    let wait = Err(Hindrance::Wait(seconds(1)));
    assert_eq!(world.hub.begin_handshake(ADDRESS, room.tag(), world.now), wait);
    let connection = world.connect_from(ADDRESS);
    world.say(connection, hello(None));
    world.say(connection, join(room, "Eve"));
    assert_eq!(world.error_code(connection), Some(ErrorCode::TryLater));
    world.say(connection, resume(&ada, None));
    let back = Guest { connection, welcome: ada.welcome };
    assert!(matches!(world.heard(back.connection)[..], [ServerMessage::Welcome(_)]), "never waits");
    assert_eq!(world.hub.counts().guesses, 7);
}

#[test]
fn a_handshake_that_proves_the_id_is_forgiven() {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    for _ in 0..1000 {
        assert_eq!(world.hub.begin_handshake(ADDRESS, room.tag(), world.now), Ok(room));
        world.hub.forgive_handshake(ADDRESS, room);
    }
    for _ in 0..5 {
        assert_eq!(world.hub.begin_handshake(ADDRESS, room.tag(), world.now), Ok(room));
    }
    world.hub.forgive_handshake(ADDRESS, room);
    assert_eq!(world.hub.begin_handshake(ADDRESS, room.tag(), world.now), Ok(room), "that one");
    assert!(world.hub.begin_handshake(ADDRESS, room.tag(), world.now).is_err(), "not the others");
    assert_eq!(world.hub.counts().guesses, 6);
}
