//! Two million guesses at rooms' IDs on a virtual clock, as fast as the throttle lets them: how many get through,
//! and who gets in meanwhile.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests may fail loudly")]

#[allow(dead_code, reason = "each test takes what it needs")]
#[path = "behaviour/client.rs"]
mod client;
#[allow(dead_code, reason = "each test takes what it needs")]
mod common;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use client::{Guest, join};
use common::{World, hello};
use visavis_hub::{Hindrance, Input};
use visavis_protocol::*;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Attempts of each attack; there are eight.
const ATTEMPTS: u32 = 250_000;

/// After how many attempts somebody wants to get in, and somebody else to come back.
const VISIT_EVERY: u32 = 10_000;

/// Attempts after which resting for an hour, to be forgotten, gains more than going on.
const BEST_BEFORE_REST: u32 = 20;

/// How many addresses, none of which rests, use up what all who have failed may together.
const ENOUGH_KNOWN: u8 = 60;

/// At most this many guesses within any hour and any day: what `docs/protocol.md` promises.
struct Promise {
    hour: usize,
    day: usize,
}

const ONE_SOURCE: Promise = Promise { hour: 24, day: 420 };
const ONE_NETWORK: Promise = Promise { hour: 654, day: 14_776 };
const ENDLESS: Promise = Promise { hour: 2_000, day: 39_260 };

/// Where guesses come from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Address(IpAddr),
    /// Another address of the same IPv6 network each time.
    HoppingIpv6,
    /// Another IPv4 address each time.
    EndlessIpv4,
    /// Another IPv6 network each time.
    EndlessIpv6,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Guesser {
    origin: Origin,
    /// After how many guesses it rests for an hour.
    rests_after: u32,
    guesses: u32,
}

impl Guesser {
    fn resting(origin: Origin, rests_after: u32) -> Self {
        Self { origin, rests_after, guesses: 0 }
    }

    fn tireless(origin: Origin) -> Self {
        Self::resting(origin, u32::MAX)
    }

    fn address(&self, attempt: u32) -> IpAddr {
        let number = u128::from(attempt) + 1;
        match self.origin {
            Origin::Address(address) => address,
            Origin::HoppingIpv6 => Ipv6Addr::from_bits((0x2001_0db8_u128 << 96) | number).into(),
            Origin::EndlessIpv4 => Ipv4Addr::from_bits(0x0a00_0000 + attempt).into(),
            Origin::EndlessIpv6 => Ipv6Addr::from_bits((0x2001_0db9_u128 << 96) | (number << 64)).into(),
        }
    }

    /// Whether it wants to rest before the next guess.
    fn is_tired(&mut self) -> bool {
        self.guesses += 1;
        self.guesses.is_multiple_of(self.rests_after)
    }
}

/// Where a rightful newcomer comes from while others guess.
fn newcomer() -> IpAddr {
    Ipv4Addr::new(198, 51, 100, 7).into()
}

/// Lets them guess and returns when a guess got through. Newcomers are `let_in` at their first try, and whoever
/// comes back never waits, though its address is one of those that guess.
fn attack(guessers: &[Guesser], let_in: bool) -> Vec<Instant> {
    let mut world = World::new();
    let (room, []) = world.room_with([]);
    let start = world.now;
    let mut next: BinaryHeap<_> = guessers.iter().map(|guesser| Reverse((start, *guesser))).collect();
    let mut through = Vec::new();
    let mut member = visit(&mut world, room, newcomer()).expect("before the attack");
    for attempt in 0..ATTEMPTS {
        let Reverse((at, mut guesser)) = next.pop().expect("they never give up");
        world.now = at.max(world.now);
        let wait = match world.hub.begin_handshake(guesser.address(attempt), room.tag(), world.now) {
            Ok(_) => {
                through.push(world.now);
                if guesser.is_tired() { HOUR } else { Duration::ZERO }
            }
            Err(Hindrance::Wait(wait)) => wait,
            Err(Hindrance::NoRoom) => panic!("the room is there"),
        };
        next.push(Reverse((world.now + wait, guesser)));
        if attempt % VISIT_EVERY == VISIT_EVERY - 1 {
            member = come_back(&mut world, &member);
            world.say(member.connection, ClientMessage::Leave {});
            member = match visit(&mut world, room, newcomer()) {
                Some(newcomer) => newcomer,
                None if let_in => panic!("a newcomer has to wait after {attempt} attempts"),
                None => admit(&mut world, room),
            };
        }
    }
    assert!(world.hub.counts().guesses >= u64::from(ATTEMPTS), "the host can tell");
    through
}

/// One try to get in as a guest.
fn visit(world: &mut World, room: RoomId, source: IpAddr) -> Option<Guest> {
    let connection = world.connect_from(source);
    world.say(connection, hello(None));
    world.say(connection, join(room, "Ada"));
    let welcome = world.heard(connection).into_iter().find_map(|message| match message {
        ServerMessage::Welcome(welcome) => Some(*welcome),
        _ => None,
    })?;
    Some(Guest { connection, welcome })
}

/// In by another way than the one under attack.
fn admit(world: &mut World, room: RoomId) -> Guest {
    let connection = world.connect_as(newcomer(), Some(room));
    world.say(connection, hello(None));
    world.say(connection, join(room, "Ada"));
    let heard = world.heard(connection);
    let [_, ServerMessage::Welcome(welcome)] = &heard[..] else { panic!("{heard:?}") };
    Guest { connection, welcome: (**welcome).clone() }
}

fn come_back(world: &mut World, member: &Guest) -> Guest {
    world.input(Input::Disconnected { connection: member.connection });
    let back = world.resume(member, Some(0));
    assert_eq!(back.id(), member.id(), "in the same seat");
    back
}

/// The most that got through within any such time.
fn most_within(time: Duration, through: &[Instant]) -> usize {
    let within = |first: usize| through[first..].partition_point(|at| *at < through[first] + time);
    (0..through.len()).map(within).max().unwrap_or(0)
}

/// Each attack keeps within the promise, and the strongest ones nearly reach it: the attacks are worth something.
fn check(promise: &Promise, attacks: &[Vec<Instant>]) {
    for (time, most) in [(HOUR, promise.hour), (DAY, promise.day)] {
        let worst = attacks.iter().map(|through| most_within(time, through)).max().unwrap_or(0);
        assert!((most * 9 / 10..=most).contains(&worst), "{worst} guesses within {time:?}, at most {most}");
    }
}

fn v4(last: u8) -> Origin {
    Origin::Address(Ipv4Addr::new(192, 0, 2, last).into())
}

#[test]
fn one_source_gets_few_guesses_however_it_goes_about_it() {
    let ways = [
        Guesser::tireless(v4(9)),
        Guesser::resting(v4(9), BEST_BEFORE_REST),
        Guesser::resting(Origin::HoppingIpv6, BEST_BEFORE_REST),
    ];
    check(&ONE_SOURCE, &ways.map(|guesser| attack(&[guesser], true)));
}

#[test]
fn a_whole_network_keeps_nobody_out() {
    let tireless = (1..=254).map(|last| Guesser::tireless(v4(last)));
    let resting = (1..=254).map(|last| Guesser::resting(v4(last), BEST_BEFORE_REST));
    let mixed = (1..=254).map(|last| match last {
        ..=ENOUGH_KNOWN => Guesser::tireless(v4(last)),
        _ => Guesser::resting(v4(last), 1),
    });
    let ways: [Vec<_>; 3] = [tireless.collect(), resting.collect(), mixed.collect()];
    check(&ONE_NETWORK, &ways.map(|guessers| attack(&guessers, true)));
}

#[test]
fn sources_without_end_get_a_guess_every_two_seconds() {
    let known = (1..=ENOUGH_KNOWN).map(|last| Guesser::tireless(v4(last)));
    let ipv6: Vec<_> = known.chain([Guesser::tireless(Origin::EndlessIpv6)]).collect();
    let both: Vec<_> = ipv6.iter().copied().chain([Guesser::tireless(Origin::EndlessIpv4)]).collect();
    check(&ENDLESS, &[attack(&ipv6, true), attack(&both, false)]);
}
