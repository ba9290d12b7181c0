//! The revision of a schema as autogenerate writes it in Rust: it compiles as it stands, and does what was meant.

use super::live::{block_on, downgrade, draft, upgrade};
use super::round::{Database, inspected, models_of, prepared, same};
use aludel::db::Kind;
use aludel::history::{Header, NewRevision, Syntax, Template};
use aludel::ops::{Operation, Operations};
use aludel::schema::Schema;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A revision that is compiled in here, and its text.
pub struct Written {
    /// The folder and the name of the schema.
    pub of: (&'static str, &'static str),
    pub kind: Kind,
    pub text: &'static str,
    pub upgrade: fn(&mut Operations),
    pub downgrade: fn(&mut Operations),
}

/// Compares the text with what is written today, and runs the revision.
pub fn try_written(written: &Written, fresh: impl Fn() -> Database) {
    let done = block_on(async {
        let (folder, name) = written.of;
        let original = fresh();
        let script = prepared(&original.url, folder, name).await?;
        let models = models_of(&original.url, &script).await?;
        let wanted = inspected(&original.url).await?;

        let copy = fresh();
        prepared(&copy.url, folder, name).await?;
        let made = draft(&copy.url, false, &models).await?;
        compare(written, &made.rust())?;
        upgrade(&copy.url, recorded(written.kind, written.upgrade)).await?;
        same(
            "run as it is written",
            &wanted,
            &inspected(&copy.url).await?,
        )?;
        downgrade(&copy.url, recorded(written.kind, written.downgrade)).await?;
        same("undone", &Schema::default(), &inspected(&copy.url).await?)
    });
    done.unwrap_or_else(|failure: String| panic!("{:?}: {failure}", written.of));
}

fn recorded(kind: Kind, record: fn(&mut Operations)) -> Vec<Operation> {
    let mut op = Operations::new(kind);
    record(&mut op);
    let recorded = op.into_recorded().into_iter();
    recorded.map(|it| it.operation).collect()
}

fn compare(written: &Written, bodies: &(String, String)) -> Result<(), String> {
    let header = Header::parse(written.text, Syntax::Rust).map_err(|it| it.to_string())?;
    let revision = NewRevision {
        id: header.id,
        message: header.message,
        down: header.down,
        labels: header.labels,
        depends_on: header.depends_on,
        syntax: Syntax::Rust,
        upgrades: bodies.0.clone(),
        downgrades: bodies.1.clone(),
        up_options: String::new(),
        down_options: String::new(),
    };
    let now = "2025-11-08T14:30:00Z".parse().unwrap();
    let rendered = Template::default().render(&revision, now).unwrap();
    let text = rustfmt(&rendered.text);
    if text == written.text {
        return Ok(());
    }
    if std::env::var_os("ALUDEL_BLESS").is_some() {
        let (folder, name) = written.of;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/revisions");
        std::fs::write(path.join(format!("{folder}_{name}.rs")), text).unwrap();
        return Err("written anew: run the test again".into());
    }
    let mut lines = text.lines().zip(written.text.lines());
    let differing = lines.find(|(now, before)| now != before);
    Err(format!(
        "run with ALUDEL_BLESS=1, and read what changed: {differing:?}"
    ))
}

fn rustfmt(text: &str) -> String {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt comes with the toolchain that builds this test");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(text.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "rustfmt refused:\n{text}");
    String::from_utf8(output.stdout).unwrap()
}
