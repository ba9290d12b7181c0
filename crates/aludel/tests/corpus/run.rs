//! Makes the corpus in a database, and asks autogenerate.

use super::arrange::{Corpus, Placed, Side};
use super::live::{block_on, downgrade, draft, runner, upgrade};
use aludel::ops::Operation;

/// Where the tables of the corpus are.
pub struct Place(Option<String>);

impl Place {
    pub fn default_schema() -> Self {
        Self(None)
    }

    pub fn schema(name: &str) -> Self {
        Self(Some(name.into()))
    }
}

/// Tries every entry of a folder in each place, and tells all that fail.
pub fn try_corpus(folder: &str, url: &str, places: &[Place]) {
    block_on(async {
        set_up(folder, url).await;
        for place in places {
            let place = place.0.as_deref();
            let corpus = Corpus::read(folder, place);
            let failures = failures(&corpus, url).await;
            let count = corpus.entries().count();
            assert!(
                failures.is_empty(),
                "{folder}, {place:?}: {} of {count} entries fail\n{}",
                failures.len(),
                failures.join("\n")
            );
        }
    });
}

/// What the entries use: extensions, domains, functions, sequences, collations.
async fn set_up(folder: &str, url: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("tests/corpus").join(folder).join("before.sql");
    if let Ok(sql) = std::fs::read_to_string(path) {
        runner(url, false)
            .await
            .connection()
            .execute(&sql)
            .await
            .unwrap();
    }
}

async fn failures(corpus: &Corpus, url: &str) -> Vec<String> {
    let models = corpus.models(Side::Created, |_| true);
    let first = match draft(url, false, &models).await {
        Ok(first) => first,
        Err(error) => return vec![error],
    };
    if let Err(error) = upgrade(url, first.up).await {
        let all: Vec<&Placed> = corpus.entries().collect();
        let mut found = refused(corpus, &all, url).await;
        found.push(format!("all together: {error}"));
        return found;
    }
    let mut failures = Vec::new();
    for side in [Side::Created, Side::Same, Side::Other] {
        let models = corpus.models(side, |_| true);
        match draft(url, true, &models).await {
            Ok(found) => failures.extend(judged(corpus, side, &found.up)),
            Err(error) => failures.push(format!("{side:?}: {error}")),
        }
    }
    if let Err(error) = downgrade(url, first.down).await {
        failures.push(format!("going back: {error}"));
    }
    failures
}

/// What was found that should not have been, and what was not that should.
fn judged(corpus: &Corpus, side: Side, found: &[Operation]) -> Vec<String> {
    let mut failures = Vec::new();
    let told: Vec<String> = found.iter().map(|it| format!("{it:?}")).collect();
    let mut explained = vec![false; found.len()];
    for entry in corpus.entries() {
        let mut about = Vec::new();
        for (at, text) in told.iter().enumerate() {
            if is_about(text, entry) {
                explained[at] = true;
                about.push(&found[at]);
            }
        }
        match (entry.changes(side), about.is_empty()) {
            (true, true) if side == Side::Other => {
                failures.push(format!("not detected: {}", entry.text));
            }
            (true, false) if side == Side::Other => {}
            (_, false) => failures.push(format!("{side:?}: {}\n{}", entry.text, lines(&about))),
            _ => {}
        }
    }
    for (at, operation) in found.iter().enumerate() {
        if !explained[at] {
            failures.push(format!("{side:?}: about no entry\n{}", lines(&[operation])));
        }
    }
    failures
}

/// An index may be told of by its name alone, which has the table's in it.
fn is_about(operation: &str, entry: &Placed) -> bool {
    let numbered = entry.name.contains("_e0") || entry.name.contains("_e1");
    let quoted = format!("\"{}\"", entry.name);
    operation.contains(if numbered { &entry.name } else { &quoted })
}

fn lines(operations: &[&Operation]) -> String {
    let lines = operations.iter().map(|it| format!("    {}", it.rust()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The entries that the database refuses: those of each half that it refuses as a whole.
async fn refused(corpus: &Corpus, among: &[&Placed], url: &str) -> Vec<String> {
    let among_them = |it: &Placed| among.iter().any(|one| one.name == it.name);
    let models = corpus.models(Side::Created, among_them);
    let tried = async {
        let first = draft(url, false, &models).await?;
        upgrade(url, first.up).await?;
        downgrade(url, first.down).await
    };
    match (tried.await, among) {
        (Ok(()), _) => Vec::new(),
        (Err(error), [one]) => vec![format!("refused: {}\n    {error}", one.text)],
        (Err(_), _) => {
            let (first, second) = among.split_at(among.len() / 2);
            let mut found = Box::pin(refused(corpus, first, url)).await;
            found.extend(Box::pin(refused(corpus, second, url)).await);
            found
        }
    }
}
