//! New revision files: in which folder, by which template, and what is run on them afterwards. Every command that writes a
//! revision writes it here.

use crate::config::Hook;
use crate::error::{CliError, CliResult};
use crate::report;
use crate::session::Session;
use aludel::history::{History, NewRevision, Syntax, Template, timezone};
use aludel::revision::RevisionId;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

mod format;

pub(crate) use format::rustfmt;

impl Session<'_> {
    /// The revisions in their files, for a command that is about to add one; folders for them that are missing in the project
    /// are made.
    pub(crate) fn history_to_add_to(&self) -> CliResult<History> {
        let project = self.location()?;
        let is_project = match &self.config()?.version_locations {
            Some(_) => true,
            // A `script_location` that leads nowhere is mistyped sooner than new.
            None => project.is_dir(),
        };
        let locations = self.locations()?;
        for folder in locations
            .folders
            .iter()
            .filter(|it| is_project && !it.exists())
        {
            let what = format!("Creating directory {}", report::path(folder));
            report::step(self.globals.quiet, &what, || {
                fs::create_dir_all(folder).map_err(CliError::io("create the folder", folder))
            })?;
        }
        self.history()
    }

    /// The folder of a new revision: the one that was asked for, the only one, or that of what it follows.
    ///
    /// # Errors
    /// The one that was asked for is none of the configuration's, or nothing tells which of several is meant.
    pub(crate) fn folder_for(
        &self,
        history: &History,
        follows: &[RevisionId],
        asked: Option<&Path>,
    ) -> CliResult<PathBuf> {
        let folders = self.locations()?.folders;
        let whole = |path: &Path| {
            let path = self.here.join(path);
            path.canonicalize()
                .unwrap_or_else(|_| path.components().collect())
        };
        let known = || folders.iter().map(|it| report::path(it)).collect();
        if let Some(asked) = asked {
            let found = folders.iter().find(|it| whole(it) == whole(asked));
            return found.cloned().ok_or_else(|| CliError::Location {
                message: format!(
                    "Path {} is not represented in current version locations",
                    asked.display()
                ),
                locations: known(),
            });
        }
        if let [only] = folders.as_slice() {
            return Ok(only.clone());
        }
        let paths = follows.iter().filter_map(|it| history.script(it));
        let mut homes = paths.filter_map(|script| {
            let path = whole(&script.path);
            // Of folders inside each other the inner one is meant.
            let around = folders.iter().filter(|it| path.starts_with(whole(it)));
            around.max_by_key(|it| whole(it).components().count())
        });
        homes.next().cloned().ok_or_else(|| CliError::Location {
            message: "Multiple version locations present, please specify --version-path".into(),
            locations: known(),
        })
    }

    /// Writes a revision into a folder, and runs the hooks of the configuration on its file; answers where it stands.
    ///
    /// # Errors
    /// The file cannot be written; or a hook fails, and the file stays.
    pub(crate) fn write_revision(
        &self,
        revision: &NewRevision,
        folder: &Path,
    ) -> CliResult<PathBuf> {
        let config = self.config()?;
        let now = self.now()?;
        let rendered = self.template(revision.syntax)?.render(revision, now);
        let mut rendered = rendered.map_err(|error| config.blame(error))?;
        if revision.syntax == Syntax::Rust {
            rendered.text = rustfmt(rendered.text);
        }
        let what = format!("Generating {}", report::path(&folder.join(&rendered.name)));
        let path = report::step(self.globals.quiet, &what, || Ok(rendered.write(folder)?))?;
        for hook in &config.post_write_hooks {
            let what = format!("Running post write hook '{}'", hook.name);
            report::step(self.globals.quiet, &what, || {
                run_hook(hook, &path, &self.here)
            })?;
        }
        Ok(path)
    }

    /// The project's own template if it has one, and its settings.
    fn template(&self, syntax: Syntax) -> CliResult<Template> {
        let config = self.config()?;
        let mut template = Template {
            folders: config.recursive_version_locations,
            ..Template::default()
        };
        if let Some(file_template) = &config.file_template {
            template.file_template.clone_from(file_template.get_ref());
        }
        if let Some(zone) = &config.timezone {
            template.timezone = timezone(zone.get_ref()).map_err(|error| config.blame(error))?;
        }
        if let Some(length) = config.truncate_slug_length {
            template.truncate_slug_length = length;
        }
        let name = match syntax {
            Syntax::Rust => "script.rs.jinja",
            Syntax::Sql => "script.sql.jinja",
        };
        let path = self.location()?.join(name);
        if path.is_file() {
            let text = fs::read_to_string(&path).map_err(CliError::io("read", &path))?;
            template.script = Some((report::path(&path), text));
        }
        Ok(template)
    }
}

/// Runs one hook on a file. What the hook says is kept to itself unless it fails.
fn run_hook(hook: &Hook, path: &Path, here: &Path) -> CliResult<()> {
    // The hook runs in a folder of its own, where a relative path would lead elsewhere.
    let file = here.join(path).components().collect::<PathBuf>();
    let cwd = here.join(&hook.cwd);
    let failed = |problem: String, output: String, source| CliError::Hook {
        name: hook.name.clone(),
        problem,
        output,
        path: path.to_path_buf(),
        source,
    };
    let mut command = Command::new(program(hook, &cwd));
    command
        .args(arguments(hook, &file.to_string_lossy()))
        .current_dir(&cwd)
        .stdin(Stdio::null());
    let output = command.output().map_err(|source| {
        let problem = match cwd.is_dir() {
            true => format!("cannot be started: `{}`", hook.command[0]),
            false => format!(
                "cannot be started: there is no folder `{}`",
                report::path(&cwd)
            ),
        };
        failed(problem, String::new(), Some(source))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    Err(failed(
        format!("failed: {}", output.status),
        said.concat(),
        None,
    ))
}

/// A program that is named by a path is looked for from the folder in which it runs, on every system.
fn program(hook: &Hook, cwd: &Path) -> PathBuf {
    let named = Path::new(&hook.command[0]);
    match named.components().count() {
        0 | 1 => named.to_path_buf(),
        _ => cwd.join(named),
    }
}

/// The arguments, `{path}` replaced; a command without it is given the file behind everything else.
fn arguments(hook: &Hook, file: &str) -> Vec<String> {
    const PATH: &str = "{path}";
    let given = &hook.command[1..];
    let mut arguments: Vec<String> = given.iter().map(|it| it.replace(PATH, file)).collect();
    if !given.iter().any(|it| it.contains(PATH)) {
        arguments.push(file.to_string());
    }
    arguments
}
