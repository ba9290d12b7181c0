//! Probes: temporary tables that hold the leaves of a declared schema, so that the database spells them.
//!
//! A table with checks, generated columns or particular indexes is probed whole, since these name its columns. All other
//! columns share wide tables: a schema of hundreds of tables needs few probes. Nothing here touches a database.

use super::expression::balanced;
use super::parts::PartedProbe;
use super::{Postgres, serial, types};
use crate::error::Result;
use crate::schema::{
    Column, Constraint, Enum, Ident, Index, IndexKey, QualifiedName, Schema, Table, Type,
};
use crate::sql::split::{Flavor, Token, TokenKind, tokens};
use crate::sql::{self, Spell};
use std::collections::BTreeSet;

/// What the names of probes begin with.
pub(super) const PREFIX: &str = "aludel_canon_";

/// Fewer than the 1,600 columns that a table can have.
const COLUMNS_OF_A_SHARED_PROBE: usize = 400;

/// One text of a table that the database is to spell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leaf {
    /// The type of a column, with its collation.
    Type(Ident),
    /// The default of a column.
    Default(Ident),
    /// The expression of a generated column.
    Generated(Ident),
    /// A check, by name; by position where it has none.
    Check(usize, Option<Ident>),
    /// An expression that is a key of an index.
    Key(Ident, usize),
    /// The condition of a partial index.
    Predicate(Ident),
    /// What operator classes and collations the keys of an index have.
    Classes(Ident),
    /// How the table is parted.
    Parts,
    /// Which rows it holds as a part of another.
    Bound,
}

/// A leaf of the model, and where its echo stands.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub table: QualifiedName,
    pub leaf: Leaf,
    pub probe: String,
    pub echo: Leaf,
}

/// An enum type of the model, under another name where the model says in which schema it is.
#[derive(Debug, Clone)]
pub(super) struct ProbeEnum {
    pub ty: Enum,
    /// The temporary type's name, unquoted.
    pub name: String,
    /// What the database would call the type itself.
    pub spelling: String,
}

#[derive(Debug, Default)]
struct Probe {
    name: String,
    columns: Vec<ProbeColumn>,
    checks: Vec<(String, String)>,
    indexes: Vec<String>,
}

#[derive(Debug)]
struct ProbeColumn {
    name: String,
    ty: String,
    default: Option<String>,
    generated: Option<String>,
}

/// All probes of a schema.
#[derive(Debug)]
pub(super) struct Plan {
    pub enums: Vec<ProbeEnum>,
    pub wanted: Vec<Wanted>,
    probes: Vec<Probe>,
    pub parted: Vec<PartedProbe>,
    /// How many probes have a name: a shared one has it before it is among the others.
    named: usize,
}

/// The enum types of a model as their probes, which stand for them in texts too. One in the default schema keeps its name:
/// a temporary type is found before any other.
pub(super) fn enums(schema: &Schema) -> Vec<ProbeEnum> {
    let numbered = schema.enums.values().enumerate();
    let probe = |(number, ty): (usize, &Enum)| ProbeEnum {
        name: match &ty.name.schema {
            Some(_) => format!("aludel_enum_{number:05}"),
            None => ty.name.name.to_string(),
        },
        spelling: types::quoted(&ty.name),
        ty: ty.clone(),
    };
    numbered.map(probe).collect()
}

impl Plan {
    /// What must be asked about a schema. What cannot even be written as SQL is not asked, and stays as it is; nor are the
    /// defaults that take numbers of an absent sequence, which no column of the database can have.
    pub(super) fn new(
        dialect: &Postgres,
        schema: &Schema,
        enums: Vec<ProbeEnum>,
        absent: &BTreeSet<String>,
    ) -> Self {
        let is_absent = |table: &Table, column: &Column| {
            let sequence = serial::sequence(&table.name, column);
            sequence.is_some_and(|it| absent.contains(&it))
        };
        let without_absent = |table: &Table| {
            let mut table = table.clone();
            for at in 0..table.columns.len() {
                if is_absent(&table, &table.columns[at]) {
                    table.columns[at].default = None;
                }
            }
            table
        };
        let mut plan = Self {
            enums,
            wanted: Vec::new(),
            probes: Vec::new(),
            parted: Vec::new(),
            named: 0,
        };
        let mut shared = Probe::default();
        for table in schema.tables.values() {
            let table = &without_absent(table);
            if needs_own_probe(table) {
                plan.add_own(dialect, table);
                continue;
            }
            for column in table.columns.iter().filter(|it| must_be_asked(it)) {
                if shared.columns.len() == COLUMNS_OF_A_SHARED_PROBE {
                    plan.probes.push(std::mem::take(&mut shared));
                }
                if shared.columns.is_empty() {
                    shared.name = plan.next_name();
                }
                let name = format!("c{}", shared.columns.len());
                plan.add_column(dialect, table, column, &name, &mut shared);
            }
        }
        if !shared.columns.is_empty() {
            plan.probes.push(shared);
        }
        plan.add_parted(dialect, schema);
        plan
    }

    /// Names of partitioned probes are those of no other.
    pub(super) fn next_parted_name(&self) -> String {
        format!("{PREFIX}p{:05}", self.parted.len())
    }

    /// Asks about the whole of a table.
    pub(super) fn want_as(&mut self, table: &Table, leaf: Leaf, probe: &str) {
        self.wanted.push(Wanted {
            table: table.name.clone(),
            leaf: leaf.clone(),
            probe: probe.to_string(),
            echo: leaf,
        });
    }

    fn next_name(&mut self) -> String {
        let name = format!("{PREFIX}{:05}", self.named);
        self.named += 1;
        name
    }

    fn want(&mut self, table: &Table, leaf: Leaf, probe: &Probe, echo: Leaf) {
        self.wanted.push(Wanted {
            table: table.name.clone(),
            leaf,
            probe: probe.name.clone(),
            echo,
        });
    }

    fn add_own(&mut self, dialect: &Postgres, table: &Table) {
        let mut probe = Probe {
            name: self.next_name(),
            ..Probe::default()
        };
        for column in &table.columns {
            self.add_column(dialect, table, column, &column.name, &mut probe);
        }
        for (number, constraint) in table.constraints.iter().enumerate() {
            if let Constraint::Check(check) = constraint {
                let name = format!("check_{number:05}");
                let leaf = Leaf::Check(number, check.name.clone());
                self.want(
                    table,
                    leaf,
                    &probe,
                    Leaf::Check(0, Some(name.as_str().into())),
                );
                if let Some(expr) = self.rewritten(check.expr.written.as_str(), table, &probe) {
                    probe.checks.push((name, expr));
                }
            }
        }
        for (number, index) in table.indexes.iter().enumerate() {
            if is_particular(index) {
                let name = format!("{}_ix{number}", probe.name);
                self.add_index(dialect, table, index, name, &mut probe);
            }
        }
        self.probes.push(probe);
    }

    fn add_column(
        &mut self,
        dialect: &Postgres,
        table: &Table,
        column: &Column,
        name: &str,
        probe: &mut Probe,
    ) {
        let echo = || Ident::from(name);
        let leaf = || column.name.clone();
        if is_asked_type(column) {
            self.want(table, Leaf::Type(leaf()), probe, Leaf::Type(echo()));
        }
        if column.default.is_some() {
            self.want(table, Leaf::Default(leaf()), probe, Leaf::Default(echo()));
        }
        if column.generated.is_some() {
            self.want(
                table,
                Leaf::Generated(leaf()),
                probe,
                Leaf::Generated(echo()),
            );
        }
        let default = column.default.as_ref();
        let generated = column.generated.as_ref();
        let written = self.column_type(dialect, column);
        if let (Ok(ty), Ok(name)) = (written, dialect.quote(name))
            && balanced(&ty)
        {
            probe.columns.push(ProbeColumn {
                name,
                ty,
                default: default.and_then(|it| self.rewritten(it.written.as_str(), table, probe)),
                generated: generated
                    .and_then(|it| self.rewritten(it.expr.written.as_str(), table, probe)),
            });
        }
    }

    pub(super) fn column_type(&self, dialect: &Postgres, column: &Column) -> Result<String> {
        let mut sql = match serial::is_serial(&column.ty.written) {
            true => types::canonical(&column.ty.written),
            false => dialect.spell_type(&self.with_probes(&column.ty.written))?,
        };
        if let Some(collation) = &column.collation {
            sql += &format!(" COLLATE {}", dialect.quote(collation)?);
        }
        Ok(sql)
    }

    fn with_probes(&self, ty: &Type) -> Type {
        match ty {
            Type::Enum(it) => {
                let mut it = it.clone();
                if let Some(probe) = self.enums.iter().find(|probe| probe.ty.name == it.name) {
                    it.name = probe.name.as_str().into();
                }
                Type::Enum(it)
            }
            Type::Array(item) => self.with_probes(item).array(),
            other => other.clone(),
        }
    }

    fn add_index(
        &mut self,
        dialect: &Postgres,
        table: &Table,
        index: &Index,
        name: String,
        probe: &mut Probe,
    ) {
        let echo = Ident::from(name.as_str());
        let mut probed = index.clone();
        probed.name = echo.clone();
        probed.unique = false;
        probed.nulls_not_distinct = false;
        probed.include.clear();
        probed.parameters.clear();
        probed.tablespace = None;
        let leaf = Leaf::Classes(index.name.clone());
        self.want(table, leaf, probe, Leaf::Classes(echo.clone()));
        let mut readable = true;
        for (number, part) in probed.parts.iter_mut().enumerate() {
            if let IndexKey::Expr(expr) = &mut part.key {
                let leaf = Leaf::Key(index.name.clone(), number);
                self.want(table, leaf, probe, Leaf::Key(echo.clone(), number));
                match self.rewritten(expr.written.as_str(), table, probe) {
                    Some(text) => expr.written = text.into(),
                    None => readable = false,
                }
            }
        }
        if let Some(predicate) = &mut probed.predicate {
            let leaf = Leaf::Predicate(index.name.clone());
            self.want(table, leaf, probe, Leaf::Predicate(echo));
            match self.rewritten(predicate.written.as_str(), table, probe) {
                Some(text) => predicate.written = text.into(),
                None => readable = false,
            }
        }
        let on = format!("pg_temp.{}", probe.name);
        let classes = probed.parts.iter().filter_map(|it| it.opclass.as_deref());
        if readable
            && classes.into_iter().all(balanced)
            && let Ok(sql) = sql::create_index(dialect, &name, &on, &probed)
        {
            probe.indexes.push(sql);
        }
    }

    /// A text in which the model's types and table are called by the names of their probes. None if it is not one
    /// expression: it would end the clause that it is put into. A comment at its end must not swallow what follows.
    fn rewritten(&self, text: &str, table: &Table, probe: &Probe) -> Option<String> {
        if !balanced(text) {
            return None;
        }
        let all = tokens(text, Flavor::Postgres).ok()?;
        let solid: Vec<&Token> = all.iter().filter(|it| !it.kind.is_silent()).collect();
        let word = |at: usize| solid.get(at).and_then(|it| name_of(it, text));
        let dot = |at: usize| solid.get(at).is_some_and(|it| it.text(text) == ".");
        let mut out = String::new();
        let mut copied = 0;
        let mut at = 0;
        while at < solid.len() {
            let bare = at == 0 || !dot(at - 1);
            let (Some(first), true, true) = (word(at), bare, dot(at + 1)) else {
                at += 1;
                continue;
            };
            let second = word(at + 2);
            let known = self.enums.iter().find(|it| {
                it.ty
                    .name
                    .schema
                    .as_ref()
                    .is_some_and(|schema| *schema == *first)
                    && second.as_deref() == Some(it.ty.name.name.as_str())
            });
            let replaced = match known {
                Some(probe) => Some((probe.name.as_str(), at + 2)),
                None if first == *table.name.name => Some((probe.name.as_str(), at)),
                None => None,
            };
            if let Some((name, last)) = replaced {
                out += &text[copied..solid[at].start];
                out += name;
                copied = solid[last].end;
                at = last;
            }
            at += 1;
        }
        out += &text[copied..];
        Some(out + "\n")
    }

    /// The statements that make the probes, all in one text.
    pub(super) fn at_once(&self, dialect: &Postgres) -> Result<String> {
        let mut statements = self.enum_statements(dialect)?;
        for probe in &self.probes {
            let mut lines: Vec<String> = probe.columns.iter().map(ProbeColumn::whole).collect();
            let checks = probe.checks.iter();
            lines.extend(checks.map(|(name, expr)| format!("CONSTRAINT {name} CHECK ({expr})")));
            let name = &probe.name;
            statements.push(format!(
                "CREATE TEMPORARY TABLE {name} (\n{}\n)",
                lines.join(",\n")
            ));
            statements.extend(probe.indexes.iter().cloned());
        }
        statements.extend(self.parted.iter().flat_map(PartedProbe::statements));
        Ok(statements.join(";\n"))
    }

    /// The same leaf by leaf, so that one that the database refuses takes no other with it.
    pub(super) fn one_by_one(&self, dialect: &Postgres) -> Result<String> {
        let mut statements = self.enum_statements(dialect)?;
        for probe in &self.probes {
            let name = &probe.name;
            statements.push(format!("CREATE TEMPORARY TABLE {name} ()"));
            let alter = format!("ALTER TABLE pg_temp.{name}");
            for plain in probe.columns.iter().filter(|it| it.generated.is_none()) {
                statements.push(format!("{alter} ADD COLUMN {} {}", plain.name, plain.ty));
                if let Some(default) = &plain.default {
                    let column = &plain.name;
                    statements.push(format!(
                        "{alter} ALTER COLUMN {column} SET DEFAULT ({default})"
                    ));
                }
            }
            for computed in probe.columns.iter().filter(|it| it.generated.is_some()) {
                statements.push(format!("{alter} ADD COLUMN {}", computed.whole()));
            }
            for (name, expr) in &probe.checks {
                statements.push(format!("{alter} ADD CONSTRAINT {name} CHECK ({expr})"));
            }
            statements.extend(probe.indexes.iter().cloned());
        }
        statements.extend(self.parted.iter().flat_map(PartedProbe::statements));
        let mut guarded = Vec::new();
        for statement in statements {
            let execute = format!(
                "BEGIN EXECUTE {}; EXCEPTION WHEN OTHERS THEN NULL; END",
                dialect.string(&statement)?
            );
            guarded.push(format!("DO {}", dialect.string(&execute)?));
        }
        Ok(guarded.join(";\n"))
    }

    fn enum_statements(&self, dialect: &Postgres) -> Result<Vec<String>> {
        let mut statements = Vec::new();
        for probe in &self.enums {
            let values: Result<Vec<String>> = probe
                .ty
                .values
                .iter()
                .map(|it| dialect.string(it))
                .collect();
            let name = dialect.quote(&probe.name)?;
            let values = values?.join(", ");
            statements.push(format!("CREATE TYPE pg_temp.{name} AS ENUM ({values})"));
        }
        Ok(statements)
    }
}

impl ProbeColumn {
    fn whole(&self) -> String {
        let mut sql = format!("{} {}", self.name, self.ty);
        if let Some(expr) = &self.generated {
            sql += &format!(" GENERATED ALWAYS AS ({expr}) STORED");
        }
        if let Some(default) = &self.default {
            sql += &format!(" DEFAULT ({default})");
        }
        sql
    }
}

/// The name that a token is, its case folded as the database folds it.
fn name_of(token: &Token, text: &str) -> Option<String> {
    let source = token.text(text);
    match token.kind {
        TokenKind::Word => Some(source.to_lowercase()),
        TokenKind::QuotedIdent => {
            let inside = source.strip_prefix('"')?.strip_suffix('"')?;
            Some(inside.replace("\"\"", "\""))
        }
        _ => None,
    }
}

fn needs_own_probe(table: &Table) -> bool {
    table.columns.iter().any(|it| it.generated.is_some())
        || table
            .constraints
            .iter()
            .any(|it| matches!(it, Constraint::Check(_)))
        || table.indexes.iter().any(is_particular)
}

/// Whether an index says something that the database may spell otherwise.
fn is_particular(index: &Index) -> bool {
    index.predicate.is_some()
        || index.parts.iter().any(|part| {
            part.opclass.is_some() || part.collation.is_some() || part.as_column().is_none()
        })
}

/// Types by name, which the database may call otherwise, and collations, which may be a type's own.
fn is_asked_type(column: &Column) -> bool {
    fn is_custom(ty: &Type) -> bool {
        match ty {
            Type::Custom(_) => !serial::is_serial(ty),
            Type::Array(item) => is_custom(item),
            _ => false,
        }
    }
    is_custom(&column.ty.written) || column.collation.is_some()
}

fn must_be_asked(column: &Column) -> bool {
    column.default.is_some() || is_asked_type(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Check;

    #[test]
    fn no_two_probes_have_one_name() {
        let mut schema = Schema::default();
        for (name, own) in [("a", false), ("b", true), ("c", false), ("d", true)] {
            let table =
                Table::new(name).column(Column::new("x", Type::Integer).server_default("1"));
            schema.add_table(match own {
                true => table.check(Check::new("x > 0")),
                false => table,
            });
        }
        let plan = Plan::new(
            &Postgres::of_version(15),
            &schema,
            Vec::new(),
            &BTreeSet::new(),
        );
        let names: Vec<&str> = plan.probes.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "aludel_canon_00001",
                "aludel_canon_00002",
                "aludel_canon_00000"
            ]
        );
        assert!(
            plan.wanted
                .iter()
                .all(|it| names.contains(&it.probe.as_str()))
        );
    }

    #[test]
    fn a_sequence_that_is_not_there_is_not_asked_about() {
        let mut schema = Schema::default();
        let numbered = Column::new("id", Type::Integer).server_default("nextval('t_id_seq')");
        schema.add_table(Table::new("t").column(numbered));
        let wanted = |absent: &[&str]| {
            let absent = absent.iter().map(ToString::to_string).collect();
            Plan::new(&Postgres::new(), &schema, Vec::new(), &absent)
                .wanted
                .len()
        };
        assert_eq!((wanted(&[]), wanted(&["t_id_seq"])), (1, 0));
    }
}
