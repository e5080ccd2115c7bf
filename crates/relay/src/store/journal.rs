//! Making sure of the journal after a failed fsync. The system may then show bytes from its memory that never
//! reached the disk, and call them clean: a later fsync would succeed without writing them.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// The ending of `fjall`'s journal files.
const ENDING: &str = "jnl";

/// Large enough to be quick, small enough to leave holes in the file unwritten.
const CHUNK_BYTES: usize = 64 << 10;

/// Writes every journal in the folder once more over itself and flushes it, so that what can be read is durable.
pub(super) fn write_again(folder: &Path) -> io::Result<()> {
    for found in std::fs::read_dir(folder)? {
        let path = found?.path();
        if is_journal(&path) {
            write_file_again(&path)?;
        }
    }
    Ok(())
}

/// Copies every journal to another folder, holes and all: where each was, and where it is now.
pub(super) fn copy(folder: &Path, to: &Path) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    std::fs::create_dir_all(to)?;
    let mut copied = Vec::new();
    for found in std::fs::read_dir(folder)? {
        let path = found?.path();
        let name = path.file_name().filter(|_| is_journal(&path));
        if let Some(name) = name {
            let copy = to.join(name);
            copy_file(&path, &copy)?;
            copied.push((path, copy));
        }
    }
    Ok(copied)
}

/// Puts copies back to where they were.
pub(super) fn put_back(copied: &[(PathBuf, PathBuf)]) -> io::Result<()> {
    for (path, copy) in copied {
        copy_file(copy, path)?;
    }
    Ok(())
}

fn is_journal(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (File::open(from)?, File::create(to)?);
    to.set_len(from.metadata()?.len())?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut offset = 0;
    loop {
        let read = read_chunk(&from, &mut chunk, offset)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return to.sync_all();
        }
        if bytes.iter().any(|byte| *byte != 0) {
            to.write_all_at(bytes, offset)?;
        }
        offset = offset.saturating_add(read as u64);
    }
}

fn write_file_again(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut offset = 0;
    loop {
        let read = read_chunk(&file, &mut chunk, offset)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return file.sync_all();
        }
        // The journal is mostly a hole, which must stay one: the disk may be full.
        if bytes.iter().any(|byte| *byte != 0) {
            file.write_all_at(bytes, offset)?;
        }
        offset = offset.saturating_add(read as u64);
    }
}

fn read_chunk(file: &File, chunk: &mut [u8], offset: u64) -> io::Result<usize> {
    loop {
        match file.read_at(chunk, offset) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn a_journal_keeps_its_bytes_and_its_hole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.jnl");
        let file = File::create(&path).unwrap();
        file.set_len(8 << 20).unwrap();
        file.write_all_at(b"journal", 3).unwrap();
        file.write_all_at(b"more", 1 << 20).unwrap();
        let before = std::fs::read(&path).unwrap();
        write_again(folder.path()).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert!(file.metadata().unwrap().blocks() * 512 < 1 << 20);
    }
}
