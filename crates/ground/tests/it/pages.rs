//! The page and the JSON: hostile texts stay texts, and no count below the floor is in either.

use ground::{
    Answer, Floor, Plan, Report, Round, Side, Stance, Statement, StatementId, Tallies, Tally,
    Telling, html, json, publish,
};

const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}abc\u{0}</h3><img src=x onerror=y>";

fn room(text: &str, side: &str) -> Report {
    let sides = [(side, 12), ("B", 6), ("C", 4), ("D", 3)].map(|(name, seats)| Side {
        name: name.to_owned(),
        seats,
        telling: Telling::BySide,
    });
    let tally = |agree, disagree, pass| {
        Answer::Ballots(Tally {
            agree,
            disagree,
            pass,
        })
    };
    let answers = vec![vec![
        tally(9, 2, 1),
        tally(5, 1, 0),
        tally(3, 0, 1),
        Answer::Bloc(Stance::Agree),
    ]];
    let statement = Statement {
        id: StatementId::new("<b>"),
        text: text.to_owned(),
    };
    let tallies = Tallies::BySide {
        sides: sides.to_vec(),
        answers,
    };
    publish(
        &Round::new(vec![statement], tallies, Floor::FIVE).unwrap(),
        &[],
    )
}

#[test]
fn hostile_texts_stay_texts() {
    let page = html(&room(HOSTILE, HOSTILE));
    for bad in ["<script", "<img", "onerror=y>", "\u{202e}", "\u{0}"] {
        assert!(!page.contains(bad), "{bad:?} is in the page");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    assert!(page.contains("dir=\"auto\""));
}

#[test]
fn the_page_needs_nothing_else() {
    let page = html(&room("Pay the families.", "A"));
    for outside in [
        "http://", "https://", "src=", "@import", "<script", "style=\"", "<link",
    ] {
        assert!(!page.contains(outside), "{outside} is in the page");
    }
    assert!(page.contains("prefers-color-scheme:dark"));
}

#[test]
fn a_locked_side_and_a_bloc_look_deliberate() {
    let page = html(&room("Pay the families.", "A"));
    assert!(page.contains("fewer than 5 answers: kept private"));
    assert!(page.contains("agrees, as a bloc"));
    assert!(page.contains("most agree, few disagree"));
    assert!(page.contains("Kept private."));
}

#[test]
fn every_element_that_opens_closes() {
    let planted = Plan {
        people: 300,
        statements: 30,
        density: 0.5,
        seed: 5,
    }
    .plant();
    let statements = (0..30).map(|at| Statement {
        id: StatementId::new(at.to_string()),
        text: HOSTILE.to_owned(),
    });
    let conversation = ground::Conversation::new(statements.collect(), planted.votes).unwrap();
    let report = conversation.analyse(None, Floor::FIVE);
    assert!(report.consultation.as_ref().unwrap().map.is_some());
    for page in [html(&report), html(&room("x", "A"))] {
        for name in [
            "html", "main", "section", "ul", "li", "p", "svg", "details", "table", "tr", "td",
            "th", "div", "h2", "h3", "span", "dl", "bdi", "nav", "a",
        ] {
            let open = page.matches(&format!("<{name} ")).count()
                + page.matches(&format!("<{name}>")).count();
            let close = page.matches(&format!("</{name}>")).count();
            assert_eq!(open, close, "{name}");
        }
    }
}

#[test]
fn without_exact_no_count_is_in_the_json() {
    let planted = Plan {
        people: 90,
        statements: 12,
        density: 0.8,
        seed: 6,
    }
    .plant();
    let statements = (0..12).map(|at| Statement {
        id: StatementId::new(at.to_string()),
        text: String::new(),
    });
    let conversation = ground::Conversation::new(statements.collect(), planted.votes).unwrap();
    let report = conversation.analyse(None, Floor::FIVE);
    let (rounded, exact) = (json(&report, false), json(&report, true));
    for key in ["groups", "pca", "map", "statements"] {
        assert!(rounded.get(key).is_some(), "{key}");
    }
    for (rounded, exact) in rounded["statements"]
        .as_array()
        .unwrap()
        .iter()
        .zip(exact["statements"].as_array().unwrap())
    {
        for (side, shown) in rounded["tallies"].as_object().unwrap() {
            let value = &shown["agree"];
            let is_rounded = value.as_u64().is_none_or(|percent| percent % 5 == 0);
            assert!(is_rounded, "{side}: {value}");
            assert!(exact["tallies"][side]["agree"].is_u64());
        }
        for key in [
            "id",
            "text",
            "common_ground",
            "shared_rejection",
            "divisive_z",
            "category",
            "group_informed_consensus",
        ] {
            assert!(
                rounded.get(key).is_some() && exact.get(key).is_some(),
                "{key}"
            );
        }
    }
}

#[test]
fn a_side_that_is_divided_has_a_bar_and_silent_seats_are_said() {
    let sides = ["A", "B"].map(|name| Side {
        name: name.to_owned(),
        seats: 12,
        telling: Telling::BySide,
    });
    let divided = Answer::Ballots(Tally {
        agree: 3,
        disagree: 3,
        pass: 1,
    });
    let statement = Statement {
        id: StatementId::new("0"),
        text: "Pay the families.".to_owned(),
    };
    let tallies = Tallies::BySide {
        sides: sides.to_vec(),
        answers: vec![vec![divided, divided]],
    };
    let round = Round::new(vec![statement], tallies, Floor::FIVE).unwrap();
    let page = html(&publish(&round, &[]));
    assert_eq!(page.matches("class=\"soft-solid\"").count(), 2, "{page}");
    assert_eq!(page.matches("class=\"soft-stripes\"").count(), 2, "{page}");
    assert!(page.contains("divided; 7 of 12 answered"), "{page}");
}
