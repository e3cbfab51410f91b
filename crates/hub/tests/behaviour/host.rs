//! What comes from the host: the invite, the end, a fault.

use visavis_hub::{Counts, Input, InviteAddress};
use visavis_protocol::*;

use crate::client::{reconnecting, seconds};
use crate::common::{HOST, World, ice_servers};

fn reachable(port: u16) -> Input {
    let address = InviteAddress { origin: format!("https://192.0.2.7:{port}"), fingerprint: "AB:CD".into() };
    Input::Reachable { address: Some(address), ice_servers: Vec::new() }
}

#[test]
fn the_invite_follows_the_address() {
    let mut world = World::new();
    let (room, [ada]) = world.room_with(["Ada"]);
    assert_eq!(ada.welcome.invite, None);
    for _ in 0..2 {
        world.input(reachable(7443));
    }
    let link = format!("https://192.0.2.7:7443/#{}", room.digits());
    let invite = Some(Invite { link, fingerprint: "AB:CD".into() });
    assert_eq!(world.heard(ada.connection), [ServerMessage::Invite { invite: invite.clone() }]);
    let other = world.hub.open_room(None, &mut world.rng).unwrap();
    let elsewhere = world.join(other, "Ben").welcome.invite.unwrap();
    assert!(elsewhere.link.ends_with(&other.digits()));
    assert_eq!(world.join(room, "Eve").welcome.invite, invite);
    world.input(Input::Reachable { address: None, ice_servers: Vec::new() });
    assert_eq!(world.heard(ada.connection).last(), Some(&ServerMessage::Invite { invite: None }));
    let shown = format!("{:?}", reachable(7443));
    assert!(!shown.contains("192.0.2.7"), "{shown}");
}

#[test]
fn a_welcome_names_the_host_and_every_ice_server_once() {
    let mut world = World::new();
    let configured = IceServer {
        urls: vec!["turn:192.0.2.99".into()],
        username: Some("me".into()),
        credential: Some("secret".into()),
    };
    let both = [&ice_servers()[..], &[configured]].concat();
    world.input(Input::Reachable { address: None, ice_servers: both.clone() });
    let (_, [ada]) = world.room_with(["Ada"]);
    assert_eq!(ada.welcome.ice_servers, both, "the host itself comes first");
    assert_eq!(ada.welcome.host.as_str(), HOST);
}

#[test]
fn the_end_reaches_everybody() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let (window, stranger) = (world.observe(room), world.greeted(None));
    world.disconnect(&ben);
    world.take(ada.connection);
    world.input(Input::Stop);
    let ended = ServerMessage::Ended { reason: EndReason::HostStopped };
    for member in [&ada, &window] {
        assert_eq!(world.heard(member.connection).last(), Some(&ended));
        assert_eq!(world.close_code(member.connection), Some(CloseCode::GoingAway));
    }
    assert_eq!(world.close_code(stranger), Some(CloseCode::GoingAway));
    assert_eq!((world.present(), world.hub.poll_timeout()), (Counts::default(), None));
}

#[test]
fn a_fault_ends_one_room_only() {
    let mut world = World::new();
    let (_, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    let (_, [eve, joe]) = world.room_with(["Eve", "Joe"]);
    let stranger = world.greeted(None);
    world.hub.contain_fault(ada.connection);
    world.drain();
    for guest in [&ada, &ben] {
        let heard = world.heard(guest.connection);
        let [ServerMessage::Error { code: ErrorCode::Internal, .. }, ServerMessage::Ended { reason }] =
            &heard[..]
        else {
            panic!("{heard:?}")
        };
        assert_eq!(*reason, EndReason::Fault);
        assert_eq!(world.close_code(guest.connection), Some(CloseCode::Internal));
    }
    assert_eq!((world.present().rooms, world.present().participants), (1, 2));
    world.disconnect(&joe);
    assert_eq!(world.heard(eve.connection), [reconnecting(&joe)]);
    world.hub.contain_fault(stranger);
    world.hub.contain_fault(ada.connection);
    world.drain();
    assert_eq!(world.close_code(stranger), Some(CloseCode::Internal));
    assert_eq!(world.close_code(eve.connection), None);
}

#[test]
fn counts_add_up() {
    let mut world = World::new();
    let (room, [ada, ben]) = world.room_with(["Ada", "Ben"]);
    world.observe(room);
    world.disconnect(&ben);
    world.say(ada.connection, ClientMessage::Leave {});
    world.say(ada.connection, ClientMessage::Leave {});
    world.pass_with(seconds(1), &[]);
    let wanted = Counts {
        rooms: 1,
        participants: 1,
        observers: 1,
        connections: 2,
        messages: 8,
        errors: 1,
        guesses: 0,
    };
    assert_eq!(world.hub.counts(), wanted);
}
