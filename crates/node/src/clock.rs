//! This machine's clock.
//! Must never judge a deadline: those follow the log's times.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wire::Timestamp;

/// Now.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// How long it is until then.
pub fn until(then: Timestamp) -> Duration {
    Duration::from_millis(then.since_ms(now()))
}
