//! Numbers, acknowledgements, and coming back.

use visavis_protocol::limits::{ACKNOWLEDGE_EVERY, GRACE, UNACKNOWLEDGED_BYTES, UNACKNOWLEDGED_MESSAGES};
use visavis_protocol::*;

use crate::client::{Guest, join, left, names, reconnecting, resume, resumed, seconds};
use crate::common::{World, signal};

const ON: MediaState = MediaState { microphone: true, camera: true, screen: true };

fn to(guest: &Guest, number: u64) -> ClientMessage {
    ClientMessage::Signal { to: guest.id(), session: None, signal: signal(number) }
}

fn numbers(frames: &[ServerFrame]) -> Vec<Option<u64>> {
    frames.iter().map(|frame| frame.seq).collect()
}

#[test]
fn both_sides_number_from_one_and_acknowledge() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    for seq in 1..=3 {
        world.receive(ada.connection, Some(seq), 0, to(&ben, seq));
    }
    assert_eq!(numbers(&world.take(ben.connection)), [Some(1), Some(2), Some(3)]);
    world.receive(ben.connection, None, 3, ClientMessage::State { state: ON });
    let frames = world.take(ada.connection);
    assert_eq!((frames[0].seq, frames[0].ack), (Some(2), 3), "after `joined` about Ben");
}

#[test]
fn an_acknowledgement_comes_in_time_without_other_messages() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    for seq in 1..=ACKNOWLEDGE_EVERY {
        assert_eq!(world.take(ada.connection), []);
        world.receive(ada.connection, Some(seq), 0, to(&ben, seq));
    }
    let frames = world.take(ada.connection);
    assert_eq!((frames.len(), frames[0].ack), (1, ACKNOWLEDGE_EVERY));
}

#[test]
fn a_message_comes_once_and_in_order_or_not_at_all() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    for seq in [1, 1, 0, 2, 1] {
        world.receive(ada.connection, Some(seq), 0, to(&ben, seq));
    }
    assert_eq!(world.take(ben.connection).len(), 2);
    world.receive(ada.connection, Some(4), 0, to(&ben, 4));
    assert_eq!(world.error_code(ada.connection), Some(ErrorCode::SequenceGap));
    assert_eq!(world.close_code(ada.connection), Some(CloseCode::ProtocolError));
    assert_eq!(world.heard(ben.connection), [reconnecting(&ada)]);
    assert_eq!(world.resume(&ada, Some(1)).welcome.received, 2, "the seat is kept");
}

#[test]
fn a_refused_or_unreadable_message_uses_its_number() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let unreadable = DecodeError {
        code: ErrorCode::UnknownMessage,
        message: "This kind of message is unknown here.".into(),
        seq: Some(1),
    };
    for _ in 0..2 {
        let frame = Err(unreadable.clone());
        world.input(visavis_hub::Input::Received { connection: ada.connection, frame });
    }
    let frames = world.take(ada.connection);
    assert_eq!(frames.len(), 1, "the second one is a duplicate");
    assert!(matches!(
        *frames[0].message,
        ServerMessage::Error { code: ErrorCode::UnknownMessage, of: Some(1), .. }
    ));
    world.receive(ada.connection, Some(2), 0, to(&ada, 1));
    world.receive(ada.connection, Some(3), 0, to(&ben, 2));
    assert_eq!(world.heard(ben.connection).len(), 1);
}

#[test]
fn a_session_goes_on_where_it_was_interrupted() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    for seq in 1..=3 {
        world.receive(ada.connection, Some(seq), 1, to(&ben, seq));
    }
    world.receive(ben.connection, None, 1, ClientMessage::Pong {});
    world.disconnect(&ben);
    world.take(ada.connection);
    let eve = world.join(room, "Eve");
    let back = world.resume(&ben, Some(2));
    assert!(back.welcome.continued);
    assert_eq!((back.welcome.you, back.welcome.session), (ben.id(), 1));
    assert_eq!(back.welcome.resume, ben.welcome.resume);
    let missed = world.take(back.connection);
    assert_eq!(numbers(&missed), [Some(3), Some(4)]);
    assert!(
        matches!(&*missed[0].message, ServerMessage::Signal { signal: third, .. } if *third == signal(3))
    );
    assert!(
        matches!(&*missed[1].message, ServerMessage::Joined { participant } if participant.id == eve.id())
    );
    assert_eq!(world.heard(eve.connection), [resumed(&ben)]);
    world.receive(ada.connection, Some(4), 0, to(&ben, 9));
    assert_eq!(numbers(&world.take(back.connection)), [Some(5)]);
}

#[test]
fn the_same_token_resumes_as_often_as_needed() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.say(ada.connection, to(&ben, 1));
    let mut back = ben.clone();
    for _ in 0..3 {
        world.disconnect(&back);
        back = world.resume(&ben, Some(0));
        assert!(back.welcome.continued);
        assert_eq!(numbers(&world.take(back.connection)), [Some(1)], "nobody has acknowledged it");
    }
    world.disconnect(&back);
    for session in 2..5 {
        assert_eq!(world.resume(&ben, None).welcome.session, session);
    }
}

#[test]
fn a_reload_begins_a_new_session_in_the_same_seat() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.receive(ben.connection, Some(1), 0, ClientMessage::State { state: ON });
    world.disconnect(&ben);
    world.take(ada.connection);
    let back = world.resume(&ben, None);
    assert_eq!((back.welcome.continued, back.welcome.received, back.welcome.session), (false, 0, 2));
    assert_eq!(names(&back.welcome.participants), ["Ada", "Ben"], "the seat keeps its name");
    let joined = ServerMessage::Joined { participant: back.welcome.participants[1].clone() };
    assert_eq!(world.heard(ada.connection), [joined]);
    assert_eq!(back.welcome.participants[1].state, MediaState::default(), "as the join says");
    assert_eq!(world.take(back.connection), []);
    world.receive(back.connection, Some(1), 0, to(&ada, 1));
    world.receive(ada.connection, None, 0, to(&ben, 2));
    assert_eq!(numbers(&world.take(back.connection)), [Some(1)]);
    assert_eq!(world.heard(ada.connection).len(), 1);
}

#[test]
fn numbers_that_cannot_be_continued_begin_a_new_session() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    for number in 0..5 {
        world.say(ada.connection, to(&ben, number));
    }
    world.receive(ben.connection, None, 3, ClientMessage::Pong {});
    let mut page = ben.clone();
    for impossible in [6, u64::MAX] {
        let back = world.resume(&page, Some(impossible));
        assert!(!back.welcome.continued, "{impossible}: never sent");
        for number in 0..5 {
            world.say(ada.connection, to(&ben, number));
        }
        world.receive(back.connection, None, 3, ClientMessage::Pong {});
        page = back;
    }
    assert!(!world.resume(&page, Some(2)).welcome.continued, "acknowledged, so no longer there");
}

#[test]
fn what_is_known_of_an_earlier_session_does_not_continue_the_next() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.resume(&ben, None);
    for number in 0..5 {
        world.say(ada.connection, to(&ben, number));
    }
    let back = world.resume(&ben, Some(3));
    assert_eq!((back.welcome.continued, back.welcome.session), (false, 3));
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_says_nothing() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.say(ada.connection, to(&ben, 1));
    world.receive(ben.connection, None, u64::MAX, ClientMessage::Pong {});
    assert_eq!(world.close_code(ben.connection), None);
    let back = world.resume(&ben, Some(0));
    assert!(back.welcome.continued);
    assert_eq!(world.take(back.connection).len(), 1);
}

#[test]
fn a_second_page_takes_the_seat_over_without_a_flicker() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let back = world.resume(&ben, Some(0));
    assert_eq!(world.error_code(ben.connection), Some(ErrorCode::Replaced));
    assert_eq!(world.close_code(ben.connection), Some(CloseCode::Replaced));
    world.disconnect(&ben);
    assert_eq!(world.heard(ada.connection), [resumed(&ben)]);
    world.say(ben.connection, ClientMessage::Leave {});
    assert_eq!(world.present().participants, 2, "the old page has no say any more");
    world.resume(&back, None);
    let heard = world.heard(ada.connection);
    assert!(matches!(&heard[..], [ServerMessage::Joined { participant }] if participant.session == 2));
}

#[test]
fn what_is_sent_may_have_changed_meanwhile() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let connection = world.greeted(None);
    let ClientMessage::Join { room, mut entrant, resume, .. } = resume(&ben, Some(0)) else { panic!() };
    entrant.state = ON;
    world.say(connection, ClientMessage::Join { room, entrant, resume, at: None });
    let changed = ServerMessage::Changed { participant: ben.id(), state: ON };
    assert_eq!(world.heard(ada.connection), [resumed(&ben), changed]);
}

#[test]
fn an_unknown_resume_token_joins_as_somebody_new() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.disconnect(&ben);
    world.pass_with(GRACE, &[&ada]);
    let back = world.resume(&ben, Some(0));
    assert_eq!((back.id(), back.welcome.session), (ParticipantId(3), 1));
    assert_ne!(back.welcome.resume, ben.welcome.resume);
    let window = world.observe(room);
    let thief = Guest {
        connection: window.connection,
        welcome: Welcome { role: Role::Participant, ..window.welcome },
    };
    assert_eq!(world.resume(&thief, Some(0)).id(), ParticipantId(5), "a token is for its role");
}

#[test]
fn who_does_not_read_is_cut_off_and_begins_anew() {
    let mut world = World::new();
    let (_, [ada, ben, eve]) = world.room_with(["Ada", "Ben", "Eve"]);
    // Ben has been told that Eve joined, and acknowledges nothing.
    for number in 1..UNACKNOWLEDGED_MESSAGES as u64 {
        world.say(ada.connection, to(&ben, number));
    }
    assert_eq!(world.close_code(ben.connection), None);
    world.say(ada.connection, to(&ben, 0));
    assert_eq!(world.error_code(ben.connection), Some(ErrorCode::TooSlow));
    assert_eq!(world.close_code(ben.connection), Some(CloseCode::TooSlow));
    assert_eq!(world.heard(eve.connection), [reconnecting(&ben)]);
    assert_eq!(world.close_code(ada.connection), None, "the sender notices nothing");
    world.disconnect(&ben);
    let back = world.resume(&ben, Some(UNACKNOWLEDGED_MESSAGES as u64));
    assert_eq!((back.welcome.continued, back.welcome.session), (false, 2));
    assert_eq!(world.take(back.connection), []);
}

#[test]
fn too_much_for_a_seat_in_grace_ends_its_session_only() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.disconnect(&ben);
    let description = Description { kind: DescriptionKind::Offer, sdp: Sdp::new("x".repeat(48 * 1024)) };
    for _ in 0..=UNACKNOWLEDGED_BYTES / description.sdp.expose().len() {
        let signal = Signal::Description(description.clone());
        world.say(ada.connection, ClientMessage::Signal { to: ben.id(), session: None, signal });
    }
    assert_eq!(world.heard(ada.connection), [reconnecting(&ben)]);
    let back = world.resume(&ben, Some(0));
    assert!(!back.welcome.continued);
    world.say(ada.connection, to(&ben, 1));
    assert_eq!(numbers(&world.take(back.connection)), [Some(1)]);
}

#[test]
fn everybody_may_be_cut_off_by_one_event() {
    let mut world = World::with_capacity(128);
    let (room, _) = world.room_with(["Ada", "Ben", "Eve"]);
    let window = world.observe(room);
    for number in 0..UNACKNOWLEDGED_MESSAGES {
        let guest = world.join(room, &format!("Guest {number}"));
        world.say(guest.connection, ClientMessage::Leave {});
    }
    assert_eq!(world.close_code(window.connection), Some(CloseCode::TooSlow));
    let last = world.join(room, "Last");
    let seen = &last.welcome.participants[..3];
    assert!(seen.iter().all(|participant| participant.presence == Presence::Reconnecting));
    world.pass_with(GRACE, &[&last]);
    let lost = world.heard(last.connection);
    assert_eq!(lost.len(), 3);
    assert!(
        lost.iter().all(|message| matches!(message, ServerMessage::Left { reason: LeaveReason::Lost, .. }))
    );
}

#[test]
fn a_lost_leave_is_made_up_for() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let back = world.resume(&ben, Some(0));
    world.take(ada.connection);
    world.receive(back.connection, Some(1), 0, ClientMessage::Leave {});
    assert_eq!(world.heard(back.connection), [left(&ben, LeaveReason::Left)]);
    assert_eq!(world.heard(ada.connection), [left(&ben, LeaveReason::Left)]);
    world.receive(back.connection, Some(7), 99, join(room, "Ben"));
    world.pass_with(seconds(1), &[&ada]);
    assert!(
        matches!(world.heard(back.connection)[..], [ServerMessage::Welcome(_)]),
        "numbers count in a session only"
    );
}
