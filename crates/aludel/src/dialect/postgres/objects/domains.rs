//! Domains.

use super::super::{expression, inspect};
use super::catalog::{list, place};
use super::places::{Places, own, place_columns};
use crate::db::{Connection, Row};
use crate::error::Result;
use crate::schema::{Check, Domain, Ident, Object, Objects, Spelled};

/// A domain that was found, and the comments on it and its checks.
#[derive(Debug)]
pub(super) struct Found {
    pub domain: Domain,
    comments: Vec<(Object, String)>,
}

/// The domains of the scope.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    for it in look(connection, places).await? {
        objects.comments.extend(it.comments);
        objects.domains.insert(it.domain.name.clone(), it.domain);
    }
    Ok(())
}

/// The checks of a domain, some aspect of each in the order of their names.
fn of_checks(aspect: &str, column: &str) -> String {
    format!(
        "(SELECT pg_catalog.array_agg({aspect} ORDER BY o.conname)::text FROM pg_catalog.pg_constraint o \
         WHERE o.contypid = t.oid AND o.contype = 'c') AS {column}"
    )
}

/// Reads domains from the catalog.
pub(super) async fn look(connection: &mut Connection, places: &Places) -> Result<Vec<Found>> {
    let sql = format!(
        "SELECT {}, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull AS not_null, \
         CASE WHEN t.typcollation <> b.typcollation THEN l.collname::text END AS collation, \
         pg_catalog.pg_get_expr(t.typdefaultbin, 0, true) AS expr, \
         pg_catalog.obj_description(t.oid, 'pg_type') AS comment, {}, {}, {}, {} \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype \
         LEFT JOIN pg_catalog.pg_collation l ON l.oid = t.typcollation \
         WHERE t.typtype = 'd' AND {} AND {} ORDER BY 1, 2",
        place_columns("t.typname"),
        of_checks("o.conname::text", "checks"),
        of_checks("pg_catalog.pg_get_expr(o.conbin, 0, true)", "conditions"),
        of_checks("o.convalidated::text", "validated"),
        of_checks(
            "COALESCE(pg_catalog.obj_description(o.oid, 'pg_constraint'), '')",
            "check_comments"
        ),
        places.of_named("t.typname"),
        own("t.oid", "pg_type"),
    );
    let rows = connection.fetch(&sql).await?;
    rows.iter().map(found).collect()
}

fn found(row: &Row) -> Result<Found> {
    let name = place(row, "")?.qualified();
    let echo: String = row.get("type")?;
    let mut domain = Domain::new(name.clone(), crate::schema::Type::Text);
    domain.ty = inspect::echoed_type(&echo);
    domain.not_null = row.get("not_null")?;
    domain.collation = row.get::<Option<String>>("collation")?.map(Ident::from);
    if let Some(expr) = row.get::<Option<String>>("expr")? {
        let kept = expression::default(&expr, &echo);
        let canonical = expression::canonical(&kept);
        domain.default = Some(Spelled::canonical(kept.into(), canonical));
    }
    let mut comments = Vec::new();
    if let Some(comment) = row.get("comment")? {
        comments.push((Object::Domain(name.clone()), comment));
    }
    let conditions = list(row, "conditions")?;
    let (validated, said) = (list(row, "validated")?, list(row, "check_comments")?);
    for (at, check) in list(row, "checks")?.into_iter().enumerate() {
        let text = |of: &[String]| of.get(at).cloned().unwrap_or_default();
        let mut found = Check::new(text(&conditions)).named(check.as_str());
        found.expr = inspect::echoed(&text(&conditions));
        found.not_valid = text(&validated) == "false";
        domain.checks.push(found);
        let comment = text(&said);
        if !comment.is_empty() {
            comments.push((Object::domain_constraint(check, name.clone()), comment));
        }
    }
    Ok(Found { domain, comments })
}
