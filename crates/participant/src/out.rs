//! Collects one step while an input is handled: rows, frames, notices, the next wake-up.

use wire::{MailboxId, Timestamp};
use zeroize::Zeroizing;

use crate::notice::Notice;
use crate::step::{Area, Ctx, Frame, Op, Row, Step};

/// The step under construction, and the time and randomness it may use.
pub(crate) struct Out<'a, 'b> {
    pub(crate) ctx: &'a mut Ctx<'b>,
    step: Step,
    next_frame: &'a mut u64,
}

impl<'a, 'b> Out<'a, 'b> {
    pub(crate) fn new(ctx: &'a mut Ctx<'b>, next_frame: &'a mut u64) -> Out<'a, 'b> {
        Out {
            ctx,
            step: Step::default(),
            next_frame,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ctx.now
    }

    pub(crate) fn write(&mut self, area: Area, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        let value = Some(Zeroizing::new(value.into()));
        self.step.persist.rows.push(Row {
            area,
            key: key.into(),
            value,
        });
    }

    pub(crate) fn remove(&mut self, area: Area, key: impl Into<Vec<u8>>) {
        self.step.persist.rows.push(Row {
            area,
            key: key.into(),
            value: None,
        });
    }

    pub(crate) fn row(&mut self, row: Row) {
        self.step.persist.rows.push(row);
    }

    /// The step's rows must be on the disk before anything else happens.
    pub(crate) fn durable(&mut self) {
        self.step.persist.durable = true;
    }

    /// Whatever leaves was made durable first: a crash then repeats identical bytes, or nothing.
    pub(crate) fn send(&mut self, mailbox: MailboxId, op: Op) -> u64 {
        let id = *self.next_frame;
        *self.next_frame = id.wrapping_add(1);
        self.durable();
        self.step.send.push(Frame { mailbox, id, op });
        id
    }

    pub(crate) fn notify(&mut self, notice: Notice) {
        self.step.notify.push(notice);
    }

    pub(crate) fn wake_at(&mut self, at: Timestamp) {
        self.step.wake_at = Some(self.step.wake_at.map_or(at, |earlier| earlier.min(at)));
    }

    pub(crate) fn finish(self) -> Step {
        self.step
    }
}
