//! Policies, and whether they hold.

use super::super::inspect;
use super::catalog::{list, place};
use super::places::{Places, holds, holds_column, own, place_columns};
use crate::db::{Connection, Row};
use crate::error::Result;
use crate::schema::{Ident, Object, Objects, Policy, PolicyCommand, QualifiedName, RowSecurity};

/// The policies of the scope, and the tables on which policies hold.
pub(super) async fn inspect(
    connection: &mut Connection,
    places: &Places,
    objects: &mut Objects,
) -> Result<()> {
    let sql = format!(
        "SELECT {}, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, p.polname::text AS policy, \
         p.polcmd::text AS command, p.polpermissive AS permissive, \
         (SELECT pg_catalog.array_agg(r.rolname::text ORDER BY r.rolname)::text FROM pg_catalog.pg_roles r \
         WHERE r.oid = ANY (p.polroles)) AS roles, \
         pg_catalog.pg_get_expr(p.polqual, p.polrelid, true) AS condition, \
         pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true) AS check_condition, \
         pg_catalog.obj_description(p.oid, 'pg_policy') AS comment, {} \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid \
         WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' \
         AND (c.relrowsecurity OR c.relforcerowsecurity OR p.oid IS NOT NULL) AND {} AND {} ORDER BY 1, 2, 6",
        place_columns("c.relname"),
        holds_column("pg_policy", "p.oid"),
        places.of_relation(),
        own("c.oid", "pg_class"),
    );
    for row in connection.fetch(&sql).await? {
        let table = place(&row, "")?.qualified();
        let security = RowSecurity {
            enabled: row.get("enabled")?,
            forced: row.get("forced")?,
        };
        if security != RowSecurity::default() {
            objects.row_security.insert(table.clone(), security);
        }
        let Some(name) = row.get::<Option<String>>("policy")? else {
            continue;
        };
        let policy = policy(&row, name, table)?;
        let key = (policy.table.clone(), policy.name.clone());
        if let Some(comment) = row.get("comment")? {
            let object = Object::Policy(key.0.clone(), key.1.clone());
            objects.comments.insert(object, comment);
        }
        objects.policies.insert(key, policy);
    }
    Ok(())
}

/// By the letters of <https://www.postgresql.org/docs/current/catalog-pg-policy.html>. A policy for everybody names no role.
fn policy(row: &Row, name: String, table: QualifiedName) -> Result<Policy> {
    let mut policy = Policy::new(name, table);
    policy.command = match row.get::<String>("command")?.as_str() {
        "r" => PolicyCommand::Select,
        "a" => PolicyCommand::Insert,
        "w" => PolicyCommand::Update,
        "d" => PolicyCommand::Delete,
        _ => PolicyCommand::All,
    };
    policy.permissive = row.get("permissive")?;
    policy.roles = list(row, "roles")?.into_iter().map(Ident::from).collect();
    let condition: Option<String> = row.get("condition")?;
    policy.using = condition.as_deref().map(inspect::echoed);
    let condition: Option<String> = row.get("check_condition")?;
    policy.with_check = condition.as_deref().map(inspect::echoed);
    policy.holds = holds(row)?;
    Ok(policy)
}
