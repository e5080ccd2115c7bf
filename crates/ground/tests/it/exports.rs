//! Files of Polis: both forms, spoilt ones, and the open data where it is there.

use std::fs::File;
use std::path::PathBuf;

use ground::polis::{Agree, Ballots, Export, Fault, InvalidExport, Texts};
use ground::{Floor, Plan, Stance, Votes, json};

fn read(votes: &str) -> Result<Export, InvalidExport> {
    Export::read(votes.as_bytes(), None, Agree::Unsaid)
}

/// Votes as (statement's place, answer), person by person.
fn cast(export: &Export) -> Vec<Vec<(u32, Stance)>> {
    let votes = export.conversation.votes();
    let person = |own: &[ground::Cast]| own.iter().map(|c| (c.statement(), c.stance())).collect();
    votes.iter().map(person).collect()
}

fn fault(votes: &str) -> (u64, Fault) {
    let fault = read(votes).unwrap_err();
    (fault.line, fault.fault)
}

#[test]
fn both_forms_give_the_same() {
    let long = "timestamp,comment-id,voter-id,vote\n5,0,7,1\n5,0,8,-1\n5,10,7,0\n5,2,8,1\n";
    let wide = "participant,xid,group-id,n-votes,0,2,10\n7,,0,2,1,,0\n8,x,1,2,-1,1,\n";
    assert_eq!(cast(&read(long).unwrap()), cast(&read(wide).unwrap()));
    let ids: Vec<String> = read(wide)
        .unwrap()
        .conversation
        .statements()
        .iter()
        .map(|statement| statement.id.as_str().to_owned())
        .collect();
    assert_eq!(ids, ["0", "2", "10"]);
}

#[test]
fn the_latest_vote_counts_wherever_it_stands() {
    let file = "timestamp,comment-id,voter-id,vote\n9,0,1,-1\n3,0,1,1\n";
    assert_eq!(cast(&read(file).unwrap()), [[(0, Stance::Disagree)]]);
    let untimed = "comment-id,voter-id,vote\n0,1,-1\n0,1,1\n";
    assert_eq!(cast(&read(untimed).unwrap()), [[(0, Stance::Agree)]]);
    let contradicting = "timestamp,comment-id,voter-id,vote\n3,0,1,-1\n3,0,1,1\n";
    let read = read(contradicting).unwrap();
    assert_eq!(cast(&read), [[(0, Stance::Agree)]]);
    let codes: Vec<&str> = read.notes().iter().map(|note| note.what.code()).collect();
    assert_eq!(codes, ["replaced", "same_moment"]);
}

#[test]
fn the_order_of_lines_and_columns_changes_nothing() {
    let lines = ["4,0,1,1", "4,1,1,-1", "4,0,2,0", "6,0,1,-1", "4,11,2,1"];
    let file = |order: [usize; 5]| {
        let lines: Vec<&str> = order.iter().map(|at| lines[*at]).collect();
        let text = format!("timestamp,comment-id,voter-id,vote\n{}\n", lines.join("\n"));
        let export = read(&text).unwrap();
        json(&export.conversation.analyse(None, Floor::FIVE), true).to_string()
    };
    assert_eq!(file([0, 1, 2, 3, 4]), file([4, 3, 2, 1, 0]));
    assert_eq!(file([0, 1, 2, 3, 4]), file([2, 0, 4, 1, 3]));
}

/// An export in wide form, its statements' columns in this order.
fn wide(votes: &Votes, order: &[usize]) -> String {
    let names: Vec<String> = order.iter().map(usize::to_string).collect();
    let mut text = format!("participant,group-id,{}\n", names.join(","));
    for (person, own) in votes.iter().enumerate() {
        let cell = |at: &usize| {
            let cast = own.iter().find(|cast| cast.statement() as usize == *at);
            match cast.map(|cast| cast.stance()) {
                Some(Stance::Agree) => "1",
                Some(Stance::Disagree) => "-1",
                Some(Stance::Pass) => "0",
                None => "",
            }
        };
        let cells: Vec<&str> = order.iter().map(cell).collect();
        text += &format!("{person},,{}\n", cells.join(","));
    }
    text
}

/// Sums of fractions do depend on the order of statements. So they stand by name before anything is
/// summed, and the order in a file is gone.
#[test]
fn the_order_of_statements_in_a_file_changes_no_bit() {
    let plan = Plan {
        people: 200,
        statements: 40,
        density: 0.4,
        seed: 21,
    };
    let votes = plan.plant().votes;
    let texts = |order: &[usize]| {
        let line = |at: &usize| format!("{at},1,1,Statement {at}\n");
        let lines: String = order.iter().map(line).collect();
        let text = format!("comment-id,author-id,moderated,comment-body\n{lines}");
        Texts::read(text.as_bytes()).unwrap()
    };
    let analysed = |order: &[usize]| {
        let file = wide(&votes, order);
        let export = Export::read(file.as_bytes(), Some(&texts(order)), Agree::Unsaid).unwrap();
        let report = export.conversation.analyse(None, Floor::FIVE);
        assert_eq!(report.consultation.as_ref().unwrap().groups.k, 3);
        json(&report, true).to_string()
    };
    let straight: Vec<usize> = (0..40).collect();
    let mixed: Vec<usize> = (0..40).map(|at| (at * 7 + 3) % 40).collect();
    let backwards: Vec<usize> = (0..40).rev().collect();
    assert_eq!(analysed(&straight), analysed(&mixed));
    assert_eq!(analysed(&straight), analysed(&backwards));
}

#[test]
fn marks_and_line_ends_of_other_systems_are_read() {
    let file = "\u{feff}comment-id,voter-id,vote\r\n0,1,1\r\n0,2,-1\r\n";
    assert_eq!(cast(&read(file).unwrap()).len(), 2);
    let quoted = "\u{feff}\"comment-id\",\"voter-id\",\"vote\"\r\n\"0\",\"1\",\"1\"\r\n";
    assert_eq!(cast(&read(quoted).unwrap()).len(), 1);
}

#[test]
fn texts_may_have_line_breaks_and_what_was_moderated_out_is_left_out() {
    let texts = "comment-id,author-id,moderated,comment-body\n0,1,1,\"Two\nlines, \"\"quoted\"\"\"\n1,1,-1,Out\n2,1,0,\n";
    let texts = Texts::read(texts.as_bytes()).unwrap();
    let votes = "comment-id,voter-id,vote\n0,1,1\n1,1,1\n2,1,1\n1,2,1\n";
    let export = Export::read(votes.as_bytes(), Some(&texts), Agree::Unsaid).unwrap();
    let said: Vec<&str> = export
        .conversation
        .statements()
        .iter()
        .map(|statement| statement.text.as_str())
        .collect();
    assert_eq!(said, ["Two\nlines, \"quoted\"", ""]);
    // Who voted on that alone is nobody here.
    assert_eq!(export.conversation.votes().people(), 1);
}

#[test]
fn a_fault_names_its_line() {
    let head = "comment-id,voter-id,vote\n0,1,1\n";
    assert_eq!(fault(""), (1, Fault::Empty));
    assert_eq!(fault("a,b\n1,2\n"), (1, Fault::NoForm));
    assert_eq!(
        fault("comment-id,vote\n0,1\n"),
        (1, Fault::NoColumn("voter-id"))
    );
    assert_eq!(
        fault(&format!("{head}0,2,5\n")),
        (3, Fault::NoVote("5".to_owned()))
    );
    assert_eq!(fault(&format!("{head}0,2\n")), (3, Fault::Short("vote")));
    assert_eq!(
        fault(&format!("{head}0,,1\n")),
        (3, Fault::NoName("voter-id"))
    );
    assert_eq!(fault("comment-id,voter-id,vote\n"), (0, Fault::NoVotes));
    assert_eq!(
        fault("timestamp,comment-id,voter-id,vote\nnoon,0,1,1\n"),
        (2, Fault::NoTime("noon".to_owned()))
    );
    assert_eq!(
        fault("participant,0,1\n4,1,1\n4,1,1\n"),
        (3, Fault::Twice("4".to_owned()))
    );
    let broken = Texts::read(&b"comment-id,comment-body\n0,\"a\nb\"\n1,\xff\n"[..]).unwrap_err();
    // The line break inside quotes counts.
    assert_eq!(
        (broken.line, broken.fault),
        (4, Fault::NoText("comment-body"))
    );
}

#[test]
fn a_million_lines_are_read() {
    let mut file = String::from("comment-id,voter-id,vote\n");
    for line in 0..1_000_000_u32 {
        let (statement, person) = (line % 50, line / 50);
        let vote = [1, -1, 0][((person / 3 + statement) % 3) as usize];
        file.push_str(&format!("{statement},p{person},{vote}\n"));
    }
    let export = read(&file).unwrap();
    assert_eq!(export.conversation.votes().votes(), 1_000_000);
    assert_eq!(export.conversation.votes().people(), 20_000);
}

#[test]
fn declared_sides_take_the_place_of_found_ones() {
    let mut file = String::from("comment-id,voter-id,vote\n");
    let mut sides = String::from("participant,side\n");
    for person in 0..40 {
        let vote = if person % 2 == 0 { 1 } else { -1 };
        file.push_str(&format!("0,{person},{vote}\n1,{person},1\n"));
        sides.push_str(&format!("{person},{}\n", ["East", "West"][person % 2]));
    }
    let export = read(&file).unwrap();
    let declared = export.sides(sides.as_bytes()).unwrap().0;
    let report = export.conversation.analyse(Some(&declared), Floor::FIVE);
    let value = json(&report, true);
    let statements = value["statements"].as_array().unwrap();
    assert_eq!(statements[0]["category"], "opposed");
    assert_eq!(statements[0]["tallies"]["East"]["agree"], 20);
    assert_eq!(statements[1]["category"], "common_ground");
    let rounded = json(&report, false);
    assert_eq!(
        rounded["statements"][1]["tallies"]["West"]["agree"],
        "at least 95"
    );
    let nobody = export
        .sides(&b"participant,side\nx,East\n"[..])
        .unwrap_err();
    assert_eq!(nobody.fault, Fault::NobodyVoted);
    let two = export.sides(&b"participant,side\n1,East\n1,West\n"[..]);
    assert_eq!(two.unwrap_err().line, 3);
}

/// Folders of the open data.
fn open_data() -> Vec<PathBuf> {
    let beside = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/polis-open-data"
    );
    let Ok(folder) = std::fs::read_dir(beside) else {
        println!("skipped: no data");
        return Vec::new();
    };
    let folders = folder.map(|entry| entry.unwrap().path());
    folders.filter(|path| path.is_dir()).collect()
}

#[test]
fn real_conversations_are_read_and_judged_alike_in_both_forms() {
    for folder in open_data() {
        let open = |name: &str| File::open(folder.join(name)).unwrap();
        let texts = Texts::read(open("comments.csv")).unwrap();
        let long = Export::read(open("votes.csv"), Some(&texts), Agree::Unsaid).unwrap();
        let wide = Ballots::read(open("participants-votes.csv"), Agree::Unsaid);
        let wide = wide.unwrap().export(Some(&texts), Agree::Unsaid).unwrap();
        let people = |export: &Export| export.conversation.votes().people();
        assert!(people(&long) >= 20 && people(&wide) >= 20, "{folder:?}");
        let report = long.conversation.analyse(None, Floor::FIVE);
        let listed = report.lists.share.len() + report.lists.differ.len() + report.lists.talk.len();
        assert_eq!(listed, report.statements.len(), "{folder:?}");
        let groups = &report.consultation.as_ref().unwrap().groups;
        println!(
            "{folder:?}: {} people, k {}, silhouette {:.2} over {:.2}, stability {:?}, {:?}",
            people(&long),
            groups.k,
            groups.silhouette,
            groups.silhouette_of_shuffled,
            groups.stability,
            report.headline
        );
    }
}
