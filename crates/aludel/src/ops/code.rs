//! The nouns of a schema as Rust source: what a generated revision says.
//!
//! The text is correct Rust that `rustfmt` leaves almost as it is; whoever writes a file lets `rustfmt` have the last word.

use crate::schema::{
    Action, Check, Column, Constraint, Deferrable, Enum, Exclude, Expr, ForeignKey, Ident,
    Identity, Index, IndexKey, IndexPart, NamingConvention, Nulls, Position, PrimaryKey,
    QualifiedName, Spelled, Table, Type, Unique,
};
use std::collections::BTreeMap;

mod objects;

pub use objects::{
    domain, extension, function, object, object_arguments, policy, policy_conditions, sequence,
    text, trigger, view,
};

/// A string literal; a raw one where escapes would hurt the eye.
pub fn string(text: &str) -> String {
    let printable = text.chars().all(|c| !c.is_control());
    if printable && text.contains(['"', '\\']) {
        let mut hashes = 0;
        while text.contains(&format!("\"{}", "#".repeat(hashes))) {
            hashes += 1;
        }
        let hashes = "#".repeat(hashes);
        return format!("r{hashes}\"{text}\"{hashes}");
    }
    format!("{text:?}")
}

/// A table's or type's name: `"patients"`, or `("billing", "invoices")`.
pub fn name(name: &QualifiedName) -> String {
    match &name.schema {
        Some(schema) => format!("({}, {})", string(schema), string(&name.name)),
        None => string(&name.name),
    }
}

/// `["a", "b"]`.
pub fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<String> = items.into_iter().map(string).collect();
    format!("[{}]", items.join(", "))
}

/// A list of column names.
pub fn idents(names: &[Ident]) -> String {
    if names.is_empty() {
        return "[] as [&str; 0]".into();
    }
    list(names.iter().map(Ident::as_str))
}

/// SQL text as an argument.
pub fn expr(expr: &Spelled<Expr>) -> String {
    string(expr.written.as_str())
}

/// A type.
pub fn ty(ty: &Type) -> String {
    match ty {
        Type::Decimal(precision, scale) => format!("Type::Decimal({precision}, {scale})"),
        Type::Varchar(length) => format!("Type::Varchar({length})"),
        Type::Char(length) => format!("Type::Char({length})"),
        Type::Enum(it) => format!("Type::enumeration({})", enum_args(it)),
        Type::Array(item) => format!("{}.array()", self::ty(item)),
        Type::Unsigned(of) => format!("{}.unsigned()", self::ty(of)),
        Type::Precise(of, digits) => format!("{}.precision({digits})", self::ty(of)),
        Type::Postgres(it) => format!("Type::Postgres(PostgresType::{it:?})"),
        Type::Mysql(it) => format!("Type::Mysql(MysqlType::{it:?})"),
        Type::Custom(text) => format!("Type::custom({})", string(text)),
        plain => format!("Type::{plain:?}"),
    }
}

/// An enum type.
pub fn enumeration(ty: &Enum) -> String {
    format!("Enum::new({})", enum_args(ty))
}

fn enum_args(ty: &Enum) -> String {
    format!("{}, {}", name(&ty.name), strings(&ty.values))
}

fn strings(values: &[String]) -> String {
    if values.is_empty() {
        return "[] as [&str; 0]".into();
    }
    list(values.iter().map(String::as_str))
}

/// A column, without what belongs to its table.
pub fn column(column: &Column) -> String {
    let mut code = format!(
        "Column::new({}, {})",
        string(&column.name),
        ty(&column.ty.written)
    );
    if let Some(it) = &column.identity {
        code += &identity(it);
    } else if !column.nullable {
        code += ".not_null()";
    }
    if let Some(default) = &column.default {
        code += &format!(".server_default({})", expr(default));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored {
            "stored"
        } else {
            "virtual"
        };
        code += &format!(".generated_{kind}({})", expr(&generated.expr));
    }
    if let Some(charset) = &column.charset {
        code += &format!(".charset({})", string(charset));
    }
    if let Some(collation) = &column.collation {
        code += &format!(".collation({})", string(collation));
    }
    if let Some(on_update) = &column.on_update {
        code += &format!(".server_onupdate({})", expr(on_update));
    }
    if column.invisible {
        code += ".invisible()";
    }
    if let Some(comment) = &column.comment {
        code += &format!(".comment({})", string(comment));
    }
    if let Some(resolution) = column.not_null_on_conflict {
        code += &format!(".not_null_on_conflict(OnConflict::{resolution:?})");
    }
    code
}

fn identity(it: &Identity) -> String {
    match it {
        it if *it == Identity::BY_DEFAULT => ".identity()".into(),
        it if *it == Identity::ALWAYS => ".identity_always()".into(),
        it => format!(".identity_as({})", identity_value(it)),
    }
}

/// An identity as a value.
pub fn identity_value(it: &Identity) -> String {
    let mut fields = vec![
        format!("always: {}", it.always),
        format!("start: {:?}", it.start),
        format!("increment: {:?}", it.increment),
    ];
    let bounds = [("min", it.min), ("max", it.max), ("cache", it.cache)];
    let bounds = bounds.iter().filter(|(_, value)| value.is_some());
    fields.extend(bounds.map(|(name, value)| format!("{name}: {value:?}")));
    if it.cycle {
        fields.push("cycle: true".into());
    }
    if fields.len() < 7 {
        fields.push("..Identity::BY_DEFAULT".into());
    }
    format!("Identity {{ {} }}", fields.join(", "))
}

/// A table with its columns, constraints and indexes.
pub fn table(table: &Table) -> String {
    let mut code = format!("Table::new({})", name(&table.name));
    let sole_key = table.find_primary_key().filter(|key| is_plain(table, key));
    for it in &table.columns {
        let mut said = column(it);
        if sole_key.is_some() && table.is_sole_key(&it.name) {
            said = said.replacen(".not_null()", "", 1) + ".primary_key()";
        }
        code += &format!("\n.column({said})");
    }
    for it in &table.constraints {
        if matches!(it, Constraint::PrimaryKey(_)) && sole_key.is_some() {
            continue;
        }
        code += &format!("\n.constraint({})", constraint(it));
    }
    for it in &table.indexes {
        code += &format!("\n.index({})", index(it));
    }
    if let Some(comment) = &table.comment {
        code += &format!("\n.comment({})", string(comment));
    }
    let options = &table.options;
    for (set, call) in [
        (options.strict, "strict"),
        (options.without_rowid, "without_rowid"),
        (options.autoincrement, "autoincrement"),
        (options.temporary, "temporary"),
        (options.unlogged, "unlogged"),
    ] {
        if set {
            code += &format!("\n.{call}()");
        }
    }
    let tablespace = options.tablespace.as_ref().map(ToString::to_string);
    let parts = options.partition_by.as_ref().map(|it| it.written.clone());
    for (said, call) in [
        (&parts, "partition_by"),
        (&options.method, "method"),
        (&options.on_commit, "on_commit"),
        (&tablespace, "tablespace"),
        (&options.engine, "engine"),
        (&options.charset, "charset"),
        (&options.collation, "collation"),
    ] {
        if let Some(text) = said {
            code += &format!("\n.{call}({})", string(text));
        }
    }
    if let Some(of) = &options.partition_of {
        code += &format!(
            "\n.partition_of({}, {})",
            name(&of.parent),
            string(&of.bound.written)
        );
    }
    for parent in &options.inherits {
        code += &format!("\n.inherits({})", name(parent));
    }
    code + &pairs("parameter", &options.parameters) + &pairs("option", &options.others)
}

/// A key on one column, named as the naming convention would: then the column itself can say it.
fn is_plain(table: &Table, key: &PrimaryKey) -> bool {
    let mut unnamed = Table::new(table.name.clone()).primary_key(key.columns.clone());
    unnamed.apply_naming(&NamingConvention::default());
    let nullable = key
        .columns
        .iter()
        .any(|it| table.find_column(it).is_some_and(|it| it.nullable));
    key.columns.len() == 1
        && key.on_conflict.is_none()
        && primary_key_calls(key).is_empty()
        && !nullable
        && unnamed.find_primary_key().map(|it| &it.name) == Some(&key.name)
}

/// A constraint as a noun.
pub fn constraint(constraint: &Constraint) -> String {
    let mut code = match constraint {
        Constraint::PrimaryKey(it) => {
            let mut code = format!("PrimaryKey::new({})", idents(&it.columns));
            code += &primary_key_calls(it);
            if let Some(resolution) = it.on_conflict {
                code += &format!(".on_conflict(OnConflict::{resolution:?})");
            }
            code
        }
        Constraint::Unique(it) => {
            format!("Unique::new({}){}", idents(&it.columns), unique_calls(it))
        }
        Constraint::ForeignKey(it) => format!(
            "ForeignKey::new({}, {}, {}){}",
            idents(&it.columns),
            name(&it.references),
            idents(&it.referred),
            foreign_key_calls(it)
        ),
        Constraint::Check(it) => format!("Check::new({}){}", expr(&it.expr), check_calls(it)),
        Constraint::Exclude(it) => format!(
            "Exclude::new({}){}",
            exclude_elements(it),
            exclude_calls(it)
        ),
    };
    if let Some(name) = constraint.name() {
        code += &format!(".named({})", string(name));
    }
    code
}

/// The calls that complete a primary key, but for its conflict clause.
pub fn primary_key_calls(it: &PrimaryKey) -> String {
    deferrable(it.deferrable) + &include(&it.include)
}

/// `.if_not_exists()`, or nothing.
pub fn if_not_exists(said: bool) -> &'static str {
    if said { ".if_not_exists()" } else { "" }
}

/// `.first()` or `.after(column)`, or nothing.
pub fn position(position: Option<&Position>) -> String {
    match position {
        Some(Position::First) => ".first()".into(),
        Some(Position::After(column)) => format!(".after({})", string(column)),
        None => String::new(),
    }
}

/// The calls that complete a unique constraint.
pub fn unique_calls(it: &Unique) -> String {
    let mut code = deferrable(it.deferrable) + &include(&it.include);
    if it.nulls_not_distinct {
        code += ".nulls_not_distinct()";
    }
    if let Some(resolution) = it.on_conflict {
        code += &format!(".on_conflict(OnConflict::{resolution:?})");
    }
    code
}

/// The calls that complete a foreign key.
pub fn foreign_key_calls(it: &ForeignKey) -> String {
    let mut code = String::new();
    for (call, action) in [("on_delete", it.on_delete), ("on_update", it.on_update)] {
        if action != Action::NoAction {
            code += &format!(".{call}(Action::{action:?})");
        }
    }
    if it.match_full {
        code += ".match_full()";
    }
    if it.not_valid {
        code += ".not_valid()";
    }
    code + &deferrable(it.deferrable)
}

fn deferrable(it: Deferrable) -> String {
    match it {
        Deferrable::No => String::new(),
        it => format!(".deferrable(Deferrable::{it:?})"),
    }
}

/// The calls that complete a check.
pub fn check_calls(it: &Check) -> String {
    let mut code = String::new();
    if it.not_valid {
        code += ".not_valid()";
    }
    if it.no_inherit {
        code += ".no_inherit()";
    }
    if it.not_enforced {
        code += ".not_enforced()";
    }
    code
}

/// What an exclusion constraint compares, and by which operators.
pub fn exclude_elements(it: &Exclude) -> String {
    let elements = it.elements.iter().map(|element| {
        let part = match element.part.as_column() {
            Some(column) if element.part == IndexPart::column(column.clone()) => {
                format!("IndexPart::column({})", string(column))
            }
            _ => index_part(&element.part),
        };
        format!("({part}, {})", string(&element.operator))
    });
    format!("[{}]", elements.collect::<Vec<_>>().join(", "))
}

/// The calls that complete an exclusion constraint.
pub fn exclude_calls(it: &Exclude) -> String {
    let mut code = String::new();
    if let Some(method) = &it.method {
        code += &format!(".method({})", string(method));
    }
    if let Some(predicate) = &it.predicate {
        code += &format!(".predicate({})", expr(predicate));
    }
    code + &deferrable(it.deferrable)
}

fn include(columns: &[Ident]) -> String {
    match columns {
        [] => String::new(),
        columns => format!(".include({})", idents(columns)),
    }
}

/// The calls that say storage parameters, `.parameter("fillfactor", "70")`, or other options of that form.
pub fn pairs(call: &str, options: &BTreeMap<String, String>) -> String {
    let calls = options.iter();
    let calls = calls.map(|(name, value)| format!(".{call}({}, {})", string(name), string(value)));
    calls.collect()
}

/// An index as a noun.
pub fn index(index: &Index) -> String {
    format!(
        "Index::new({}, {}){}",
        string(&index.name),
        index_parts(&index.parts),
        index_calls(index)
    )
}

/// What an index is on.
pub fn index_parts(parts: &[IndexPart]) -> String {
    let names: Option<Vec<&str>> = parts
        .iter()
        .map(|part| match part.as_column() {
            Some(name) if *part == IndexPart::column(name.clone()) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    match names {
        Some(names) if !names.is_empty() => list(names),
        _ => {
            let parts: Vec<String> = parts.iter().map(index_part).collect();
            format!("[{}]", parts.join(", "))
        }
    }
}

fn index_part(part: &IndexPart) -> String {
    let mut code = match &part.key {
        IndexKey::Column(name) => format!("IndexPart::column({})", string(name)),
        IndexKey::Expr(it) => format!("IndexPart::expr({})", expr(it)),
    };
    if part.descending {
        code += ".desc()";
    }
    code += match part.nulls {
        Some(Nulls::First) => ".nulls_first()",
        Some(Nulls::Last) => ".nulls_last()",
        None => "",
    };
    if let Some(collation) = &part.collation {
        code += &format!(".collation({})", string(collation));
    }
    if let Some(opclass) = &part.opclass {
        code += &format!(".opclass({})", string(opclass));
    }
    if let Some(length) = part.length {
        code += &format!(".length({length})");
    }
    code
}

/// The calls that complete an index.
pub fn index_calls(index: &Index) -> String {
    let mut code = String::new();
    if index.unique {
        code += ".unique()";
    }
    if let Some(method) = &index.method {
        code += &format!(".method({})", string(method));
    }
    if !index.include.is_empty() {
        code += &format!(".include({})", idents(&index.include));
    }
    if index.nulls_not_distinct {
        code += ".nulls_not_distinct()";
    }
    if let Some(predicate) = &index.predicate {
        code += &format!(".predicate({})", expr(predicate));
    }
    code += &pairs("parameter", &index.parameters);
    let tablespace = index.tablespace.as_ref().map(ToString::to_string);
    for (said, call) in [
        (&tablespace, "tablespace"),
        (&index.parser, "parser"),
        (&index.comment, "comment"),
    ] {
        if let Some(text) = said {
            code += &format!(".{call}({})", string(text));
        }
    }
    if let Some(class) = index.class {
        code += &format!(".class(IndexClass::{class:?})");
    }
    if index.invisible {
        code += ".invisible()";
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_raw_where_that_reads_better() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string("say \"#\""), r###"r##"say "#""##"###);
        assert_eq!(string("a\nb"), r#""a\nb""#);
    }

    #[test]
    fn a_plain_key_is_said_on_its_column() {
        let mut patients =
            Table::new("patients").column(Column::new("id", Type::Integer).primary_key());
        patients.apply_naming(&NamingConvention::default());
        assert_eq!(
            table(&patients),
            "Table::new(\"patients\")\n.column(Column::new(\"id\", Type::Integer).primary_key())"
        );
    }
}
