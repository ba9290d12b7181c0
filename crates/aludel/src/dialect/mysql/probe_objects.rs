//! Asking the database whether a declared view is the one that is there, and how it calls a type.
//!
//! There are no temporary views. A view is made under a name of the tool's own beside the one that it is compared with, read as
//! that is read, and dropped. A definition commits what is open, so that nothing is made while a transaction is; two
//! comparisons of one database at a time would meet at the name, so that one waits for the other. A type is that of a column of a temporary table.

use super::{Mysql, definitions, objects, stars, tokens};
use crate::db::{Connection, DbError};
use crate::error::Result;
use crate::ops::{CreateView, IfThere};
use crate::schema::{Ident, QualifiedName, View};
use crate::sql::Spell;
use crate::sql::split::{Flavor, split};
use std::collections::{BTreeMap, BTreeSet};

/// The name of a view that is made to be read; the name of the lock on it begins with it.
const PROBE: &str = "aludel_probe_view";

/// The name of a table that is made to be read.
const TYPE_PROBE: &str = "aludel_probe_type";

/// The most bytes of one message: few enough for the smallest packet that a server takes by default.
const AT_ONCE: usize = 500_000;

/// How long another comparison is waited for, in seconds.
const PATIENCE: u32 = 10;

/// What came of a question.
enum Answer {
    /// The definitions that were asked for.
    Told(Vec<String>),
    /// It cannot be so in this database: something that is named in it is not there.
    Refused,
    /// The connected role may not ask that.
    NotAsked,
}

/// Whether each view is the one of its name in the database; none if that could not be asked. `reordered` says that tables have
/// their columns in another order than the models.
pub(super) async fn views(
    dialect: &Mysql,
    connection: &mut Connection,
    views: &BTreeMap<QualifiedName, View>,
    reordered: bool,
) -> Result<BTreeMap<QualifiedName, Option<bool>>> {
    let mut found = BTreeMap::new();
    let mut names = Vec::new();
    let mut questions = Vec::new();
    let mut probes = BTreeSet::new();
    for (name, view) in views {
        match question(dialect, name, view)? {
            Ok((question, probe)) => {
                names.push(name);
                questions.push(question);
                probes.insert(probe);
            }
            Err(without) => drop(found.insert(name.clone(), without)),
        }
    }
    if questions.is_empty() {
        return Ok(found);
    }
    let locks = locks(dialect, names.iter().map(|it| it.schema.as_ref()))?;
    if !may_define(connection).await? || !lock(connection, &locks).await? {
        found.extend(names.into_iter().map(|it| (it.clone(), None)));
        return Ok(found);
    }
    let probes: Vec<String> = probes.into_iter().collect();
    let tidy = format!("DROP VIEW IF EXISTS {}", probes.join(", "));
    let answers = ask(connection, &questions, 2, &tidy).await;
    let released = connection.fetch(&release(&locks)).await;
    let answers = answers?;
    released?;
    for (name, answer) in names.into_iter().zip(answers) {
        let same = match answer {
            Answer::Told(told) => views.get(name).map(|it| is_same(it, &told, reordered)),
            Answer::Refused => Some(false),
            Answer::NotAsked => None,
        };
        found.insert(name.clone(), same);
    }
    Ok(found)
}

/// The statements that tell of a view and of its probe, and the probe's name as it is spelled; or what is known without asking:
/// that it is another view, or nothing.
fn question(
    dialect: &Mysql,
    name: &QualifiedName,
    view: &View,
) -> Result<std::result::Result<(String, String), Option<bool>>> {
    let (view_name, probe) = (dialect.qualified(name)?, name.renamed(PROBE));
    let mut view = view.clone();
    view.name = probe.clone();
    let create = CreateView {
        view,
        if_there: IfThere::Replace,
    };
    let Ok(statements) = objects::create_view(dialect, &create) else {
        // What cannot be spelled here cannot be there.
        return Ok(Err(Some(false)));
    };
    let create: Vec<String> = statements.into_iter().map(|it| it.sql).collect();
    let (create, probe) = (create.join("; "), dialect.qualified(&probe)?);
    match pieces(&create) {
        Some(1) => {}
        // Nothing else is run with it, and no view is two statements.
        Some(_) => return Ok(Err(Some(false))),
        None => return Ok(Err(None)),
    }
    let sql = format!(
        "SHOW CREATE VIEW {view_name}; {create}; SHOW CREATE VIEW {probe}; DROP VIEW {probe}"
    );
    Ok(Ok((sql, probe)))
}

/// How many statements a text is, if that can be told.
fn pieces(sql: &str) -> Option<usize> {
    split(sql, Flavor::Mysql).ok().map(|it| it.len())
}

fn is_same(declared: &View, told: &[String], reordered: bool) -> bool {
    let mut read = told.iter().map(|it| definitions::view(it));
    let (Some(Some(mut there)), Some(Some(probe))) = (read.next(), read.next()) else {
        return false;
    };
    if !declared.options.contains_key("definer") {
        there.definer = probe.definer.clone();
    }
    let all_columns = || tokens::names_with_star(declared.query.written.as_str()).is_some();
    if there != probe && reordered && all_columns() {
        let (mine, theirs) = (&probe.query, &there.query);
        if stars::without_order(mine).is_some_and(|it| Some(it) == stars::without_order(theirs)) {
            there.query = probe.query.clone();
        }
    }
    there == probe
}

/// Whether a definition would end no transaction. MariaDB alone has a variable that tells; both refuse to say how the next
/// transaction is to be while one is open. What is said here is what the session has for every transaction.
async fn may_define(connection: &mut Connection) -> Result<bool> {
    let reads = "SHOW SESSION VARIABLES WHERE Variable_name IN ('transaction_read_only', 'tx_read_only') AND Value = 'ON'";
    if !connection.fetch(reads).await?.is_empty() {
        return Ok(false);
    }
    match connection.execute("SET TRANSACTION READ WRITE").await {
        Ok(_) => Ok(true),
        Err(DbError::Statement { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The names of the locks on these databases, none of which is the connected one, as SQL text. A lock is the whole server's, and
/// comparisons of other databases are not in the way.
fn locks<'n>(
    dialect: &Mysql,
    databases: impl Iterator<Item = Option<&'n Ident>>,
) -> Result<Vec<String>> {
    let databases: BTreeSet<Option<&Ident>> = databases.collect();
    let name = |database: Option<&Ident>| {
        let database = match database {
            Some(name) => dialect.string(name)?,
            None => "DATABASE()".into(),
        };
        // A name of a lock has room for 64 characters, as one of a database has.
        Ok(format!("CONCAT('{PROBE}_', SHA1({database}))"))
    };
    databases.into_iter().map(name).collect()
}

fn release(locks: &[String]) -> String {
    let all: Vec<String> = locks
        .iter()
        .map(|it| format!("RELEASE_LOCK({it})"))
        .collect();
    format!("SELECT {}", all.join(", "))
}

/// Takes all locks, or none.
async fn lock(connection: &mut Connection, locks: &[String]) -> Result<bool> {
    let all = locks
        .iter()
        .map(|it| format!("GET_LOCK({it}, {PATIENCE}) = 1"));
    let sql = format!("SELECT {}", all.collect::<Vec<_>>().join(" AND "));
    match connection.fetch(&sql).await {
        Ok(rows) => {
            let got: Option<Option<i64>> = rows.first().map(|it| it.at(0)).transpose()?;
            let got = got.flatten() == Some(1);
            if !got {
                connection.fetch(&release(locks)).await?;
            }
            Ok(got)
        }
        // A cluster may have no such locks.
        Err(DbError::Statement { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// How the database calls each type in each of its databases, as far as it can be asked; false if it could not be asked about some.
pub(super) async fn types(
    dialect: &Mysql,
    connection: &mut Connection,
    types: BTreeSet<(Option<Ident>, String)>,
) -> Result<(BTreeMap<(Option<Ident>, String), String>, bool)> {
    let mut questions = Vec::new();
    let mut tables = BTreeSet::new();
    let mut wanted = Vec::new();
    for (schema, ty) in types {
        let table = dialect.qualified(&QualifiedName {
            schema: schema.clone(),
            name: TYPE_PROBE.into(),
        })?;
        let create = format!("CREATE TEMPORARY TABLE {table} (c {ty}\n)");
        if pieces(&create) == Some(1) {
            questions.push(format!(
                "{create}; SHOW CREATE TABLE {table}; DROP TEMPORARY TABLE {table}"
            ));
            tables.insert(table);
            wanted.push((schema, ty));
        }
    }
    let mut found = BTreeMap::new();
    if questions.is_empty() {
        return Ok((found, true));
    }
    let tables: Vec<String> = tables.into_iter().collect();
    let tidy = format!("DROP TEMPORARY TABLE IF EXISTS {}", tables.join(", "));
    let mut asked = true;
    let answers = ask(connection, &questions, 1, &tidy).await?;
    for (ty, answer) in wanted.into_iter().zip(answers) {
        match answer {
            Answer::Told(told) => drop(found.insert(ty, told.concat())),
            Answer::Refused => {}
            Answer::NotAsked => asked = false,
        }
    }
    Ok((found, asked))
}

/// Asks questions, each of which has an answer of `rows` rows, in as few messages as it takes to tell the refused from the others.
/// `tidy` removes what a question leaves behind that was refused half way.
async fn ask(
    connection: &mut Connection,
    questions: &[String],
    rows: usize,
    tidy: &str,
) -> Result<Vec<Answer>> {
    let mut answers: BTreeMap<usize, Answer> = BTreeMap::new();
    let mut open = messages(questions);
    while let Some(message) = open.pop() {
        let sql: Vec<&str> = message
            .iter()
            .filter_map(|at| questions.get(*at).map(String::as_str))
            .collect();
        let refused = match connection.fetch(&sql.join("; ")).await {
            Ok(told) => {
                for (at, told) in message.iter().zip(told.chunks(rows)) {
                    let told: Result<Vec<String>> = told.iter().map(definition).collect();
                    answers.insert(*at, Answer::Told(told?));
                }
                continue;
            }
            Err(DbError::Statement { code, .. }) => code.unwrap_or_default(),
            Err(error) => return Err(error.into()),
        };
        if !NEVER.contains(&refused.as_str()) {
            tidy_up(connection, tidy).await?;
        }
        let not_asked = NEVER.contains(&refused.as_str()) || FORBIDDEN.contains(&refused.as_str());
        match message.as_slice() {
            [at] if !not_asked => drop(answers.insert(*at, Answer::Refused)),
            all if all.len() > 1 && !NEVER.contains(&refused.as_str()) => {
                let (first, second) = all.split_at(all.len() / 2);
                open.extend([first.to_vec(), second.to_vec()]);
            }
            all => answers.extend(all.iter().map(|at| (*at, Answer::NotAsked))),
        }
    }
    let answer = |at| answers.remove(&at).unwrap_or(Answer::NotAsked);
    Ok((0..questions.len()).map(answer).collect())
}

fn definition(row: &crate::db::Row) -> Result<String> {
    let text: Vec<u8> = row.at(1)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The places of the questions, as many in one message as it takes.
fn messages(questions: &[String]) -> Vec<Vec<usize>> {
    let mut messages: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for (at, question) in questions.iter().enumerate() {
        match messages.last_mut().filter(|_| question.len() <= room) {
            Some(last) => last.push(at),
            None => {
                messages.push(vec![at]);
                room = AT_ONCE;
            }
        }
        room = room.saturating_sub(question.len());
    }
    messages
}

/// A role that may not drop what it made would not have got so far.
async fn tidy_up(connection: &mut Connection, tidy: &str) -> Result<()> {
    match connection.execute(tidy).await {
        Ok(_) | Err(DbError::Statement { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Numbers of errors that say that the role lacks a privilege: for a database, an operation, a table, a column, a routine, or as
/// the definer of a view; or that no database is chosen.
const FORBIDDEN: &[&str] = &[
    "1044", "1045", "1046", "1142", "1143", "1227", "1370", "1698",
];

/// Those that say that nothing can be made here at all: the server, the session or the transaction only reads.
const NEVER: &[&str] = &["1290", "1792", "1836"];
