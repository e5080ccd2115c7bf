//! Looks at quotation marks while a file is read: one that is never closed, or text behind a closed one, is
//! a fault that the reader of the table would pass over.

use std::io::{self, Read};

use super::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the first letter of a field.
    Start,
    /// In a field without quotation marks.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a mark that closes, or is the first of two.
    Behind,
}

/// Passes a file on, and fails where its marks do.
pub struct Quotes<R> {
    file: R,
    delimiter: u8,
    place: Place,
    line: u64,
    /// Where the last mark opened.
    opened: u64,
}

impl<R: Read> Quotes<R> {
    /// Of a file whose columns this separates; so many lines stand above.
    pub fn of(file: R, delimiter: u8, above: u64) -> Quotes<R> {
        Quotes {
            file,
            delimiter,
            place: Place::Start,
            line: above.saturating_add(1),
            opened: above.saturating_add(1),
        }
    }

    fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    fn look(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        // Most files have no mark at all.
        let is_plain = matches!(self.place, Place::Start | Place::Plain) && !bytes.contains(&b'"');
        if let (true, Some(last)) = (is_plain, bytes.last()) {
            let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
            self.line = self.line.saturating_add(breaks as u64);
            self.place = match self.ends_field(*last) {
                true => Place::Start,
                false => Place::Plain,
            };
            return Ok(());
        }
        bytes.iter().try_for_each(|byte| self.step(*byte))
    }

    fn step(&mut self, byte: u8) -> Result<(), Fault> {
        self.place = match (self.place, byte) {
            (Place::Start, b'"') => {
                self.opened = self.line;
                Place::Quoted
            }
            (Place::Quoted, b'"') => Place::Behind,
            (Place::Behind, b'"') | (Place::Quoted, _) => Place::Quoted,
            (Place::Start | Place::Plain | Place::Behind, end) if self.ends_field(end) => {
                Place::Start
            }
            (Place::Behind, _) => return Err(Fault::BehindQuote),
            (Place::Start | Place::Plain, _) => Place::Plain,
        };
        self.line = self.line.saturating_add(u64::from(byte == b'\n'));
        Ok(())
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let fault = match read {
            0 if self.place == Place::Quoted && !buffer.is_empty() => Some(Fault::Unclosed),
            _ => self.look(buffer.get(..read).unwrap_or(&[])).err(),
        };
        match fault {
            Some(fault) => Err(io::Error::other(fault.at(self.opened))),
            None => Ok(read),
        }
    }
}
