//! The texts of statements, and which were moderated out.

use std::collections::BTreeMap;
use std::io::Read;

use super::{Fault, InvalidExport, column, field, header, line_of, reader};

/// comments.csv: texts by name; none for what was moderated out. Its tallies are not looked at.
#[derive(Debug, Default)]
pub struct Texts(BTreeMap<String, Option<String>>);

impl Texts {
    /// Reads the columns `comment-id`, `comment-body` and, where it is there, `moderated`.
    ///
    /// # Errors
    /// Where a column is missing, a statement stands twice, or a line is not what it should be.
    pub fn read(file: impl Read) -> Result<Texts, InvalidExport> {
        let mut reader = reader(file);
        let names = header(&mut reader)?;
        let (id, body) = (
            column(&names, "comment-id")?,
            column(&names, "comment-body")?,
        );
        let moderated = column(&names, "moderated").ok();
        let mut texts = BTreeMap::new();
        for record in reader.byte_records() {
            let record = record.map_err(InvalidExport::of)?;
            let line = line_of(&record);
            let name = field(&record, id, "comment-id", line)?;
            let text = field(&record, body, "comment-body", line)?;
            let state = moderated.map(|at| field(&record, at, "moderated", line));
            let is_out = match state.transpose()? {
                None | Some("" | "0" | "1") => false,
                Some("-1") => true,
                Some(other) => return Err(Fault::NoModeration(other.to_owned()).at(line)),
            };
            if name.is_empty() {
                return Err(Fault::NoName("comment-id").at(line));
            }
            let text = (!is_out).then(|| text.to_owned());
            if texts.insert(name.to_owned(), text).is_some() {
                return Err(Fault::Twice(name.to_owned()).at(line));
            }
        }
        Ok(Texts(texts))
    }

    /// Whether it was moderated out.
    pub(super) fn is_out(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Option::is_none)
    }

    /// Its words; empty where nothing is known of it.
    pub(super) fn text(&self, name: &str) -> String {
        self.0.get(name).cloned().flatten().unwrap_or_default()
    }
}
