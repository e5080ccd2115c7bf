//! Accessibility, judged by axe-core. Its source comes as an argument: it is no part of this crate.

use serde_json::json;

use crate::{Browser, texts_of};

/// By the protocol's own way into the page: a script element would break the page's policy.
const RUN: &str = "
    const answer = arguments[arguments.length - 1];
    const targets = violation => violation.nodes.map(node => node.target.flat().join(' ')).join(', ');
    axe.run({ resultTypes: ['violations'] }).then(
        result => answer(result.violations
            .filter(violation => ['serious', 'critical'].includes(violation.impact))
            .map(violation =>
                `${violation.id}: ${violation.impact}: ${violation.help}: ${targets(violation)}`)),
        error => answer(String(error)))";

impl Browser {
    /// What axe-core finds serious or critical on the page: `rule: impact: help: targets`.
    #[track_caller]
    pub fn audit(&self, axe_js: &str) -> Vec<String> {
        let scripts = self.window.get().scripts;
        // The page stays as it was loaded; only the auditor's timers begin to run.
        self.allow_scripts(true);
        self.run(&format!("if (!window.axe) {{ {axe_js}\n}}"));
        let found = self.order("execute/async", &json!({ "script": RUN, "args": [] }));
        self.allow_scripts(scripts);
        assert!(found.is_array(), "axe-core at {}: {found}", self.url());
        texts_of(&found)
    }
}
