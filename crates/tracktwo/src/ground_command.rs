//! `tracktwo ground`: the common ground of a Polis export.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use ground::polis::{Agree, Export, InvalidExport, Note, Texts};
use ground::{Basis, Category, Floor, Report};
use serde_json::{Value, json};

/// Arguments of `tracktwo ground`.
#[derive(clap::Args, Debug)]
pub struct GroundArgs {
    /// votes.csv or participants-votes.csv of a Polis export
    #[arg(value_name = "VOTES.csv")]
    pub votes: PathBuf,
    /// comments.csv: texts, and which statements were moderated out
    #[arg(long, value_name = "F")]
    pub comments: Option<PathBuf>,
    /// Declared sides, in the columns `participant` and `side`
    #[arg(long, value_name = "F")]
    pub sides: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Write a page that needs nothing else
    #[arg(long, value_name = "OUT")]
    pub html: Option<PathBuf>,
    /// Which vote agrees: 1 in exports, -1 in Polis' own tables
    #[arg(long, value_name = "1|-1", allow_hyphen_values = true, value_parser = agree)]
    pub agree: Option<Agree>,
    /// JSON with counts and unrounded numbers
    #[arg(long, requires = "json")]
    pub exact: bool,
}

fn agree(value: &str) -> Result<Agree, String> {
    match value {
        "1" => Ok(Agree::Plus),
        "-1" => Ok(Agree::Minus),
        other => Err(format!("{other:?} is neither 1 nor -1")),
    }
}

/// Reads, analyses, prints.
pub fn run(args: GroundArgs) -> anyhow::Result<()> {
    if let Some(out) = &args.html {
        let inputs = [
            Some(&args.votes),
            args.comments.as_ref(),
            args.sides.as_ref(),
        ];
        spare(out, inputs.into_iter().flatten())?;
    }
    let agree = args.agree.unwrap_or_default();
    let mut told: Vec<(&Path, Vec<Note>)> = Vec::new();
    let texts = match &args.comments {
        Some(path) => Some(Texts::read(open(path)?).map_err(in_file(path))?),
        None => None,
    };
    if let (Some(path), Some(texts)) = (&args.comments, &texts) {
        told.push((path, texts.notes()));
    }
    let export = Export::read(open(&args.votes)?, texts.as_ref(), agree);
    let export = export.map_err(in_file(&args.votes))?;
    told.push((&args.votes, export.notes().to_vec()));
    let sides = match &args.sides {
        Some(path) => {
            let (sides, notes) = export.sides(open(path)?).map_err(in_file(path))?;
            told.push((path, notes));
            Some(sides)
        }
        None => None,
    };
    let report = export.conversation.analyse(sides.as_ref(), Floor::FIVE);
    if let Some(path) = &args.html {
        std::fs::write(path, ground::html(&report)).with_context(|| {
            format!(
                "{} could not be written; name another place",
                path.display()
            )
        })?;
    }
    for (path, note) in told
        .iter()
        .flat_map(|(path, all)| all.iter().map(|note| (*path, note)))
    {
        eprintln!("{}", harmless(&format!("{}: {note}", path.display())));
    }
    let text = match args.json {
        true => format!("{}\n", escaped(&with_notes(&report, args.exact, &told))),
        false => summary(&report),
    };
    print(&text)
}

/// The page must not take the place of what it is made from, under whatever name.
fn spare<'a>(out: &Path, inputs: impl Iterator<Item = &'a PathBuf>) -> anyhow::Result<()> {
    for input in inputs {
        if is_same(out, input) {
            bail!(
                "{} is one of the files that are read, and would be lost; name another place for the page",
                out.display()
            );
        }
    }
    Ok(())
}

/// Whether two names are one file: also by a link.
fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(one), Ok(other)) = (
        same_file::Handle::from_path(one),
        same_file::Handle::from_path(other),
    ) else {
        return false;
    };
    one == other
}

/// The report with what was left out or changed.
fn with_notes(report: &Report, exact: bool, told: &[(&Path, Vec<Note>)]) -> String {
    let notes = told.iter().flat_map(|(path, notes)| {
        notes.iter().map(|note| {
            json!({
                "file": path.display().to_string(),
                "what": note.what.code(),
                "count": note.count,
                "says": note.to_string(),
            })
        })
    });
    let notes: Vec<Value> = notes.collect();
    let mut value = ground::json(report, exact);
    if let Some(object) = value.as_object_mut() {
        object.insert("notes".to_owned(), Value::from(notes));
    }
    value.to_string()
}

/// Whether a terminal would obey it, or show what follows in another order.
fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    turns || c.is_control()
}

fn harmless(text: &str) -> String {
    let plain = text.chars().map(|c| if is_hidden(c) { ' ' } else { c });
    plain.collect()
}

/// The same in JSON, where such a letter can only stand in a string, and keeps its meaning as an escape.
fn escaped(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hidden(c) {
            true => plain.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => plain.push(c),
        }
    }
    plain
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path)
        .with_context(|| format!("{} could not be opened; check its name", path.display()))
}

/// Says in which file the fault is.
fn in_file(path: &Path) -> impl FnOnce(InvalidExport) -> anyhow::Error {
    move |fault| anyhow!("{}", harmless(&format!("{}, {fault}", path.display())))
}

/// Somebody who reads only the first lines may close the pipe.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done.context("the result could not be printed"),
    }
}

/// A few lines for a terminal. Texts are what somebody wrote: no control characters of theirs.
fn summary(report: &Report) -> String {
    let count = report.headline;
    let mut text = format!(
        "{}\n{} shared, {} rejected by all, {} differ, {} open\n",
        of_basis(report),
        count.shared,
        count.rejected,
        count.differ,
        count.open
    );
    let lists = [
        ("You share", &report.lists.share),
        ("You differ", &report.lists.differ),
        ("Worth talking about", &report.lists.talk),
    ];
    for (title, list) in lists {
        text.push_str(&format!("\n{title}\n"));
        if list.is_empty() {
            text.push_str("  nothing\n");
        }
        for finding in list.iter().filter_map(|at| report.statements.get(*at)) {
            let said = match finding.statement.text.as_str() {
                "" => format!("Statement {}", finding.statement.id.as_str()),
                text => text.to_owned(),
            };
            let line = harmless(&said);
            text.push_str(&format!("  {}: {line}\n", verdict(finding.category)));
        }
    }
    text
}

fn of_basis(report: &Report) -> String {
    let people = report.consultation.as_ref().map_or(0, |all| all.people);
    let sides: Vec<&str> = report.sides.iter().map(|side| side.name.as_str()).collect();
    match report.basis {
        Basis::Found => format!("{people} people in {} found groups", sides.len()),
        Basis::NoClearGroups => format!("{people} people, no clear groups"),
        Basis::Declared | Basis::Room | Basis::WholeRoom => {
            format!("{people} people, {} declared sides", sides.len())
        }
    }
}

fn verdict(category: Category) -> &'static str {
    match category {
        Category::CommonGround { .. } => "common ground",
        Category::SharedRejection { .. } => "all reject",
        Category::Opposed { .. } => "opposed",
        Category::Differ { .. } => "differ",
        Category::MayDiffer { .. } => "may differ",
        Category::OneSideShort { .. } => "one side short",
        Category::Unsure => "unsure",
        Category::SplitInside => "split inside",
        Category::Open => "open",
        Category::Promising => "promising",
        Category::Undecided => "undecided",
        Category::KeptPrivate => "too few answers",
    }
}
