//! The Rounds that are over and brought something, in the order in which they ended.
//! Must never show one of several rosters before the last of them is here.

use std::sync::Arc;

use participant::view::{Opening, RoomView};

/// What one Round brought. Its place in the list, from 1, is its number on the pages.
pub enum Brought<'a> {
    /// Texts.
    Texts(&'a Arc<Opening>),
    /// Answers, of the whole room or of the sides: at least one.
    Answers(Answers<'a>),
}

/// The results of a Round of answers.
pub struct Answers<'a> {
    first: &'a Arc<Opening>,
    others: Vec<&'a Arc<Opening>>,
}

impl<'a> Answers<'a> {
    /// Of every roster whose answers were opened.
    pub fn openings(&self) -> impl Iterator<Item = &'a Opening> {
        let others = self.others.iter().copied();
        std::iter::once(self.first).chain(others).map(Arc::as_ref)
    }
}

impl<'a> Brought<'a> {
    /// What all its results have in common stands in the first one.
    pub fn first(&self) -> &'a Arc<Opening> {
        match self {
            Self::Texts(opening) => opening,
            Self::Answers(answers) => answers.first,
        }
    }
}

/// All of them. A side whose sequence came to nothing has no result among its Round's.
pub fn brought(room: &RoomView) -> Vec<Brought<'_>> {
    let open = room.round.as_ref().and_then(|round| round.held);
    let mut all: Vec<Brought<'_>> = Vec::new();
    for opening in &room.results {
        let answers = !opening.asked.is_empty();
        if answers && Some(opening.held) == open {
            continue;
        }
        match all.last_mut() {
            Some(Brought::Answers(last)) if last.first.held == opening.held => {
                last.others.push(opening);
            }
            Some(Brought::Answers(_) | Brought::Texts(_)) | None if answers => {
                all.push(Brought::Answers(Answers {
                    first: opening,
                    others: Vec::new(),
                }));
            }
            Some(Brought::Answers(_) | Brought::Texts(_)) | None => {
                all.push(Brought::Texts(opening));
            }
        }
    }
    all
}
