//! Pings, silence, grace, and when a room is over.

use visavis_hub::{Counts, Input};
use visavis_protocol::limits::{GRACE, LONGEST_GRACE, PING_INTERVAL, SILENCE_LIMIT};
use visavis_protocol::*;

use crate::client::{Guest, left, reconnecting, seconds};
use crate::common::{TOKEN, World, entrant};

#[test]
fn silence_shows_as_reconnecting_and_then_as_lost() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.pass_with(SILENCE_LIMIT - seconds(1), &[&ada]);
    assert_eq!(world.heard(ada.connection), []);
    world.pass_with(seconds(2), &[&ada]);
    assert_eq!(world.heard(ada.connection), [reconnecting(&ben)]);
    assert_eq!(world.error_code(ben.connection), Some(ErrorCode::TimedOut));
    assert_eq!(world.close_code(ben.connection), Some(CloseCode::TimedOut));
    world.input(Input::Disconnected { connection: ben.connection });
    world.say(ben.connection, ClientMessage::Pong {});
    world.pass_with(GRACE - seconds(2), &[&ada]);
    assert_eq!(world.heard(ada.connection), [], "what comes from a closed connection is ignored");
    world.pass_with(seconds(2), &[&ada]);
    assert_eq!(world.heard(ada.connection), [left(&ben, LeaveReason::Lost)]);
}

#[test]
fn members_are_pinged_as_often_as_promised() {
    let mut world = World::new();
    let (_, [ada]) = world.room_with(["Ada"]);
    world.pass_with(PING_INTERVAL * 10, &[&ada]);
    let frames = world.take(ada.connection);
    assert!(frames.iter().all(|frame| *frame.message == ServerMessage::Ping {} && frame.seq.is_none()));
    assert!((8..=10).contains(&frames.len()), "{} pings", frames.len());
}

#[test]
fn a_closed_connection_is_noticed_at_once() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.disconnect(&ben);
    world.disconnect(&ben);
    assert_eq!(world.heard(ada.connection), [reconnecting(&ben)]);
    assert_eq!(world.present().connections, 1);
}

#[test]
fn a_created_room_ends_with_its_last_member_grace_included() {
    let mut world = World::new();
    let host = world.greeted(Some(TOKEN));
    let create = ClientMessage::Create { entrant: entrant("Ada", Role::Participant), capacity: None };
    world.say(host, create);
    let heard = world.heard(host);
    let [ServerMessage::Welcome(welcome)] = &heard[..] else { panic!("{heard:?}") };
    let window = world.observe(welcome.room);
    world.say(host, ClientMessage::Leave {});
    assert!(world.hub.has_rooms(), "an observer is a member too");
    world.disconnect(&window);
    world.input(Input::Disconnected { connection: host });
    world.pass(GRACE - seconds(1), |_| ());
    assert!(world.hub.has_rooms());
    world.pass(seconds(1), |_| ());
    assert_eq!(world.present(), Counts::default());
    assert_eq!(world.hub.poll_timeout(), None);
}

#[test]
fn a_kept_room_stays_empty() {
    let mut world = World::new();
    let (room, [ada]) = world.room_with(["Ada"]);
    world.say(ada.connection, ClientMessage::Leave {});
    world.disconnect(&ada);
    world.pass(seconds(60), |_| ());
    assert_eq!(world.hub.poll_timeout(), None, "nothing to wait for");
    assert_eq!(world.join(room, "Ben").id(), ParticipantId(2));
}

#[test]
fn a_late_timer_does_what_was_due_and_an_early_one_nothing() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let at = world.hub.poll_timeout().unwrap();
    world.hub.handle_timeout(at - std::time::Duration::from_millis(1));
    assert_eq!((world.hub.poll_output(), world.hub.poll_timeout()), (None, Some(at)));
    world.disconnect(&ben);
    world.heard(ada.connection);
    world.now += SILENCE_LIMIT - seconds(1);
    world.say(ada.connection, ClientMessage::Pong {});
    world.now += GRACE;
    world.say(ada.connection, ClientMessage::Pong {});
    world.hub.handle_timeout(world.now);
    world.drain();
    assert_eq!(world.heard(ada.connection), [left(&ben, LeaveReason::Lost)]);
    assert_eq!(world.close_code(ada.connection), None);
}

fn vouch(guest: &Guest) -> ClientMessage {
    ClientMessage::Vouch { participant: guest.id() }
}

#[test]
fn a_seat_is_kept_while_somebody_vouches_but_not_for_ever() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.disconnect(&ben);
    world.take(ada.connection);
    let mut kept = seconds(0);
    while kept < LONGEST_GRACE - GRACE {
        world.pass_with(GRACE - seconds(1), &[&ada]);
        world.say(ada.connection, vouch(&ben));
        kept += GRACE - seconds(1);
    }
    assert_eq!(world.heard(ada.connection), []);
    world.pass_with(LONGEST_GRACE - kept - seconds(1), &[&ada]);
    world.say(ada.connection, vouch(&ben));
    assert_eq!(world.heard(ada.connection), []);
    world.pass_with(seconds(1), &[&ada]);
    assert_eq!(world.heard(ada.connection), [left(&ben, LeaveReason::Lost)]);
}

#[test]
fn grace_runs_from_the_last_vouch() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.disconnect(&ben);
    world.pass_with(seconds(20), &[&ada]);
    world.say(ada.connection, vouch(&ben));
    world.take(ada.connection);
    world.pass_with(GRACE - seconds(1), &[&ada]);
    assert_eq!(world.heard(ada.connection), []);
    assert!(world.resume(&ben, Some(0)).welcome.continued);
    world.take(ada.connection);
    world.pass_with(SILENCE_LIMIT, &[&ada]);
    world.pass_with(GRACE, &[&ada]);
    let lost = [reconnecting(&ben), left(&ben, LeaveReason::Lost)];
    assert_eq!(world.heard(ada.connection), lost, "what was vouched before counts no more");
}

#[test]
fn a_vouch_that_makes_no_sense_has_no_effect() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let (window, lost_window) = (world.observe(room), world.observe(room));
    let nobody = ClientMessage::Vouch { participant: ParticipantId(99) };
    world.disconnect(&ben);
    world.disconnect(&lost_window);
    world.pass_with(GRACE - seconds(1), &[&ada, &window]);
    world.say(window.connection, vouch(&ben));
    for message in [nobody, vouch(&ada), vouch(&window), vouch(&lost_window)] {
        world.say(ada.connection, message);
    }
    assert_eq!(world.heard(ada.connection), [reconnecting(&ben)]);
    world.pass_with(seconds(1), &[&ada, &window]);
    assert_eq!(world.heard(ada.connection), [left(&ben, LeaveReason::Lost)], "an observer has no media");
    assert_eq!(world.present().observers, 1, "and no seat");
    world.disconnect(&ada);
    world.pass_with(GRACE, &[&window]);
    assert_eq!(world.present().participants, 0, "nobody vouches ahead of time");
    let stranger = world.greeted(None);
    world.say(stranger, vouch(&ada));
    assert_eq!(world.error_code(stranger), Some(ErrorCode::NotJoined));
}
