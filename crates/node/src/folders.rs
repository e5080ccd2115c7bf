//! Where the platform keeps a person's things.
//! Must never make a folder: only a vault does.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The vault's folder where nobody names another; nothing where the system knows no home.
pub fn usual_vault() -> Option<PathBuf> {
    ProjectDirs::from("", "", "tracktwo").map(|folders| folders.data_local_dir().join("vault"))
}
