//! What a convenor asks for, and what is not opened.

use std::sync::Arc;

use super::{
    ballots::{room, sends, shown},
    house::House,
};

/// A Round of texts needs five seats with a side, and the convenor is none of them.
#[tokio::test]
async fn a_round_that_nobody_can_make_up_is_not_opened() {
    let house = House::open().await;
    let asks = |floor| {
        let question = ("question", "What now?");
        [
            question,
            ("minutes", "20"),
            ("bytes", "2048"),
            ("floor", floor),
        ]
    };
    for (sides, floor) in [([2, 2], ""), ([3, 3], "7")] {
        house.show.send_replace(Arc::new(shown(room(sides, 0))));
        let answer = sends(&house, "/round/open", &asks(floor)).await;
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        assert!(answer.contains("seats with a side"), "{answer}");
        assert!(answer.contains("What now?"), "{answer}");
        let offered = answer.contains("Open the Round to");
        assert_eq!(offered, sides == [3, 3], "{answer}");
    }
    assert_eq!(house.desk.wishes(), [""; 0], "nothing was opened");
    house.show.send_replace(Arc::new(shown(room([3, 2], 0))));
    let answer = sends(&house, "/round/open", &asks("")).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}
