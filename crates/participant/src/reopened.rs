//! Whether the plenary's log is open to its members. A rotation or a reset to another token than the epoch's shuts it,
//! a reset to that token gives it back, and MOVED leads to a mailbox that is open. Whoever shut it gains no time by
//! that. Everybody reads the same entries and knows the same token, so everybody puts the same off.

use room::{Effect, Event, RoomKind, State};
use wire::{Entry, EntryKind};

use crate::cursor::Cursor;
use crate::fold::After;
use crate::mls::MlsError;
use crate::out::Out;
use crate::play::Play;
use crate::records::{DamagedVault, Rows};
use crate::room_log::RoomLog;

// The room puts off as much as a run does.
const _: () = assert!(room::limits::REOPENED_MS == round::limits::REOPENED_MS);

/// When the log went on last while a Round was collected: by that its phases are rebuilt after a restart.
const ROW: &[u8] = b"reopened";

impl RoomLog {
    /// What an entry of the plenary says of its log, once what stands in it is folded. In a caucus nothing ends by the
    /// log's clock.
    pub(crate) fn note_whether_it_is_open(
        &mut self,
        entry: &Entry,
        after: After,
        place: &Cursor,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        if !matches!(self.state.room(), RoomKind::Plenary) {
            return Ok(after);
        }
        let mut effects = after.effects.iter();
        if effects.any(|(_, _, effect)| matches!(effect, Effect::Moved { .. })) {
            self.put_phases_off(place, out);
            return Ok(after);
        }
        let Some(event) = self.shuts_or_opens(entry) else {
            return Ok(after);
        };
        let effect = self.apply(None, place, &event, out);
        let effect = effect.map_err(|_| MlsError::inconsistent())?;
        match event == Event::LogShut {
            true => self.hold_phases(out),
            false => self.put_phases_off(place, out),
        }
        Ok(after.and(After {
            effects: vec![(self.own_leaf(), event, effect)],
            ..After::default()
        }))
    }

    /// By the token of the epoch that is current behind the entry.
    fn shuts_or_opens(&self, entry: &Entry) -> Option<Event> {
        let (own, is_shut) = (self.keys.token.hash(), self.is_shut());
        let (given, gives_back) = match entry.kind {
            EntryKind::Append => return None,
            EntryKind::Rotate { next } => (next, false),
            EntryKind::Reset { token, .. } => (token, true),
        };
        match given == own {
            true => (is_shut && gives_back).then_some(Event::LogReopened),
            false => (!is_shut).then_some(Event::LogShut),
        }
    }

    /// Whether nothing counts that the log's clock decides: no honest program says any of it then.
    pub(crate) fn is_shut(&self) -> bool {
        self.state.shut_since_ms().is_some()
    }

    fn hold_phases(&mut self, out: &mut Out) {
        if let Some(play) = &mut self.play {
            play.collection.shut();
            self.changed(out);
        }
    }

    fn put_phases_off(&mut self, place: &Cursor, out: &mut Out) {
        if self.state.open_round().is_some() {
            // Time counts again from here on: what was refused in between is said at once.
            self.attempts.resends.ease();
        }
        if let Some(play) = &mut self.play {
            let time_ms = place.clock.ms();
            play.collection.reopened(time_ms);
            out.write(self.area, ROW, time_ms.to_be_bytes());
            self.changed(out);
        }
    }

    pub(crate) fn forget_reopening(&self, out: &mut Out) {
        out.remove(self.area, ROW);
    }
}

impl Play {
    /// After its messages were read again. It counts from its own time, so that a phase which began later is not put
    /// off by it, and one in which something was said since then is put off no further.
    pub(crate) fn load_reopening(&mut self, rows: &Rows) -> Result<(), DamagedVault> {
        let Some(row) = rows.get(ROW) else {
            return Ok(());
        };
        let time_ms = <[u8; 8]>::try_from(row.as_slice());
        let time_ms = time_ms.map_err(|_| DamagedVault("reopened"))?;
        self.collection.reopened(u64::from_be_bytes(time_ms));
        Ok(())
    }

    /// What the room knows of the log.
    pub(crate) fn in_log_of(mut self, state: &State) -> Play {
        if state.shut_since_ms().is_some() {
            self.collection.shut();
        }
        self
    }
}
