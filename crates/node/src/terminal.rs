//! A passphrase, asked for on the terminal without showing it.
//! Must never leave a terminal without its echo.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::limits;

/// Asks, and reads one line from the terminal itself, wherever standard input comes from.
///
/// # Errors
/// Where there is no terminal.
pub fn ask_hidden(question: &str) -> io::Result<Zeroizing<String>> {
    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    terminal.write_all(question.as_bytes())?;
    let silence = Silence::over(terminal.try_clone()?)?;
    let mut line = Zeroizing::new(String::with_capacity(limits::PASSPHRASE_BYTES));
    let read =
        BufReader::new((&terminal).take(limits::PASSPHRASE_BYTES as u64)).read_line(&mut line);
    drop(silence);
    terminal.write_all(b"\n")?;
    read?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line)
}

/// No echo as long as it lives.
struct Silence {
    terminal: File,
    before: Termios,
}

impl Silence {
    fn over(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}
