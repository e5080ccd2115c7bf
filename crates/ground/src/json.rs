//! The report as JSON. Without `exact` it holds what a page may show; with it counts and unrounded
//! scores, for whoever has the rows anyway.

use serde_json::{Map as Object, Value, json};

use crate::consultation::{Map, Scores};
use crate::report::{Basis, Category, Cell, Consultation, Finding, Kept, Lock, Report, Told};
use crate::tally::{Stance, Tally};
use crate::words::{Bound, Percent, Phrase, Shown, Word};

/// One object. Rounded numbers are per cent; `null` is what stays private.
pub fn json(report: &Report, exact: bool) -> Value {
    let statements: Vec<Value> = report
        .statements
        .iter()
        .enumerate()
        .map(|(at, finding)| {
            let exact = report.consultation.as_ref().filter(|_| exact);
            of_finding(report, finding, exact.and_then(|c| c.exact.get(at)))
        })
        .collect();
    let id = |at: &usize| {
        let finding = report.statements.get(*at);
        finding.map(|finding| finding.statement.id.as_str())
    };
    let ids = |list: &[usize]| -> Vec<Value> { list.iter().map(|at| json!(id(at))).collect() };
    let headline = report.headline;
    let mut object = json!({
        "basis": basis(report.basis),
        "floor": report.floor.ballots(),
        "sides": report.sides.iter().map(|side| json!({
            "name": name(report, &side.name), "people": side.seats,
        })).collect::<Vec<Value>>(),
        "headline": {
            "shared": headline.shared, "rejected": headline.rejected,
            "differ": headline.differ, "may_differ": headline.may_differ, "open": headline.open,
        },
        "lists": {
            "share": ids(&report.lists.share),
            "differ": ids(&report.lists.differ),
            "talk": ids(&report.lists.talk),
        },
        "statements": statements,
    });
    if let (Some(consultation), Some(object)) = (&report.consultation, object.as_object_mut()) {
        add_consultation(object, report, consultation, exact);
    }
    object
}

fn add_consultation(
    object: &mut Object<String, Value>,
    report: &Report,
    consultation: &Consultation,
    exact: bool,
) {
    let round = |x: f64| match exact {
        true => x,
        false => (x * 1_000.0).round() / 1_000.0,
    };
    let rounded = |list: &[f64]| -> Vec<f64> { list.iter().map(|x| round(*x)).collect() };
    let groups = &consultation.groups;
    object.insert("people".to_owned(), json!(consultation.people));
    object.insert("votes".to_owned(), json!(consultation.votes));
    object.insert(
        "groups".to_owned(),
        json!({
            "k": groups.k,
            "sizes": groups.sizes,
            "silhouette": round(groups.silhouette),
            "silhouette_of_shuffled": round(groups.silhouette_of_shuffled),
            "stability": groups.stability.map(round),
        }),
    );
    let pca = &consultation.pca;
    let components: Vec<Vec<f64>> = pca.components.iter().map(|c| rounded(c)).collect();
    object.insert(
        "pca".to_owned(),
        json!({
            "center": rounded(&pca.center),
            "components": components,
            "explained": rounded(&pca.explained),
        }),
    );
    let map = consultation.map.as_ref().map(|map| of_map(report, map));
    object.insert("map".to_owned(), json!(map));
}

fn of_map(report: &Report, map: &Map) -> Value {
    let id = |at: Option<usize>| {
        let finding = at.and_then(|at| report.statements.get(at));
        finding.map(|finding| finding.statement.id.as_str())
    };
    let side = |at: Option<usize>| {
        let line = at.and_then(|at| report.sides.get(at));
        line.map(|line| name(report, &line.name))
    };
    json!({
        "across": map.across,
        "tiles": map.tiles.iter().map(|tile| json!({
            "x": tile.x, "y": tile.y, "strength": tile.strength, "side": side(tile.side),
        })).collect::<Vec<Value>>(),
        "sides": map.sides.iter().enumerate().map(|(at, [x, y])| json!({
            "side": side(Some(at)), "x": x, "y": y,
        })).collect::<Vec<Value>>(),
        "edges": {
            "left": id(map.edges.left), "right": id(map.edges.right),
            "bottom": id(map.edges.bottom), "top": id(map.edges.top),
        },
    })
}

fn of_finding(report: &Report, finding: &Finding, exact: Option<&crate::report::Exact>) -> Value {
    let mut tallies = Object::new();
    for (at, (side, cell)) in report.sides.iter().zip(&finding.cells).enumerate() {
        let counts = exact.and_then(|exact| exact.tallies.get(at));
        let value = counts.map_or_else(|| of_cell(*cell), |tally| of_tally(*tally));
        tallies.insert(name(report, &side.name), value);
    }
    let scores: Option<Scores> = exact.map(|exact| exact.scores).or(finding.scores);
    let mut object = json!({
        "id": finding.statement.id.as_str(),
        "text": finding.statement.text,
        "tallies": tallies,
        "common_ground": scores.map(|s| s.common_ground),
        "shared_rejection": scores.map(|s| s.shared_rejection),
        "divisive_z": scores.and_then(|s| s.divisive_z),
        "category": category(finding.category),
        "group_informed_consensus": scores.map(|s| s.group_informed_consensus),
        "answered": finding.answered.map(|a| json!({"ballots": a.ballots, "of": a.seats})),
        "whole": finding.whole.map(of_cell),
    });
    if let Some(object) = object.as_object_mut() {
        add_sides_named(object, report, finding);
    }
    object
}

/// The sides that a verdict speaks of.
fn add_sides_named(object: &mut Object<String, Value>, report: &Report, finding: &Finding) {
    let side = |at: usize| {
        let line = report.sides.get(at);
        json!(line.map(|line| name(report, &line.name)))
    };
    let mut add = |key: &str, value: Value| object.insert(key.to_owned(), value);
    match finding.category {
        Category::CommonGround { strong } | Category::SharedRejection { strong } => {
            add("strong", json!(strong));
        }
        Category::Opposed { agrees, disagrees } | Category::MayDiffer { agrees, disagrees } => {
            add("agrees", side(agrees));
            add("disagrees", side(disagrees));
        }
        Category::Differ { high, low } => {
            add("agrees_most", side(high));
            add("agrees_least", side(low));
        }
        Category::OneSideShort { side: at } => {
            add("side", side(at));
            add("needs_percent", json!(finding.needs));
        }
        Category::Unsure
        | Category::SplitInside
        | Category::Open
        | Category::Promising
        | Category::Undecided
        | Category::KeptPrivate => {}
    }
}

fn of_tally(tally: Tally) -> Value {
    json!({"agree": tally.agree, "disagree": tally.disagree, "pass": tally.pass})
}

/// What a page shows of one side on one statement; `null` where that is a lock.
pub fn shown_json(cell: Cell) -> Value {
    match cell {
        Cell::Told(_) | Cell::Bloc(_) => of_cell(cell),
        Cell::Locked(_) => Value::Null,
    }
}

fn of_cell(cell: Cell) -> Value {
    match cell {
        Cell::Told(told) => of_told(told),
        Cell::Bloc(stance) => json!({
            "agree": null, "disagree": null, "pass": null, "bloc": match stance {
                Stance::Agree => "agree",
                Stance::Disagree => "disagree",
                Stance::Pass => "pass",
            },
        }),
        Cell::Locked(lock) => json!({
            "agree": null, "disagree": null, "pass": null, "locked": match lock {
                Lock::TooFew => "too_few",
                Lock::TotalsOnly => "totals_only",
                Lock::ToldAsWhole => "told_as_whole",
                Lock::ToldBySides => "told_by_sides",
            },
        }),
    }
}

fn of_told(told: Told) -> Value {
    let mut object = match told.shown {
        Shown::Phrase(phrase) => json!({
            "agree": null, "disagree": null, "pass": null, "phrase": of_phrase(phrase),
        }),
        Shown::Words { agree, disagree } => json!({
            "agree": of_word(agree), "disagree": of_word(disagree), "pass": null,
        }),
        Shown::Percents { agree, disagree } => json!({
            "agree": of_percent(agree),
            "disagree": of_percent(disagree),
            "pass": 100_u8.saturating_sub(agree.value).saturating_sub(disagree.value),
        }),
    };
    if let Some(object) = object.as_object_mut() {
        object.insert("ballots".to_owned(), json!(told.ballots));
        if let Kept::From(round) = told.kept {
            object.insert("kept_from_round".to_owned(), json!(round));
        }
    }
    object
}

/// A number, or a bound written out.
fn of_percent(percent: Percent) -> Value {
    match percent.bound {
        Bound::About => json!(percent.value),
        Bound::AtMost => json!(format!("at most {}", percent.value)),
        Bound::AtLeast => json!(format!("at least {}", percent.value)),
    }
}

fn of_phrase(phrase: Phrase) -> &'static str {
    match phrase {
        Phrase::NearlyAllAgree => "nearly_all_agree",
        Phrase::MostAgree => "most_agree",
        Phrase::NearlyAllDisagree => "nearly_all_disagree",
        Phrase::MostDisagree => "most_disagree",
        Phrase::MostPass => "most_pass",
        Phrase::Divided => "divided",
    }
}

fn of_word(word: Word) -> &'static str {
    match word {
        Word::AlmostNone => "almost_none",
        Word::Few => "few",
        Word::AboutHalf => "about_half",
        Word::Most => "most",
        Word::NearlyAll => "nearly_all",
    }
}

/// The one side without a name is everybody.
fn name(report: &Report, name: &str) -> String {
    match report.basis {
        Basis::NoClearGroups => "everyone".to_owned(),
        Basis::Room | Basis::WholeRoom | Basis::Declared | Basis::Found => name.to_owned(),
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Room => "room",
        Basis::WholeRoom => "whole_room",
        Basis::Declared => "declared_sides",
        Basis::Found => "found_groups",
        Basis::NoClearGroups => "no_clear_groups",
    }
}

fn category(category: Category) -> &'static str {
    match category {
        Category::CommonGround { .. } => "common_ground",
        Category::SharedRejection { .. } => "shared_rejection",
        Category::Opposed { .. } => "opposed",
        Category::Differ { .. } => "differ",
        Category::MayDiffer { .. } => "may_differ",
        Category::OneSideShort { .. } => "one_side_short",
        Category::Unsure => "unsure",
        Category::SplitInside => "split_inside",
        Category::Open => "open",
        Category::Promising => "promising",
        Category::Undecided => "undecided",
        Category::KeptPrivate => "kept_private",
    }
}
