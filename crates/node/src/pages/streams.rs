//! The streams that are open at the same time: the newest few.
//! Must never refuse the tab in front of a person because of tabs behind it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use tokio::sync::oneshot;

use crate::limits::LIVE_STREAMS;

/// A browser opens six connections to one host at most: with a stream on each, the next page would wait for ever.
#[derive(Default)]
pub struct Streams(Mutex<VecDeque<oneshot::Sender<()>>>);

impl Streams {
    /// A place for a new stream; it ends when this resolves. The oldest one gives way.
    pub fn open(&self) -> oneshot::Receiver<()> {
        let (end, ended) = oneshot::channel();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|stream| !stream.is_closed());
        while open.len() >= LIVE_STREAMS {
            // Dropped, it ends its stream.
            open.pop_front();
        }
        open.push_back(end);
        ended
    }

    /// How many are open.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|stream| !stream.is_closed());
        open.len()
    }
}
