//! Functions and procedures, but for those in C, which come as files, and aggregates.

use super::super::{Postgres, pieces, words};
use super::catalog::{Place, list, place};
use super::places::{Places, holds, holds_column, own, place_columns};
use crate::db::{Connection, Row};
use crate::error::Result;
use crate::schema::{Function, Object, Objects};

/// A function that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub place: Place,
    pub function: Function,
    /// What its arguments are, by number: with the name, what makes it this function and no other.
    pub types: String,
    comment: Option<String>,
}

/// The functions of the scope.
pub(super) async fn inspect(
    dialect: &Postgres,
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    for found in look(dialect, connection, places).await? {
        let it = found.function;
        let key = (it.name.clone(), it.arguments.clone());
        if let Some(comment) = found.comment {
            objects.comments.insert(object(&it), comment);
        }
        objects.functions.insert(key, it);
    }
    Ok(())
}

fn object(function: &Function) -> Object {
    let (name, arguments) = (&function.name, function.arguments.clone());
    match function.procedure {
        true => Object::procedure(name, arguments),
        false => Object::function(name, arguments),
    }
}

/// Reads functions from the catalog.
pub(super) async fn look(
    dialect: &Postgres,
    connection: &mut Connection,
    places: &Places,
) -> Result<Vec<Found>> {
    // A body that is SQL is kept as such from version 14 on.
    let sql_body = match dialect.major >= 14 {
        true => "pg_catalog.pg_get_function_sqlbody(p.oid)",
        false => "NULL::text",
    };
    let sql = format!(
        "SELECT {}, p.prokind = 'p' AS is_procedure, pg_catalog.pg_get_function_arguments(p.oid) AS arguments, \
         CASE WHEN p.prokind <> 'p' THEN pg_catalog.pg_get_function_result(p.oid) END AS returns, \
         l.lanname::text AS language, p.provolatile::text AS volatility, p.proleakproof AS leakproof, \
         p.proisstrict AS strict, p.prosecdef AS definer, p.proparallel::text AS parallel, \
         NULLIF(p.procost, 100)::text AS cost, \
         CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows::text END AS rows, \
         CASE WHEN p.prosupport::pg_catalog.oid <> 0 THEN p.prosupport::text END AS support, \
         p.proconfig::text AS settings, (SELECT pg_catalog.array_agg(pg_catalog.format_type(x.ty, NULL) ORDER BY x.at)::text \
         FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY x(ty, at)) AS transforms, \
         p.prosrc AS body, {sql_body} AS sql_body, p.proargtypes::text AS types, {}, \
         pg_catalog.obj_description(p.oid, 'pg_proc') AS comment \
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
         JOIN pg_catalog.pg_language l ON l.oid = p.prolang \
         WHERE p.prokind IN ('f', 'p') AND l.lanname NOT IN ('c', 'internal') AND {} AND {} \
         ORDER BY 1, 2, pg_catalog.pg_get_function_arguments(p.oid)",
        place_columns("p.proname"),
        holds_column("pg_proc", "p.oid"),
        places.of_named("p.proname"),
        own("p.oid", "pg_proc"),
    );
    let rows = connection.fetch(&sql).await?;
    rows.iter().map(found).collect()
}

fn found(row: &Row) -> Result<Found> {
    let place: Place = place(row, "")?;
    let sql_body: Option<String> = row.get("sql_body")?;
    let language: String = row.get("language")?;
    let function = Function {
        name: place.qualified(),
        arguments: row.get("arguments")?,
        procedure: row.get("is_procedure")?,
        returns: row.get("returns")?,
        language: Some(language).filter(|it| it != "sql"),
        attributes: attributes(row)?,
        sql_body: sql_body.is_some(),
        body: match sql_body {
            Some(body) => body,
            None => row.get("body")?,
        },
        holds: holds(row)?,
    };
    Ok(Found {
        place,
        function,
        types: row.get("types")?,
        comment: row.get("comment")?,
    })
}

/// What is said of a function beside its type and its body, where it is not so by itself.
fn attributes(row: &Row) -> Result<Vec<String>> {
    let mut said = Vec::new();
    let transforms = list(row, "transforms")?;
    if !transforms.is_empty() {
        let types = transforms.iter().map(|it| format!("FOR TYPE {it}"));
        said.push(format!(
            "TRANSFORM {}",
            types.collect::<Vec<_>>().join(", ")
        ));
    }
    match row.get::<String>("volatility")?.as_str() {
        "i" => said.push("IMMUTABLE".into()),
        "s" => said.push("STABLE".into()),
        _ => {}
    }
    for (column, words) in [
        ("leakproof", "LEAKPROOF"),
        ("strict", "STRICT"),
        ("definer", "SECURITY DEFINER"),
    ] {
        if row.get(column)? {
            said.push(words.into());
        }
    }
    match row.get::<String>("parallel")?.as_str() {
        "s" => said.push("PARALLEL SAFE".into()),
        "r" => said.push("PARALLEL RESTRICTED".into()),
        _ => {}
    }
    for (column, word) in [("cost", "COST"), ("rows", "ROWS"), ("support", "SUPPORT")] {
        if let Some(value) = row.get::<Option<String>>(column)? {
            said.push(format!("{word} {value}"));
        }
    }
    said.extend(list(row, "settings")?.iter().filter_map(|it| setting(it)));
    Ok(said)
}

/// The settings that are lists of names, each of which is quoted where it is kept.
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// `SET name TO value`, from `name=value`.
fn setting(kept: &str) -> Option<String> {
    let (name, value) = kept.split_once('=')?;
    // The name of a setting of an extension has a dot in it.
    let parts: Vec<String> = name.split('.').map(words::quote).collect();
    let value = match LISTS.contains(&name) {
        true => elements(value).join(", "),
        false => pieces::string_literal(value),
    };
    Some(format!("SET {} TO {value}", parts.join(".")))
}

/// The elements of a list of names, as they stand in a statement: an empty one can only be a string.
fn elements(list: &str) -> Vec<String> {
    let mut elements = vec![String::new()];
    let mut quoted = false;
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(last) = elements.last_mut() else {
            break;
        };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                last.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => elements.push(String::new()),
            c if c.is_whitespace() && !quoted => {}
            c => last.push(c),
        }
    }
    let spelled = |it: String| match !it.is_empty() && words::quote(&it) == it {
        true => it,
        false => pieces::string_literal(&it),
    };
    elements.into_iter().map(spelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_as_they_are_said() {
        for (kept, said) in [
            ("search_path=\"\"", "SET search_path TO ''"),
            (
                "search_path=pg_catalog, \"The \"\"x\"\", y\"",
                "SET search_path TO pg_catalog, 'The \"x\", y'",
            ),
            (
                "search_path=\"$user\", public",
                "SET search_path TO '$user', public",
            ),
            ("work_mem=8MB", "SET work_mem TO '8MB'"),
            ("my.setting=it's = \\", "SET my.setting TO E'it''s = \\\\'"),
        ] {
            assert_eq!(setting(kept).as_deref(), Some(said));
        }
    }
}
