//! Hello, create, join, leave; names, seats and observers.

use std::collections::BTreeSet;

use visavis_hub::{ConnectionId, Counts, Input};
use visavis_protocol::limits::{CODE_LIFETIME, JOIN_TIMEOUT};
use visavis_protocol::*;

use crate::client::{Guest, join, left, names, reconnecting, seconds};
use crate::common::{CAPACITY, MAX_ROOMS, TOKEN, World, entrant, hello, ice_servers};

fn create(capacity: Option<u32>) -> ClientMessage {
    ClientMessage::Create { entrant: entrant("Ada", Role::Participant), capacity }
}

fn hello_with(versions: &[u32], token: Option<&str>, code: Option<&str>) -> ClientMessage {
    let (token, code) = (token.map(AccessToken::new), code.map(SingleUseCode::new));
    ClientMessage::Hello { versions: versions.to_vec(), token, code }
}

fn answer(world: &mut World, connection: ConnectionId) -> ServerMessage {
    let heard = world.heard(connection);
    assert_eq!(heard.len(), 1, "{heard:?}");
    heard[0].clone()
}

#[test]
fn the_first_message_is_a_hello() {
    let mut world = World::new();
    for message in [create(None), ClientMessage::Pong {}, ClientMessage::Leave {}] {
        let connection = world.connect();
        world.say(connection, message);
        assert_eq!(world.error_code(connection), Some(ErrorCode::HelloExpected));
        assert_eq!(world.close_code(connection), Some(CloseCode::ProtocolError));
        world.say(connection, hello(None));
        assert_eq!(world.heard(connection), [], "a closed connection is forgotten");
    }
    let connection = world.greeted(None);
    world.say(connection, hello(Some(TOKEN)));
    assert_eq!(world.error_code(connection), Some(ErrorCode::InvalidField), "and said once");
    world.say(connection, create(None));
    assert_eq!(world.error_code(connection), Some(ErrorCode::NotAllowed), "without a second effect");
}

#[test]
fn versions_are_negotiated() {
    let mut world = World::new();
    let connection = world.connect();
    world.say(connection, hello_with(&[9, 1, 2], None, None));
    let wanted = ServerMessage::Hello { version: 1, may_create: false, token: None };
    assert_eq!(answer(&mut world, connection), wanted);
    for (versions, older) in
        [(&[2, 3][..], "host's app is older"), (&[0], "page is older"), (&[], "page is older")]
    {
        let connection = world.connect();
        world.say(connection, hello_with(versions, None, None));
        let ServerMessage::Error { code, message, .. } = answer(&mut world, connection) else { panic!() };
        assert_eq!(code, ErrorCode::VersionMismatch);
        assert!(message.contains(older), "{versions:?}: {message}");
        assert_eq!(world.close_code(connection), Some(CloseCode::VersionMismatch));
    }
}

#[test]
fn only_the_token_or_a_fresh_code_allows_to_create() {
    let mut world = World::new();
    for code in ["used", "expired", "spare"] {
        world.input(Input::CodeIssued { code: SingleUseCode::new(code) });
    }
    let mut greet = |token, code| {
        let connection = world.connect();
        world.say(connection, hello_with(&[1], token, code));
        match answer(&mut world, connection) {
            ServerMessage::Hello { may_create, token, .. } => {
                Ok((may_create, token.map(|token| token.expose().to_owned())))
            }
            ServerMessage::Error { code, .. } => Err((code, world.close_code(connection))),
            other => panic!("{other:?}"),
        }
    };
    let refused = Err((ErrorCode::WrongToken, Some(CloseCode::WrongToken)));
    assert_eq!(greet(None, None), Ok((false, None)));
    assert_eq!(greet(Some(TOKEN), None), Ok((true, None)));
    assert_eq!(greet(Some("wrong"), None), refused);
    assert_eq!(greet(None, Some("used")), Ok((true, Some(TOKEN.to_owned()))));
    assert_eq!(greet(None, Some("used")), refused);
    assert_eq!(greet(Some(TOKEN), Some("spare")), Ok((true, None)));
    assert_eq!(greet(Some("of the last launch"), Some("spare")), Ok((true, Some(TOKEN.to_owned()))));
    world.now += CODE_LIFETIME;
    let connection = world.connect();
    world.say(connection, hello_with(&[1], None, Some("expired")));
    assert_eq!(world.error_code(connection), Some(ErrorCode::WrongToken));
}

#[test]
fn the_number_of_codes_is_bounded() {
    let mut world = World::new();
    for number in 0..1000 {
        world.input(Input::CodeIssued { code: SingleUseCode::new(number.to_string()) });
    }
    for (code, allowed) in [("0", false), ("999", true)] {
        let connection = world.connect();
        world.say(connection, hello_with(&[1], None, Some(code)));
        assert_eq!(world.close_code(connection).is_none(), allowed, "{code}");
    }
}

#[test]
fn a_page_need_not_wait_for_answers() {
    let mut world = World::new();
    let connection = world.connect();
    world.say(connection, hello(Some(TOKEN)));
    world.say(connection, create(Some(2)));
    world.receive(connection, Some(1), 0, ClientMessage::Leave {});
    let heard = world.heard(connection);
    let [ServerMessage::Hello { may_create: true, .. }, ServerMessage::Welcome(welcome), end] = &heard[..]
    else {
        panic!("{heard:?}")
    };
    assert_eq!((welcome.you, welcome.session, welcome.continued), (ParticipantId(1), 1, false));
    assert_eq!((welcome.capacity, welcome.received), (2, 0));
    assert_eq!(welcome.ice_servers, ice_servers());
    assert_eq!(names(&welcome.participants), ["Ada"]);
    assert!(matches!(end, ServerMessage::Left { participant: ParticipantId(1), .. }));
    let connections = 1;
    assert_eq!(world.present(), Counts { connections, ..Counts::default() }, "the room is over");
}

#[test]
fn the_others_see_who_joins_and_leaves() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let eve = world.join(room, "Eve");
    assert_eq!(names(&eve.welcome.participants), ["Ada", "Ben", "Eve"]);
    let joined = ServerMessage::Joined { participant: eve.welcome.participants[2].clone() };
    assert_eq!(
        (world.heard(ada.connection), world.heard(ben.connection)),
        (vec![joined.clone()], vec![joined])
    );
    world.say(ben.connection, ClientMessage::Leave {});
    let gone = left(&ben, LeaveReason::Left);
    for guest in [&ada, &ben, &eve] {
        assert_eq!(world.heard(guest.connection), std::slice::from_ref(&gone));
    }
}

#[test]
fn one_connection_is_in_one_room_at_a_time() {
    let mut world = World::new();
    let (room, [ada]) = world.room_with(["Ada"]);
    world.say(ada.connection, join(room, "Ada"));
    assert_eq!(world.error_code(ada.connection), Some(ErrorCode::AlreadyJoined));
    world.say(ada.connection, create(None));
    assert_eq!(world.error_code(ada.connection), Some(ErrorCode::AlreadyJoined));
    world.say(ada.connection, ClientMessage::Leave {});
    world.heard(ada.connection);
    for message in [ClientMessage::Leave {}, ClientMessage::State { state: MediaState::default() }] {
        world.say(ada.connection, message);
        assert_eq!(world.error_code(ada.connection), Some(ErrorCode::NotJoined));
    }
    world.say(ada.connection, join(room, "Ada"));
    let heard = world.heard(ada.connection);
    let [ServerMessage::Welcome(welcome)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((welcome.you, welcome.session), (ParticipantId(2), 1), "as somebody new");
    assert_ne!(welcome.resume, ada.welcome.resume);
}

#[test]
fn seats_are_limited_and_those_in_grace_count() {
    let mut world = World::new();
    let (room, [ada, _, eve]) = world.room_with(["Ada", "Ben", "Eve"]);
    world.disconnect(&ada);
    let late = world.greeted(None);
    world.say(late, join(room, "Late"));
    assert_eq!(world.error_code(late), Some(ErrorCode::RoomFull));
    assert_eq!(world.close_code(late), None);
    world.say(eve.connection, ClientMessage::Leave {});
    world.say(late, join(room, "Late"));
    assert!(matches!(world.heard(late)[..], [ServerMessage::Welcome(_)]));
    assert_eq!(world.present().participants, CAPACITY as usize);
}

#[test]
fn rooms_are_limited_and_have_ids_of_their_own() {
    let mut world = World::new();
    for capacity in [0, 1, limits::MAX_CAPACITY + 1, u32::MAX] {
        assert_eq!(world.hub.open_room(Some(capacity), &mut world.rng), Err(ErrorCode::InvalidField));
    }
    let mut rooms: Vec<_> =
        (0..MAX_ROOMS).map(|_| world.hub.open_room(None, &mut world.rng).unwrap()).collect();
    rooms.sort();
    rooms.dedup();
    assert_eq!(rooms.len(), MAX_ROOMS);
    assert_eq!(world.hub.open_room(None, &mut world.rng), Err(ErrorCode::TooManyRooms));
    let connection = world.greeted(Some(TOKEN));
    world.say(connection, create(None));
    assert_eq!(world.error_code(connection), Some(ErrorCode::TooManyRooms));
}

#[test]
fn each_room_has_a_tag_of_its_own() {
    let mut world = World::with_rooms(2000);
    let mut open = || world.hub.open_room(None, &mut world.rng);
    let rooms: Vec<_> = (0..RoomId::TAGS).map(|_| open().unwrap()).collect();
    assert_eq!(open(), Err(ErrorCode::TooManyRooms), "as many as there are tags");
    let tags: BTreeSet<_> = rooms.iter().map(|room| room.tag()).collect();
    assert_eq!(tags, (0..RoomId::TAGS).collect());
    let secrets: BTreeSet<_> = rooms.iter().map(|room| room.digits()[3..].to_owned()).collect();
    assert!(secrets.len() > 990, "{} different secrets", secrets.len());
    assert!(secrets.iter().any(|secret| secret.as_str() > "980000"), "from all that there are");
}

#[test]
fn names_are_unique_in_the_room_and_free_again_later() {
    let mut world = World::with_capacity(10);
    let (room, [_, second, _]) = world.room_with(["Guest", "Guest", "Guest 2"]);
    let own_name = |guest: &Guest| {
        let own = guest.welcome.participants.iter().find(|participant| participant.id == guest.id());
        own.unwrap().name.as_str().to_owned()
    };
    assert_eq!(own_name(&second), "Guest 2");
    assert_eq!(own_name(&world.join(room, "Guest")), "Guest 3");
    assert_eq!(own_name(&world.join(room, "Guest 2")), "Guest 2 3");
    world.disconnect(&second);
    assert_eq!(own_name(&world.join(room, "Guest")), "Guest 4", "a seat in grace keeps its name");
    world.pass(seconds(31), |_| ());
    assert_eq!(own_name(&world.join(room, "Guest")), "Guest 2");
}

#[test]
fn nobody_has_the_name_that_pages_give_their_own_person() {
    let mut world = World::with_capacity(10);
    let (room, _) = world.room_with(["Ada"]);
    for (wish, name) in
        [("You", "You 2"), ("you", "you 2"), ("You", "You 3"), ("你", "你 2"), ("Young", "Young")]
    {
        let guest = world.join(room, wish);
        let own = guest.welcome.participants.iter().find(|participant| participant.id == guest.id());
        assert_eq!(own.unwrap().name.as_str(), name);
    }
}

#[test]
fn an_observer_sees_and_is_not_seen() {
    let mut world = World::new();
    let (room, [ada, _, _]) = world.room_with(["Ada", "Ben", "Eve"]);
    let guest = world.greeted(None);
    let entrant = entrant("Window", Role::Observer);
    world.say(guest, ClientMessage::Join { room, entrant, resume: None, at: None });
    assert_eq!(world.error_code(guest), Some(ErrorCode::NotAllowed), "it needs the token");

    let window = world.observe(room);
    assert_eq!(names(&window.welcome.participants), ["Ada", "Ben", "Eve"], "in a full room");
    assert_eq!(world.heard(ada.connection), []);
    assert_eq!((world.present().participants, world.present().observers), (3, 1));
    let to = window.id();
    for (from, to, code) in
        [(&ada, to, ErrorCode::UnknownParticipant), (&window, ada.id(), ErrorCode::NotAllowed)]
    {
        let signal = crate::common::signal(1);
        world.say(from.connection, ClientMessage::Signal { to, session: None, signal });
        assert_eq!(world.error_code(from.connection), Some(code));
    }
    world.say(
        window.connection,
        ClientMessage::State { state: MediaState { microphone: true, camera: true, screen: false } },
    );
    assert_eq!(world.error_code(window.connection), Some(ErrorCode::NotAllowed));
    world.disconnect(&ada);
    assert_eq!(world.heard(window.connection), [reconnecting(&ada)]);
    world.disconnect(&window);
    world.pass(seconds(31), |_| ());
    assert_eq!(world.present().observers, 0);
}

#[test]
fn who_never_joins_is_removed() {
    let mut world = World::new();
    let (silent, greeted) = (world.connect(), world.greeted(None));
    let room = world.hub.open_room(None, &mut world.rng).unwrap();
    let guest = world.join(room, "Ada");
    world.pass_with(JOIN_TIMEOUT - seconds(1), &[&guest]);
    assert_eq!((world.close_code(silent), world.close_code(greeted)), (None, None));
    assert_eq!(world.heard(greeted), [], "no ping outside a room");
    world.say(guest.connection, ClientMessage::Leave {});
    world.pass(seconds(2), |_| ());
    for connection in [silent, greeted] {
        assert_eq!(world.error_code(connection), Some(ErrorCode::TimedOut));
        assert_eq!(world.close_code(connection), Some(CloseCode::TimedOut));
    }
    assert_eq!(world.close_code(guest.connection), None, "its time begins when it leaves");
    world.pass(JOIN_TIMEOUT, |_| ());
    assert_eq!(world.close_code(guest.connection), Some(CloseCode::TimedOut));
    assert_eq!(world.hub.poll_timeout(), None);
}
