//! Views and materialized views.

use super::super::expression;
use super::catalog::{Place, list, place};
use super::places::{Places, holds, holds_column, own, place_columns};
use crate::db::{Connection, Row};
use crate::error::Result;
use crate::schema::{Ident, Object, Objects, View, ViewCheck};
use std::collections::BTreeMap;

/// A view that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub place: Place,
    pub view: View,
    comments: Vec<(Object, String)>,
}

/// The views of the scope.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    for it in look(connection, places).await? {
        objects.comments.extend(it.comments);
        objects.views.insert(it.view.name.clone(), it.view);
    }
    Ok(())
}

/// The columns that have a comment, and the comments.
fn of_comments(aspect: &str, column: &str) -> String {
    format!(
        "(SELECT pg_catalog.array_agg({aspect} ORDER BY a.attnum)::text FROM pg_catalog.pg_attribute a \
         JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND d.objoid = c.oid AND d.objsubid = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0) AS {column}"
    )
}

/// The indexes of a materialized view, by name, each with its statement.
const INDEXES: &str = "(SELECT pg_catalog.array_agg(x.relname::text ORDER BY x.relname)::text FROM pg_catalog.pg_index i \
     JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisvalid) AS indexed, \
     (SELECT pg_catalog.array_agg(pg_catalog.pg_get_indexdef(x.oid) ORDER BY x.relname)::text FROM pg_catalog.pg_index i \
     JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisvalid) AS indexes";

/// Reads views from the catalog. What a view depends on, its rule does. The names of its columns stand in its query wherever they are
/// not those that the query gives by itself.
pub(super) async fn look(connection: &mut Connection, places: &Places) -> Result<Vec<Found>> {
    let sql = format!(
        "SELECT {}, c.relkind = 'm' AS materialized, pg_catalog.pg_get_viewdef(c.oid) AS query, \
         pg_catalog.pg_get_viewdef(c.oid, true) AS pretty, \
         c.relispopulated AS populated, c.reloptions::text AS options, t.reloptions::text AS toast_options, \
         b.spcname::text AS tablespace, pg_catalog.obj_description(c.oid, 'pg_class') AS comment, \
         {INDEXES}, {}, {}, {} \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid \
         LEFT JOIN pg_catalog.pg_tablespace b ON b.oid = c.reltablespace \
         LEFT JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN' \
         WHERE c.relkind IN ('v', 'm') AND {} AND {} ORDER BY 1, 2",
        place_columns("c.relname"),
        of_comments("a.attname::text", "commented"),
        of_comments("d.description", "column_comments"),
        holds_column("pg_rewrite", "r.oid"),
        places.of_relation(),
        own("c.oid", "pg_class"),
    );
    let rows = connection.fetch(&sql).await?;
    rows.iter().map(found).collect()
}

fn found(row: &Row) -> Result<Found> {
    let place: Place = place(row, "")?;
    let name = place.qualified();
    let (echo, pretty): (String, String) = (row.get("query")?, row.get("pretty")?);
    let query = |echo: &str| {
        let query = echo.trim().trim_end_matches(';').trim_end();
        query.to_string()
    };
    // The one with fewer parentheses is as others are compared.
    let canonical = expression::canonical(&query(&pretty));
    let mut view = View::new(name.clone(), query(&echo));
    view.query.canonical = Some(canonical);
    view.materialized = row.get("materialized")?;
    view.no_data = view.materialized && !row.get::<bool>("populated")?;
    view.tablespace = row.get::<Option<String>>("tablespace")?.map(Ident::from);
    view.holds = holds(row)?;
    let statements = list(row, "indexes")?;
    for (name, sql) in list(row, "indexed")?.into_iter().zip(statements) {
        view.indexes.0.insert(name.into(), sql);
    }
    for (column, prefix) in [("options", ""), ("toast_options", "toast.")] {
        for option in list(row, column)? {
            if let Some((name, value)) = option.split_once('=') {
                view.options
                    .insert(format!("{prefix}{name}"), value.to_string());
            }
        }
    }
    view.check = match view.options.remove("check_option").as_deref() {
        Some("local") => Some(ViewCheck::Local),
        Some("cascaded") => Some(ViewCheck::Cascaded),
        _ => None,
    };
    view.options = usual_options(&view.options);
    let mut comments = Vec::new();
    if let Some(comment) = row.get("comment")? {
        let object = match view.materialized {
            true => Object::MaterializedView(name.clone()),
            false => Object::View(name.clone()),
        };
        comments.push((object, comment));
    }
    let said = list(row, "column_comments")?;
    for (column, comment) in list(row, "commented")?.into_iter().zip(said) {
        comments.push((Object::column(name.clone(), column), comment));
    }
    Ok(Found {
        place,
        view,
        comments,
    })
}

/// Options in one spelling: names and truth in lower case, the values of views without quotes, and what is so by itself unsaid
/// (<https://www.postgresql.org/docs/current/sql-createview.html>).
pub(super) fn usual_options(options: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut usual = BTreeMap::new();
    for (name, value) in options {
        let name = name.to_lowercase();
        let text = value.trim().trim_matches('\'').to_lowercase();
        let truth = match text.as_str() {
            "true" | "on" | "yes" | "1" if is_truth(&name) => Some(true),
            "false" | "off" | "no" | "0" if is_truth(&name) => Some(false),
            _ => None,
        };
        match truth {
            Some(false) if name.starts_with("security_") => {}
            Some(truth) => drop(usual.insert(name, truth.to_string())),
            None => drop(usual.insert(name, text)),
        }
    }
    usual
}

/// Whether an option is true or false.
fn is_truth(name: &str) -> bool {
    name.starts_with("security_") || name.ends_with("_enabled")
}
