use std::time::{Duration, Instant};

/// How long ago is still now: for as long a person is told, and within it what happens is counted together.
const RECENT: Duration = Duration::from_secs(600);

/// Tells a person of what happens to a host too often to be chance, from counts that only grow or are corrected.
pub(crate) struct Alarm {
    threshold: u64,
    count: u64,
    /// When what is counted together began, and how much it is.
    spell: Option<(Instant, u64)>,
    rings_until: Option<Instant>,
}

impl Alarm {
    /// Rings when it happens `threshold` times in a short while.
    pub(crate) fn new(threshold: u64) -> Self {
        Self { threshold, count: 0, spell: None, rings_until: None }
    }

    /// Whether it rings, now that it has happened `count` times altogether.
    pub(crate) fn observe(&mut self, count: u64, now: Instant) -> bool {
        let fresh = count.saturating_sub(self.count);
        self.count = count;
        if fresh > 0 {
            let spell = self.spell.filter(|(since, _)| now.saturating_duration_since(*since) < RECENT);
            let (since, before) = spell.unwrap_or((now, 0));
            self.spell = Some((since, before + fresh));
            if before + fresh >= self.threshold {
                self.rings_until = Some(now + RECENT);
            }
        }
        self.rings_until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rings_for_what_comes_in_a_bunch_and_stops_when_that_is_over() {
        let (mut alarm, start) = (Alarm::new(20), Instant::now());
        let minutes = |n: u64| start + Duration::from_secs(60 * n);
        assert!(!alarm.observe(19, minutes(0)));
        // Some were rightful after all.
        assert!(!alarm.observe(15, minutes(1)));
        assert!(!alarm.observe(30, minutes(12)), "too long ago to be one story");
        assert!(alarm.observe(35, minutes(13)));
        assert!(alarm.observe(35, minutes(22)));
        assert!(!alarm.observe(35, minutes(23)));
        assert!(alarm.observe(55, minutes(30)));
    }
}
