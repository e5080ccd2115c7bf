//! Before a connection has shown a right, little is read of it: the rest stays in the network. So whoever has
//! no right costs the relay a few kilobytes, however large the frames are that they begin; and of all others
//! only so many may be in the middle of a large one.

use super::places::Place;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};
use futures_util::task::AtomicWaker;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf, Take};
use tokio::sync::Notify;
use tokio::time::Instant;
use wire::limits::MAX_BEGUN_BYTES;
use wire::{Answer, Refusal};

/// Whether a connection has shown a right.
pub(super) struct Proof {
    place: Mutex<Place>,
    shown: AtomicBool,
    reader: AtomicWaker,
    waiting: Notify,
    begun: Mutex<Begun>,
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

/// There is no place for another large frame.
#[derive(Debug)]
struct Crowded;

impl Proof {
    pub(super) fn new(place: Place) -> Arc<Self> {
        Arc::new(Self {
            place: Mutex::new(place),
            shown: AtomicBool::new(false),
            reader: AtomicWaker::new(),
            waiting: Notify::new(),
            begun: Mutex::default(),
        })
    }

    /// So many bytes of a frame came in.
    fn begin(&self, bytes: u64) -> Result<(), Crowded> {
        let mut begun = open(&self.begun);
        begun.bytes = begun.bytes.saturating_add(bytes);
        if begun.bytes > MAX_BEGUN_BYTES && begun.large_since.is_none() {
            if !open(&self.place).begin_large() {
                begun.refused = true;
                return Err(Crowded);
            }
            begun.large_since = Some(Instant::now());
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

    /// Since when the frame that has begun is a large one, if it is.
    pub(super) fn large_since(&self) -> Option<Instant> {
        open(&self.begun).large_since
    }

    /// The connection began a large frame for which there was no place.
    pub(super) fn was_crowded(&self) -> bool {
        open(&self.begun).refused
    }

    /// Looks at an answer: only some are given to those who have a right.
    pub(super) fn look_at(&self, answer: &Answer) {
        if shows_a_right(answer) && !self.shown.swap(true, Ordering::AcqRel) {
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

fn shows_a_right(answer: &Answer) -> bool {
    match answer {
        Answer::Created
        | Answer::Granted
        | Answer::Appended { .. }
        | Answer::Entries { .. }
        | Answer::Subscribed => true,
        Answer::Refused(refusal) => match refusal {
            Refusal::Exists | Refusal::WrongSize | Refusal::Quota | Refusal::Guarded => true,
            Refusal::Unauthorised
            | Refusal::DiskFull
            | Refusal::Busy
            | Refusal::Malformed
            | Refusal::UnknownVersion => false,
        },
    }
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
