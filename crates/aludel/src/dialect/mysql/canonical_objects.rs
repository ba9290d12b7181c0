//! Which declared objects are those of the database. Bodies are kept as they were written, and compared by their tokens; the query
//! of a view is rewritten, and the types of arguments have many names: there the database is asked for its own spelling.

use super::definitions::{self, Attributes};
use super::{Mysql, probe_objects, stars, text, tokens, types, words};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Function, Objects, QualifiedName, Schema, Sequence, Trigger, View};
use std::collections::{BTreeMap, BTreeSet};

/// Gives each declared object that is in the database the form of the one there. False if the database could not be asked about
/// some, which were compared as text.
pub(super) async fn canonicalize(
    dialect: &Mysql,
    connection: &mut Connection,
    schema: &mut Schema,
    live: &Schema,
) -> Result<bool> {
    let changed = stars::changed_tables(schema, live);
    let reordered = stars::is_reordered(schema, live);
    let declared = &mut schema.objects;
    for sequence in declared.sequences.values_mut() {
        if let Some(there) = live.objects.sequences.get(&sequence.name) {
            *sequence = sequence_like(sequence, there);
        }
    }
    for trigger in declared.triggers.values_mut() {
        let there = (trigger.table.clone(), trigger.name.clone());
        if let Some(there) = live.objects.triggers.get(&there) {
            *trigger = trigger_like(trigger, there);
        }
    }
    let asked = functions(dialect, connection, declared, &live.objects).await?;
    let (same, views_asked) =
        views(dialect, connection, declared, &live.objects, reordered).await?;
    let kept = stars::kept(declared, same, changed);
    for (name, view) in &mut declared.views {
        if let Some(there) = live.objects.views.get(name).filter(|_| kept.contains(name)) {
            *view = there.clone();
        }
    }
    Ok(asked && views_asked)
}

/// The connection's own database is not named.
pub(super) fn leave_out(database: &str, objects: &mut Objects) {
    let shorten = |name: &mut QualifiedName| {
        name.schema = name.schema.take().filter(|it| *it != *database);
    };
    objects.schemas.retain(|it| *it != *database);
    for mut it in std::mem::take(&mut objects.sequences).into_values() {
        shorten(&mut it.name);
        objects.sequences.insert(it.name.clone(), it);
    }
    for mut it in std::mem::take(&mut objects.views).into_values() {
        shorten(&mut it.name);
        objects.views.insert(it.name.clone(), it);
    }
    for ((_, arguments), mut it) in std::mem::take(&mut objects.functions) {
        shorten(&mut it.name);
        objects.functions.insert((it.name.clone(), arguments), it);
    }
    for mut it in std::mem::take(&mut objects.triggers).into_values() {
        shorten(&mut it.table);
        let key = (it.table.clone(), it.name.clone());
        objects.triggers.insert(key, it);
    }
}

/// What nobody said of a sequence is what the database takes for it.
fn sequence_like(declared: &Sequence, there: &Sequence) -> Sequence {
    let mut like = definitions::plain(declared.clone());
    like.cache = like.cache.or(Some(definitions::CACHE));
    match like == *there {
        true => there.clone(),
        false => like,
    }
}

fn trigger_like(declared: &Trigger, there: &Trigger) -> Trigger {
    let mut like = declared.clone();
    if let (Some(body), Some(other)) = (&declared.body, &there.body) {
        // The call of a function is for another database.
        like.execute = None;
        if tokens::same(definitions::inmost(body), definitions::inmost(other)) {
            like.body = there.body.clone();
        }
    }
    match like == *there {
        true => there.clone(),
        false => declared.clone(),
    }
}

/// A declared routine beside the one that is there.
struct Pair<'l> {
    declared: Function,
    there: &'l Function,
}

/// An argument: how it is passed, its name, its type.
type Argument = (String, String, String);

async fn functions(
    dialect: &Mysql,
    connection: &mut Connection,
    declared: &mut Objects,
    live: &Objects,
) -> Result<bool> {
    let mut pairs = Vec::new();
    let mut all: Vec<_> = std::mem::take(&mut declared.functions)
        .into_iter()
        .collect();
    // What has the very name of one that is there comes first.
    all.sort_by_key(|(key, _)| {
        let names = live.functions.keys().any(|it| it.0 == key.0);
        (!live.functions.contains_key(key), !names)
    });
    for (key, function) in all {
        let mut there = live.functions.values();
        let there = there.find(|it| is_of_that_name(it, &function));
        // Of two that have one name, the second cannot be made, which the database will say.
        let is_first = |there: &Function| !pairs.iter().any(|it: &Pair<'_>| it.there == there);
        match there.filter(|it| is_first(it)) {
            Some(there) => pairs.push(Pair {
                declared: function,
                there,
            }),
            None => drop(declared.functions.insert(key, function)),
        }
    }
    let mut doubtful = BTreeSet::new();
    for pair in &pairs {
        let schema = &pair.there.name.schema;
        let types = pair.types().into_iter();
        let differ = types.filter(|(a, b)| types::canonical_text(a) != types::canonical_text(b));
        doubtful.extend(differ.flat_map(|(a, b)| [(schema.clone(), a), (schema.clone(), b)]));
    }
    let (echoes, asked) = probe_objects::types(dialect, connection, doubtful).await?;
    for pair in pairs {
        let schema = &pair.there.name.schema;
        let spelled = |ty: &str| echoes.get(&(schema.clone(), ty.to_string()));
        let same_type = |a: &str, b: &str| {
            types::canonical_text(a) == types::canonical_text(b)
                || match (spelled(a), spelled(b)) {
                    (Some(a), Some(b)) => a == b,
                    _ => without_charset(a) == without_charset(b),
                }
        };
        let function = pair.like(same_type);
        let key = (function.name.clone(), pair.there.arguments.clone());
        declared.functions.insert(key, function);
    }
    Ok(asked)
}

/// There is no overloading. A procedure may have the name of a function.
fn is_of_that_name(a: &Function, b: &Function) -> bool {
    let lower = |it: &Function| it.name.name.to_lowercase();
    a.procedure == b.procedure && a.name.schema == b.name.schema && lower(a) == lower(b)
}

impl Pair<'_> {
    /// The types of the arguments and of what comes back, the declared and the other; none if they do not even stand side by side.
    fn types(&self) -> Vec<(String, String)> {
        let of = |it: &Function| {
            let mut found: Vec<String> = arguments(&it.arguments)?
                .into_iter()
                .map(|it| it.2)
                .collect();
            found.extend(it.returns.clone());
            Some(found)
        };
        match (of(&self.declared), of(self.there)) {
            (Some(mine), Some(theirs)) if mine.len() == theirs.len() => {
                mine.into_iter().zip(theirs).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The one that is there if the declared one is the same; otherwise that with what makes it known as a change of the other.
    fn like(&self, same_type: impl Fn(&str, &str) -> bool) -> Function {
        let there = self.there;
        let mut like = self.declared.clone();
        like.name = there.name.clone();
        if same_arguments(&like.arguments, &there.arguments, &same_type) {
            like.arguments = there.arguments.clone();
        }
        if let (Some(mine), Some(theirs)) = (&like.returns, &there.returns)
            && same_type(mine, theirs)
        {
            like.returns = there.returns.clone();
        }
        let mut compared = like.clone();
        let of = |it: &Function| Attributes::parse(&it.attributes, it.language.as_deref());
        if let (Some(mine), Some(theirs)) = (of(&like), of(there))
            && theirs.are_of(&mine)
        {
            compared.attributes = there.attributes.clone();
            compared.language = there.language.clone();
        }
        if tokens::same(&like.body, &there.body) {
            compared.body = there.body.clone();
            compared.sql_body = there.sql_body;
        }
        match compared == *there {
            true => compared,
            false => like,
        }
    }
}

fn same_arguments(a: &str, b: &str, same_type: impl Fn(&str, &str) -> bool) -> bool {
    let (Some(a), Some(b)) = (arguments(a), arguments(b)) else {
        return false;
    };
    let mut both = a.iter().zip(&b);
    a.len() == b.len() && both.all(|(a, b)| (&a.0, &a.1) == (&b.0, &b.1) && same_type(&a.2, &b.2))
}

/// The arguments of a routine; none if they cannot be read.
fn arguments(sql: &str) -> Option<Vec<Argument>> {
    let all = text::split_commas(sql);
    all.iter().map(|it| argument(it)).collect()
}

fn argument(sql: &str) -> Option<Argument> {
    let tokens = text::significant(sql)?;
    let word = |at: usize| tokens.get(at).map_or("", |it| it.text(sql));
    let passed = word(0).to_ascii_lowercase();
    let (passed, name) = match passed.as_str() {
        "in" | "out" | "inout" => (passed, 1),
        _ => ("in".into(), 0),
    };
    let name_text = words::unquoted(word(name)).to_lowercase();
    let ty = sql.get(tokens.get(name + 1)?.start..)?;
    Some((passed, name_text, ty.to_string()))
}

/// A type as far as text can tell: the database says of each text of which character set it is.
fn without_charset(ty: &str) -> String {
    let lower = ty.to_ascii_lowercase();
    let marks = [" charset ", " character set ", " collate "];
    let end = marks.iter().filter_map(|it| lower.find(it)).min();
    types::canonical_text(&ty[..end.unwrap_or(ty.len())])
}

/// The views that are those of the database, and whether it could be asked about all.
async fn views(
    dialect: &Mysql,
    connection: &mut Connection,
    declared: &Objects,
    live: &Objects,
    reordered: bool,
) -> Result<(BTreeSet<QualifiedName>, bool)> {
    let mut same = BTreeSet::new();
    let mut doubtful = BTreeMap::new();
    for (name, view) in &declared.views {
        let Some(there) = live.views.get(name) else {
            continue;
        };
        let text = |it: &View| it.query.written.as_str().to_string();
        let same_rest = said_alike(view, there);
        if same_rest && view.columns == there.columns && tokens::same(&text(view), &text(there)) {
            same.insert(name.clone());
        } else {
            doubtful.insert(name.clone(), view.clone());
        }
    }
    let answers = probe_objects::views(dialect, connection, &doubtful, reordered).await?;
    let mut asked = true;
    for (name, answer) in answers {
        let (Some(view), Some(there)) = (doubtful.get(&name), live.views.get(&name)) else {
            continue;
        };
        let is_same = answer.unwrap_or_else(|| {
            asked = false;
            as_text(dialect, view, there)
        });
        if is_same {
            same.insert(name);
        }
    }
    Ok((same, asked))
}

/// Whether two views are alike but for their queries and columns, and nobody is said to have defined them.
fn said_alike(declared: &View, there: &View) -> bool {
    let mut like = declared.clone();
    like.columns = there.columns.clone();
    like.query = there.query.clone();
    let usual = |name: &str, value: &str| {
        like.options
            .get(name)
            .is_some_and(|it| it.eq_ignore_ascii_case(value))
    };
    let (own_rights, undefined) = (
        usual("security_invoker", "false"),
        usual("algorithm", "undefined"),
    );
    if own_rights {
        like.options.remove("security_invoker");
    }
    if undefined {
        like.options.remove("algorithm");
    }
    for value in like.options.values_mut() {
        *value = value.to_ascii_lowercase();
    }
    like == *there
}

/// Whether two views seem to be the same.
fn as_text(dialect: &Mysql, declared: &View, there: &View) -> bool {
    let mut plain = declared.clone();
    plain.options.remove("definer");
    let text = |it: &View| it.query.written.as_str().to_string();
    said_alike(&plain, there)
        && plain.columns == there.columns
        && tokens::loosely_same(
            &text(declared),
            &text(there),
            dialect.session.database.as_deref(),
        )
}
