//! Holds pictures back so that lips move with the sound.
//!
//! Sender reports tell when, on the sender's clock, each sample and each frame was recorded. The page says
//! which sample is heard. A picture that would be seen too early waits; one that is late is never held, and
//! sound never is.

use std::time::{Duration, Instant, SystemTime};

/// How far picture and sound may be apart before a picture is held. Nobody notices 80 ms; half of it is left to what
/// is not known here: what the sender's reports are wrong by, and how long loudspeakers take.
pub const TOLERANCE: Duration = Duration::from_millis(40);

/// How far ahead of its sound a held picture is let go. Decoding and drawing take about this long, so that it
/// is seen on time; more would show as lips that move first.
pub const LEAD: Duration = Duration::from_millis(20);

/// The longest that a picture is held. Sound that is further behind is broken, and a still picture is no help.
pub const MAX_HOLD: Duration = Duration::from_millis(500);

/// A measurement so far from the average begins a new one: something has changed.
const JUMP: Duration = Duration::from_millis(80);

/// The share of a new measurement in the average: a few frames long, so that network jitter is not shown.
const SMOOTHING: f64 = 0.125;

/// What is heard of one stream of sound.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// When it was recorded, on the sender's clock.
    recorded: SystemTime,
    /// When it is heard.
    at: Instant,
}

impl Heard {
    /// The page asked for more while `buffered` of sound waits there, of which `next` follows.
    pub fn new(next: SystemTime, buffered: Duration, now: Instant) -> Self {
        Self { recorded: next, at: now + buffered }
    }

    /// How far ahead of its sound a frame is, in seconds; negative: behind.
    fn lead(&self, frame: SystemTime, now: Instant) -> f64 {
        let frame = difference(frame, self.recorded);
        let heard = match now.checked_duration_since(self.at) {
            Some(later) => later.as_secs_f64(),
            None => -(self.at.saturating_duration_since(now).as_secs_f64()),
        };
        frame - heard
    }
}

fn difference(a: SystemTime, b: SystemTime) -> f64 {
    match a.duration_since(b) {
        Ok(later) => later.as_secs_f64(),
        Err(earlier) => -earlier.duration().as_secs_f64(),
    }
}

/// Decides for one line of pictures.
#[derive(Debug, Default)]
pub struct LipSync {
    /// How far ahead frames are when they arrive, on average.
    lead: Option<f64>,
    holding: bool,
    /// Frames leave in their order.
    last: Option<Instant>,
}

impl LipSync {
    /// When a frame that arrived now is shown. `heard` is of the same stream, if there is sound.
    pub fn release(&mut self, recorded: Option<SystemTime>, heard: Option<Heard>, now: Instant) -> Instant {
        let hold = match (recorded, heard) {
            (Some(recorded), Some(heard)) => self.hold(heard.lead(recorded, now)),
            _ => Duration::ZERO,
        };
        let at = self.last.map_or(now + hold, |last| last.max(now + hold));
        self.last = Some(at);
        at
    }

    fn hold(&mut self, lead: f64) -> Duration {
        let before = self.lead.unwrap_or(lead);
        let far = (lead - before).abs() > JUMP.as_secs_f64();
        let average = if far { lead } else { before + (lead - before) * SMOOTHING };
        self.lead = Some(average);
        let limit = if self.holding { LEAD } else { TOLERANCE };
        self.holding = average > limit.as_secs_f64();
        if !self.holding {
            return Duration::ZERO;
        }
        Duration::try_from_secs_f64(average - LEAD.as_secs_f64()).unwrap_or_default().min(MAX_HOLD)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(33);

    /// Shows 100 frames whose sound is heard `late` after their arrival; tells how long the last was held.
    fn hold(late: i64) -> Duration {
        let (start, recorded) = (Instant::now() + MAX_HOLD * 4, SystemTime::UNIX_EPOCH + MAX_HOLD * 4);
        let mut sync = LipSync::default();
        let mut held = Duration::ZERO;
        for frame in 0..100 {
            let (now, recorded) = (start + FRAME * frame, recorded + FRAME * frame);
            let ms = Duration::from_millis(late.unsigned_abs());
            let heard = match late {
                0.. => Heard::new(recorded - ms, Duration::ZERO, now),
                _ => Heard::new(recorded + ms, Duration::ZERO, now),
            };
            held = sync.release(Some(recorded), Some(heard), now) - now;
        }
        held
    }

    #[test]
    fn pictures_wait_for_their_sound() {
        let within = |late: i64, held: Duration| {
            let apart = late - held.as_millis() as i64;
            assert!(apart.abs() <= TOLERANCE.as_millis() as i64, "{late} ms late, held {held:?}");
        };
        for late in [41, 81, 120, 200, 400, 519] {
            within(late, hold(late));
        }
        for late in [-300, -80, 0, 20, 40] {
            assert_eq!(hold(late), Duration::ZERO, "{late} ms late");
        }
        assert_eq!(hold(2000), MAX_HOLD);
    }

    #[test]
    fn what_the_page_has_buffered_counts() {
        let now = Instant::now();
        let recorded = SystemTime::UNIX_EPOCH + MAX_HOLD;
        let heard = Heard::new(recorded, Duration::from_millis(200), now);
        let mut sync = LipSync::default();
        assert_eq!(sync.release(Some(recorded), Some(heard), now), now + Duration::from_millis(200) - LEAD);
    }

    #[test]
    fn frames_keep_their_order_and_nothing_is_held_without_sound() {
        let now = Instant::now();
        let recorded = SystemTime::UNIX_EPOCH + MAX_HOLD;
        let mut sync = LipSync::default();
        let heard = Heard::new(recorded - Duration::from_millis(300), Duration::ZERO, now);
        let first = sync.release(Some(recorded), Some(heard), now);
        assert!(first > now);
        assert_eq!(sync.release(Some(recorded), None, now), first);
        assert_eq!(LipSync::default().release(Some(recorded), None, now), now);
        assert_eq!(LipSync::default().release(None, Some(heard), now), now);
    }
}
