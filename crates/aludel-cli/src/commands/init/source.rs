//! Where a new program gets `aludel` and `aludel-cli` from: from where the project has them already, from the checkout that this
//! binary was built in, or from the registry.

use super::manifest::relative;
use std::path::{Path, PathBuf};
use toml_edit::{Array, InlineTable, Item, Value};

/// Where the crates come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A folder that holds both crates' folders, absolute.
    Checkout(PathBuf),
    /// Keys of a dependency that name no folder: `git`, `branch`, `version`, `registry`.
    Keys(InlineTable),
    /// `workspace = true`, which names `aludel`, and maybe `aludel-cli`.
    Workspace(Box<Source>, Listed),
}

/// How a workspace lists `aludel-cli`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// Not at all.
    No,
    /// As it is.
    Yes,
    /// Without its default features, which bring the databases.
    Bare,
}

impl Listed {
    /// By its entry in `workspace.dependencies`.
    pub(super) fn of(entry: Option<&Item>) -> Self {
        let Some(entry) = entry else {
            return Self::No;
        };
        let defaults = entry.get("default-features").and_then(Item::as_bool);
        if defaults == Some(false) { Self::Bare } else { Self::Yes }
    }
}

/// What says where a dependency comes from; the rest of its keys is about what is used of it.
const KEYS: [&str; 7] = ["git", "branch", "tag", "rev", "version", "registry", "registry-index"];

impl Source {
    /// From the checkout of this binary, if that is still there, or from the registry.
    pub(super) fn own() -> Self {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        // What cargo has unpacked for itself is no checkout: it may be gone tomorrow.
        let cached = |it: &Path| {
            let text = it.display().to_string().replace('\\', "/");
            text.contains("/registry/src/") || text.contains("/git/checkouts/")
        };
        match crates {
            Some(crates) if crates.join("aludel/Cargo.toml").is_file() && !cached(crates) => {
                Self::Checkout(crates.to_path_buf())
            }
            _ => Self::version(env!("CARGO_PKG_VERSION")),
        }
    }

    fn version(version: &str) -> Self {
        let mut keys = InlineTable::new();
        keys.insert("version", version.into());
        Self::Keys(keys)
    }

    /// From where a dependency of a manifest comes, if that says it. `folder` is the manifest's.
    pub(super) fn of(dependency: &Item, folder: &Path) -> Option<Self> {
        if let Some(version) = dependency.as_str() {
            return Some(Self::version(version));
        }
        let table = dependency.as_table_like()?;
        if let Some(path) = table.get("path").and_then(Item::as_str) {
            let path = folder.join(path);
            let path = path.canonicalize().unwrap_or(path);
            return Some(Self::Checkout(path.parent()?.to_path_buf()));
        }
        let mut keys = InlineTable::new();
        for key in KEYS {
            if let Some(value) = table.get(key).and_then(Item::as_value) {
                let mut value = value.clone();
                value.decor_mut().clear();
                keys.insert(key, value);
            }
        }
        (!keys.is_empty()).then_some(Self::Keys(keys))
    }

    /// The dependency on one of the crates, for the manifest in a folder.
    pub(super) fn dependency(&self, name: &str, folder: &Path) -> Value {
        let mut table = match self {
            Self::Checkout(crates) => {
                let path = relative(folder, &crates.join(name));
                let mut table = InlineTable::new();
                table.insert("path", super::slashes(&path).into());
                table
            }
            Self::Keys(keys) => match keys.get("version") {
                Some(version) if keys.len() == 1 => return version.clone().decorated(" ", ""),
                _ => keys.clone(),
            },
            Self::Workspace(inner, listed) => {
                let is_cli = name == "aludel-cli";
                if is_cli && *listed == Listed::No {
                    return inner.dependency(name, folder);
                }
                let mut table = InlineTable::new();
                table.insert("workspace", true.into());
                if is_cli && *listed == Listed::Bare {
                    table.insert("features", Array::from_iter(["default"]).into());
                }
                table
            }
        };
        table.fmt();
        Value::from(table).decorated(" ", "")
    }
}
