//! One connection: two loops in one task. One reads requests and hands them to the log, the other sends what
//! comes back; neither waits for the other, so that a client who only writes cannot block one who only reads.

use super::Shared;
use super::following::{Following, Step, after, push};
use super::proof::{Gated, Proof};
use crate::bounds::Bounds;
use crate::core::{Asked, Meter, Reading, Write};
use crate::log::{Job, Opened, Outcome, Return};
use crate::store::{Portion, StoreError};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config};
use wire::limits::{
    FRAME_OVERHEAD, HANDSHAKE_TIMEOUT_MS, IDLE_TIMEOUT_MS, MAX_BAD_FRAMES, MAX_ENTRY_BYTES,
    MAX_FRAME_BYTES, MAX_READ_ENTRIES, MAX_REQUESTS_IN_FLIGHT, WRITE_TIMEOUT_MS,
};
use wire::{Answer, InvalidFrame, Push, Refusal, Reply, Timestamp, decode_call, encode_reply};

type Socket = WebSocketStream<Gated<TlsStream<TcpStream>>>;

/// The peer spoke no TLS, no WebSocket, or frames that nobody can read.
pub(super) struct Unreadable;

/// Requests that failed to parse are answered under this number.
const NO_ID: u32 = 0;

/// A small read buffer: there are thousands of connections, and most frames are small.
const READ_BUFFER_BYTES: usize = 8 << 10;

/// Serves a connection until it ends.
pub(super) async fn serve(
    tcp: TcpStream,
    tls: TlsAcceptor,
    shared: Shared,
    proof: Arc<Proof>,
) -> Result<(), Unreadable> {
    // Entries are small and somebody waits for each of them.
    tcp.set_nodelay(true).map_err(|_| Unreadable)?;
    let limit = Duration::from_millis(HANDSHAKE_TIMEOUT_MS);
    let socket = timeout(limit, shake_hands(tcp, tls, &shared.bounds, proof.clone()))
        .await
        .map_err(|_| Unreadable)??;
    let (sink, stream) = socket.split();
    let (outcomes, received) = mpsc::unbounded_channel();
    let in_flight = Semaphore::new(MAX_REQUESTS_IN_FLIGHT);
    let reader = Reader {
        stream,
        shared: &shared,
        in_flight: &in_flight,
        outcomes: &outcomes,
        proof: &proof,
        meter: Meter::default(),
        savings: Meter::used_up(&shared.bounds.savings),
        creations: Meter::default(),
        began: Instant::now(),
    };
    let writer = Writer {
        sink,
        shared: &shared,
        in_flight: &in_flight,
        outcomes: &outcomes,
        following: None,
        reopening: None,
        proof: &proof,
        ends: false,
    };
    tokio::select! {
        read = reader.run() => read,
        () = writer.run(received) => Ok(()),
        () = shows_nothing(&proof, shared.bounds.proof_timeout) => Ok(()),
    }
}

/// Returns where no right was shown in time, and never otherwise.
async fn shows_nothing(proof: &Proof, limit: Duration) {
    if timeout(limit, proof.wait()).await.is_ok() {
        std::future::pending().await
    }
}

async fn shake_hands(
    tcp: TcpStream,
    tls: TlsAcceptor,
    bounds: &Bounds,
    proof: Arc<Proof>,
) -> Result<Socket, Unreadable> {
    let stream = tls.accept(tcp).await.map_err(|_| Unreadable)?;
    let stream = Gated::new(stream, bounds.unproven_bytes, proof);
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES))
        .read_buffer_size(READ_BUFFER_BYTES);
    accept_async_with_config(stream, Some(config))
        .await
        .map_err(|_| Unreadable)
}

struct Reader<'a> {
    stream: SplitStream<Socket>,
    shared: &'a Shared,
    in_flight: &'a Semaphore,
    outcomes: &'a mpsc::UnboundedSender<Outcome>,
    proof: &'a Proof,
    /// What this connection has written lately.
    meter: Meter,
    /// What it has used of what it saves up. A connection begins with nothing, so that nobody gains by another one.
    savings: Meter,
    /// What it has asked to have made.
    creations: Meter,
    began: Instant,
}

impl Reader<'_> {
    async fn run(mut self) -> Result<(), Unreadable> {
        let idle = Duration::from_millis(IDLE_TIMEOUT_MS);
        let mut bad_frames = 0;
        while bad_frames < MAX_BAD_FRAMES {
            // Within a large frame, pings give no more time for the rest of it.
            let message = tokio::select! {
                message = timeout(idle, self.stream.next()) => message,
                () = self.proof.comes_too_slowly() => return Ok(()),
            };
            let Ok(Some(message)) = message else {
                return Ok(());
            };
            match message {
                Ok(Message::Binary(frame)) => {
                    self.proof.end_frame();
                    if !self.take(&frame).await {
                        bad_frames = bad_frames.saturating_add(1);
                    }
                }
                Ok(Message::Ping(payload) | Message::Pong(payload)) => {
                    self.proof.end_control_frame(payload.len());
                }
                Ok(Message::Close(_)) => return Ok(()),
                Err(tokio_tungstenite::tungstenite::Error::Io(_)) if self.proof.was_crowded() => {
                    let busy = Answer::Refused(Refusal::Busy);
                    let _ = self.outcomes.send(Outcome::Last(busy));
                    // The writer says so, and that ends the connection.
                    return std::future::pending().await;
                }
                // A connection that breaks off is nobody's fault; a protocol that is broken is.
                Err(tokio_tungstenite::tungstenite::Error::Io(_)) => return Ok(()),
                Ok(Message::Text(_) | Message::Frame(_)) | Err(_) => return Err(Unreadable),
            }
        }
        Err(Unreadable)
    }

    /// Hands a request on. Returns whether the frame could be read.
    async fn take(&mut self, frame: &Bytes) -> bool {
        // Back-pressure: with too many requests unanswered, the rest stays in the network. Every request
        // has one outcome, and the writer gives the permit back with it.
        if let Ok(permit) = self.in_flight.acquire().await {
            permit.forget();
        }
        let call = match decode_call(frame) {
            Ok(call) => call,
            Err(invalid) => {
                self.shared.counters.damaged.add_one();
                self.refuse(NO_ID, refusal(invalid));
                return false;
            }
        };
        match Asked::from(call.request) {
            Asked::Write(write) => self.write(call.id, write),
            Asked::Reading(reading) => {
                let to = self.to(call.id);
                // Readers wait their turn; nothing of theirs is held in memory.
                let _ = self.shared.jobs.send(Job::Reading { reading, to }).await;
            }
        }
        true
    }

    fn write(&mut self, id: u32, write: Write) {
        let rate = &self.shared.bounds.connection_rate;
        let since = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = Timestamp::from_ms(since);
        let may = match write.adds() {
            true => self.meter.take(rate, write.size(), now),
            false => self
                .creations
                .take(&self.shared.bounds.creation_rate, 0, now),
        };
        if !may {
            return self.refuse(id, Refusal::Busy);
        }
        let frugal = write.adds()
            && self
                .savings
                .take(&self.shared.bounds.savings, write.size(), now);
        let size = u32::try_from(write.size().saturating_add(FRAME_OVERHEAD)).unwrap_or(u32::MAX);
        let Ok(room) = self.shared.room.clone().try_acquire_many_owned(size) else {
            return self.refuse(id, Refusal::Busy);
        };
        let to = Return {
            room: Some(room),
            ..self.to(id)
        };
        if self
            .shared
            .jobs
            .try_send(Job::Write { write, frugal, to })
            .is_err()
        {
            self.refuse(id, Refusal::Busy);
        }
    }

    fn to(&self, id: u32) -> Return {
        Return {
            id,
            outcomes: self.outcomes.clone(),
            room: None,
        }
    }

    fn refuse(&self, id: u32, refusal: Refusal) {
        let answer = Answer::Refused(refusal);
        let _ = self.outcomes.send(Outcome::Answered {
            id,
            answer,
            proves: false,
        });
    }
}

fn refusal(invalid: InvalidFrame) -> Refusal {
    match invalid {
        InvalidFrame::UnknownVersion => Refusal::UnknownVersion,
        InvalidFrame::Oversized | InvalidFrame::Malformed => Refusal::Malformed,
    }
}

/// The connection cannot be written to, or the store not read: it ends, and the client comes again.
struct Ended;

struct Writer<'a> {
    sink: SplitSink<Socket, Message>,
    shared: &'a Shared,
    in_flight: &'a Semaphore,
    outcomes: &'a mpsc::UnboundedSender<Outcome>,
    following: Option<Following>,
    /// While a subscription that fell behind is reopened: whether it still says `CaughtUp`.
    reopening: Option<bool>,
    proof: &'a Proof,
    /// It has said its last word.
    ends: bool,
}

impl Writer<'_> {
    async fn run(mut self, mut outcomes: mpsc::UnboundedReceiver<Outcome>) {
        while self.turn(&mut outcomes).await.is_ok() {
            let follows = self.following.as_ref().is_some_and(Following::is_live);
            self.proof.follow(follows || self.reopening.is_some());
        }
    }

    /// Waits for something to send, sends it with all that is ready, and flushes once.
    async fn turn(&mut self, outcomes: &mut mpsc::UnboundedReceiver<Outcome>) -> Result<(), Ended> {
        let (frames, mut next) = tokio::select! {
            outcome = outcomes.recv() => (Vec::new(), outcome),
            frames = follow(&mut self.following, &mut self.reopening, self.shared, self.outcomes)
                => (frames?, None),
        };
        for frame in frames {
            self.feed(frame).await?;
        }
        while let Some(outcome) = next.or_else(|| outcomes.try_recv().ok()) {
            if let Some(frame) = self.settle(outcome)? {
                self.feed(frame).await?;
            }
            next = None;
        }
        within_time(self.sink.flush()).await?;
        (!self.ends).then_some(()).ok_or(Ended)
    }

    async fn feed(&mut self, frame: Bytes) -> Result<(), Ended> {
        within_time(self.sink.feed(Message::Binary(frame))).await
    }

    /// Turns an outcome into the answer to send.
    fn settle(&mut self, outcome: Outcome) -> Result<Option<Bytes>, Ended> {
        let (id, answer) = match outcome {
            Outcome::Answered { id, answer, proves } => {
                if proves {
                    self.proof.prove();
                }
                (id, answer)
            }
            Outcome::Last(answer) => {
                self.ends = true;
                let last = Reply::Answer { id: NO_ID, answer };
                return Ok(Some(encode_reply(&last).into()));
            }
            Outcome::Opened {
                id,
                reading,
                opened,
            } => {
                self.look_at(&opened);
                match (reading.limit, self.reopening) {
                    (Some(limit), _) => (id, self.read(&reading, limit, opened)?),
                    (None, Some(says_caught_up)) if id == NO_ID => {
                        return self.reopened(reading, opened, says_caught_up);
                    }
                    // The answer to a reopening that a new subscription has overtaken.
                    (None, None) if id == NO_ID => return Ok(None),
                    (None, _) => (id, self.subscribe(reading, opened)),
                }
            }
        };
        self.in_flight.add_permits(1);
        Ok(Some(encode_reply(&Reply::Answer { id, answer }).into()))
    }

    /// Only a current token reads into the segment that is open.
    fn look_at(&self, opened: &Result<Opened, Refusal>) {
        let current = |opened: &Opened| opened.readable.until.is_none();
        if opened.as_ref().is_ok_and(current) {
            self.proof.prove();
        }
    }

    fn subscribe(&mut self, reading: Reading, opened: Result<Opened, Refusal>) -> Answer {
        self.reopening = None;
        match opened {
            Ok(opened) => {
                self.following = Some(Following::new(reading, opened, true));
                Answer::Subscribed
            }
            Err(refusal) => {
                self.following = None;
                Answer::Refused(refusal)
            }
        }
    }

    /// A token that ended meanwhile ends the subscription as it would have on time.
    fn reopened(
        &mut self,
        reading: Reading,
        opened: Result<Opened, Refusal>,
        says_caught_up: bool,
    ) -> Result<Option<Bytes>, Ended> {
        self.reopening = None;
        match opened {
            Ok(opened) => {
                self.following = Some(Following::new(reading, opened, says_caught_up));
                Ok(None)
            }
            Err(Refusal::Unauthorised) => Ok(Some(push(Push::Rotated))),
            Err(_) => Err(Ended),
        }
    }

    fn read(
        &self,
        reading: &Reading,
        limit: u32,
        opened: Result<Opened, Refusal>,
    ) -> Result<Answer, Ended> {
        let readable = match opened {
            Ok(opened) => opened.readable,
            Err(refusal) => return Ok(Answer::Refused(refusal)),
        };
        let until = readable.until.unwrap_or(readable.next);
        let portion = Portion {
            from: readable.from,
            until,
            entries: limit.clamp(1, MAX_READ_ENTRIES) as usize,
            bytes: MAX_ENTRY_BYTES - MAX_READ_OVERHEAD,
        };
        let entries = self
            .shared
            .store
            .entries(&reading.mailbox, portion)
            .map_err(ended)?;
        let more = after(&entries).is_some_and(|next| next < until);
        Ok(Answer::Entries { entries, more })
    }
}

/// What the entries of one answer add to their bytes at most, so that the frame keeps to its limit.
const MAX_READ_OVERHEAD: usize = MAX_READ_ENTRIES as usize * 64;

fn ended(_: StoreError) -> Ended {
    Ended
}

/// The next frames of the subscription; never returns while there is none.
async fn follow(
    following: &mut Option<Following>,
    reopening: &mut Option<bool>,
    shared: &Shared,
    outcomes: &mpsc::UnboundedSender<Outcome>,
) -> Result<Vec<Bytes>, Ended> {
    let Some(current) = following else {
        return std::future::pending().await;
    };
    match current.step(&*shared.store).await.map_err(ended)? {
        Step::Send(frames) => Ok(frames),
        Step::End(frames) => {
            *following = None;
            Ok(frames)
        }
        Step::Reopen(reading) => {
            *reopening = Some(current.says_caught_up());
            *following = None;
            let to = Return {
                id: NO_ID,
                outcomes: outcomes.clone(),
                room: None,
            };
            shared
                .jobs
                .try_send(Job::Reading { reading, to })
                .map_err(|_| Ended)?;
            Ok(Vec::new())
        }
    }
}

async fn within_time<E>(sending: impl Future<Output = Result<(), E>>) -> Result<(), Ended> {
    let limit = Duration::from_millis(WRITE_TIMEOUT_MS);
    timeout(limit, sending)
        .await
        .map_err(|_| Ended)?
        .map_err(|_| Ended)
}
