//! A copy of the workspace in which the code is changed, so that nobody's own files ever are. It is brought
//! up to date by contents: what did not change is not built again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Blobs;
use super::scope::Part;

/// The files of one part with their blobs, as they are in the workspace now.
pub fn blobs(root: &Path, part: &Part) -> Result<Blobs> {
    let mut files = files(root)?;
    files.retain(|path| part.holds(path));
    if files.is_empty() {
        bail!("{} has no files", part.name);
    }
    let told = git(root, &["hash-object", "--"], &files)?;
    let blobs: Vec<String> = told.lines().map(str::to_owned).collect();
    if blobs.len() != files.len() {
        bail!("{} blobs for {} files", blobs.len(), files.len());
    }
    // Twelve digits tell two states of one file apart.
    let short = |blob: String| blob.chars().take(12).collect::<String>();
    Ok(files
        .into_iter()
        .zip(blobs.into_iter().map(short))
        .collect())
}

/// Makes the copy under `target`, or brings it up to date; a change that an interrupted run left behind goes.
pub fn refresh(root: &Path) -> Result<PathBuf> {
    let tree = root.join("target/mutants/tree");
    let wanted: BTreeSet<String> = files(root)?.into_iter().collect();
    for path in &wanted {
        let (from, to) = (root.join(path), tree.join(path));
        let bytes = std::fs::read(&from).with_context(|| from.display().to_string())?;
        if std::fs::read(&to).is_ok_and(|old| old == bytes) {
            continue;
        }
        let folder = to.parent().context("a file without a folder")?;
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        std::fs::write(&to, bytes).with_context(|| to.display().to_string())?;
    }
    remove_others(&tree, &tree, &wanted)?;
    Ok(tree)
}

fn remove_others(tree: &Path, folder: &Path, wanted: &BTreeSet<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(tree, &path, wanted)?;
            continue;
        }
        let relative = path.strip_prefix(tree).unwrap_or(&path);
        if !relative.to_str().is_some_and(|path| wanted.contains(path)) {
            std::fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

/// Every file that is, or would be, in the repository.
fn files(root: &Path) -> Result<Vec<String>> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let told = git(root, &list, &[])?;
    let unique: BTreeSet<&str> = told.lines().collect();
    let present = unique.into_iter().filter(|path| root.join(path).is_file());
    Ok(present.map(str::to_owned).collect())
}

fn git(root: &Path, arguments: &[&str], paths: &[String]) -> Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .args(paths)
        .current_dir(root)
        .output()
        .context("git could not be started")?;
    if !output.status.success() {
        bail!(
            "git {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).context("a path that is no text")
}
