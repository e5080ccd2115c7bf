//! A file as a table: its encoding, what separates its columns, its quotation marks, its first line.
//! Must never read on where a quotation mark is not closed: what follows would be swallowed unseen.

use std::io::{Cursor, Read};

use super::notes::{Notes, What};
use super::quotes::Quotes;
use super::{Fault, InvalidExport};

/// So much of a file is looked at before it is read.
const LOOK: u64 = 1 << 16;

/// A file that is being read, line by line.
pub struct Table<'a> {
    reader: csv::Reader<Quotes<Box<dyn Read + 'a>>>,
    names: Vec<String>,
    /// How far the reader's number of a line is behind.
    behind: u64,
    record: csv::ByteRecord,
    /// What was read in another way than it is written.
    pub notes: Notes,
}

impl<'a> Table<'a> {
    /// Opens it, and reads its first line.
    pub fn open(mut file: impl Read + 'a) -> Result<Table<'a>, InvalidExport> {
        let mut notes = Notes::default();
        let mut head = Vec::new();
        let read = file.by_ref().take(LOOK).read_to_end(&mut head);
        read.map_err(|error| Fault::Unreadable(error.to_string()).at(0))?;
        let file: Box<dyn Read + 'a> = match wide(&head) {
            Some(order) => {
                let read = file.read_to_end(&mut head);
                read.map_err(|error| Fault::Unreadable(error.to_string()).at(0))?;
                notes.add(What::Utf16, "");
                head = narrowed(&head, order)?;
                Box::new(std::io::empty())
            }
            None => Box::new(file),
        };
        let marked = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        let Form {
            delimiter,
            body,
            above,
        } = Form::of(marked);
        if delimiter != b',' {
            notes.add(What::Separator, &char::from(delimiter).to_string());
        }
        // Of a line's end of two letters the reader counts the second with the next line.
        let mut lines = body.split(|byte| *byte == b'\n');
        let has_two = lines.next().is_some_and(|line| line.ends_with(b"\r"));
        let body = Cursor::new(body).chain(file);
        let reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Quotes::of(
                Box::new(body) as Box<dyn Read + 'a>,
                delimiter,
                above,
            ));
        let mut table = Table {
            reader,
            names: Vec::new(),
            behind: above.saturating_add(u64::from(has_two)),
            record: csv::ByteRecord::new(),
            notes,
        };
        table.names = table.first_line()?;
        Ok(table)
    }

    fn first_line(&mut self) -> Result<Vec<String>, InvalidExport> {
        let headers = self.reader.byte_headers().map_err(InvalidExport::of)?;
        let names = headers
            .iter()
            .map(|name| String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase());
        let names: Vec<String> = names.collect();
        match names.iter().all(String::is_empty) {
            true => Err(Fault::Empty.at(1)),
            false => Ok(names),
        }
    }

    /// The names in the first line, in small letters.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is such a column.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// The place of a column.
    pub fn column(&self, name: &'static str) -> Result<usize, InvalidExport> {
        let places = self.names.iter().enumerate();
        let mut places = places.filter(|(_, own)| *own == name);
        let (place, _) = places.next().ok_or_else(|| Fault::NoColumn(name).at(1))?;
        match places.next() {
            Some(_) => Err(Fault::Twice(name.to_owned()).at(1)),
            None => Ok(place),
        }
    }

    /// The place of a column that need not be there.
    pub fn maybe(&self, name: &'static str) -> Result<Option<usize>, InvalidExport> {
        match self.has(name) {
            true => self.column(name).map(Some),
            false => Ok(None),
        }
    }

    /// Goes to the next line that holds something.
    pub fn next(&mut self) -> Result<Option<Line<'_>>, InvalidExport> {
        loop {
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(InvalidExport::of)? {
                return Ok(None);
            }
            if !self
                .record
                .iter()
                .all(|field| field.trim_ascii().is_empty())
            {
                break;
            }
            self.notes.add(What::EmptyLines, "");
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let number = line.saturating_add(self.behind);
        let mut beyond = self.record.iter().skip(self.names.len());
        match beyond.any(|field| !field.trim_ascii().is_empty()) {
            true => Err(Fault::Long.at(number)),
            false => Ok(Some(Line {
                record: &self.record,
                number,
                notes: &mut self.notes,
            })),
        }
    }
}

/// One line.
pub struct Line<'a> {
    record: &'a csv::ByteRecord,
    /// The first line is 1.
    pub number: u64,
    /// The file's.
    pub notes: &'a mut Notes,
}

impl<'a> Line<'a> {
    /// A field, without blanks around it.
    pub fn field(&self, place: usize, name: &'static str) -> Result<&'a str, InvalidExport> {
        let bytes = self.record.get(place);
        let bytes = bytes.ok_or_else(|| Fault::Short(name).at(self.number))?;
        let text = std::str::from_utf8(bytes).map_err(|_| Fault::NoText(name).at(self.number))?;
        Ok(text.trim_ascii())
    }
}

/// Which of two bytes stands first in UTF-16.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// A first letter of two bytes, with or without the mark: the first line of every file of ours begins with a
/// plain letter.
fn wide(head: &[u8]) -> Option<Order> {
    match head {
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        [0, other, ..] if *other != 0 => Some(Order::Big),
        [other, 0, ..] if *other != 0 => Some(Order::Little),
        _ => None,
    }
}

fn narrowed(bytes: &[u8], order: Order) -> Result<Vec<u8>, InvalidExport> {
    let pairs = bytes.chunks_exact(2);
    let is_whole = pairs.remainder().is_empty();
    let units = pairs.map(|pair| match (pair, order) {
        ([low, high], Order::Little) | ([high, low], Order::Big) => {
            u16::from(*high) << 8 | u16::from(*low)
        }
        (_, Order::Little | Order::Big) => 0,
    });
    let letters: Result<String, _> = char::decode_utf16(units).collect();
    match letters {
        Ok(letters) if is_whole => {
            let plain = letters.strip_prefix('\u{feff}').unwrap_or(&letters);
            Ok(plain.as_bytes().to_vec())
        }
        Ok(_) | Err(_) => Err(Fault::CutUtf16.at(0)),
    }
}

/// How a file is written.
struct Form {
    /// What separates columns.
    delimiter: u8,
    /// From the names on.
    body: Vec<u8>,
    /// Lines above the names.
    above: u64,
}

impl Form {
    /// Of the first bytes: a line `sep=` says it, else the first line shows it.
    fn of(head: &[u8]) -> Form {
        let unquoted = head.strip_prefix(b"\"").unwrap_or(head);
        if let Some([delimiter, rest @ ..]) = unquoted.strip_prefix(b"sep=") {
            let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
            let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
            if let Some(body) = rest.strip_prefix(b"\n") {
                return Form {
                    delimiter: *delimiter,
                    body: body.to_vec(),
                    above: 1,
                };
            }
        }
        Form {
            delimiter: most_common(head),
            body: head.to_vec(),
            above: 0,
        }
    }
}

/// What separates most columns of the first line; a comma where nothing does.
fn most_common(head: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0)];
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            other if !quoted => {
                for (_, count) in counts.iter_mut().filter(|(own, _)| own == other) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 0)
        .map_or(b',', |(own, _)| *own)
}
