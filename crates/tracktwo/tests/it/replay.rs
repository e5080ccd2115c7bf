//! A real conversation goes through anonymous Rounds: what comes out is what its file says, counted here
//! in a few lines that share nothing with the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Agree, disagree, pass, by side and statement.
type Cells = BTreeMap<(String, u64), [u64; 3]>;

fn replay(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tracktwo"))
        .args(["demo", "--headless", "--json", "--replay"])
        .arg(folder)
        .args(more)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (code, text(output.stdout), text(output.stderr))
}

fn report(folder: &Path, more: &[&str]) -> Value {
    let (code, out, error) = replay(folder, more);
    assert_eq!(code, 0, "{}: {error}", folder.display());
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

/// What the long file says: the last vote of each person on each statement.
fn votes(folder: &Path) -> BTreeMap<(u64, u64), i64> {
    let mut reader = csv::Reader::from_path(folder.join("votes.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name| header.iter().position(|column| column == name).unwrap();
    let [time, statement, voter, vote] =
        ["timestamp", "comment-id", "voter-id", "vote"].map(column);
    let mut last: BTreeMap<(u64, u64), (u64, i64)> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let at: u64 = record[time].parse().unwrap();
        let key = (
            record[voter].parse().unwrap(),
            record[statement].parse().unwrap(),
        );
        let vote = record[vote].parse().unwrap();
        if last.get(&key).is_none_or(|(before, _)| *before <= at) {
            last.insert(key, (at, vote));
        }
    }
    last.into_iter()
        .map(|(key, (_, vote))| (key, vote))
        .collect()
}

fn counted(folder: &Path, report: &Value) -> Cells {
    let votes = votes(folder);
    let mut cells = Cells::new();
    for seat in report["seats"].as_array().unwrap() {
        let Some(side) = seat["side"].as_str() else {
            continue;
        };
        let person = seat["participant"].as_u64().unwrap();
        for ballot in report["ballots"].as_array().unwrap() {
            let statement = ballot["statement_id"].as_u64().unwrap();
            let cell = cells.entry((side.to_owned(), statement)).or_default();
            match votes.get(&(person, statement)) {
                Some(1) => cell[0] += 1,
                Some(-1) => cell[1] += 1,
                Some(0) => cell[2] += 1,
                other => assert_eq!(other, None),
            }
        }
    }
    cells
}

fn came_out(report: &Value) -> Cells {
    let mut cells = Cells::new();
    for ballot in report["ballots"].as_array().unwrap() {
        let statement = ballot["statement_id"].as_u64().unwrap();
        for (side, tally) in ballot["tally"].as_object().unwrap() {
            let cell = ["agree", "disagree", "pass"].map(|key| tally[key].as_u64().unwrap());
            cells.insert((side.clone(), statement), cell);
        }
    }
    cells
}

fn assert_came_through(folder: &Path) {
    let report = report(folder, &[]);
    let cells = came_out(&report);
    assert_eq!(cells, counted(folder, &report), "{}", folder.display());
    let submitted = report["rounds"][0]["statements"].as_array().unwrap();
    let text = |one: &Value| one["text"].as_str().unwrap().to_owned();
    let submitted: BTreeSet<String> = submitted.iter().map(text).collect();
    let asked = report["ballots"].as_array().unwrap();
    let asked: BTreeSet<String> = asked.iter().map(text).collect();
    assert_eq!(submitted, asked, "{}", folder.display());
    println!("{}: {} cells agree", folder.display(), cells.len());
}

/// Seven people in one group, six in another, three in none that matters; people 1 to 6 wrote.
fn made(folder: &Path) {
    let vote =
        |person: u64, statement: u64| match (person * 7 + statement * 5 + person * statement) % 4 {
            0 => "1",
            1 => "-1",
            2 => "0",
            _ => "",
        };
    let mut wide = String::from("participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree");
    let mut long = String::from("timestamp,datetime,comment-id,voter-id,vote\n");
    let mut comments =
        String::from("timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n");
    let statements = 0..20_u64;
    for statement in statements.clone() {
        wide.push_str(&format!(",{statement}"));
        let moderated = if statement == 3 { -1 } else { 1 };
        let body = if statement == 4 {
            String::new()
        } else {
            format!("\"Words, {statement}:\nnumber\"")
        };
        comments.push_str(&format!(
            "9,{statement},{},0,0,{moderated},{body}\n",
            statement % 6 + 1
        ));
    }
    wide.push('\n');
    for person in 0..16_u64 {
        let group = match person {
            0..7 => "1",
            7..13 => "0",
            _ => "2",
        };
        let votes: Vec<&str> = statements
            .clone()
            .map(|statement| vote(person, statement))
            .collect();
        let n_votes = votes.iter().filter(|vote| !vote.is_empty()).count();
        wide.push_str(&format!(
            "{person},,{group},0,{n_votes},0,0,{}\n",
            votes.join(",")
        ));
        for (statement, vote) in votes
            .iter()
            .enumerate()
            .filter(|(_, vote)| !vote.is_empty())
        {
            let other = if *vote == "1" { "-1" } else { "1" };
            long.push_str(&format!("5,then,{statement},{person},{other}\n"));
            long.push_str(&format!("6,then,{statement},{person},{vote}\n"));
        }
    }
    std::fs::write(folder.join("participants-votes.csv"), wide).unwrap();
    std::fs::write(folder.join("votes.csv"), long).unwrap();
    std::fs::write(folder.join("comments.csv"), comments).unwrap();
}

#[test]
fn a_made_conversation_comes_through_cell_by_cell() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    assert_came_through(folder.path());
}

#[test]
fn the_rule_deals_seats_and_statements() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let report = report(folder.path(), &["--seats", "11"]);
    let seats = report["seats"].as_array().unwrap();
    let people: BTreeSet<u64> = seats
        .iter()
        .filter_map(|s| s["participant"].as_u64())
        .collect();
    // Of group 1, seven people, six take seats; of group 0 five.
    assert_eq!(people.iter().filter(|person| **person < 7).count(), 6);
    assert_eq!(
        people
            .iter()
            .filter(|person| (7..13).contains(*person))
            .count(),
        5
    );
    let asked = report["ballots"].as_array().unwrap();
    let asked: Vec<u64> = asked
        .iter()
        .filter_map(|one| one["statement_id"].as_u64())
        .collect();
    assert_eq!(asked.len(), 11);
    assert!(asked.is_sorted() && !asked.contains(&3) && !asked.contains(&4));
    let shown = report["ballots"][0]["shown"].as_object().unwrap();
    assert_eq!(shown.len(), 2);
}

#[test]
fn too_few_of_anything_is_said_before_anything_happens() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    for (seats, sides, why) in [
        (
            "14",
            "2",
            "too few seats: group 0 of the conversation has 6 people, and 7",
        ),
        ("12", "4", "the conversation has 3 groups, and 4 sides"),
        ("61", "2", "at most 60 statements"),
    ] {
        let more = ["--seats", seats, "--sides", sides];
        let (code, out, error) = replay(folder.path(), &more);
        assert_eq!((code, out.as_str()), (1, ""), "{why}");
        assert!(error.contains(why), "{error}");
    }
    let comments = std::fs::read_to_string(folder.path().join("comments.csv")).unwrap();
    let fewer =
        comments
            .replace(",1,\"Words", ",-1,\"Words")
            .replacen(",-1,\"Words", ",1,\"Words", 9);
    std::fs::write(folder.path().join("comments.csv"), fewer).unwrap();
    let (code, _, error) = replay(folder.path(), &[]);
    assert_eq!(code, 1);
    assert!(error.contains("too few statements: 9 of"), "{error}");
    std::fs::write(folder.path().join("comments.csv"), "comment-id,author-id\n").unwrap();
    let (code, _, error) = replay(folder.path(), &[]);
    assert_eq!(code, 1);
    assert!(
        error.contains("comments.csv has no column moderated"),
        "{error}"
    );
    let (code, _, error) = replay(&folder.path().join("nowhere"), &[]);
    assert_eq!(code, 1);
    assert!(error.contains("could not be opened"), "{error}");
}

#[test]
fn real_conversations_come_through_cell_by_cell() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/polis-open-data");
    let Ok(entries) = std::fs::read_dir(&data) else {
        println!("skipped: no data");
        return;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    let (mut through, mut refused) = (0, 0);
    for folder in &folders {
        let (code, _, error) = match groups(folder) {
            0..2 => replay(folder, &[]),
            _ => {
                assert_came_through(folder);
                through += 1;
                continue;
            }
        };
        assert_eq!(code, 1, "{}", folder.display());
        assert!(error.contains("too few seats"), "{error}");
        refused += 1;
    }
    assert_eq!(through + refused, folders.len());
    assert!(through >= 1);
}

/// How many groups of the conversation have at least six people.
fn groups(folder: &Path) -> usize {
    let mut reader = csv::Reader::from_path(folder.join("participants-votes.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let group = header
        .iter()
        .position(|column| column == "group-id")
        .unwrap();
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for record in reader.records() {
        let name = record.unwrap()[group].to_owned();
        *sizes.entry(name).or_default() += 1;
    }
    sizes.remove("");
    sizes.values().filter(|size| **size >= 6).count()
}
