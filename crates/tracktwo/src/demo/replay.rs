//! A real conversation in Polis' export form, and who of it takes which seat. Polis keeps a row for each
//! person, which a Round never does: here these rows say what each seat casts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use csv::StringRecord;
use room::limits::LANES_MAX;
use room::{StatementKeys, StatementText};
use round::Ballot;

/// Who takes the seats, what is said, and how it is voted on.
pub(super) struct Replay {
    /// By side, then by rank: the one with most votes first.
    pub(super) sides: Vec<Vec<Person>>,
    /// Those that are submitted, by their number in the export.
    pub(super) statements: BTreeMap<u64, String>,
}

/// One participant of the conversation.
pub(super) struct Person {
    /// Its number in the export.
    pub(super) id: u64,
    /// What it gives in the statement Round.
    pub(super) submits: u64,
    votes: BTreeMap<u64, Ballot>,
}

impl Person {
    /// Its votes on these statements; one that it never saw is unanswered.
    pub(super) fn answers(&self, statements: impl Iterator<Item = u64>) -> Vec<Ballot> {
        let answer = |id| self.votes.get(&id).copied().unwrap_or(Ballot::Unanswered);
        statements.map(answer).collect()
    }
}

/// Reads `comments.csv` and `participants-votes.csv` in a folder, and deals the seats: the largest groups
/// become the sides, those with most votes in each take its seats; the lower number goes first.
pub(super) fn read(folder: &Path, seats: usize, sides: usize) -> anyhow::Result<Replay> {
    let people = people(&folder.join("participants-votes.csv"))?;
    let comments = comments(&folder.join("comments.csv"))?;
    ensure!(
        seats <= LANES_MAX,
        "a Round of answers has at most {LANES_MAX} statements, one from each seat; \
         ask for fewer seats than {seats}"
    );
    let chosen = choose(people.rows, seats, sides)?;
    let eligible = |comment: &&Comment| {
        comment.moderated != -1 && people.statements.contains(&comment.id) && comment.has_body()
    };
    let eligible: Vec<&Comment> = comments.iter().filter(eligible).collect();
    seat(chosen, &eligible, &people.seen, seats)
}

/// A row of `participants-votes.csv`.
struct Row {
    id: u64,
    group: Option<u64>,
    n_votes: u64,
    votes: BTreeMap<u64, Ballot>,
}

struct People {
    rows: Vec<Row>,
    /// Statements that have a column.
    statements: BTreeSet<u64>,
    /// How many voted on each.
    seen: BTreeMap<u64, usize>,
}

/// A row of `comments.csv`.
struct Comment {
    id: u64,
    author: u64,
    moderated: i64,
    body: String,
}

impl Comment {
    fn has_body(&self) -> bool {
        StatementText::parse(&self.text()).is_ok()
    }

    /// As a Round shows it.
    fn text(&self) -> String {
        round::normalise(&self.body)
    }
}

fn people(path: &Path) -> anyhow::Result<People> {
    let mut reader = open(path)?;
    let header = reader.headers().with_context(|| name(path))?.clone();
    let [id, group, n_votes] = columns(path, &header, ["participant", "group-id", "n-votes"])?;
    let numbered = header.iter().enumerate();
    let statements: Vec<(usize, u64)> = numbered
        .filter_map(|(at, column)| Some((at, column.trim().parse().ok()?)))
        .collect();
    let mut rows = Vec::new();
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    for record in reader.records() {
        let record = record.with_context(|| name(path))?;
        let mut votes = BTreeMap::new();
        for (at, statement) in &statements {
            if let Some(ballot) = vote(path, &record, *at)? {
                votes.insert(*statement, ballot);
                *seen.entry(*statement).or_default() += 1;
            }
        }
        rows.push(Row {
            id: number(path, &record, id)?,
            group: match field(&record, group) {
                "" => None,
                _ => Some(number(path, &record, group)?),
            },
            n_votes: number(path, &record, n_votes)?,
            votes,
        });
    }
    Ok(People {
        rows,
        statements: statements.into_iter().map(|(_, id)| id).collect(),
        seen,
    })
}

fn comments(path: &Path) -> anyhow::Result<Vec<Comment>> {
    let mut reader = open(path)?;
    let header = reader.headers().with_context(|| name(path))?.clone();
    let names = ["comment-id", "author-id", "moderated", "comment-body"];
    let [id, author, moderated, body] = columns(path, &header, names)?;
    let mut comments = Vec::new();
    for record in reader.records() {
        let record = record.with_context(|| name(path))?;
        comments.push(Comment {
            id: number(path, &record, id)?,
            author: number(path, &record, author)?,
            moderated: number(path, &record, moderated)?,
            body: field(&record, body).to_owned(),
        });
    }
    Ok(comments)
}

/// By side, those who take its seats.
fn choose(rows: Vec<Row>, seats: usize, sides: usize) -> anyhow::Result<Vec<Vec<Row>>> {
    let mut groups: BTreeMap<u64, Vec<Row>> = BTreeMap::new();
    for row in rows {
        if let Some(group) = row.group {
            groups.entry(group).or_default().push(row);
        }
    }
    ensure!(
        groups.len() >= sides,
        "the conversation has {} groups, and {sides} sides were asked for",
        groups.len()
    );
    let mut groups: Vec<(u64, Vec<Row>)> = groups.into_iter().collect();
    groups.sort_by_key(|(group, rows)| (std::cmp::Reverse(rows.len()), *group));
    let mut chosen = Vec::new();
    for (side, (group, mut rows)) in groups.into_iter().take(sides).enumerate() {
        let wanted = seats / sides + usize::from(side < seats % sides);
        ensure!(
            rows.len() >= wanted,
            "too few seats: group {group} of the conversation has {} people, and {wanted} seats are to be \
             taken from it; ask for fewer seats",
            rows.len()
        );
        rows.sort_by_key(|row| (std::cmp::Reverse(row.n_votes), row.id));
        rows.truncate(wanted);
        chosen.push(rows);
    }
    Ok(chosen)
}

/// First who wrote eligible statements submits the one that most people voted on; then the others, in
/// the order of seats, submit what is left, in the same order.
fn seat(
    sides: Vec<Vec<Row>>,
    eligible: &[&Comment],
    seen: &BTreeMap<u64, usize>,
    seats: usize,
) -> anyhow::Result<Replay> {
    let mut by_votes: Vec<&Comment> = eligible.to_vec();
    let votes_on = |comment: &&Comment| seen.get(&comment.id).copied().unwrap_or_default();
    by_votes.sort_by_key(|comment| (std::cmp::Reverse(votes_on(comment)), comment.id));
    let mut submitted = Submitted::default();
    let own: BTreeMap<u64, u64> = sides
        .iter()
        .flatten()
        .filter_map(|row| {
            let mut own = by_votes.iter().filter(|comment| comment.author == row.id);
            Some((row.id, own.find(|comment| submitted.add(comment))?.id))
        })
        .collect();
    let mut people = Vec::new();
    for row in sides.iter().flatten() {
        let submits = match own.get(&row.id) {
            Some(own) => Some(*own),
            None => by_votes
                .iter()
                .find(|comment| submitted.add(comment))
                .map(|c| c.id),
        };
        let Some(submits) = submits else {
            bail!(
                "too few statements: {} of the conversation can be submitted, and {seats} seats submit one \
                 each; ask for fewer seats",
                submitted.texts.len()
            );
        };
        people.push(submits);
    }
    let mut submits = people.into_iter();
    let mut person = |row: Row| Person {
        id: row.id,
        submits: submits.next().unwrap_or_default(),
        votes: row.votes,
    };
    Ok(Replay {
        sides: sides
            .into_iter()
            .map(|rows| rows.into_iter().map(&mut person).collect())
            .collect(),
        statements: submitted.texts,
    })
}

/// What was submitted; two texts that a room takes for one are submitted once.
#[derive(Default)]
struct Submitted {
    texts: BTreeMap<u64, String>,
    keys: BTreeSet<room::StatementKey>,
}

impl Submitted {
    fn add(&mut self, comment: &Comment) -> bool {
        let text = comment.text();
        let Ok(statement) = StatementText::parse(&text) else {
            return false;
        };
        let keys = StatementKeys::of(&statement);
        let is_new = !keys.as_slice().iter().any(|key| self.keys.contains(key));
        self.keys.extend(keys.as_slice());
        if is_new {
            self.texts.insert(comment.id, text);
        }
        is_new
    }
}

fn open(path: &Path) -> anyhow::Result<csv::Reader<File>> {
    let file = File::open(path).with_context(|| {
        format!(
            "{} could not be opened; name the folder of a Polis export",
            path.display()
        )
    })?;
    Ok(csv::ReaderBuilder::new().flexible(true).from_reader(file))
}

fn name(path: &Path) -> String {
    format!("{} is no table of a Polis export", path.display())
}

/// The places of these columns, wherever they stand.
fn columns<const N: usize>(
    path: &Path,
    header: &StringRecord,
    names: [&str; N],
) -> anyhow::Result<[usize; N]> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        let found = header
            .iter()
            .position(|column| column.trim_start_matches('\u{feff}').trim() == name);
        *place = found.with_context(|| format!("{} has no column {name}", path.display()))?;
    }
    Ok(places)
}

fn field(record: &StringRecord, at: usize) -> &str {
    record.get(at).unwrap_or_default().trim()
}

fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

fn number<T: std::str::FromStr>(
    path: &Path,
    record: &StringRecord,
    at: usize,
) -> anyhow::Result<T> {
    let text = field(record, at);
    let parsed = text.parse().ok();
    parsed.with_context(|| {
        let line = line(record);
        format!("{}, line {line}: {text:?} is no number", path.display())
    })
}

/// None where the cell is empty: never seen.
fn vote(path: &Path, record: &StringRecord, at: usize) -> anyhow::Result<Option<Ballot>> {
    Ok(match field(record, at) {
        "" => None,
        "1" => Some(Ballot::Agree),
        "-1" => Some(Ballot::Disagree),
        "0" => Some(Ballot::Pass),
        other => bail!(
            "{}, line {}: a vote is 1, 0 or -1, not {other:?}",
            path.display(),
            line(record)
        ),
    })
}
