//! What of a page changed, as pieces that a live page takes in.
//! Must never send more of a discussion than what is new, or a long one would be sent again with each message.

use maud::{Markup, html};

use super::{
    discussion,
    layout::Pen,
    seating, statements, table_show,
    view::{Page, Shown, Table},
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
    /// The six words.
    TableWords,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Band,
        Self::Seating,
        Self::Round,
        Self::Statements,
        Self::Discussion,
        Self::TableWords,
    ];

    /// Its name in the document.
    pub fn id(self) -> &'static str {
        match self {
            Self::Band => "band",
            Self::Seating => "seating",
            Self::Round => "round",
            Self::Statements => "statements",
            Self::Discussion => "discussion",
            Self::TableWords => "table-words",
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
        Part::Round => statements::round(pen, table.round.as_ref()),
        Part::Statements => statements::last(pen, table),
        Part::Discussion => discussion::discussion(pen, table),
        Part::TableWords => table_show::table_words(pen, table),
    }
}

/// The whole page, for a stream that begins.
pub fn everything(pen: Pen<'_>, shown: &Shown) -> Piece {
    Piece::Replace {
        target: "shown",
        content: table_show::whole(pen, shown).into_string(),
    }
}

/// What a page that shows `before` must take in to show `after`.
pub fn changes(pen: Pen<'_>, before: &Shown, after: &Shown) -> Vec<Piece> {
    let (Page::Table(old), Page::Table(new)) = (&before.page, &after.page) else {
        return if before == after {
            Vec::new()
        } else {
            vec![everything(pen, after)]
        };
    };
    if old.room != new.room || old.title != new.title {
        return vec![everything(pen, after)];
    }
    let mut pieces = Vec::new();
    if before.alarms != after.alarms {
        pieces.push(Piece::Replace {
            target: "alarms",
            content: table_show::alarms(pen, &after.alarms).into_string(),
        });
    }
    for which in Part::ALL {
        match (which, added(old, new)) {
            (Part::Discussion, Some(added)) => {
                pieces.extend(added.iter().map(|message| Piece::Message {
                    index: message.index,
                    content: discussion::message(pen, message).into_string(),
                }))
            }
            (Part::Discussion, None) => pieces.push(replace(pen, new, which)),
            _ if differs(which, old, new) => pieces.push(replace(pen, new, which)),
            _ => {}
        }
    }
    pieces
}

/// What a minute changes.
pub fn tick(pen: Pen<'_>, shown: &Shown) -> Vec<Piece> {
    match &shown.page {
        Page::Table(table) if table.round.is_some() => vec![replace(pen, table, Part::Seating)],
        Page::Table(_) | Page::NoDialogue | Page::Asking { .. } => Vec::new(),
    }
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
        Part::Round => old.round != new.round,
        Part::Statements => old.last != new.last || old.round.is_some() != new.round.is_some(),
        Part::Discussion => added(old, new).is_none(),
        Part::TableWords => old.table_words != new.table_words,
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
