//! Signals and states.

use visavis_protocol::*;

use crate::client::{Guest, seconds};
use crate::common::{World, signal};

fn to(guest: &Guest, session: Option<u32>, number: u64) -> ClientMessage {
    ClientMessage::Signal { to: guest.id(), session, signal: signal(number) }
}

fn signals(messages: &[ServerMessage]) -> Vec<Signal> {
    let signals = messages.iter().filter_map(|message| match message {
        ServerMessage::Signal { signal, .. } => Some(signal.clone()),
        _ => None,
    });
    signals.collect()
}

#[test]
fn a_signal_reaches_its_addressee_only() {
    let mut world = World::new();
    let (_, [ada, ben, eve]) = world.room_with(["Ada", "Ben", "Eve"]);
    world.say(ada.connection, to(&ben, Some(1), 7));
    let wanted = ServerMessage::Signal { from: ada.id(), session: 1, signal: signal(7) };
    assert_eq!(world.heard(ben.connection), [wanted]);
    assert_eq!((world.heard(ada.connection), world.heard(eve.connection)), (vec![], vec![]));
}

#[test]
fn a_signal_to_nobody_is_refused_and_counts() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.say(ben.connection, ClientMessage::Leave {});
    world.take(ada.connection);
    for (seq, to) in (1..).zip([ada.id(), ben.id(), ParticipantId(0), ParticipantId(u32::MAX)]) {
        let message = ClientMessage::Signal { to, session: None, signal: signal(1) };
        world.receive(ada.connection, Some(seq), 0, message);
        let frames = world.take(ada.connection);
        let [frame] = &frames[..] else { panic!("{frames:?}") };
        let ServerMessage::Error { code, of, .. } = &*frame.message else { panic!("{frame:?}") };
        assert_eq!((*code, *of, frame.ack), (ErrorCode::UnknownParticipant, Some(seq), seq));
    }
    assert_eq!(world.close_code(ada.connection), None);
    assert_eq!(world.hub.counts().errors, 4);
}

#[test]
fn signals_are_kept_for_somebody_in_grace() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.disconnect(&ben);
    for number in 0..20 {
        world.say(ada.connection, to(&ben, Some(1), number));
    }
    let back = world.resume(&ben, Some(0));
    assert!(back.welcome.continued);
    assert_eq!(signals(&world.heard(back.connection)), (0..20).map(signal).collect::<Vec<_>>());
}

#[test]
fn a_signal_for_an_earlier_session_is_dropped() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let back = world.resume(&ben, None);
    assert_eq!(back.welcome.session, 2);
    world.take(ada.connection);
    world.say(ada.connection, to(&ben, Some(1), 1));
    world.say(ada.connection, to(&ben, Some(2), 2));
    world.say(ada.connection, to(&ben, None, 3));
    assert_eq!(signals(&world.heard(back.connection)), [signal(2), signal(3)]);
    assert_eq!(world.heard(ada.connection), []);
    world.say(back.connection, to(&ada, None, 4));
    assert!(matches!(world.heard(ada.connection)[..], [ServerMessage::Signal { session: 2, .. }]));
}

#[test]
fn a_change_of_state_is_told_to_the_others_once() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let state = MediaState { microphone: true, camera: false, screen: false };
    for _ in 0..2 {
        world.say(ada.connection, ClientMessage::State { state });
    }
    assert_eq!(world.heard(ben.connection), [ServerMessage::Changed { participant: ada.id(), state }]);
    assert_eq!(world.heard(ada.connection), []);
    world.pass_with(seconds(1), &[&ada, &ben]);
    assert_eq!(world.join(room, "Eve").welcome.participants[0].state, state);
}

#[test]
fn hands_are_numbered_in_the_order_in_which_they_go_up() {
    let mut world = World::with_capacity(4);
    let (room, [ada, ben, eve]) = world.room_with(["Ada", "Ben", "Eve"]);
    let hand = |guest: &Guest, number: Option<u32>| ServerMessage::Hand {
        participant: guest.id(),
        hand: number.map(Hand),
    };
    for (guest, raised) in
        [(&ben, true), (&ben, true), (&ada, true), (&ben, false), (&eve, false), (&ben, true)]
    {
        world.say(guest.connection, ClientMessage::Hand { raised });
    }
    let wanted = [hand(&ben, Some(1)), hand(&ada, Some(2)), hand(&ben, None), hand(&ben, Some(3))];
    for guest in [&ada, &ben, &eve] {
        assert_eq!(world.heard(guest.connection), wanted, "each is told once, who raised it too");
    }
    let late = world.join(room, "Zoe").welcome.participants;
    assert_eq!(
        late.iter().map(|seat| seat.hand).collect::<Vec<_>>(),
        [Some(Hand(2)), Some(Hand(3)), None, None]
    );
    let back = world.resume(&ben, None);
    assert_eq!(
        back.welcome.participants[1].hand,
        Some(Hand(3)),
        "a hand stays up while its page is loaded again"
    );
}

#[test]
fn reactions_reach_those_who_are_here_and_are_not_kept() {
    let mut world = World::new();
    let (_, [ada, ben, eve]) = world.room_with(["Ada", "Ben", "Eve"]);
    world.disconnect(&eve);
    world.take(ada.connection);
    world.take(ben.connection);
    world.say(ada.connection, ClientMessage::React { reaction: Reaction::Clap });
    let frames = world.take(ben.connection);
    let shown = ServerMessage::Reaction { participant: ada.id(), reaction: Reaction::Clap };
    assert_eq!(frames.iter().map(|frame| (frame.seq, &*frame.message)).collect::<Vec<_>>(), [(None, &shown)]);
    assert_eq!(world.heard(ada.connection), []);
    let back = world.resume(&eve, Some(0));
    assert_eq!(world.heard(back.connection), []);
}

#[test]
fn reactions_are_passed_on_in_measure() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let passed = |world: &mut World, wait: u64| {
        world.pass_with(seconds(wait), &[&ada, &ben]);
        world.take(ben.connection);
        for _ in 0..20 {
            world.say(ada.connection, ClientMessage::React { reaction: Reaction::Party });
        }
        world.heard(ben.connection).len()
    };
    assert_eq!([0, 2, 60].map(|wait| passed(&mut world, wait)), [5, 2, 5]);
    assert_eq!(world.hub.counts().errors, 0);
}
