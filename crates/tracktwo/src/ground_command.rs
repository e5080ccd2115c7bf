//! `tracktwo ground`: the common ground of a Polis export.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use ground::polis::{Export, InvalidExport, Texts};
use ground::{Basis, Category, Floor, Report};

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
    /// JSON with counts and unrounded numbers
    #[arg(long, requires = "json")]
    pub exact: bool,
}

/// Reads, analyses, prints.
pub fn run(args: GroundArgs) -> anyhow::Result<()> {
    let texts = match &args.comments {
        Some(path) => Some(Texts::read(open(path)?).map_err(in_file(path))?),
        None => None,
    };
    let export = Export::read(open(&args.votes)?, texts.as_ref()).map_err(in_file(&args.votes))?;
    let sides = match &args.sides {
        Some(path) => Some(export.sides(open(path)?).map_err(in_file(path))?),
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
    let text = match args.json {
        true => format!("{}\n", ground::json(&report, args.exact)),
        false => summary(&report),
    };
    print(&text)
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path)
        .with_context(|| format!("{} could not be opened; check its name", path.display()))
}

/// Says in which file the fault is.
fn in_file(path: &Path) -> impl FnOnce(InvalidExport) -> anyhow::Error {
    move |fault| anyhow!("{}, {fault}", path.display())
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
            let plain = said.chars().map(|c| if c.is_control() { ' ' } else { c });
            let line: String = plain.collect();
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
        Category::OneSideShort { .. } => "one side short",
        Category::Unsure => "unsure",
        Category::SplitInside => "split inside",
        Category::Open => "open",
        Category::Promising => "promising",
        Category::Undecided => "undecided",
        Category::KeptPrivate => "too few answers",
    }
}
