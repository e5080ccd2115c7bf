//! What a file says in another way is read and said; what would be a guess is refused.

use std::fs::File;

use ground::polis::{Agree, Export, Fault, InvalidExport, Note, Texts, What};
use ground::{Cast, Floor, Stance, json};

fn open(name: &str) -> File {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/");
    File::open(format!("{folder}{name}")).unwrap()
}

fn votes(file: &[u8]) -> Result<Export, InvalidExport> {
    Export::read(file, None, Agree::Unsaid)
}

fn stances(export: &Export) -> Vec<Stance> {
    let all = export.conversation.votes().iter();
    all.flat_map(|own| {
        own.iter()
            .map(|cast: &Cast| cast.stance())
            .collect::<Vec<_>>()
    })
    .collect()
}

fn codes(notes: &[Note]) -> Vec<(What, u64)> {
    notes.iter().map(|note| (note.what, note.count)).collect()
}

fn fault<T: std::fmt::Debug>(read: Result<T, InvalidExport>) -> (u64, Fault) {
    let fault = read.unwrap_err();
    (fault.line, fault.fault)
}

#[test]
fn columns_are_separated_by_what_the_first_line_shows() {
    let separated = |mark: &str| {
        let file = "comment-id,voter-id,vote\n0,1,1\n0,2,-1\n".replace(',', mark);
        let export = votes(file.as_bytes()).unwrap();
        (stances(&export), codes(export.notes()))
    };
    let both = vec![Stance::Agree, Stance::Disagree];
    assert_eq!(separated(","), (both.clone(), vec![]));
    for mark in [";", "\t"] {
        assert_eq!(separated(mark), (both.clone(), vec![(What::Separator, 1)]));
    }
    let named = votes(b"sep=;\r\ncomment-id;voter-id;vote\r\n0;1;1\r\n0;2;yes\r\n");
    assert_eq!(fault(named), (4, Fault::NoVote("yes".to_owned())));
    let export = Export::read(open("votes-sep-line.csv"), None, Agree::Unsaid).unwrap();
    assert_eq!(stances(&export), [Stance::Agree]);
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    let text = "comment-id,voter-id,vote\n0,é,1\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: [u8; 2], rest: &[u8]| [&mark[..], rest].concat();
    for file in [
        little.clone(),
        big.clone(),
        marked([0xff, 0xfe], &little),
        marked([0xfe, 0xff], &big),
    ] {
        let export = votes(&file).unwrap();
        assert_eq!(codes(export.notes()), [(What::Utf16, 1)]);
        assert_eq!(stances(&export), [Stance::Agree]);
    }
    assert_eq!(fault(votes(&little[..little.len() - 1])).1, Fault::CutUtf16);
}

#[test]
fn votes_are_read_however_they_are_written_and_it_is_said() {
    let written = [
        ("1", Some(Stance::Agree)),
        ("+1", Some(Stance::Agree)),
        ("1.0", Some(Stance::Agree)),
        ("TRUE", Some(Stance::Agree)),
        ("-1", Some(Stance::Disagree)),
        ("-1.0", Some(Stance::Disagree)),
        ("\u{2212}1", Some(Stance::Disagree)),
        ("0", Some(Stance::Pass)),
        ("0.0", Some(Stance::Pass)),
        // A disagreement, or none of the two.
        ("FALSE", None),
        ("1.5", None),
        ("2", None),
        ("", None),
    ];
    for (value, stance) in written {
        let read = votes(format!("comment-id,voter-id,vote\n0,1,{value}\n").as_bytes());
        match stance {
            Some(stance) => {
                let read = read.unwrap();
                assert_eq!(stances(&read), [stance], "{value}");
                let is_plain = matches!(value, "1" | "-1" | "0");
                assert_eq!(read.notes().is_empty(), is_plain, "{value}");
            }
            None => assert_eq!(fault(read), (2, Fault::NoVote(value.to_owned()))),
        }
    }
    for name in [
        "votes-plus.csv",
        "votes-unicode-minus.csv",
        "votes-float-time.csv",
    ] {
        let export = Export::read(open(name), None, Agree::Unsaid).unwrap();
        assert_eq!(export.notes().len(), 1, "{name}");
    }
}

#[test]
fn of_two_votes_of_one_moment_the_later_line_counts() {
    let export = Export::read(open("seconds.csv"), None, Agree::Unsaid).unwrap();
    assert_eq!(stances(&export), [Stance::Agree; 6]);
    let notes = [(What::Replaced, 6), (What::SameMoment, 6)];
    assert_eq!(codes(export.notes()), notes);
}

#[test]
fn a_quotation_mark_that_is_not_closed_swallows_nothing() {
    assert_eq!(
        fault(Texts::read(open("unclosed.csv"))),
        (2, Fault::Unclosed)
    );
    let later = b"comment-id,comment-body\n0,\"He said yes\n1,\"Two\"\n2,Three\n";
    assert_eq!(fault(Texts::read(&later[..])), (2, Fault::BehindQuote));
    let fine = b"comment-id,comment-body\n0,\"a, \"\"b\"\"\nc\"\n1,say \"no\"\n2,\"\"";
    assert!(Texts::read(&fine[..]).is_ok());
    let comma = b"comment-id,comment-body\n0,Yes, perhaps\n";
    assert_eq!(fault(Texts::read(&comma[..])), (2, Fault::Long));
}

#[test]
fn what_is_about_the_person_is_no_common_ground() {
    let texts = Texts::read(open("comments-meta.csv")).unwrap();
    let export = Export::read(open("votes-meta.csv"), Some(&texts), Agree::Unsaid).unwrap();
    let notes = codes(export.notes());
    assert!(notes.contains(&(What::Meta, 1)), "{notes:?}");
    assert!(notes.contains(&(What::TalliesDiffer, 3)), "{notes:?}");
    let report = json(&export.conversation.analyse(None, Floor::FIVE), false);
    let ids = report["statements"].as_array().unwrap().iter();
    assert!(ids.clone().all(|one| one["id"] != "0"));
    assert_eq!(ids.count(), 3);
}

#[test]
fn words_for_a_state_of_moderation_are_read_and_said() {
    let texts = Texts::read(open("comments-mod-bool.csv")).unwrap();
    assert_eq!(codes(&texts.notes()), [(What::StatesRewritten, 2)]);
}

#[test]
fn what_people_called_important_is_no_vote() {
    let read = Export::read(open("importance.csv"), None, Agree::Unsaid);
    assert_eq!(fault(read), (1, Fault::Importance));
}

#[test]
fn a_raw_table_needs_a_word_about_its_signs_also_under_other_names() {
    for name in ["raw-votes-table.csv", "raw-votes-table-renamed-as-told.csv"] {
        let unsaid = Export::read(open(name), None, Agree::Unsaid);
        assert_eq!(fault(unsaid), (1, Fault::RawTable), "{name}");
        let turned = Export::read(open(name), None, Agree::Minus).unwrap();
        assert!(
            stances(&turned)
                .iter()
                .all(|stance| *stance == Stance::Agree),
            "{name}"
        );
        assert_eq!(codes(turned.notes())[0].0, What::SignsTurned);
        let straight = Export::read(open(name), None, Agree::Plus).unwrap();
        assert!(
            stances(&straight)
                .iter()
                .all(|stance| *stance == Stance::Disagree)
        );
    }
    let two = b"zid,pid,tid,vote,created\n1,1,0,-1,1\n2,1,0,1,1\n";
    let read = Export::read(&two[..], None, Agree::Minus);
    assert_eq!(fault(read), (3, Fault::TwoConversations("2".to_owned())));
}

#[test]
fn tallies_that_fit_only_with_the_signs_turned_are_refused() {
    let texts = Texts::read(open("raw-comments.csv")).unwrap();
    let file = "comment-id,voter-id,vote\n0,1,-1\n0,2,-1\n0,3,-1\n0,4,-1\n0,5,-1\n0,6,-1\n";
    let read = |agree| Export::read(file.as_bytes(), Some(&texts), agree);
    assert_eq!(fault(read(Agree::Unsaid)).1, Fault::OtherSign("agrees"));
    let turned = read(Agree::Minus).unwrap();
    assert_eq!(codes(turned.notes()), [(What::SignsTurned, 6)]);
    assert_eq!(
        codes(read(Agree::Plus).unwrap().notes()),
        [(What::TalliesDiffer, 1)]
    );
    let wide = "participant,n-agree,n-disagree,0,1\n1,2,0,-1,-1\n2,2,0,-1,-1\n";
    assert_eq!(fault(votes(wide.as_bytes())).1, Fault::OtherSign("n-agree"));
}

#[test]
fn comments_of_another_conversation_are_refused_or_said() {
    let file = b"comment-id,voter-id,vote\n0,1,1\n1,1,1\n";
    let read = |texts: &[u8]| {
        let texts = Texts::read(texts).unwrap();
        Export::read(&file[..], Some(&texts), Agree::Unsaid)
    };
    assert_eq!(
        fault(read(b"comment-id,comment-body\n7,a\n")).1,
        Fault::OtherStatements
    );
    let part = read(b"comment-id,comment-body\n1,a\n7,b\n").unwrap();
    let notes = [(What::WithoutVotes, 1), (What::WithoutText, 1)];
    assert_eq!(codes(part.notes()), notes);
}

fn forty() -> Export {
    let lines = (0..40).map(|person| format!("0,{person},1\n"));
    let file: String = std::iter::once("comment-id,voter-id,vote\n".to_owned())
        .chain(lines)
        .collect();
    votes(file.as_bytes()).unwrap()
}

#[test]
fn sides_that_match_nobody_are_counted_or_refused() {
    let export = Export::read(open("votes6.csv"), None, Agree::Unsaid).unwrap();
    let zeros = Fault::OtherName("06".to_owned(), "6".to_owned());
    assert_eq!(fault(export.sides(open("sides6.csv"))), (7, zeros));
    let case = Fault::TwoSpellings("East".to_owned(), "east".to_owned());
    assert_eq!(fault(forty().sides(open("sides-case.csv"))), (5, case));
    let (sides, notes) = forty().sides(open("sides-excel.csv")).unwrap();
    assert!(!sides.names().is_empty());
    assert_eq!(codes(&notes)[0], (What::Separator, 1));
    let some = b"participant,side\n1,East\nguest,West\nother,West\n";
    let (_, notes) = forty().sides(&some[..]).unwrap();
    assert_eq!(
        codes(&notes),
        [(What::NeverVoted, 2), (What::WithoutSide, 39)]
    );
    assert_eq!(notes[0].example, "guest");
}

#[test]
fn empty_lines_are_counted() {
    let export = votes(b"comment-id;voter-id;vote\n0;1;1\n;;\n0;2;1\n").unwrap();
    let notes = [(What::Separator, 1), (What::EmptyLines, 1)];
    assert_eq!(codes(export.notes()), notes);
}
