//! One connection while it stands. Reading and writing go on side by side, so that a relay which waits for
//! this end to read can never make this end wait for the relay.

use super::connect::Socket;
use super::task::{Abandoned, Task};
use super::{Following, Lost, Order, What};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, interval_at, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use wire::limits::{PING_INTERVAL_MS, WRITE_TIMEOUT_MS};
use wire::{Answer, Call, Push, Refusal, Reply, Request, decode_reply, encode_call};

/// After a token was refused, or ended and no other came, it is asked again this much later.
const FOLLOW_PAUSE: Duration = Duration::from_secs(1);

/// Without any frame (not even a pong) for this long, the connection is given up.
const SILENCE: Duration = Duration::from_millis(PING_INTERVAL_MS * 5 / 2);

/// How a connection ended.
pub(super) enum Ended {
    Lost(Lost),
    Abandoned,
}

impl From<Abandoned> for Ended {
    fn from(Abandoned: Abandoned) -> Self {
        Self::Abandoned
    }
}

pub(super) struct Session<'a> {
    task: &'a mut Task,
    stream: SplitStream<Socket>,
    frames: mpsc::UnboundedSender<Message>,
    /// The number of the last request; 0 is kept for answers to frames that the relay could not read.
    last_id: u32,
    /// The owner's ids of what is unanswered.
    unanswered: BTreeMap<u32, u64>,
    /// The subscription that is not answered yet. Until it is, what is pushed belongs to the one before.
    subscribing: Option<u32>,
    /// When to ask again after a refusal.
    ask_again: Option<Instant>,
    ping: Interval,
    silent_from: Instant,
}

impl<'a> Session<'a> {
    /// Serves the connection until it ends.
    pub(super) async fn run(task: &'a mut Task, socket: Socket) -> Ended {
        let (sink, stream) = socket.split();
        let (frames, to_write) = mpsc::unbounded_channel();
        let period = Duration::from_millis(PING_INTERVAL_MS);
        let session = Self {
            task,
            stream,
            frames,
            last_id: 0,
            unanswered: BTreeMap::new(),
            subscribing: None,
            ask_again: None,
            ping: interval_at(Instant::now() + period, period),
            silent_from: Instant::now() + SILENCE,
        };
        tokio::select! {
            ended = session.serve() => ended,
            lost = write(sink, to_write) => Ended::Lost(lost),
        }
    }

    async fn serve(mut self) -> Ended {
        self.subscribe();
        loop {
            if let Err(ended) = self.turn().await {
                return ended;
            }
        }
    }

    async fn turn(&mut self) -> Result<(), Ended> {
        let ask_again = self.ask_again;
        tokio::select! {
            message = self.stream.next() => {
                self.silent_from = Instant::now() + SILENCE;
                self.received(message.ok_or(Ended::Lost(Lost::Closed))?).await
            }
            order = self.task.orders.recv() => {
                self.obey(order.ok_or(Ended::Abandoned)?);
                Ok(())
            }
            () = at(ask_again) => {
                self.subscribe();
                Ok(())
            }
            _ = self.ping.tick() => {
                let _ = self.frames.send(Message::Ping(Bytes::new()));
                Ok(())
            }
            () = sleep_until(self.silent_from) => Err(Ended::Lost(Lost::Silent)),
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Follow(following) => {
                self.task.following = Some(following);
                self.subscribe();
            }
            Order::Send { id, request } => {
                let number = self.call(request);
                self.unanswered.insert(number, id);
            }
        }
    }

    /// Asks for what is followed, if anything is.
    fn subscribe(&mut self) {
        self.ask_again = None;
        let Some(Following { token, from }) = self.task.following.clone() else {
            return;
        };
        let mailbox = self.task.mailbox;
        self.subscribing = Some(self.call(Request::Subscribe {
            mailbox,
            token,
            from,
        }));
    }

    fn call(&mut self, request: Request) -> u32 {
        self.last_id = self.last_id.checked_add(1).unwrap_or(1);
        let frame = encode_call(&Call {
            id: self.last_id,
            request,
        });
        // The writer ends together with this, so there is nobody to miss the frame.
        let _ = self.frames.send(Message::Binary(frame.into()));
        self.last_id
    }

    async fn received<E>(&mut self, message: Result<Message, E>) -> Result<(), Ended> {
        match message.map_err(|_| Ended::Lost(Lost::Closed))? {
            Message::Binary(frame) => {
                let reply = decode_reply(&frame);
                match reply.map_err(|_| Ended::Lost(Lost::NotUnderstood))? {
                    Reply::Answer { id, answer } => self.answered(id, answer).await,
                    Reply::Pushed(push) => self.pushed(push).await,
                }
            }
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(Ended::Lost(Lost::Closed)),
            Message::Text(_) | Message::Frame(_) => Err(Ended::Lost(Lost::NotUnderstood)),
        }
    }

    async fn answered(&mut self, number: u32, answer: Answer) -> Result<(), Ended> {
        let result = match answer {
            Answer::Created | Answer::Granted | Answer::Subscribed => Ok(0),
            Answer::Appended { index } => Ok(index),
            Answer::Refused(refusal) => Err(refusal),
            // A link never reads without subscribing.
            Answer::Entries { .. } => return Err(Ended::Lost(Lost::NotUnderstood)),
        };
        if let Some(id) = self.unanswered.remove(&number) {
            return Ok(self.task.tell(What::Answer { id, result }).await?);
        }
        if self.subscribing == Some(number) {
            self.subscribing = None;
            return match result {
                Ok(_) => Ok(()),
                Err(refusal) => self.follow_refused(refusal).await,
            };
        }
        match result {
            // The answer to a subscription that another one has overtaken.
            Ok(_) => Ok(()),
            Err(Refusal::Malformed | Refusal::UnknownVersion) => {
                Err(Ended::Lost(Lost::NotUnderstood))
            }
            Err(_) => Ok(()),
        }
    }

    async fn follow_refused(&mut self, refusal: Refusal) -> Result<(), Ended> {
        self.ask_again = Some(Instant::now() + FOLLOW_PAUSE);
        Ok(self.task.tell(What::FollowRefused(refusal)).await?)
    }

    async fn pushed(&mut self, push: Push) -> Result<(), Ended> {
        if self.subscribing.is_some() {
            return Ok(());
        }
        match push {
            Push::Entry(entry) => {
                let next = entry.index.saturating_add(1);
                self.task.tell(What::Entry(entry)).await?;
                if let Some(following) = &mut self.task.following {
                    following.from = next;
                }
            }
            Push::CaughtUp { next } => self.task.tell(What::CaughtUp { next }).await?,
            Push::Rotated => {
                // Where nobody could follow the rotation the token is the same, once the founder has
                // undone it: nothing else would ask by it again.
                self.ask_again = Some(Instant::now() + FOLLOW_PAUSE);
                self.task.tell(What::TokenEnded).await?;
            }
        }
        Ok(())
    }
}

/// Waits for a moment that may never come.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Writes frames as they come, and flushes when no more wait.
async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut frames: mpsc::UnboundedReceiver<Message>,
) -> Lost {
    let limit = Duration::from_millis(WRITE_TIMEOUT_MS);
    while let Some(frame) = frames.recv().await {
        let mut next = Some(frame);
        while let Some(frame) = next {
            if !matches!(timeout(limit, sink.feed(frame)).await, Ok(Ok(()))) {
                return Lost::Closed;
            }
            next = frames.try_recv().ok();
        }
        if !matches!(timeout(limit, sink.flush()).await, Ok(Ok(()))) {
            return Lost::Closed;
        }
    }
    Lost::Closed
}
