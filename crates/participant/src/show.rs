//! Turns the core's state into what a page may show.

use room::{Audience, EndedSequence, Fate, OpenRound, Role, RoundKind, Run, SeatId, SideId};
use round::{Phase, Sequence};

use crate::command::Place;
use crate::notice::Alarm;
use crate::participant::Participant;
use crate::play::Play;
use crate::room_log::RoomLog;
use crate::round_name::RoundName;
use crate::table_words;
use crate::view::{
    ApprovedView, Asking, Doubted, FailedView, HeldView, InvitationView, ReturnedView, RoomView,
    RoundPhase, RoundView, SeatView, View,
};

impl Participant {
    /// The dialogue as this seat sees it now.
    pub fn view(&self) -> View {
        let show = |place| self.room(place).map(|log| self.show_room(log));
        let waiting = self.guests.iter().filter(|(_, guest)| !guest.approved);
        View {
            plenary: show(Place::Plenary),
            caucus: show(Place::Caucus),
            asking: self.asking.as_ref().map(|asking| Asking {
                name: asking.name.clone(),
                side: role_side(asking.invitation.role).unwrap_or_default(),
                words: table_words::request_words(&asking.request()),
            }),
            approved: self.show_approved(),
            invitations: self.show_invitations(),
            held: self.show_held(),
            declined: self.declined,
            stayed_home: self.stayed_home,
            returned: self.show_returned(),
            relay: self.relay_of_now(),
            moved: self.plenary.as_ref().and_then(RoomLog::show_moved),
            place: self.plenary.as_ref().and_then(RoomLog::show_place),
            clock_apart_ms: self
                .plenary
                .as_ref()
                .map_or(0, |log| log.relay_clock.apart_ms()),
            present: self.present,
            requests: waiting
                .map(|(hash, guest)| (*hash, guest.name.as_str().to_owned(), guest.side()))
                .collect(),
            alarms: self.show_alarms(),
            doubted: self.show_doubted(),
        }
    }

    fn show_doubted(&self) -> Vec<Doubted> {
        let plenary = self.plenary.as_ref();
        let sits = |seat| plenary.is_some_and(|log| log.state.seat(seat).is_some());
        let all = self.doubted.iter();
        all.map(|((alarm, seat), name)| Doubted {
            alarm: *alarm,
            name: name.clone(),
            is_gone: !sits(*seat),
        })
        .collect()
    }

    fn show_alarms(&self) -> Vec<Alarm> {
        let mut rooms = self.plenary.iter();
        let jumped = rooms.any(|log| log.relay_clock.has_jumped());
        let mut alarms = self.alarms.clone();
        alarms.extend(jumped.then_some(Alarm::ClockJumped));
        alarms.into_iter().collect()
    }

    fn show_approved(&self) -> Vec<ApprovedView> {
        let Some(log) = &self.plenary else {
            return Vec::new();
        };
        let approvals = log.state.approvals().iter();
        approvals
            .map(|approval| ApprovedView {
                request: approval.request.0,
                name: approval.name.as_str().to_owned(),
                side: role_side(approval.role).unwrap_or_default(),
                vouched: log.state.may_seat(approval.request),
                word_lines: table_words::lines(
                    &table_words::request_words(&approval.request.0),
                    log.own_seat.0,
                ),
            })
            .collect()
    }

    fn show_invitations(&self) -> Vec<InvitationView> {
        let open = self.lobbies.values().filter(|lobby| lobby.is_shown());
        let mut shown: Vec<InvitationView> = open
            .map(|lobby| InvitationView {
                text: lobby.invitation.to_text(),
                side: role_side(lobby.invitation.role).unwrap_or_default(),
                expires_ms: lobby.invitation.expires.ms(),
                used: lobby.request.is_some(),
            })
            .collect();
        shown.sort_by_key(|invitation| invitation.expires_ms);
        shown
    }

    fn show_returned(&self) -> Vec<ReturnedView> {
        let ended = |name: &RoundName| {
            let log = self.plenary.as_ref()?;
            let mut ended = log.state.ended_rounds().iter().rev();
            let ended = ended.find(|ended| log.name_of(ended.open_hash) == *name)?;
            Some(ended.id)
        };
        let all = self.returned.all();
        all.map(|(number, name, text)| ReturnedView {
            number,
            round: ended(name),
            text: text.to_owned(),
        })
        .collect()
    }

    fn show_held(&self) -> Vec<HeldView> {
        let all = self.retractable.all();
        all.map(|(number, held)| HeldView {
            held: number,
            place: held.place,
            text: held.text.clone(),
            reply_to: held.reply_to,
            leaves_ms: held.leaves.ms(),
        })
        .collect()
    }

    fn show_room(&self, log: &RoomLog) -> RoomView {
        let state = &log.state;
        let seats = state.seats().iter().map(|seat| SeatView {
            seat: seat.id,
            number: self.number_of(seat),
            name: seat.name.as_str().to_owned(),
            role: seat.role,
            side: role_side(seat.role),
            counts: state.counting(seat.id),
            confirmed: seat.confirmed == Some(state.membership()),
        });
        let left = state.departed().iter().map(|seat| SeatView {
            seat: seat.id,
            number: seat.id,
            name: seat.name.as_str().to_owned(),
            role: seat.role,
            side: role_side(seat.role),
            counts: false,
            confirmed: false,
        });
        // Whoever is awaited could be in another room, with the same words if somebody sought long enough.
        let words = match state.awaited().next() {
            None => log.keys.words.clone(),
            Some(_) => Vec::new(),
        };
        RoomView {
            place: log.place,
            title: state.title().as_str().to_owned(),
            rule_card: state.rule_card(),
            sides: state
                .sides()
                .iter()
                .map(|side| side.as_str().to_owned())
                .collect(),
            seats: seats.collect(),
            left: left.collect(),
            own_seat: log.own_seat,
            gone: self.show_gone(log.place),
            guarded: log.waits_for_guard(),
            shut_since_ms: shut_since_ms(log),
            membership: state.membership(),
            table_words: words.clone(),
            word_lines: table_words::lines(&words, log.own_seat.0),
            awaited: state.awaited().collect(),
            words_confirmed: state
                .seat(log.own_seat)
                .is_some_and(|seat| seat.confirmed == Some(state.membership())),
            state_words: table_words::table_words(&state.digest().0),
            failed: self.show_failed(log),
            messages: log.messages.clone(),
            round: self.show_round(log),
            results: log.results.clone(),
            digest: state.digest(),
            entries: log.cursor.next,
            void_entries: log.void_entries,
            live: log.live_since.is_some(),
            unsent: log.outbox.waiting(),
        }
    }

    fn show_failed(&self, log: &RoomLog) -> Option<FailedView> {
        let last = log.state.ended_rounds().last()?;
        // What sides answered as one is a result.
        let why = last.failed().filter(|_| last.blocs.is_empty())?;
        let seats = |of: fn(&EndedSequence) -> &Vec<SeatId>| -> Vec<SeatId> {
            last.sequences.iter().flat_map(of).copied().collect()
        };
        let started = last.sequences.iter().map(|one| one.opening_roster.len());
        let started: usize = started.sum();
        let (absent, disruptors) = (seats(|one| &one.absent), seats(|one| &one.disruptors));
        let left_out = absent.len().saturating_add(disruptors.len());
        Some(FailedView {
            round: last.id,
            why,
            ended_ms: log.shown_ms(last.ended_ms),
            opening_roster: count(started),
            final_roster: count(started.saturating_sub(left_out)),
            absent,
            disruptors,
        })
    }

    fn show_round(&self, log: &RoomLog) -> Option<RoundView> {
        let open_round = log.state.open_round()?;
        let open = &open_round.open;
        // With one sequence for each side a seat sees its own; who is in none sees the first.
        let run = open_round
            .run_with(log.own_seat)
            .or(open_round.runs().first());
        let roster = log.kind_of_roster(open.audience);
        // While the window is open: who would be in the own roster.
        let ready = open_round.ready.iter().filter(|id| {
            let seat = log.state.seat(**id);
            seat.is_some_and(|seat| roster.includes(seat.role))
        });
        let crowd = run.map_or_else(|| ready.count(), |run| run.roster().count());
        let eligible = log.state.counting_seats(roster).count();
        let floor = run.map_or_else(
            || room::floor(eligible, open.floor),
            |run| usize::from(run.floor),
        );
        let own = log.state.seat(log.own_seat);
        let name = log.name_of(open.hash());
        let draft = self.drafts.of(&name);
        let usual = count(floor).max(log.usual_minimum(open.audience));
        let minimum = match open.kind {
            RoundKind::Statement(_) => draft.and_then(|draft| draft.minimum),
            RoundKind::Ballot(_) => self.answers.minimum(&name),
        };
        let out = |of: fn(&Run) -> &Vec<SeatId>| run.map_or_else(Vec::new, |run| of(run).clone());
        let statements = open.kind.statements().iter();
        Some(RoundView {
            opened_ms: log.shown_ms(open_round.opened_ms),
            eligible: count(eligible),
            writes: own.is_some_and(|seat| open.audience.includes(seat.role)),
            usual_minimum: usual,
            minimum,
            is_in: is_in(log, open_round, run),
            phase_ms: open.phase_ms,
            shut_since_ms: shut_since_ms(log),
            phase_ends_ms: phase_ends_ms(log),
            awaited: self.awaited(log.place),
            round: open.id,
            open_hash: open.hash(),
            question: open.question.as_str().to_owned(),
            slot_bytes: open.kind.slot_bytes(),
            window_end_ms: log.window_end_ms(open_round.ends_ms),
            phase: phase_of(log, run),
            hidden_among: count(crowd),
            floor: count(floor),
            guaranteed: guaranteed(log, open_round, minimum.unwrap_or(usual)),
            draft: draft.map(|draft| draft.text.clone()),
            absent: out(|run| &run.absent),
            disruptors: out(|run| &run.disruptors),
            statements: statements.map(|text| text.as_str().to_owned()).collect(),
            each_side: open.audience == Audience::EachSide,
            one_side: log.name_of_side(open.audience.one_side()),
            held: log.play.as_ref().and_then(Play::held),
            bloc: self.show_bloc(log, open_round),
            answers: self.answers.of(&name).to_vec(),
        })
    }

    /// Whose last message an opened Round waits for: shown as awaited, never as withheld.
    pub fn awaited(&self, place: Place) -> Vec<SeatId> {
        let Some(log) = self.room(place) else {
            return Vec::new();
        };
        let Some(play) = log.play.as_ref().filter(|p| p.collection.gate_is_open()) else {
            return Vec::new();
        };
        let sequences = play.collection.sequences().iter();
        let opening = sequences.filter(|sequence| sequence.phase() == Some(Phase::Releases));
        // By the roster of START: a leaf may belong to somebody else by now.
        let runs = log.state.open_round().map_or(&[][..], OpenRound::runs);
        let members = || runs.iter().flat_map(|run| &run.opening_roster);
        let seat_of = |leaf: u32| members().find(|member| member.leaf.0 == leaf);
        let awaited = opening.flat_map(Sequence::awaited).filter_map(seat_of);
        awaited.map(|member| member.seat).collect()
    }
}

impl RoomLog {
    /// As people call it.
    pub(crate) fn name_of_side(&self, side: Option<SideId>) -> Option<String> {
        let name = self.state.side_name(side?);
        name.map(|name| name.as_str().to_owned())
    }
}

fn phase_of(log: &RoomLog, run: Option<&Run>) -> RoundPhase {
    let Some(run) = run else {
        return RoundPhase::Writing;
    };
    let number = u32::from(run.runs_ended).saturating_add(1);
    let sequences = log.play.as_ref().map(|play| play.collection.sequences());
    let disturbed = sequences
        .unwrap_or_default()
        .iter()
        .any(|sequence| sequence.phase() == Some(Phase::Reveals));
    match run.fate {
        Fate::Running if disturbed => RoundPhase::Disturbed { run: number },
        Fate::Running => RoundPhase::Collecting { run: number },
        Fate::Released | Fate::Over(_) => RoundPhase::Opening { run: number },
    }
}

fn is_in(log: &RoomLog, open_round: &OpenRound, run: Option<&Run>) -> bool {
    match run {
        None => open_round.ready.contains(&log.own_seat),
        Some(run) => run.roster().any(|member| member.seat == log.own_seat),
    }
}

/// Among how many an answer of this seat is hidden whatever is asked later. While people answer, nobody knows
/// the roster yet: but where it is too small for the own minimum, the answers do not leave.
fn guaranteed(log: &RoomLog, open_round: &OpenRound, minimum: u16) -> u16 {
    let run = open_round.run_with(log.own_seat);
    let floor = run.map_or_else(
        || room::floor(minimum.into(), open_round.open.floor),
        |run| usize::from(run.floor),
    );
    // Which of the old rosters the own seat is in decides what it was promised; who else is in this one does not.
    let (own, ballots) = (log.own_seat, log.state.ballots());
    let keys = open_round.open.kind.statement_keys();
    let lanes = keys.iter();
    let promises = lanes.map(|key| ballots.guaranteed(own, key, &[own], floor));
    count(promises.min().unwrap_or(floor))
}

fn phase_ends_ms(log: &RoomLog) -> Option<u64> {
    let sequences = log.play.as_ref()?.collection.sequences().iter();
    let open = sequences.filter(|sequence| !sequence.is_over());
    let last = open.map(Sequence::deadline_ms).max();
    last.map(|deadline| log.shown_ms(deadline))
}

fn shut_since_ms(log: &RoomLog) -> Option<u64> {
    log.state.shut_since_ms().map(|since| log.shown_ms(since))
}

fn count(seats: usize) -> u16 {
    u16::try_from(seats).unwrap_or(u16::MAX)
}

fn role_side(role: Role) -> Option<u16> {
    role.sits_with().map(|side| side.0)
}
