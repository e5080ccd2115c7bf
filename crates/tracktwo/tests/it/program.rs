//! A `tracktwo` of one person, and the person in front of it.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use browser::Browser;
use tempfile::TempDir;

pub const PASSPHRASE: &str = "four boats under two bridges";

/// One person's program.
pub struct Program {
    child: Child,
    /// Where its pages are, without a token.
    pub address: String,
    launch: String,
    pub name: String,
    pub vault: PathBuf,
}

impl Program {
    /// Starts it with a vault of this name; the vault need not be there.
    pub fn start(folder: &Path, name: &str) -> Self {
        Self::start_with(folder, name, &[])
    }

    /// The same, with more on its command line.
    pub fn start_with(folder: &Path, name: &str, more: &[&str]) -> Self {
        let vault = folder.join(name.replace(' ', "-"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_tracktwo"))
            .args(["--no-browser", "--vault"])
            .arg(&vault)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut line).unwrap();
        let launch = line.trim().to_owned();
        let address = launch.split("/launch/").next().unwrap().to_owned();
        if address.is_empty() {
            let mut said = String::new();
            child
                .stderr
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            panic!("{name}'s program did not start: {said}");
        }
        Self {
            child,
            address,
            launch,
            name: name.to_owned(),
            vault,
        }
    }

    /// Its first page, with the launch address that works once.
    pub fn launch(&self, browser: &Browser) {
        browser.go(&self.launch);
    }

    /// The same in another browser, through the file that the program keeps for that.
    pub fn launch_again(&self, browser: &Browser) {
        browser.go(&format!(
            "file://{}",
            self.vault.join("open.html").display()
        ));
    }

    /// A page of it, in a browser that was let in.
    pub fn page(&self, browser: &Browser, path: &str) {
        browser.go(&format!("{}{path}", self.address));
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as Ctrl-C does, and starts it again.
    pub fn restart(self) -> Self {
        let (folder, name) = (self.vault.parent().unwrap().to_owned(), self.name.clone());
        drop(self);
        Self::start(&folder, &name)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It closes its vault and ends its relay; a test that fails must end it all the same.
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        if !asked.is_ok_and(|asked| asked.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// A folder for all vaults of a test.
pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}
