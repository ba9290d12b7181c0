//! The database's own spelling of what a model says: probes are made, read back, and undone.
//!
//! The probes are temporary tables in a transaction that is rolled back, or behind a savepoint of the one that is open: nobody
//! sees them, no table of the user's is locked, and no privilege is needed but that of temporary tables. They are read by the
//! very queries that read the live tables, in the same session, so that equal expressions have equal echoes.

use super::probe::{self, Leaf, Plan, ProbeEnum, Wanted};
use super::session::Session;
use super::{Postgres, catalog, inspect, loose, serial, types};
use crate::db::Connection;
use crate::dialect::{Dialect, Scope};
use crate::error::Result;
use crate::schema::{
    Constraint, Enum, Expr, Ident, Index, IndexKey, QualifiedName, Schema, Spelled, Table, Type,
};
use std::collections::{BTreeMap, BTreeSet};

/// Gives the leaves of a model the canonical spelling that the live ones have. False if the database refused some: these are
/// compared as text with what the live tables hold, and get the live leaf's spelling where text calls them equal.
pub(super) async fn canonicalize(
    dialect: &Postgres,
    connection: &mut Connection,
    schema: &mut Schema,
) -> Result<bool> {
    let session = Session::of(connection).await?;
    if let Some(default) = &session.default_schema {
        leave_out(default, schema);
    }
    session.leave_out_usual(schema);
    forget_idle_options(connection, schema).await?;
    let mut enums = probe::enums(schema);
    spell_enums(connection, &mut enums).await?;
    let absent = serial::absent(connection, schema).await?;
    let plan = Plan::new(dialect, schema, enums, &absent);
    if plan.wanted.is_empty() {
        return Ok(true);
    }
    let mut echo = None;
    if let Ok(sql) = plan.at_once(dialect) {
        echo = session.attempt(connection, &sql, probed).await?;
    }
    let mut missing = take_over(schema, &plan, echo);
    if !missing.is_empty()
        && let Ok(sql) = plan.one_by_one(dialect)
    {
        let echo = session.attempt(connection, &sql, probed).await?;
        missing = take_over(schema, &plan, echo);
    }
    match missing.is_empty() {
        true => Ok(true),
        false => adopt(dialect, connection, schema, &missing).await,
    }
}

/// A table of which no value can be too long for a page has no table for such values, and keeps nothing that is said of one.
async fn forget_idle_options(connection: &mut Connection, schema: &mut Schema) -> Result<()> {
    let says = |it: &&Table| it.options.parameters.keys().any(|it| it.starts_with(TOAST));
    let saying = schema.tables.values().filter(says);
    let names: BTreeMap<String, QualifiedName> = saying
        .map(|it| (types::quoted(&it.name), it.name.clone()))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let values = names.keys().map(|it| super::pieces::string_literal(it));
    let values: Vec<String> = values.map(|it| format!("({it})")).collect();
    let sql = format!(
        "SELECT v.name, a.attname::text AS column FROM (VALUES {}) v(name) \
         JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(v.name) \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE c.reltoastrelid = 0 AND c.relkind = 'r'",
        values.join(", ")
    );
    let mut idle: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in connection.fetch(&sql).await? {
        let columns = idle.entry(row.get("name")?).or_default();
        columns.extend(row.get::<Option<String>>("column")?);
    }
    for (name, columns) in idle {
        let Some(table) = names.get(&name).and_then(|it| schema.tables.get_mut(it)) else {
            continue;
        };
        // A column that comes may bring such a table.
        if table
            .columns
            .iter()
            .all(|it| columns.contains(it.name.as_str()))
        {
            table
                .options
                .parameters
                .retain(|it, _| !it.starts_with(TOAST));
        }
    }
    Ok(())
}

/// What the names of options begin with that are said of the table of long values.
pub(super) const TOAST: &str = "toast.";

async fn probed(connection: &mut Connection) -> Result<Schema> {
    let filter = catalog::Filter::temporary(probe::PREFIX);
    Ok(inspect::build(catalog::fetch(connection, &filter).await?))
}

/// A model may name the default schema, which the live schema never does.
fn leave_out(default: &str, schema: &mut Schema) {
    let shorten = |name: &mut QualifiedName| {
        name.schema = name.schema.take().filter(|it| *it != *default);
    };
    fn shorten_type(ty: &mut Type, shorten: &impl Fn(&mut QualifiedName)) -> bool {
        match ty {
            Type::Enum(it) => {
                shorten(&mut it.name);
                true
            }
            Type::Array(item) => shorten_type(item, shorten),
            _ => false,
        }
    }
    for mut ty in std::mem::take(&mut schema.enums).into_values() {
        shorten(&mut ty.name);
        schema.add_enum(ty);
    }
    for mut table in std::mem::take(&mut schema.tables).into_values() {
        shorten(&mut table.name);
        for column in &mut table.columns {
            if shorten_type(&mut column.ty.written, &shorten) {
                column.ty.canonical = Some(types::canonical(&column.ty.written));
            }
        }
        for constraint in &mut table.constraints {
            if let Constraint::ForeignKey(key) = constraint {
                shorten(&mut key.references);
            }
        }
        let whole = table.options.partition_of.as_mut().map(|it| &mut it.parent);
        let parents = table.options.inherits.iter_mut();
        whole.into_iter().chain(parents).for_each(shorten);
        schema.add_table(table);
    }
}

/// What the database calls the enum types that a model names with their schema: it leaves that out where the search path
/// finds them without.
async fn spell_enums(connection: &mut Connection, enums: &mut [ProbeEnum]) -> Result<()> {
    let qualified: Vec<&mut ProbeEnum> = enums
        .iter_mut()
        .filter(|it| it.ty.name.schema.is_some())
        .collect();
    if qualified.is_empty() {
        return Ok(());
    }
    let values: Vec<String> = qualified
        .iter()
        .map(|it| {
            let name = super::pieces::string_literal(&it.spelling);
            format!("({name}, pg_catalog.to_regtype({name})::text)")
        })
        .collect();
    let sql = format!(
        "SELECT v.name, v.echo FROM (VALUES {}) v(name, echo)",
        values.join(", ")
    );
    let mut spellings: BTreeMap<String, Option<String>> = BTreeMap::new();
    for row in connection.fetch(&sql).await? {
        spellings.insert(row.get("name")?, row.get("echo")?);
    }
    for probe in qualified {
        if let Some(Some(echo)) = spellings.remove(&probe.spelling) {
            probe.spelling = echo;
        }
    }
    Ok(())
}

/// Writes the echoes into the model; answers the leaves that have none.
fn take_over(schema: &mut Schema, plan: &Plan, echo: Option<Schema>) -> Vec<Wanted> {
    let mut probes: BTreeMap<String, Table> = BTreeMap::new();
    for table in echo.unwrap_or_default().tables.into_values() {
        probes.insert(table.name.name.to_string(), table);
    }
    let mut missing = Vec::new();
    for wanted in &plan.wanted {
        let model = schema.tables.get_mut(&wanted.table);
        let done = match (model, probes.get_mut(&wanted.probe)) {
            (Some(model), Some(probe)) => {
                let named = take_over_enum(model, probe, wanted, &plan.enums);
                schema.enums.extend(named.map(|ty| (ty.name.clone(), ty)));
                take_over_leaf(model, probe, wanted, &plan.enums)
            }
            _ => None,
        };
        if done.is_none() {
            missing.push(wanted.clone());
        }
    }
    missing
}

/// A type that the model calls by its name alone, and that is an enum type: the live column has it as such. Answers the enum
/// type if the model does not declare it.
fn take_over_enum(
    model: &mut Table,
    probe: &Table,
    wanted: &Wanted,
    enums: &[ProbeEnum],
) -> Option<Enum> {
    let (Leaf::Type(name), Leaf::Type(echo)) = (&wanted.leaf, &wanted.echo) else {
        return None;
    };
    let echo = &probe.find_column(echo)?.ty.written;
    let column = model.find_column_mut(name)?;
    let found = echo.as_enum()?;
    let of_model = enums.iter().find(|it| {
        let schema = found.name.schema.as_ref();
        found.name.name == *it.name && schema.is_some_and(|it| it.starts_with("pg_temp_"))
    });
    let ty = of_model.map_or_else(|| found.clone(), |it| it.ty.clone());
    let written = match echo {
        Type::Array(_) => Type::Enum(ty.clone()).array(),
        _ => Type::Enum(ty.clone()),
    };
    column.ty = Spelled::canonical(written.clone(), types::canonical(&written));
    of_model.is_none().then_some(ty)
}

fn take_over_leaf(
    model: &mut Table,
    probe: &mut Table,
    wanted: &Wanted,
    enums: &[ProbeEnum],
) -> Option<()> {
    if let (Leaf::Classes(name), Leaf::Classes(echo)) = (&wanted.leaf, &wanted.echo) {
        let echo = probe.find_index(echo)?;
        let index = model.indexes.iter_mut().find(|it| it.name == *name)?;
        for (part, echo) in index.parts.iter_mut().zip(&echo.parts) {
            part.opclass = echo.opclass.clone();
            part.collation = echo.collation.clone();
        }
        return Some(());
    }
    if let (Leaf::Type(name), Leaf::Type(echo)) = (&wanted.leaf, &wanted.echo) {
        let echo = probe.find_column(echo)?;
        let column = model.find_column_mut(name)?;
        column.collation = echo.collation.clone();
        // An enum type is called by its name, not by its probe's.
        if column.ty.written.as_enum().is_none() {
            let canonical = echo.ty.canonical.clone()?;
            column.ty.canonical = Some(renamed(out_of_temp(&canonical), enums));
        }
        return Some(());
    }
    if let (Leaf::Key(name, at), Leaf::Key(echo, echoed)) = (&wanted.leaf, &wanted.echo) {
        // An expression that is a column and nothing more is kept as that column.
        let echo = &probe.find_index(echo)?.parts.get(*echoed)?.key;
        if let IndexKey::Column(column) = echo {
            let index = model.indexes.iter_mut().find(|it| it.name == *name)?;
            index.parts.get_mut(*at)?.key = IndexKey::Column(column.clone());
            return Some(());
        }
    }
    let canonical = canonical_of(probe, &wanted.echo)?.1.clone()?;
    *canonical_of(model, &wanted.leaf)?.1 = Some(renamed(&canonical, enums));
    Some(())
}

/// The temporary schema has a number of its own in each session.
fn out_of_temp(canonical: &str) -> &str {
    match canonical
        .strip_prefix("pg_temp_")
        .and_then(|it| it.split_once('.'))
    {
        Some((_, name)) => name,
        None => canonical,
    }
}

fn renamed(text: &str, enums: &[ProbeEnum]) -> String {
    let qualified = enums.iter().filter(|it| it.ty.name.schema.is_some());
    qualified.fold(text.to_string(), |text, it| {
        text.replace(&it.name, &it.spelling)
    })
}

/// A leaf of a table: what is written, and the canonical spelling.
fn canonical_of<'t>(table: &'t mut Table, leaf: &Leaf) -> Option<(String, &'t mut Option<String>)> {
    fn of(expr: &mut Spelled<Expr>) -> (String, &mut Option<String>) {
        (expr.written.to_string(), &mut expr.canonical)
    }
    fn index<'t>(table: &'t mut Table, name: &Ident) -> Option<&'t mut Index> {
        table.indexes.iter_mut().find(|it| it.name == *name)
    }
    match leaf {
        Leaf::Type(_) | Leaf::Classes(_) => None,
        Leaf::Default(name) => table.find_column_mut(name)?.default.as_mut().map(of),
        Leaf::Generated(name) => {
            let generated = table.find_column_mut(name)?.generated.as_mut()?;
            Some(of(&mut generated.expr))
        }
        Leaf::Check(number, name) => {
            let mut constraints = table.constraints.iter_mut().enumerate();
            let (_, found) = constraints.find(|(at, it)| match name {
                Some(name) => it.name() == Some(name),
                None => at == number,
            })?;
            match found {
                Constraint::Check(check) => Some(of(&mut check.expr)),
                _ => None,
            }
        }
        Leaf::Key(name, number) => match &mut index(table, name)?.parts.get_mut(*number)?.key {
            IndexKey::Expr(expr) => Some(of(expr)),
            IndexKey::Column(_) => None,
        },
        Leaf::Predicate(name) => index(table, name)?.predicate.as_mut().map(of),
        Leaf::Parts => {
            let by = table.options.partition_by.as_mut()?;
            Some((by.written.clone(), &mut by.canonical))
        }
        Leaf::Bound => {
            let bound = &mut table.options.partition_of.as_mut()?.bound;
            Some((bound.written.clone(), &mut bound.canonical))
        }
    }
}

/// Where text calls a leaf of the model and one of the live table equal, it gets the live one's canonical spelling. True if
/// there was nothing to compare: what is new in the models may need what is new beside it.
async fn adopt(
    dialect: &Postgres,
    connection: &mut Connection,
    schema: &mut Schema,
    missing: &[Wanted],
) -> Result<bool> {
    let names: BTreeSet<QualifiedName> = missing.iter().map(|it| it.table.clone()).collect();
    let scope = Scope::Tables(names.into_iter().collect());
    let mut live = dialect.inspect(connection, &scope).await?;
    let mut compared = false;
    for wanted in missing {
        let model = schema.tables.get_mut(&wanted.table);
        let live = live.tables.get_mut(&wanted.table);
        if let (Some(model), Some(live)) = (model, live) {
            compared |= has_leaf(live, &wanted.leaf);
            adopt_leaf(model, live, &wanted.leaf);
        }
    }
    Ok(!compared)
}

fn has_leaf(table: &mut Table, leaf: &Leaf) -> bool {
    match leaf {
        Leaf::Type(name) => table.has_column(name),
        Leaf::Classes(name) => table.has_index(name),
        other => canonical_of(table, other).is_some(),
    }
}

fn adopt_leaf(model: &mut Table, live: &mut Table, leaf: &Leaf) {
    let text = |written: &str, table: &Table| match leaf {
        Leaf::Default(name) => {
            let column = table.find_column(name);
            let ty = column.and_then(|it| it.ty.canonical.clone());
            loose::default(written, &ty.unwrap_or_default())
        }
        _ => loose::condition(written),
    };
    let Some((written, canonical)) = canonical_of(live, leaf) else {
        return;
    };
    let canonical = canonical.clone();
    let theirs = text(&written, live);
    let Some((written, _)) = canonical_of(model, leaf) else {
        return;
    };
    let ours = text(&written, model);
    if let Some((_, mine)) = canonical_of(model, leaf)
        && ours == theirs
    {
        *mine = canonical;
    }
}
