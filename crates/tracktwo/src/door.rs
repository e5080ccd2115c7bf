//! The way into a running program's pages: one file, readable by its owner alone.
//! Must never put an address with a token on a command line: other users of the machine can read those.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A page that leads to the pages.
pub struct Door(PathBuf);

impl Door {
    /// Of the program that has this vault.
    pub fn new(vault_dir: &Path) -> Door {
        Door(vault_dir.join("open.html"))
    }

    /// Puts another address behind it.
    pub fn write(&self, url: &str) -> io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let unfinished = self.0.with_extension("new");
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        write!(
            file,
            "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url={url}\"><a href=\"{url}\">Tracktwo</a>"
        )?;
        fs::rename(unfinished, &self.0)
    }

    /// The address behind it.
    pub fn read(&self) -> io::Result<String> {
        let page = fs::read_to_string(&self.0)?;
        let url = page.split('"').nth(5);
        let url = url.filter(|url| url.starts_with("http://"));
        url.map(str::to_owned)
            .ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Opens it in the owner's browser.
    pub fn open(&self) {
        let program = if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        let opened = Command::new(program)
            .arg(&self.0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if opened.is_err() {
            eprintln!("No browser could be opened: open the address above in one.");
        }
    }

    /// The program ends: its addresses are void, whether the file goes or not.
    pub fn remove(&self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// As long as it lives, no other program runs with this vault.
pub struct Alone(#[expect(dead_code, reason = "holds the lock")] File);

impl Alone {
    /// Nothing where another program runs with it.
    pub fn with(vault_dir: &Path) -> io::Result<Option<Alone>> {
        let file = File::create(vault_dir.join("running"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Alone(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
