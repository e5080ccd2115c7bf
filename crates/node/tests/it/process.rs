//! A node as a process of its own, driven line by line, to be killed.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// The example `scripted`, running.
pub struct Process {
    child: Child,
    /// Nothing once it was closed.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a node; `end_at` is the checkpoint at which it kills itself.
    pub fn start(vault: &Path, end_at: Option<&str>) -> Self {
        let mut command = Command::new(example());
        command.arg(vault).arg(crate::dialogue::PASSPHRASE);
        if let Some(end_at) = end_at {
            command.args(["--end-at", end_at]);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (
            child.stdin.take(),
            BufReader::new(child.stdout.take().unwrap()),
        );
        Self {
            child,
            input,
            output,
        }
    }

    /// Sends a command; a process that is dead already does not hear it.
    pub fn tell(&mut self, line: &Value) {
        if let Some(input) = &mut self.input {
            let _ = writeln!(input, "{line}");
        }
    }

    /// The next line, or nothing when the process has ended.
    pub fn hear(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        // A process that was killed while it wrote leaves half a line: as good as none.
        serde_json::from_str(&line).ok()
    }

    /// Lines until one has what is wanted; nothing when the process has ended before.
    pub fn until<T>(&mut self, mut wanted: impl FnMut(&Value) -> Option<T>) -> Option<T> {
        loop {
            if let Some(found) = wanted(&self.hear()?) {
                return Some(found);
            }
        }
    }

    /// Has a command carried out; false when the process ended before it said so.
    pub fn carry_out(&mut self, line: &Value) -> bool {
        self.tell(line);
        self.until(|answer| {
            assert!(
                answer.get("refused").is_none(),
                "{line} was refused: {answer}"
            );
            answer.get("done").map(|_| ())
        })
        .is_some()
    }

    /// Lets it end itself by SIGKILL at a checkpoint, counted from here on.
    pub fn end_at(&mut self, checkpoint: &str) {
        assert!(self.carry_out(&json!({ "do": "end", "at": checkpoint })));
    }

    /// Holds it still: it reads nothing and says nothing, and does not know it.
    pub fn stop_still(&self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::STOP).unwrap();
    }

    /// Waits until it has ended itself at its checkpoint.
    pub fn dies(mut self) {
        while self.hear().is_some() {}
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// `cargo test` builds the examples beside the tests.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let example = test.ancestors().nth(2).unwrap().join("examples/scripted");
    assert!(
        example.exists(),
        "build the examples first: cargo test -p node"
    );
    example
}
