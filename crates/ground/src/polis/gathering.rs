//! From lines to a conversation: the latest votes on the statements that are in, and what was left out.

use rayon::prelude::*;

use crate::consultation::{Cast, Conversation, Votes};
use crate::statement::{Statement, StatementId};
use crate::tally::Stance;

use super::notes::{Notes, What};
use super::statements::State;
use super::votes::{Ballots, Mark, Signs};
use super::{Agree, Export, Fault, InvalidExport, Texts};

impl Ballots {
    /// The latest votes, on statements that are in.
    ///
    /// # Errors
    /// Where no vote is left, or the file of statements says that the signs are turned.
    pub fn export(self, texts: Option<&Texts>, agree: Agree) -> Result<Export, InvalidExport> {
        let Ballots {
            people,
            statements,
            mut marks,
            mut notes,
        } = self;
        let known = statements.into_names();
        if let Some(texts) = texts {
            of_statements(&known, texts, &mut notes)?;
        }
        let statements = Order::of(known, |name| {
            texts.is_some_and(|texts| texts.state(name) != State::In)
        });
        let voters = people.into_names();
        marks.retain_mut(|mark| match statements.place(mark.statement) {
            Some(place) => {
                mark.statement = place;
                true
            }
            None => false,
        });
        marks.par_sort_unstable();
        // Statements without a vote never came up; those that are out are gone.
        let mut votes = Votes::with_capacity(statements.names.len(), voters.len(), marks.len());
        let mut people = Vec::new();
        for own in marks.chunk_by(|a, b| a.person == b.person) {
            let latest: Vec<Cast> = own
                .chunk_by(|a, b| a.statement == b.statement)
                .filter_map(|marks| Cast::new(marks.last()?.statement, latest(marks, &mut notes)?))
                .collect();
            let name = own
                .first()
                .and_then(|mark| voters.get(mark.person as usize));
            if let (Some(name), Ok(())) = (name, votes.add(&latest)) {
                people.push(name.clone());
            }
        }
        let gone = voters.len().saturating_sub(people.len()) as u64;
        notes.add_many(What::NobodyLeft, gone, "");
        if let Some(texts) = texts {
            of_tallies(&statements.names, &votes, texts, agree, &mut notes)?;
        }
        let statements = statements.names.into_iter().map(|name| Statement {
            text: texts.map(|texts| texts.text(&name)).unwrap_or_default(),
            id: StatementId::new(name),
        });
        let has_votes = votes.votes() > 0;
        let conversation = Conversation::new(statements.collect(), votes).filter(|_| has_votes);
        Ok(Export {
            conversation: conversation.ok_or_else(|| Fault::NoVotes.at(0))?,
            people,
            notes: notes.into_list(),
        })
    }
}

/// What of the two files does not meet.
fn of_statements(voted: &[String], texts: &Texts, notes: &mut Notes) -> Result<(), InvalidExport> {
    if !voted.is_empty() && !voted.iter().any(|name| texts.has(name)) {
        return Err(Fault::OtherStatements.at(0));
    }
    for name in voted {
        match (texts.has(name), texts.state(name)) {
            (false, _) => notes.add(What::WithoutText, name),
            (true, State::Out) => notes.add(What::ModeratedOut, name),
            (true, State::Meta) => notes.add(What::Meta, name),
            (true, State::In) => {}
        }
    }
    let voted: std::collections::BTreeSet<&str> = voted.iter().map(String::as_str).collect();
    for name in texts.names().filter(|name| !voted.contains(name)) {
        notes.add(What::WithoutVotes, name);
    }
    Ok(())
}

/// Compares the tallies that the file of statements carries.
fn of_tallies(
    names: &[String],
    votes: &Votes,
    texts: &Texts,
    agree: Agree,
    notes: &mut Notes,
) -> Result<(), InvalidExport> {
    let mut counted = vec![(0_u32, 0_u32); names.len()];
    for cast in votes.iter().flatten() {
        let Some((agrees, disagrees)) = counted.get_mut(cast.statement() as usize) else {
            continue;
        };
        match cast.stance() {
            Stance::Agree => *agrees += 1,
            Stance::Disagree => *disagrees += 1,
            Stance::Pass => {}
        }
    }
    let mut signs = Signs::default();
    for (name, counted) in names.iter().zip(counted) {
        if let Some(own) = texts.tally(name) {
            signs.compare(counted, (own.agrees, own.disagrees));
            if counted != (own.agrees, own.disagrees) {
                notes.add(What::TalliesDiffer, name);
            }
        }
    }
    match agree {
        Agree::Unsaid => signs.judge("agrees"),
        // Whoever says which sign agrees has looked.
        Agree::Plus | Agree::Minus => Ok(()),
    }
}

/// The latest vote; of the same moment that of the later line.
fn latest(marks: &[Mark], notes: &mut Notes) -> Option<Stance> {
    let (last, earlier) = marks.split_last()?;
    notes.add_many(What::Replaced, earlier.len() as u64, "");
    let contradicts = |mark: &&Mark| mark.time == last.time && mark.stance != last.stance;
    let same = earlier.iter().filter(contradicts).count();
    notes.add_many(What::SameMoment, same as u64, "");
    Some(last.stance)
}

/// Statements by name, without those moderated out.
struct Order {
    names: Vec<String>,
    places: Vec<Option<u32>>,
}

impl Order {
    fn of(names: Vec<String>, is_out: impl Fn(&str) -> bool) -> Order {
        let mut places = vec![None; names.len()];
        let mut kept: Vec<(usize, StatementId)> = names
            .into_iter()
            .enumerate()
            .filter(|(_, name)| !is_out(name))
            .map(|(number, name)| (number, StatementId::new(name)))
            .collect();
        kept.sort_by(|a, b| a.1.cmp(&b.1));
        for (place, (number, _)) in (0..).zip(&kept) {
            if let Some(own) = places.get_mut(*number) {
                *own = Some(place);
            }
        }
        let names = kept.into_iter().map(|(_, id)| id.as_str().to_owned());
        Order {
            names: names.collect(),
            places,
        }
    }

    fn place(&self, number: u32) -> Option<u32> {
        self.places.get(number as usize).copied().flatten()
    }
}
