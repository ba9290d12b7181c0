//! The cargo project around a new program: what it is called, and how the program becomes a member of it. What stands in a
//! Cargo.toml already keeps its form.

use super::slashes;
use super::source::{Listed, Source};
use crate::error::{CliError, CliResult};
use crate::report::{self, step};
use std::fs;
use std::path::{Component, Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Table, Value, table, value};

/// What stands around the folder of a new program.
pub(super) struct Surroundings {
    /// The new folder, absolute.
    folder: PathBuf,
    /// The nearest package above it.
    package: Option<Package>,
    /// The manifest that is the root of its workspace, or will be.
    root: Option<Manifest>,
    source: Source,
}

struct Package {
    name: String,
    /// The name of its library in Rust code, if it has one.
    library: Option<String>,
    manifest: Manifest,
    depends_on_aludel: bool,
}

#[derive(Clone)]
struct Manifest {
    path: PathBuf,
    document: DocumentMut,
}

impl Manifest {
    fn read(path: &Path) -> CliResult<Self> {
        let text = fs::read_to_string(path).map_err(CliError::io("read", path))?;
        let document = text.parse::<DocumentMut>();
        let document = document.map_err(|error| CliError::Manifest {
            path: path.to_path_buf(),
            message: error.message().to_string(),
        })?;
        Ok(Self {
            path: path.to_path_buf(),
            document,
        })
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn write(&self) -> CliResult<()> {
        fs::write(&self.path, self.document.to_string())
            .map_err(CliError::io("write", &self.path))
    }

    /// A table, made if it is not there.
    fn table(&mut self, path: &[&str]) -> CliResult<&mut Table> {
        let file = self.path.clone();
        let mut here = self.document.as_table_mut();
        for key in path {
            let mut made = Table::new();
            made.set_implicit(true);
            let item = here.entry(key).or_insert(Item::Table(made));
            here = item.as_table_mut().ok_or_else(|| CliError::Manifest {
                path: file.clone(),
                message: format!("`{}` is written in a form that it does not know", path.join(".")),
            })?;
        }
        Ok(here)
    }
}

impl Surroundings {
    /// Looks around a folder that does not exist yet.
    pub(super) fn look(folder: &Path) -> CliResult<Self> {
        let folder = normalized(folder);
        let mut package = None;
        let mut root = None;
        for above in folder.ancestors().skip(1) {
            let path = above.join("Cargo.toml");
            if path.is_file() {
                let manifest = Manifest::read(&path)?;
                if package.is_none() && root.is_none() {
                    package = Package::of(&manifest);
                }
                if manifest.document.contains_key("workspace") {
                    root = Some(manifest);
                }
            }
            // What lies above a repository is another project.
            if root.is_some() || above.join(".git").exists() {
                break;
            }
        }
        // A package without a workspace becomes the root of one.
        let root = root.or_else(|| package.as_ref().map(|it| it.manifest.clone()));
        let source = source(package.as_ref(), root.as_ref());
        Ok(Self {
            folder,
            package,
            root,
            source,
        })
    }

    /// The name of the new package. The folder's name alone may be taken by another member.
    fn name(&self) -> String {
        let folder = self.folder.file_name().unwrap_or_default().to_string_lossy();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let folder: String = folder.chars().map(|c| if fits(c) { c } else { '-' }).collect();
        match &self.package {
            Some(package) => format!("{}-{folder}", package.name),
            None if folder.starts_with(|c: char| c.is_ascii_alphabetic()) => folder,
            None => format!("migrations-{folder}"),
        }
    }

    /// The comment that shows how models are listed.
    pub(super) fn models_example(&self) -> String {
        let library = self.package.as_ref().and_then(|it| it.library.as_deref());
        let library = library.unwrap_or("your_application");
        format!("// use {library}::models::{{Patient, Visit}}; and list them below: `metadata![Patient, Visit]`.\n")
    }

    /// The new program's Cargo.toml.
    pub(super) fn manifest(&self) -> String {
        let mut text = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n",
            self.name()
        );
        for name in ["aludel", "aludel-cli"] {
            let dependency = self.source.dependency(name, &self.folder);
            text.push_str(&format!("{name} = {}\n", dependency.to_string().trim()));
        }
        if let Some(package) = self.package.as_ref().filter(|it| it.library.is_some()) {
            let path = relative(&self.folder, package.manifest.folder());
            text.push_str(&format!("{} = {{ path = \"{}\" }}\n", package.name, slashes(&path)));
        }
        if self.root.is_none() {
            text.push_str("\n# No Cargo.toml above: this program is a workspace of its own.\n[workspace]\n");
            text.push_str(&format!("\n{PROFILE_WHY}[profile.dev]\n{PROFILE}"));
        }
        text
    }

    /// Makes the new program a member of the workspace, and `aludel` a dependency of the package whose models it is for.
    pub(super) fn join(&self, quiet: bool) -> CliResult<()> {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        if let Some(root) = &self.root {
            let mut root = root.clone();
            step(quiet, &format!("Adding {name} to the workspace"), || {
                self.add_member(&mut root)?;
                self.add_profile(&mut root)?;
                root.write()
            })?;
        } else if !quiet {
            report::answer(&format!("No Cargo.toml above {name}: it is a workspace of its own\n"))?;
        }
        match &self.package {
            Some(package) if !package.depends_on_aludel => {
                let what = format!("Adding aludel to {}'s dependencies", package.name);
                // It is read again, since it may be the root that was just written.
                step(quiet, &what, || {
                    let mut manifest = Manifest::read(&package.manifest.path)?;
                    let dependency = self.source.dependency("aludel", manifest.folder());
                    let dependencies = manifest.table(&["dependencies"])?;
                    dependencies.set_implicit(false);
                    dependencies.insert("aludel", Item::Value(dependency));
                    manifest.write()
                })
            }
            _ => Ok(()),
        }
    }

    fn add_member(&self, root: &mut Manifest) -> CliResult<()> {
        let member = slashes(&relative(root.folder(), &self.folder));
        let file = root.path.clone();
        let workspace = root.table(&["workspace"])?;
        workspace.set_implicit(false);
        let members = workspace.entry("members").or_insert(value(Array::new()));
        let members = members.as_array_mut().ok_or_else(|| CliError::Manifest {
            path: file,
            message: "`workspace.members` is no list".into(),
        })?;
        let covered = members
            .iter()
            .filter_map(Value::as_str)
            .any(|it| covers(it, &member));
        if !covered {
            push(members, &member);
        }
        Ok(())
    }

    /// Many small revisions build fastest as many units, which only the workspace's root can ask for.
    fn add_profile(&self, root: &mut Manifest) -> CliResult<()> {
        let packages = root.table(&["profile", "dev", "package"])?;
        let name = self.name();
        if packages.contains_key(&name) {
            return Ok(());
        }
        let mut profile = match table() {
            Item::Table(it) => it,
            _ => Table::new(),
        };
        profile.insert("codegen-units", value(4096));
        profile.insert("debug", value("line-tables-only"));
        profile.decor_mut().set_prefix(format!("\n{PROFILE_WHY}"));
        packages.insert(&name, Item::Table(profile));
        Ok(())
    }
}

const PROFILE_WHY: &str =
    "# With many small units, a new or changed revision builds in a moment, however many there are.\n";
const PROFILE: &str = "codegen-units = 4096\ndebug = \"line-tables-only\"\n";

impl Package {
    fn of(manifest: &Manifest) -> Option<Self> {
        let package = manifest.document.get("package")?;
        let name = package.get("name")?.as_str()?.to_string();
        let lib = manifest.document.get("lib");
        let named = lib.and_then(|it| it.get("name")).and_then(Item::as_str);
        let is_library = lib.is_some() || manifest.folder().join("src/lib.rs").is_file();
        Some(Self {
            library: is_library
                .then(|| named.map_or_else(|| name.replace('-', "_"), str::to_string)),
            depends_on_aludel: dependency(&manifest.document, &[]).is_some(),
            name,
            manifest: manifest.clone(),
        })
    }
}

/// The dependency on `aludel` in a manifest, or in a table of it.
fn dependency<'d>(document: &'d DocumentMut, path: &[&str]) -> Option<&'d Item> {
    let mut here = document.as_item();
    for key in path.iter().chain(&["dependencies", "aludel"]) {
        here = here.get(key)?;
    }
    Some(here)
}

/// From where the surrounding project has `aludel`, or from where this binary came.
fn source(package: Option<&Package>, root: Option<&Manifest>) -> Source {
    let in_package = package.and_then(|package| {
        let dependency = dependency(&package.manifest.document, &[])?;
        Source::of(dependency, package.manifest.folder())
    });
    let in_workspace = root.and_then(|root| {
        let dependency = dependency(&root.document, &["workspace"])?;
        let inner = Source::of(dependency, root.folder())?;
        let dependencies = root.document.get("workspace")?.get("dependencies")?;
        let listed = Listed::of(dependencies.get("aludel-cli"));
        Some(Source::Workspace(Box::new(inner), listed))
    });
    in_package.or(in_workspace).unwrap_or_else(Source::own)
}

/// Whether an entry of `members` means a folder, by its name or by a pattern.
fn covers(entry: &str, member: &str) -> bool {
    let entry: Vec<&str> = entry.trim_end_matches('/').split('/').collect();
    let member: Vec<&str> = member.split('/').collect();
    entry.len() == member.len() && entry.iter().zip(&member).all(|(a, b)| matches(a, b))
}

/// Whether a name fits a pattern with `*` in it.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => match name.strip_prefix(before) {
            Some(rest) => rest
                .char_indices()
                .map(|(at, _)| &rest[at..])
                .chain([""])
                .any(|rest| matches(after, rest)),
            None => false,
        },
    }
}

/// Adds to a list in the form that the list has: a line each, or all in one. A comment behind the last entry stays there.
fn push(list: &mut Array, text: &str) {
    let last = list.iter().last().and_then(|it| it.decor().prefix());
    let margin = last.and_then(|it| it.as_str()).unwrap_or_default();
    let new = Value::from(text);
    let margin = margin.rsplit_once('\n').map(|(_, it)| it.to_string());
    let Some(margin) = margin else {
        list.push(new);
        return;
    };
    let trailing = list.trailing().as_str().unwrap_or_default();
    let mut behind = trailing.trim_end().to_string();
    // Without a comma behind it, the last entry has what follows as its own.
    if let Some(last) = list.iter_mut().last() {
        let suffix = last.decor().suffix().and_then(|it| it.as_str());
        behind.insert_str(0, suffix.unwrap_or_default().trim_end());
        last.decor_mut().set_suffix("");
    }
    let prefix = format!("{behind}\n{margin}");
    list.push_formatted(new.decorated(prefix, ""));
    list.set_trailing("\n");
    list.set_trailing_comma(true);
}

/// An absolute path without `.` and `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The way from a folder to a path, both absolute; the path itself where there is none.
pub(super) fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (normalized(from), normalized(to));
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    // Nothing shared but the root: the way up would be longer than the path, and break when either side moves.
    if shared < 2 {
        return to;
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(shared)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_folders() {
        let way = |from: &str, to: &str| slashes(&relative(Path::new(from), Path::new(to)));
        assert_eq!(way("/a/b", "/a/b/c"), "c");
        assert_eq!(way("/a/b/./x/..", "/a/b"), ".");
        assert_eq!(way("/a/b/c", "/a/d"), "../../d");
        assert_eq!(way("/srv/x", "/home/y"), "/home/y");
    }

    #[test]
    fn members_are_covered_by_name_or_pattern() {
        assert!(covers("migrations", "migrations") && covers("crates/*", "crates/m"));
        assert!(covers("*", "m") && covers("m*s", "migrations") && covers("./m".trim_start_matches("./"), "m"));
        assert!(!covers("crates/*", "m") && !covers("*", "a/b") && !covers("x*", "m"));
    }

    #[test]
    fn a_list_keeps_its_form() {
        let add = |text: &str| {
            let mut document: DocumentMut = text.parse().unwrap();
            push(document["m"].as_array_mut().unwrap(), "new");
            document.to_string()
        };
        assert_eq!(add("m = [\"a\"]\n"), "m = [\"a\", \"new\"]\n");
        assert_eq!(add("m = []\n"), "m = [\"new\"]\n");
        assert_eq!(
            add("m = [\n    \"a\",\n]\n"),
            "m = [\n    \"a\",\n    \"new\",\n]\n"
        );
        assert_eq!(
            add("m = [\n    \"a\", # why\n]\n"),
            "m = [\n    \"a\", # why\n    \"new\",\n]\n"
        );
        assert_eq!(
            add("m = [\n    \"a\"\n]\n"),
            "m = [\n    \"a\",\n    \"new\",\n]\n"
        );
    }
}
