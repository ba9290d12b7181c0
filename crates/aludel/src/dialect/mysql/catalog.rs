//! Looking into `information_schema`: rows as they come, by a constant number of queries.
//!
//! The catalog opens every table that a query does not exclude by equality
//! (<https://mariadb.com/kb/en/optimizing-for-latest-versions-of-the-information-schema/>): so each schema, or each table, is asked
//! for by a part of a `UNION ALL` of its own.

use super::Mysql;
use crate::db::{Connection, Row};
use crate::dialect::Scope;
use crate::error::Result;
use crate::schema::QualifiedName;
use crate::sql::Spell;
use std::collections::BTreeMap;

/// All that the catalog said.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub databases: Vec<(String, String)>,
    pub tables: Vec<TableRow>,
    pub columns: Vec<ColumnRow>,
    pub keys: Vec<KeyRow>,
    pub references: Vec<ReferenceRow>,
    pub rules: Vec<RuleRow>,
    pub checks: Vec<CheckRow>,
    /// How tables are parted, and the parsers of full-text indexes: neither is told by the catalog in one piece.
    pub parts: BTreeMap<Place, String>,
    pub parsers: BTreeMap<(Place, String), String>,
}

/// A table, by its database and its name; no database is the connection's own.
pub(super) type Place = (Option<String>, String);

#[derive(Debug)]
pub(super) struct TableRow {
    pub place: Place,
    pub database: String,
    pub engine: String,
    pub collation: String,
    pub comment: String,
    pub options: String,
}

#[derive(Debug)]
pub(super) struct ColumnRow {
    pub place: Place,
    pub position: i64,
    pub name: String,
    pub ty: String,
    pub nullable: bool,
    pub default: Option<String>,
    pub collation: Option<String>,
    pub extra: String,
    pub comment: String,
    pub generated: String,
    /// The reference system of a spatial column.
    pub srs: Option<i64>,
}

/// One key of an index.
#[derive(Debug)]
pub(super) struct KeyRow {
    pub place: Place,
    pub index: String,
    pub position: i64,
    pub unique: bool,
    pub column: Option<String>,
    pub expr: Option<String>,
    pub length: Option<i64>,
    pub descending: bool,
    pub kind: String,
    pub comment: String,
    /// No query uses it.
    pub invisible: bool,
}

/// One column of a foreign key.
#[derive(Debug)]
pub(super) struct ReferenceRow {
    pub place: Place,
    pub name: String,
    pub position: i64,
    pub column: String,
    pub references: Place,
    pub referred: String,
}

/// What a foreign key does.
#[derive(Debug)]
pub(super) struct RuleRow {
    pub place: Place,
    pub name: String,
    pub on_delete: String,
    pub on_update: String,
}

#[derive(Debug)]
pub(super) struct CheckRow {
    pub place: Place,
    pub name: String,
    pub clause: String,
    pub of_column: bool,
    /// It is kept and not held to.
    pub not_enforced: bool,
}

/// A schema and a table as SQL text, to be compared with.
pub(super) fn place(dialect: &Mysql, table: &QualifiedName) -> Result<(String, String)> {
    let schema = match &table.schema {
        Some(schema) => dialect.string(schema)?,
        None => "DATABASE()".into(),
    };
    Ok((schema, dialect.string(&table.name)?))
}

/// One part of what is looked at.
pub(super) enum Part {
    Schema(String),
    Table(String, String),
    Everything,
}

/// Databases of the server's own.
pub(super) const OWN: &str = "'information_schema', 'mysql', 'performance_schema', 'sys'";

pub(super) fn parts(dialect: &Mysql, scope: &Scope) -> Result<Vec<Part>> {
    Ok(match scope {
        Scope::Everything => vec![Part::Everything],
        Scope::Schemas(schemas) => {
            let mut parts = vec![Part::Schema("DATABASE()".into())];
            for schema in schemas {
                if dialect.session.database.as_deref() != Some(schema) {
                    parts.push(Part::Schema(dialect.string(schema)?));
                }
            }
            parts
        }
        Scope::Tables(tables) => {
            let places: Result<Vec<_>> = tables.iter().map(|it| place(dialect, it)).collect();
            let mut places = places?;
            places.sort();
            places.dedup();
            places
                .into_iter()
                .map(|(schema, table)| Part::Table(schema, table))
                .collect()
        }
    })
}

/// `SELECT …` for each part; `schema` and `table` are the columns that say whose row it is.
pub(super) fn query(parts: &[Part], select: &str, schema: &str, table: &str, also: &str) -> String {
    let selects = parts.iter().map(|part| {
        let filter = match part {
            Part::Schema(it) => format!("{schema} = {it}"),
            Part::Table(it, name) => format!("{schema} = {it} AND {table} = {name}"),
            Part::Everything => format!("{schema} NOT IN ({OWN})"),
        };
        format!("SELECT NULLIF({schema}, DATABASE()) AS home, {table} AS owner, {select} WHERE {filter}{also}")
    });
    selects.collect::<Vec<_>>().join(" UNION ALL ")
}

/// Asks everything.
pub(super) async fn fetch(
    dialect: &Mysql,
    connection: &mut Connection,
    scope: &Scope,
) -> Result<Rows> {
    let parts = parts(dialect, scope)?;
    if parts.is_empty() {
        return Ok(Rows::default());
    }
    let ask = |select: &str, also: &str| query(&parts, select, "TABLE_SCHEMA", "TABLE_NAME", also);
    let databases = "SELECT SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA";
    let tables = ask(
        "TABLE_SCHEMA AS place, ENGINE AS engine, TABLE_COLLATION AS collation, TABLE_COMMENT AS comment, \
         CREATE_OPTIONS AS options FROM information_schema.TABLES",
        " AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')",
    );
    let srs = match dialect.can.reference_systems {
        true => "CAST(SRS_ID AS SIGNED)",
        false => "NULL",
    };
    let columns = ask(
        &format!(
            "CAST(ORDINAL_POSITION AS SIGNED) AS position, COLUMN_NAME AS name, COLUMN_TYPE AS type, \
             IS_NULLABLE = 'YES' AS nullable, COLUMN_DEFAULT AS fallback, COLLATION_NAME AS collation, EXTRA AS extra, \
             COLUMN_COMMENT AS comment, GENERATION_EXPRESSION AS expr, {srs} AS srs FROM information_schema.COLUMNS"
        ),
        "",
    );
    let expr = match dialect.can.expression_indexes {
        true => "EXPRESSION",
        false => "NULL",
    };
    let keys = ask(
        &format!(
            "INDEX_NAME AS name, CAST(SEQ_IN_INDEX AS SIGNED) AS position, NON_UNIQUE = 0 AS uniq, COLUMN_NAME AS col, \
             {expr} AS expr, CAST(SUB_PART AS SIGNED) AS length, COLLATION AS direction, INDEX_TYPE AS kind, \
             INDEX_COMMENT AS comment, {} AS hidden FROM information_schema.STATISTICS",
            dialect.can.hidden_index
        ),
        "",
    );
    let references = ask(
        "CONSTRAINT_NAME AS name, CAST(ORDINAL_POSITION AS SIGNED) AS position, COLUMN_NAME AS col, \
         NULLIF(REFERENCED_TABLE_SCHEMA, DATABASE()) AS there, REFERENCED_TABLE_NAME AS parent, \
         REFERENCED_COLUMN_NAME AS referred FROM information_schema.KEY_COLUMN_USAGE",
        " AND REFERENCED_TABLE_NAME IS NOT NULL",
    );
    let rules = query(
        &parts,
        "CONSTRAINT_NAME AS name, DELETE_RULE AS on_delete, UPDATE_RULE AS on_update \
         FROM information_schema.REFERENTIAL_CONSTRAINTS",
        "CONSTRAINT_SCHEMA",
        "TABLE_NAME",
        "",
    );
    let mut rows = Rows::default();
    for row in connection.fetch(databases).await? {
        rows.databases.push((row.at(0)?, row.at(1)?));
    }
    rows.tables = read(connection, &tables, table_row).await?;
    rows.columns = read(connection, &columns, column_row).await?;
    rows.keys = read(connection, &keys, key_row).await?;
    rows.references = read(connection, &references, reference_row).await?;
    rows.rules = read(connection, &rules, rule_row).await?;
    if let Some(checks) = checks(dialect, &parts) {
        rows.checks = read(connection, &checks, check_row).await?;
    }
    Ok(rows)
}

/// MySQL names a check within its schema, and tells its table elsewhere.
fn checks(dialect: &Mysql, parts: &[Part]) -> Option<String> {
    if !dialect.can.checks {
        return None;
    }
    let level = match dialect.can.column_checks {
        true => "LEVEL = 'Column'",
        false => "0",
    };
    let idle = match dialect.can.not_enforced {
        true => "t.ENFORCED = 'NO'",
        false => "0",
    };
    let select = format!(
        "c.CONSTRAINT_NAME AS name, CHECK_CLAUSE AS clause, {level} AS of_column, {idle} AS idle"
    );
    Some(match dialect.product {
        super::Product::MariaDb => query(
            parts,
            &format!("{select} FROM information_schema.CHECK_CONSTRAINTS c"),
            "c.CONSTRAINT_SCHEMA",
            "c.TABLE_NAME",
            "",
        ),
        super::Product::Mysql => query(
            parts,
            &format!(
                "{select} FROM information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c \
                 ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME"
            ),
            "t.TABLE_SCHEMA",
            "t.TABLE_NAME",
            " AND t.CONSTRAINT_TYPE = 'CHECK'",
        ),
    })
}

async fn read<T>(
    connection: &mut Connection,
    sql: &str,
    of: impl Fn(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    let rows = connection.fetch(sql).await?;
    rows.iter().map(of).collect()
}

/// A text that may be null, which is none.
fn text(row: &Row, column: &str) -> Result<String> {
    Ok(row.get::<Option<String>>(column)?.unwrap_or_default())
}

fn flag(row: &Row, column: &str) -> Result<bool> {
    Ok(row.get::<i64>(column)? != 0)
}

fn place_of(row: &Row) -> Result<Place> {
    Ok((row.get("home")?, row.get("owner")?))
}

fn table_row(row: &Row) -> Result<TableRow> {
    Ok(TableRow {
        place: place_of(row)?,
        database: row.get("place")?,
        engine: text(row, "engine")?,
        collation: text(row, "collation")?,
        comment: text(row, "comment")?,
        options: text(row, "options")?,
    })
}

fn column_row(row: &Row) -> Result<ColumnRow> {
    Ok(ColumnRow {
        place: place_of(row)?,
        position: row.get("position")?,
        name: row.get("name")?,
        ty: row.get("type")?,
        nullable: flag(row, "nullable")?,
        default: row.get("fallback")?,
        collation: row.get("collation")?,
        extra: text(row, "extra")?,
        comment: text(row, "comment")?,
        generated: text(row, "expr")?,
        srs: row.get("srs")?,
    })
}

fn key_row(row: &Row) -> Result<KeyRow> {
    Ok(KeyRow {
        place: place_of(row)?,
        index: row.get("name")?,
        position: row.get("position")?,
        unique: flag(row, "uniq")?,
        column: row.get("col")?,
        expr: row.get("expr")?,
        length: row.get("length")?,
        descending: text(row, "direction")? == "D",
        kind: text(row, "kind")?,
        comment: text(row, "comment")?,
        invisible: flag(row, "hidden")?,
    })
}

fn reference_row(row: &Row) -> Result<ReferenceRow> {
    Ok(ReferenceRow {
        place: place_of(row)?,
        name: row.get("name")?,
        position: row.get("position")?,
        column: row.get("col")?,
        references: (row.get("there")?, row.get("parent")?),
        referred: row.get("referred")?,
    })
}

fn rule_row(row: &Row) -> Result<RuleRow> {
    Ok(RuleRow {
        place: place_of(row)?,
        name: row.get("name")?,
        on_delete: text(row, "on_delete")?,
        on_update: text(row, "on_update")?,
    })
}

fn check_row(row: &Row) -> Result<CheckRow> {
    Ok(CheckRow {
        place: place_of(row)?,
        name: row.get("name")?,
        clause: text(row, "clause")?,
        of_column: flag(row, "of_column")?,
        not_enforced: flag(row, "idle")?,
    })
}
