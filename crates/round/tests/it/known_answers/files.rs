//! The files of `vectors/round` as values.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// One file, named by folder and name.
pub struct File {
    pub path: String,
    pub content: Value,
}

/// `vectors/round`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/round")
}

/// The files of a folder, by name.
pub fn folder(name: &str) -> Vec<File> {
    let entries = std::fs::read_dir(root().join(name)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut paths: Vec<String> = names.map(|file| format!("{name}/{file}")).collect();
    paths.sort();
    paths.iter().map(|path| file(path)).collect()
}

/// One file.
pub fn file(path: &str) -> File {
    File {
        path: path.to_owned(),
        content: read_file(&root().join(path)),
    }
}

/// What a file holds, wherever it is.
pub fn read_file(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}

pub fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

/// A number that fits.
pub fn number<T: TryFrom<u64, Error: std::fmt::Debug>>(value: &Value) -> T {
    // Numbers above 2^53 are strings.
    let large = || value.as_str().unwrap().parse().unwrap();
    T::try_from(value.as_u64().unwrap_or_else(large)).unwrap()
}
