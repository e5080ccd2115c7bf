//! Before a connection has shown a right, little is read of it: the rest stays in the network. So whoever has
//! no right costs the relay a few kilobytes, however large the frames are that they begin.

use super::places::Place;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};
use futures_util::task::AtomicWaker;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf, Take};
use tokio::sync::Notify;
use wire::{Answer, Refusal};

/// Whether a connection has shown a right.
pub(super) struct Proof {
    place: Mutex<Place>,
    shown: AtomicBool,
    reader: AtomicWaker,
    waiting: Notify,
}

impl Proof {
    pub(super) fn new(place: Place) -> Arc<Self> {
        Arc::new(Self {
            place: Mutex::new(place),
            shown: AtomicBool::new(false),
            reader: AtomicWaker::new(),
            waiting: Notify::new(),
        })
    }

    /// Looks at an answer: only some are given to those who have a right.
    pub(super) fn look_at(&self, answer: &Answer) {
        if shows_a_right(answer) && !self.shown.swap(true, Ordering::AcqRel) {
            let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
            place.prove();
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

fn shows_a_right(answer: &Answer) -> bool {
    match answer {
        Answer::Created
        | Answer::Granted
        | Answer::Appended { .. }
        | Answer::Entries { .. }
        | Answer::Subscribed => true,
        Answer::Refused(refusal) => match refusal {
            Refusal::Exists | Refusal::WrongSize | Refusal::Quota => true,
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
        if self.proof.is_shown() {
            self.inner.set_limit(u64::MAX);
        }
        Pin::new(&mut self.inner).poll_read(cx, buf)
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
