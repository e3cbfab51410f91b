//! What waits for one connection to write it: bounded, and without memory of its own while nothing waits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The end that things are put in at. Dropping it lets the other end take what waits, and nothing after it.
pub(crate) struct Entrance<T>(Arc<Queue<T>>);

/// The end that things are taken out of.
pub(crate) struct Exit<T>(Arc<Queue<T>>);

struct Queue<T> {
    state: Mutex<State<T>>,
    /// There is something to take, or will never be again.
    news: Notify,
}

struct State<T> {
    waiting: VecDeque<T>,
    limit: usize,
    is_open: bool,
}

/// A queue in which at most `limit` things wait.
pub(crate) fn queue<T>(limit: usize) -> (Entrance<T>, Exit<T>) {
    let state = State { waiting: VecDeque::new(), limit, is_open: true };
    let queue = Arc::new(Queue { state: Mutex::new(state), news: Notify::new() });
    (Entrance(Arc::clone(&queue)), Exit(queue))
}

impl<T> Entrance<T> {
    /// False if it is full: the thing is then lost.
    pub(crate) fn put(&self, thing: T) -> bool {
        let mut state = self.0.lock();
        let has_room = state.waiting.len() < state.limit;
        if has_room {
            state.waiting.push_back(thing);
            drop(state);
            self.0.news.notify_one();
        }
        has_room
    }
}

impl<T> Drop for Entrance<T> {
    fn drop(&mut self) {
        self.0.lock().is_open = false;
        self.0.news.notify_one();
    }
}

impl<T> Exit<T> {
    /// The next thing, once there is one; `None` when no other will come. Nothing is lost if nobody waits to the end.
    pub(crate) async fn take(&mut self) -> Option<T> {
        loop {
            {
                let mut state = self.0.lock();
                let next = state.waiting.pop_front();
                if next.is_some() || !state.is_open {
                    return next;
                }
                // A burst is over: what it took is given back.
                state.waiting = VecDeque::new();
            }
            self.0.news.notified().await;
        }
    }

    /// The next thing if it waits already.
    pub(crate) fn take_waiting(&mut self) -> Option<T> {
        self.0.lock().waiting.pop_front()
    }
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_takes_no_more_and_loses_nothing() {
        let (entrance, mut exit) = queue(2);
        assert_eq!([1, 2, 3].map(|thing| entrance.put(thing)), [true, true, false]);
        assert_eq!(exit.take().await, Some(1));
        assert!(entrance.put(4));
        drop(entrance);
        assert_eq!((exit.take_waiting(), exit.take().await, exit.take().await), (Some(2), Some(4), None));
    }

    #[tokio::test]
    async fn whoever_waits_is_woken_by_a_thing_and_by_the_end() {
        let (entrance, mut exit) = queue(1);
        let taker = tokio::spawn(async move { (exit.take().await, exit.take().await) });
        tokio::task::yield_now().await;
        assert!(entrance.put(7));
        tokio::task::yield_now().await;
        drop(entrance);
        assert_eq!(taker.await.unwrap(), (Some(7), None));
    }
}
