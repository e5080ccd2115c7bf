//! Steps of something that takes a while: done, now, later. They never count people in a Round.

use maud::{Markup, html};

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Done,
    Now,
    Later,
    /// It did not come out right.
    Trouble,
}

/// A list of them, each with a sentence.
pub fn steps(list: &[(Step, String, String)]) -> Markup {
    html! {
        ol.steps {
            @for (step, head, sentence) in list {
                li aria-current=[(*step == Step::Now).then_some("step")] {
                    svg viewBox="0 0 20 20" aria-hidden="true" { use href=(symbol(*step)) {} }
                    b { (head) }
                    span { (sentence) }
                }
            }
        }
    }
}

fn symbol(step: Step) -> &'static str {
    match step {
        Step::Done => "#done",
        Step::Now => "#wait",
        Step::Later => "#later",
        Step::Trouble => "#warn",
    }
}
