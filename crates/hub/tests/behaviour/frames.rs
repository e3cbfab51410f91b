//! Whatever a client says, in whatever order: no panic, and the others go on.

use proptest::prelude::*;
use visavis_hub::{ConnectionId, Input};
use visavis_protocol::*;

use crate::common::{MAX_ROOMS, TOKEN, World, signal};

#[derive(Clone, Debug)]
enum Event {
    Connect,
    Disconnect(u64),
    Frame {
        connection: u64,
        seq: Option<u64>,
        ack: u64,
        message: ClientMessage,
    },
    /// With the resume token of the last welcome.
    Resume {
        connection: u64,
        received: Option<u64>,
        role: Role,
    },
    Unreadable {
        connection: u64,
        code: ErrorCode,
        seq: Option<u64>,
    },
    Reachable(bool),
    Fault(u64),
    Pass(u64),
}

/// Small and extreme numbers, so that what is meant sometimes exists.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0..6_u64, 1 => Just(u64::MAX), 1 => any::<u64>()]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![4 => Just(Role::Participant), 1 => Just(Role::Observer)]
}

fn entrant() -> impl Strategy<Value = Entrant> {
    (role(), any::<bool>()).prop_map(|(role, camera)| Entrant {
        state: MediaState { microphone: !camera, camera, screen: false },
        ..crate::common::entrant("Guest", role)
    })
}

fn message() -> impl Strategy<Value = ClientMessage> {
    let hello = (prop::collection::vec(0..3_u32, 0..3), prop::option::weighted(0.8, any::<bool>()));
    prop_oneof![
        2 => hello.prop_map(|(versions, right)| ClientMessage::Hello {
            versions,
            token: right.map(|right| AccessToken::new(if right { TOKEN } else { "" })),
            code: None,
        }),
        2 => (entrant(), prop::option::of(any::<u32>().prop_map(|number| number % 130)))
            .prop_map(|(entrant, capacity)| ClientMessage::Create { entrant, capacity }),
        1 => (entrant(), 0..RoomId::COUNT).prop_map(|(entrant, number)| ClientMessage::Join {
            room: RoomId::from_number(number).unwrap(),
            entrant,
            resume: None, at: None,
        }),
        1 => Just(ClientMessage::Leave {}),
        4 => (0..5_u32, prop::option::of(0..3_u32)).prop_map(|(to, session)| ClientMessage::Signal {
            to: ParticipantId(to),
            session,
            signal: signal(0),
        }),
        2 => any::<bool>().prop_map(|camera| ClientMessage::State {
            state: MediaState { microphone: true, camera, screen: false },
        }),
        1 => Just(ClientMessage::Pong {}),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let connection = 0..8_u64;
    prop_oneof![
        3 => Just(Event::Connect),
        1 => connection.clone().prop_map(Event::Disconnect),
        20 => (connection.clone(), prop::option::of(number()), number(), message())
            .prop_map(|(connection, seq, ack, message)| Event::Frame { connection, seq, ack, message }),
        6 => (connection.clone(), prop::option::of(number()), role())
            .prop_map(|(connection, received, role)| Event::Resume { connection, received, role }),
        2 => (connection.clone(), prop::sample::select(&ErrorCode::ALL[..5]), prop::option::of(number()))
            .prop_map(|(connection, code, seq)| Event::Unreadable { connection, code, seq }),
        1 => any::<bool>().prop_map(Event::Reachable),
        1 => connection.prop_map(Event::Fault),
        3 => (0..40_u64).prop_map(Event::Pass),
    ]
}

/// The room and resume token of the last welcome anybody got.
fn last_welcome(world: &mut World, connections: &[ConnectionId], last: &mut Option<Welcome>) {
    for connection in connections {
        for message in world.heard(*connection) {
            if let ServerMessage::Welcome(welcome) = message {
                *last = Some(*welcome);
            }
        }
    }
}

fn run(events: Vec<Event>) {
    let mut world = World::new();
    let mut connections = vec![world.greeted(Some(TOKEN)), world.greeted(Some(TOKEN))];
    let mut last = None;
    for event in events {
        let pick = |number: u64| connections[number as usize % connections.len()];
        match event {
            Event::Connect => connections.push(world.connect()),
            Event::Disconnect(number) => world.input(Input::Disconnected { connection: pick(number) }),
            Event::Frame { connection, seq, ack, message } => {
                world.receive(pick(connection), seq, ack, message)
            }
            Event::Resume { connection, received, role } => {
                let Some(Welcome { room, resume: token, .. }) = last.clone() else { continue };
                let entrant = crate::common::entrant("Back", role);
                let resume = Some(Resume { token, received });
                world.say(pick(connection), ClientMessage::Join { room, entrant, resume, at: None });
            }
            Event::Unreadable { connection, code, seq } => {
                let error = DecodeError { code, message: code.sentence().into(), seq };
                world.input(Input::Received { connection: pick(connection), frame: Err(error) });
            }
            Event::Reachable(yes) => {
                let address = yes.then(|| visavis_hub::InviteAddress {
                    origin: "https://192.0.2.7:1".into(),
                    fingerprint: String::new(),
                });
                world.input(Input::Reachable { address, ice_servers: Vec::new() });
            }
            Event::Fault(number) => {
                world.hub.contain_fault(pick(number));
                world.drain();
            }
            Event::Pass(half_seconds) => {
                world.pass(std::time::Duration::from_millis(500 * half_seconds), |_| ());
            }
        }
        last_welcome(&mut world, &connections, &mut last);
        assert!(world.hub.counts().rooms <= MAX_ROOMS);
    }
    world.pass(std::time::Duration::from_secs(60), |_| ());
    assert_eq!((world.present(), world.hub.poll_timeout()), Default::default(), "everything is forgotten");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(
            proptest::test_runner::FileFailurePersistence::Direct(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/frames.proptest-regressions"
            )),
        )),
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_order_of_frames_harms_the_hub(events in prop::collection::vec(event(), 1..80)) {
        run(events);
    }
}
