//! Lists the size of every entry that a stopped relay holds: sizes are all that it has to show.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use relay::store::{DiskStore, Portion, Store as _};

/// Writes `mailbox,index,bytes`, one line an entry.
pub(super) fn write(relay_data: &Path, to: &Path) -> anyhow::Result<()> {
    let store = DiskStore::open(&relay_data.join(relay::STORE_FOLDER), 0)?;
    let file = std::fs::File::create(to).with_context(|| format!("writing {}", to.display()))?;
    let mut out = std::io::BufWriter::new(file);
    writeln!(out, "mailbox,index,bytes")?;
    for (id, mailbox) in store.load()?.mailboxes {
        let name = data_encoding::HEXLOWER.encode(id.as_bytes().get(..8).unwrap_or_default());
        let mut from = 0;
        while from < mailbox.row.next {
            let portion = Portion {
                from,
                until: mailbox.row.next,
                entries: 256,
                bytes: 1 << 24,
            };
            for entry in store.entries(&id, portion)? {
                writeln!(out, "{name},{},{}", entry.index, entry.bytes.len())?;
                from = entry.index + 1;
            }
        }
    }
    Ok(out.flush()?)
}
