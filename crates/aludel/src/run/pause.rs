//! Waiting between two attempts.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

/// Waits.
pub(super) async fn pause(duration: Duration) {
    #[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
    tokio::time::sleep(duration).await;
    // Without a database there is nothing to wait for.
    #[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
    let _ = duration;
}

/// How long to wait before each attempt: twice as long each time up to a limit, and never quite as long as somebody else who began to
/// wait at the same moment.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    most: Duration,
}

impl Backoff {
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        Self { next: first, most }
    }

    /// Between half of the time and all of it.
    pub(super) fn next(&mut self) -> Duration {
        let now = self.next;
        self.next = (now * 2).min(self.most);
        // A hasher with random keys is all the randomness that this needs.
        let part = RandomState::new().build_hasher().finish() % 512;
        now / 2 + (now / 1024) * u32::try_from(part).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_limit_and_differ() {
        let second = Duration::from_secs(1);
        let mut backoff = Backoff::new(second, second * 4);
        for whole in [1, 2, 4, 4, 4] {
            let it = backoff.next();
            assert!(second * whole / 2 <= it && it <= second * whole, "{it:?}");
        }
        let some: std::collections::BTreeSet<_> = (0..50).map(|_| backoff.next()).collect();
        assert!(some.len() > 1, "all alike: {some:?}");
    }
}
