//! A freshly made data folder, kept for the next test process: copying one takes a fraction of the time that making one takes. Knows
//! folders, not what is in them. Every failure here only means that there is no cache.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The place of one kind of data folder in the cache.
#[derive(Debug)]
pub(crate) struct Cache {
    path: PathBuf,
}

impl Cache {
    /// The place for what `program` makes by the recipe of that name. Another version of the program has another place.
    ///
    /// The cache is in cargo's target folder, beside the running test, and goes away with it; there is none if that cannot be found.
    pub(crate) fn of(recipe: &str, program: &Path) -> Option<Self> {
        let exe = std::env::current_exe().ok()?;
        let target = exe
            .ancestors()
            .find(|folder| folder.join("CACHEDIR.TAG").is_file())?;
        let metadata = fs::metadata(program).ok()?;
        let place: String = program
            .to_string_lossy()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let name = format!("{recipe}{place}-{}-{}", metadata.len(), metadata.mtime());
        Some(Self {
            path: target.join("tmp/aludel-testdb").join(name),
        })
    }

    /// Copies what is cached to `data`, which must not exist; false when nothing usable is cached.
    pub(crate) fn restore(&self, data: &Path) -> bool {
        if !self.path.is_dir() {
            return false;
        }
        let copied = copy(&self.path, data).is_ok();
        if !copied {
            let _ = fs::remove_dir_all(data);
        }
        copied
    }

    /// Keeps a copy of `data`. Others see the whole of it or nothing, because it arrives by a rename.
    pub(crate) fn keep(&self, data: &Path) {
        let Some(parent) = self.path.parent() else {
            return;
        };
        let draft = parent.join(format!("draft-{}", std::process::id()));
        let kept = fs::create_dir_all(parent)
            .and_then(|()| copy(data, &draft))
            .and_then(|()| fs::rename(&draft, &self.path));
        if kept.is_err() {
            let _ = fs::remove_dir_all(&draft);
        }
    }

    /// Forgets what is cached, because it turned out to be of no use.
    pub(crate) fn forget(&self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Starts a server from what is cached, and once more from the beginning if that fails: what is cached may have been damaged, say by
/// whatever tidies up old files.
pub(crate) fn start<T>(
    recipe: &str,
    program: &Path,
    launch: impl Fn(Option<&Cache>) -> io::Result<T>,
) -> io::Result<T> {
    let cache = Cache::of(recipe, program);
    match launch(cache.as_ref()) {
        Err(_) if cache.is_some() => {
            cache.iter().for_each(Cache::forget);
            launch(cache.as_ref())
        }
        started => started,
    }
}

/// Copies a folder; the copy belongs to the current user, and its folders are private, as PostgreSQL demands.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("base/1")).unwrap();
        fs::write(data.join("base/1/VERSION"), "15").unwrap();
        let cache = Cache {
            path: folder.path().join("cache/postgres"),
        };
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        assert!(!cache.restore(&one));
        cache.keep(&data);
        // Somebody else was faster: what is there stays.
        cache.keep(&data);
        assert!(cache.restore(&one));
        assert_eq!(
            fs::read_to_string(one.join("base/1/VERSION")).unwrap(),
            "15"
        );
        assert_eq!(folder.path().join("cache").read_dir().unwrap().count(), 1);
        cache.forget();
        assert!(!cache.restore(&two) && !two.exists());
    }
}
