//! A member that shuts the log while a phase of a Round lasts, and closes that phase as soon as it may.

use participant::voice::Words;
use participant::{Op, Place};
use room::SeatId;
use round::{Close, Message, Phase, Sequence};
use wire::{EntryKind, MailboxId, Token};

use super::House;
use super::people::{PHASE_MS, WINDOW_MS};
use crate::World;
use crate::mood::rubbish;

impl House {
    /// A Round comes to its third phase, in which nobody is heard as long as it lasts.
    pub(super) fn close_shut_phase(&mut self, seat: usize) {
        let writers = self.honest();
        let Some(round) = self.open_round(&writers) else {
            return;
        };
        self.pass(WINDOW_MS - 100);
        let begun = self.world.pass_until(20_000, |world| {
            runs(world, seat).and_then(Sequence::phase) == Some(Phase::Slots)
        });
        let followed = self.subscription(seat, Place::Plenary).filter(|_| begun);
        let Some((mailbox, token)) = followed else {
            return;
        };
        self.shut(mailbox, &token);
        let Some(ctx) = runs(&self.world, seat).map(Sequence::ctx_r) else {
            return;
        };
        let phase = Phase::Slots;
        let close = Message::Close(Close { ctx, phase });
        let words = vec![Words::Round(round, Box::new(close))];
        let now = self.world.now;
        self.world.seats[seat].utter(Place::Plenary, words, now);
        self.pass(120_000);
        self.note_who_was_left_out();
    }

    /// To nowhere, and again behind each reset, as far as the relay lets it.
    fn shut(&mut self, mailbox: MailboxId, token: &Token) {
        let mut number = 0;
        let mut rotate = |world: &mut World| {
            number += 1;
            let op = Op::Rotate {
                token: token.clone(),
                bytes: rubbish(number, 1024),
                next: Token::new([68; 32]).hash(),
                founder: None,
            };
            let now = world.mood.clock(world.now);
            // Where the relay refuses it, it is refused.
            let _refused = world.host.request(mailbox, op, now);
        };
        rotate(&mut self.world);
        self.world.pass_watched(PHASE_MS + 1_000, |world| {
            let last = world.host.logs.get(&mailbox).and_then(|log| log.last());
            if last.is_some_and(|last| matches!(last.kind, EntryKind::Reset { .. })) {
                rotate(world);
            }
        });
    }

    fn note_who_was_left_out(&mut self) {
        let Some(room) = self.room(0, Place::Plenary) else {
            return;
        };
        let of_open = room.round.iter().flat_map(|round| &round.absent);
        let of_failed = room.failed.iter().flat_map(|failed| &failed.absent);
        let last = room.results.last().filter(|_| room.failed.is_none());
        let of_last = last.iter().flat_map(|opening| &opening.absent);
        let absent: Vec<SeatId> = of_open.chain(of_failed).chain(of_last).copied().collect();
        let names = absent.iter().filter_map(|seat| room.seat(*seat));
        let names: Vec<&str> = names.map(|seat| seat.name.as_str()).collect();
        let honest = self.honest().into_iter();
        let out = honest.filter(|seat| names.contains(&format!("Seat{seat:02}").as_str()));
        let out: Vec<usize> = out.collect();
        self.note(|| format!("honest seats left out: {out:?}"));
        self.left_out.extend(out);
    }
}

fn runs(world: &World, seat: usize) -> Option<&Sequence> {
    let core = world.seats[seat].participant.as_ref()?;
    core.sequence().map(|(_, runs)| runs)
}
