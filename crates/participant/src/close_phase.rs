//! CLOSE: a phase that has lasted its length by the log's time ends, and the silent are absent. Any
//! seat in the room may say so, and only after it has watched the phase itself.

use round::{Close, Message, Phase, Sequence};
use wire::Timestamp;

use crate::limits::{CLOSE_CONNECTED_MS, STAGGER_MS};
use crate::out::Out;
use crate::patience::Patience;
use crate::play::Play;
use crate::post::Body;
use crate::room_log::RoomLog;

/// One sequence as this node has watched it, by its own clock.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    /// (run, phase) as this node saw it last.
    step: (u32, Option<Phase>),
    /// Since when; nothing before the first look.
    began: Option<Timestamp>,
    /// When another CLOSE may be tried.
    closes: Patience,
}

impl Watch {
    pub(crate) fn begin(sequence: &Sequence) -> Watch {
        Watch {
            step: (sequence.run_number(), sequence.phase()),
            began: None,
            closes: Patience::default(),
        }
    }

    /// Since when the phase has been watched.
    fn look(&mut self, sequence: &Sequence, now: Timestamp) -> Timestamp {
        let step = (sequence.run_number(), sequence.phase());
        match self.began {
            Some(began) if step == self.step => began,
            Some(_) | None => {
                *self = Watch {
                    step,
                    began: Some(now),
                    closes: Patience::default(),
                };
                now
            }
        }
    }
}

impl RoomLog {
    pub(crate) fn close_phases(&mut self, play: &mut Play, out: &mut Out) {
        let (round, collection) = (play.round, &play.collection);
        let mut due = Vec::new();
        for (sequence, watch) in collection.sequences().iter().zip(&mut play.watches) {
            due.extend(self.due_close(sequence, watch, out));
        }
        for close in due {
            let message = Message::Close(close).encode();
            self.post_once(Body::Round { round, message }, out);
        }
    }

    fn due_close(&self, sequence: &Sequence, watch: &mut Watch, out: &mut Out) -> Option<Close> {
        let began = watch.look(sequence, out.now());
        let phase = sequence.phase().filter(|p| *p != Phase::Releases)?;
        if self.is_shut() {
            return None;
        }
        let live_since = self.live_since?;
        // Whoever is not in the run comes last: five who say nothing must not hold up the room.
        let roster = sequence.roster();
        let rank = roster.iter().position(|l| *l == self.own_leaf().0);
        let rank = rank.unwrap_or(roster.len());
        let length = sequence.phase_ms().min(CLOSE_CONNECTED_MS);
        let watched = live_since.max(began).plus_ms(length);
        let over = self.here(sequence.deadline_ms());
        let stagger = u64::try_from(rank)
            .unwrap_or(u64::MAX)
            .saturating_mul(STAGGER_MS);
        let due = watched
            .max(over)
            .plus_ms(stagger)
            .max(watch.closes.due(out.now()));
        if out.now() < due {
            out.wake_at(due);
            return None;
        }
        watch.closes.tried(out.now());
        out.wake_at(watch.closes.due(out.now()));
        Some(Close {
            ctx: sequence.ctx_r(),
            phase,
        })
    }
}
