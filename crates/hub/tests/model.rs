//! Random schedules against a small reference: pages that come, go, break off and come back, with
//! messages in flight both ways. `VISAVIS_MODEL_CASES` says how many schedules; those that once
//! failed are kept beside this file and run first.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests may fail loudly")]

#[allow(dead_code, reason = "each test takes what it needs")]
mod common;
#[path = "model/page.rs"]
mod page;
#[path = "model/reference.rs"]
mod reference;
#[path = "model/simulation.rs"]
mod simulation;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use simulation::{PAGES, Simulation};
use visavis_protocol::MediaState;

/// What happens next. A step that makes no sense at its time does nothing.
#[derive(Clone, Debug)]
enum Step {
    /// A new page enters the room, or makes one if there is none.
    Enter {
        page: usize,
    },
    Leave {
        page: usize,
    },
    /// The link breaks; what is in flight is lost. The hub may learn of it only by the silence.
    Break {
        page: usize,
        noticed: bool,
    },
    /// The page opens a new link, even if the old one seems to work. A reload forgets all but the
    /// resume token.
    Return {
        page: usize,
        reloaded: bool,
    },
    Signal {
        from: usize,
        to: usize,
    },
    /// One page says of another that its media still flows, whether or not that is of use.
    Vouch {
        page: usize,
        about: usize,
    },
    /// One page says so every few seconds of another that is away, for longer than seats are kept at all.
    StandBy {
        page: usize,
        about: usize,
    },
    State {
        page: usize,
        state: MediaState,
    },
    Hand {
        page: usize,
        raised: bool,
    },
    /// Some of what is in flight arrives.
    Deliver {
        page: usize,
        up: usize,
        down: usize,
    },
    /// All of what is in flight arrives, and the answers to it.
    Settle,
    /// Time passes, in half seconds.
    Pass {
        half_seconds: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let page = 0..PAGES;
    let state = (any::<bool>(), any::<bool>(), any::<bool>());
    prop_oneof![
        8 => page.clone().prop_map(|page| Step::Enter { page }),
        2 => page.clone().prop_map(|page| Step::Leave { page }),
        4 => (page.clone(), any::<bool>()).prop_map(|(page, noticed)| Step::Break { page, noticed }),
        6 => (page.clone(), prop::bool::weighted(0.3))
            .prop_map(|(page, reloaded)| Step::Return { page, reloaded }),
        16 => (page.clone(), page.clone()).prop_map(|(from, to)| Step::Signal { from, to }),
        8 => (page.clone(), page.clone()).prop_map(|(page, about)| Step::Vouch { page, about }),
        1 => (page.clone(), page.clone()).prop_map(|(page, about)| Step::StandBy { page, about }),
        3 => (page.clone(), state).prop_map(|(page, (microphone, camera, screen))| Step::State {
            page,
            state: MediaState { microphone, camera, screen },
        }),
        4 => (page.clone(), any::<bool>()).prop_map(|(page, raised)| Step::Hand { page, raised }),
        14 => (page, 0..4_usize, 0..4_usize)
            .prop_map(|(page, up, down)| Step::Deliver { page, up, down }),
        4 => Just(Step::Settle),
        3 => (0..20_u64).prop_map(|half_seconds| Step::Pass { half_seconds }),
        1 => (50..80_u64).prop_map(|half_seconds| Step::Pass { half_seconds }),
    ]
}

fn config() -> ProptestConfig {
    let cases = std::env::var("VISAVIS_MODEL_CASES").ok().and_then(|cases| cases.parse().ok());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/model.proptest-regressions");
    ProptestConfig {
        cases: cases.unwrap_or(256),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_hub_does_what_the_reference_says(
        capacity in 2..=6_u32,
        kept in any::<bool>(),
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mut simulation = Simulation::new(capacity, kept);
        for step in steps {
            simulation.perform(step);
        }
        simulation.finish();
    }
}
