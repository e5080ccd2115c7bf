//! What of a page changed, as pieces that a live page takes in.
//! Must never send more of a discussion than what is new, or a long one would be sent again with each message.

use maud::{Markup, html};

use super::{
    alarms, composer, discussion,
    layout::Pen,
    seating, statements, table_show,
    view::{Shown, Table},
};

/// A part of the Table that changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Room, audience, rule card.
    Band,
    /// The picture with the clock.
    Seating,
    /// The open Round.
    Round,
    /// The last Round's texts.
    Statements,
    /// What was said.
    Discussion,
    /// What can still be taken back.
    Held,
    /// Who reads what is sent.
    Audience,
    /// What waits for the reader.
    Banners,
    /// The other room.
    Rooms,
}

impl Part {
    /// In the order in which a page takes them in.
    pub const ALL: [Self; 9] = [
        Self::Band,
        Self::Seating,
        Self::Round,
        Self::Statements,
        Self::Discussion,
        Self::Held,
        Self::Audience,
        Self::Banners,
        Self::Rooms,
    ];

    /// Its name in the document.
    pub fn id(self) -> &'static str {
        match self {
            Self::Band => "band",
            Self::Seating => "seating",
            Self::Round => "round",
            Self::Statements => "statements",
            Self::Discussion => "discussion",
            Self::Held => "held",
            Self::Audience => "audience",
            Self::Banners => "banners",
            Self::Rooms => "rooms",
        }
    }
}

/// One piece for the stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// Put in the place of what is there.
    Replace {
        target: &'static str,
        content: String,
    },
    /// One more message, at the end of the discussion.
    Message { index: u64, content: String },
}

/// A part, written.
pub fn part(pen: Pen<'_>, table: &Table, part: Part) -> Markup {
    match part {
        Part::Band => table_show::band(pen, table),
        Part::Seating => seating::seating(pen, table),
        Part::Round => statements::round(pen, table),
        Part::Statements => statements::last(pen, table),
        Part::Discussion => discussion::discussion(pen, table),
        Part::Held => composer::held(pen, table),
        Part::Audience => composer::audience(pen, table),
        Part::Banners => table_show::banners(pen, table),
        Part::Rooms => table_show::rooms(pen, table),
    }
}

/// Every part, for a stream that begins; what a person types stands in none of them.
pub fn everything(pen: Pen<'_>, shown: &Shown, caucus: bool) -> Vec<Piece> {
    let Some(table) = shown.room(caucus) else {
        return vec![away(pen, shown)];
    };
    let all = Part::ALL
        .into_iter()
        .map(|which| replace(pen, table, which));
    std::iter::once(alarms(pen, shown)).chain(all).collect()
}

/// The room is gone from the reader's sight: nothing of it stays on the page.
pub fn away(pen: Pen<'_>, shown: &Shown) -> Piece {
    Piece::Replace {
        target: "shown",
        content: table_show::away(pen, shown).into_string(),
    }
}

/// What the person must know.
pub fn alarms(pen: Pen<'_>, shown: &Shown) -> Piece {
    Piece::Replace {
        target: "alarms",
        content: alarms::alarms(pen, shown).into_string(),
    }
}

/// Whether two moments raise the same alarms.
pub fn same_alarms(before: &Shown, after: &Shown) -> bool {
    before.alarms == after.alarms
        && before.unreachable == after.unreachable
        && before.relay == after.relay
}

/// What a page that shows `before` must take in to show `after`.
pub fn changes(pen: Pen<'_>, before: &Shown, after: &Shown, caucus: bool) -> Vec<Piece> {
    let (Some(old), Some(new)) = (before.room(caucus), after.room(caucus)) else {
        return match (before.room(caucus), after.room(caucus)) {
            (None, Some(_)) => everything(pen, after, caucus),
            (Some(_), None) => vec![away(pen, after)],
            (None, None) | (Some(_), Some(_)) => Vec::new(),
        };
    };
    if old.removed != new.removed {
        // The field goes with all the rest; what stood in it is kept in the vault.
        let room = table_show::room(pen, after, new, &composer::Draft::default());
        return vec![Piece::Replace {
            target: "shown",
            content: room.into_string(),
        }];
    }
    let mut pieces = Vec::new();
    if !same_alarms(before, after) {
        pieces.push(alarms(pen, after));
    }
    for which in Part::ALL {
        let added = added(old, new).filter(|_| which == Part::Discussion);
        if let Some(added) = added {
            pieces.extend(added.iter().map(|message| Piece::Message {
                index: message.index,
                content: discussion::message(pen, new, message).into_string(),
            }));
        } else if which == Part::Discussion || differs(which, old, new) {
            pieces.push(replace(pen, new, which));
        }
    }
    pieces
}

/// What time alone changes: the clock's hand, and the seconds of what can be taken back.
pub fn tick(pen: Pen<'_>, shown: &Shown, caucus: bool) -> Vec<Piece> {
    let Some(table) = shown.room(caucus) else {
        return Vec::new();
    };
    let clock = table.round.is_some().then_some(Part::Seating);
    let held = (!table.held.is_empty()).then_some(Part::Held);
    let due = clock.into_iter().chain(held);
    due.map(|which| replace(pen, table, which)).collect()
}

fn replace(pen: Pen<'_>, table: &Table, which: Part) -> Piece {
    Piece::Replace {
        target: which.id(),
        content: part(pen, table, which).into_string(),
    }
}

fn differs(which: Part, old: &Table, new: &Table) -> bool {
    match which {
        Part::Band => {
            old.seats != new.seats || old.sides != new.sides || old.rule_card != new.rule_card
        }
        Part::Seating => old.seats != new.seats || old.sides != new.sides || old.round != new.round,
        Part::Round => old.round != new.round || old.aftermath != new.aftermath,
        Part::Statements => old.last != new.last || old.round.is_some() != new.round.is_some(),
        Part::Discussion => added(old, new).is_none(),
        Part::Held => old.held != new.held,
        Part::Audience => old.seats.len() != new.seats.len(),
        Part::Banners => old.waiting != new.waiting || old.words != new.words,
        Part::Rooms => old.caucus != new.caucus || old.seats.len() != new.seats.len(),
    }
}

/// The messages that follow those which a page has; nothing where it has others, or none yet.
fn added<'a>(old: &Table, new: &'a Table) -> Option<&'a [std::sync::Arc<super::view::Message>]> {
    let (first, rest) = new.messages.split_at_checked(old.messages.len())?;
    // The log only grows: the ends tell whether one list begins with the other.
    let same_ends = first.first() == old.messages.first() && first.last() == old.messages.last();
    let was_empty = old.messages.is_empty() && !new.messages.is_empty();
    (same_ends && !was_empty && old.live == new.live).then_some(rest)
}

impl Piece {
    /// As htmx takes it in.
    pub fn into_html(self) -> String {
        match self {
            Self::Replace { target, content } => html! {
                hx-partial hx-target={ "#" (target) } hx-swap="innerMorph" { (maud::PreEscaped(content)) }
            },
            Self::Message { content, .. } => html! {
                hx-partial hx-target="#messages" hx-swap="beforeend" { (maud::PreEscaped(content)) }
            },
        }
        .into_string()
    }
}
