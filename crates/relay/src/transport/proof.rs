//! Before a connection has shown a right, little is read of it: the rest stays in the network. So whoever has
//! no right costs the relay a few kilobytes, however large the frames are that they begin; and of all others
//! only so many may be in the middle of a large one.

use super::places::Place;
use crate::bounds::Pace;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};
use futures_util::task::AtomicWaker;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf, Take};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use wire::limits::MAX_BEGUN_BYTES;

/// Whether a connection has shown a right.
pub(super) struct Proof {
    place: Mutex<Place>,
    shown: AtomicBool,
    /// It follows a mailbox by its current token.
    follows: AtomicBool,
    reader: AtomicWaker,
    waiting: Notify,
    begun: Mutex<Begun>,
    pace: Pace,
    large: Notify,
}

/// What has come in of a frame that is not there as a whole.
#[derive(Default)]
struct Begun {
    bytes: u64,
    /// Since when it is a large one.
    large_since: Option<Instant>,
    /// There was no place for it.
    refused: bool,
}

impl Begun {
    /// When more of it must have come in.
    fn due(&self, pace: &Pace) -> Option<Instant> {
        let ms = self.bytes.saturating_mul(1_000) / pace.bytes_per_second.max(1);
        let more = Duration::from_millis(ms);
        self.large_since.map(|since| since + pace.first + more)
    }
}

/// There is no place for another large frame.
#[derive(Debug)]
struct Crowded;

impl Proof {
    pub(super) fn new(place: Place, pace: Pace) -> Arc<Self> {
        Arc::new(Self {
            place: Mutex::new(place),
            shown: AtomicBool::new(false),
            follows: AtomicBool::new(false),
            reader: AtomicWaker::new(),
            waiting: Notify::new(),
            begun: Mutex::default(),
            pace,
            large: Notify::new(),
        })
    }

    /// So many bytes of a frame came in.
    fn begin(&self, bytes: u64) -> Result<(), Crowded> {
        let mut begun = open(&self.begun);
        begun.bytes = begun.bytes.saturating_add(bytes);
        if begun.bytes > MAX_BEGUN_BYTES && begun.large_since.is_none() {
            let follows = self.follows.load(Ordering::Acquire);
            if !open(&self.place).begin_large(follows) {
                begun.refused = true;
                return Err(Crowded);
            }
            begun.large_since = Some(Instant::now());
            self.large.notify_one();
        }
        Ok(())
    }

    /// A frame is there as a whole. What has come in of the next one is little: readers read little at once.
    pub(super) fn end_frame(&self) {
        let begun = std::mem::take(&mut *open(&self.begun));
        if begun.large_since.is_some() {
            open(&self.place).end_large();
        }
    }

    /// A frame of the WebSocket's own came in, which may stand within another one, and is a few bytes.
    pub(super) fn end_control_frame(&self, payload: usize) {
        let mut begun = open(&self.begun);
        let bytes = u64::try_from(payload).unwrap_or(u64::MAX);
        let bytes = bytes.saturating_add(CONTROL_FRAME_BYTES);
        begun.bytes = begun.bytes.saturating_sub(bytes);
    }

    /// Returns once the rest of a large frame comes in too slowly, and never otherwise: nobody keeps a place
    /// for long without sending what fills it.
    pub(super) async fn comes_too_slowly(&self) {
        loop {
            let due = open(&self.begun).due(&self.pace);
            match due {
                Some(due) if due <= Instant::now() => return,
                Some(due) => sleep_until(due).await,
                None => self.large.notified().await,
            }
        }
    }

    /// The connection began a large frame for which there was no place.
    pub(super) fn was_crowded(&self) -> bool {
        open(&self.begun).refused
    }

    /// Whether it follows a mailbox by its current token now.
    pub(super) fn follow(&self, follows: bool) {
        self.follows.store(follows, Ordering::Release);
    }

    /// The connection has shown a right that holds now.
    pub(super) fn prove(&self) {
        if !self.shown.swap(true, Ordering::AcqRel) {
            open(&self.place).prove();
            self.reader.wake();
            self.waiting.notify_one();
        }
    }

    /// Returns once a right was shown.
    pub(super) async fn wait(&self) {
        if !self.is_shown() {
            self.waiting.notified().await;
        }
    }

    fn is_shown(&self) -> bool {
        self.shown.load(Ordering::Acquire)
    }
}

/// What a client's frame without a payload takes: two bytes, and four of a mask.
const CONTROL_FRAME_BYTES: u64 = 6;

fn open<T>(locked: &Mutex<T>) -> MutexGuard<'_, T> {
    locked.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A stream of which only the first bytes are read until a right was shown.
pub(super) struct Gated<S> {
    inner: Take<S>,
    proof: Arc<Proof>,
}

impl<S: AsyncRead> Gated<S> {
    pub(super) fn new(inner: S, before_proof: u64, proof: Arc<Proof>) -> Self {
        Self {
            inner: inner.take(before_proof),
            proof,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gated<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.inner.limit() == 0 {
            // Registered first, so that a right that is shown in between is not missed.
            self.proof.reader.register(cx.waker());
            if !self.proof.is_shown() {
                return Poll::Pending;
            }
        }
        let shown = self.proof.is_shown();
        if shown {
            self.inner.set_limit(u64::MAX);
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        let came = buf.filled().len().saturating_sub(before);
        if shown && self.proof.begin(came as u64).is_err() {
            let crowded = std::io::ErrorKind::ResourceBusy;
            return Poll::Ready(Err(crowded.into()));
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Gated<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(self.inner.get_mut()).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(self.inner.get_mut()).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(self.inner.get_mut()).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounds::Bounds;

    const PAGES: [&str; 2] = [
        include_str!("../../../../THREAT-MODEL.md"),
        include_str!("../../../../docs/design/060-a-guard-after-a-reset.md"),
    ];

    /// What all places of an address cost at least, by frames of which so many bytes come in: bytes a second.
    fn cost(bytes: u64) -> u128 {
        let bounds = Bounds::default();
        let since = Instant::now();
        let begun = Begun {
            bytes,
            large_since: Some(since),
            refused: false,
        };
        let due = begun.due(&bounds.large_frame).expect("it is a large one");
        let places = bounds.large_frames.of_address as u128;
        u128::from(bytes) * places * 1_000 / due.duration_since(since).as_millis()
    }

    #[test]
    fn holding_all_large_places_of_an_address_costs_two_mebibytes_a_second() {
        let least = cost(MAX_BEGUN_BYTES + 1);
        assert_eq!(least >> 20, 2, "{least}");
        assert!(cost(64 << 10) > least && cost(1 << 20) > least);
        for page in PAGES {
            assert!(page.contains("2 MiB a second"));
        }
    }
}
