//! What has another name than before → the operations that rename it, and undo that, and the schema between them and the ordinary
//! difference.
//!
//! Names in expressions follow as the database lets them follow. Views, triggers and policies that name what is renamed are not
//! left to that, unless it is known what it comes to: databases do it in different ways, or not at all, so these go before the renames and
//! come again after everything.

use super::diff;
use super::objects::serves_tables;
use super::text;
use crate::error::Result;
use crate::ops::{AlterColumn, Operation, RenameObject, RenameTable, drop_column::mentions};
use crate::schema::{Declared, Holds, Ident, Object, QualifiedName, Schema, TriggerEvent};
use crate::sql::{Names, NewName};
use std::collections::BTreeSet;

/// What has another name than before, in an order in which each name is free when it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// Enum types: as they were, and their new names.
    pub enums: Vec<(QualifiedName, Ident)>,
    /// Tables: as they were, and their new names.
    pub tables: Vec<(QualifiedName, Ident)>,
    /// Columns: the table under its new name, the column as it was, and its new name.
    pub columns: Vec<(QualifiedName, Ident, Ident)>,
    /// Views that name what is renamed, and stay: the database follows the names, and comes to what is wanted.
    pub followed: BTreeSet<Object>,
}

/// What becomes of a schema whose parts are renamed.
#[derive(Debug, Default)]
pub struct Renamed {
    /// What renames.
    pub up: Vec<Operation>,
    /// What undoes it.
    pub down: Vec<Operation>,
    /// The schema afterwards, from which the ordinary difference goes on.
    pub schema: Schema,
    /// The schema to which the ordinary difference of the way back leads, before [`Self::down`].
    pub back: Schema,
    /// The objects that went beforehand, and are missing in both.
    pub aside: BTreeSet<Object>,
}

impl Renames {
    /// Whether nothing is renamed.
    pub fn is_empty(&self) -> bool {
        self.enums.is_empty() && self.tables.is_empty() && self.columns.is_empty()
    }

    /// The same in steps that can be taken one after the other: of those that take each other's names, the first one goes by way of
    /// a name that nothing has.
    fn steps(&self) -> Self {
        let place = |table: &QualifiedName| table.schema.clone();
        let tables = self
            .tables
            .iter()
            .map(|(old, new)| (place(old), &old.name, new));
        let tables = in_steps(tables.collect());
        let columns = self
            .columns
            .iter()
            .map(|(table, old, new)| (table.clone(), old, new));
        Self {
            enums: self.enums.clone(),
            tables: tables
                .into_iter()
                .map(|(schema, name, new)| (QualifiedName { schema, name }, new))
                .collect(),
            columns: in_steps(columns.collect()),
            followed: self.followed.clone(),
        }
    }

    /// The name that a table had before.
    pub fn former_table(&self, table: &QualifiedName) -> QualifiedName {
        let mut renamed = self.tables.iter();
        let found = renamed.find(|(old, new)| old.renamed(new.clone()) == *table);
        found.map_or_else(|| table.clone(), |(old, _)| old.clone())
    }

    /// The names that a column of the database and its table have afterwards.
    pub fn now(&self, table: &QualifiedName, column: &Ident) -> (QualifiedName, Ident) {
        let renamed = self.tables.iter().find(|(old, _)| old == table);
        let table = renamed.map_or_else(|| table.clone(), |(old, new)| old.renamed(new.clone()));
        let mut columns = self.columns.iter();
        let renamed = columns.find(|(on, old, _)| *on == table && old == column);
        let column = renamed.map_or_else(|| column.clone(), |(_, _, new)| new.clone());
        (table, column)
    }
}

/// Renames parts of a schema on its way to another.
///
/// ```
/// use aludel::diff::{Renames, rename};
/// use aludel::schema::{Column, Schema, Table, Type};
/// use aludel::sql::{Names, split::Flavor};
///
/// let with = |name: &str| {
///     let mut schema = Schema::default();
///     schema.add_table(Table::new("patients").column(Column::new(name, Type::Text)));
///     schema
/// };
/// let renames = Renames {
///     columns: vec![("patients".into(), "name".into(), "full_name".into())],
///     ..Renames::default()
/// };
/// let names = Names { flavor: Flavor::Sqlite, quote: &str::to_string };
/// let renamed = rename(&with("name"), &with("full_name"), &renames, names)?;
/// assert_eq!(renamed.up[0].summary(), "rename column patients.name to full_name");
/// assert_eq!(renamed.down[0].summary(), "rename column patients.full_name to name");
/// assert_eq!(renamed.schema, with("full_name"));
/// # Ok::<(), aludel::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Schema`] for a rename that does not fit `from`.
pub fn rename(from: &Schema, to: &Schema, renames: &Renames, names: Names<'_>) -> Result<Renamed> {
    if renames.is_empty() {
        return Ok(Renamed {
            schema: from.clone(),
            back: from.clone(),
            ..Renamed::default()
        });
    }
    let aside = aside(from, renames);
    let mut schema = from.clone();
    for object in &aside {
        schema.objects.remove(object);
    }
    let mut back = schema.clone();
    for key in functions(from, to, renames) {
        match to.objects.functions.get(&key) {
            Some(after) => back.objects.functions.insert(key, after.clone()),
            None => back.objects.functions.remove(&key),
        };
    }
    let mut up = diff(from, &schema);
    let again = diff(&back, from);
    let steps = renames.steps();
    let (there, mut down) = operations(&steps);
    for schema in [&mut schema, &mut back] {
        apply(&there, &steps, schema, names)?;
        respell(schema, to, renames, names);
    }
    up.extend(there);
    down.reverse();
    down.extend(again);
    Ok(Renamed {
        up,
        down,
        schema,
        back,
        aside,
    })
}

/// The name that one of those has meanwhile which take each other's names.
const BETWEEN: &str = "aludel_between";

fn in_steps<P: Clone + PartialEq>(renames: Vec<(P, &Ident, &Ident)>) -> Vec<(P, Ident, Ident)> {
    let mut steps = Vec::new();
    let mut waiting: Option<(usize, P, Ident)> = None;
    for (at, (place, old, new)) in renames.iter().enumerate() {
        let mut later = renames.iter().enumerate().skip(at + 1);
        match later.find(|(_, (other, taken, _))| other == place && taken == new) {
            Some((free, _)) => {
                steps.push((place.clone(), (*old).clone(), Ident::new(BETWEEN)));
                waiting = Some((free, place.clone(), (*new).clone()));
            }
            None => steps.push((place.clone(), (*old).clone(), (*new).clone())),
        }
        if let Some((_, place, new)) = waiting.take_if(|(free, ..)| *free == at) {
            steps.push((place, Ident::new(BETWEEN), new));
        }
    }
    steps
}

/// What renames, and what undoes each of it.
fn operations(renames: &Renames) -> (Vec<Operation>, Vec<Operation>) {
    let enums = renames.enums.iter().map(|(old, new)| {
        let named = |from: &QualifiedName, to: &Ident| RenameObject {
            object: Object::ty(from),
            to: to.clone(),
        };
        let back = named(&old.renamed(new.clone()), &old.name);
        (named(old, new).into(), back.into())
    });
    let tables = renames.tables.iter().map(|(old, new)| {
        let named = |from: &QualifiedName, to: &Ident| RenameTable {
            table: from.clone(),
            to: to.clone(),
        };
        let back = named(&old.renamed(new.clone()), &old.name);
        (named(old, new).into(), back.into())
    });
    let columns = renames.columns.iter().map(|(table, old, new)| {
        let named = |from: &Ident, to: &Ident| {
            let mut alter = AlterColumn::new(table.clone(), from.clone());
            alter.rename = Some(to.clone());
            alter
        };
        (named(old, new).into(), named(new, old).into())
    });
    enums.chain(tables).chain(columns).unzip()
}

/// Applies what renames, and has the expressions of tables follow.
fn apply(
    operations: &[Operation],
    renames: &Renames,
    schema: &mut Schema,
    names: Names<'_>,
) -> Result<()> {
    for operation in operations {
        operation.apply(schema)?;
    }
    for (old, new) in &renames.enums {
        let name = NewName::Type {
            from: &old.name,
            to: new,
        };
        for table in schema.tables.values_mut() {
            text::each_in_table(table, &mut |text| names.follow(text, name));
        }
    }
    for (old, new) in &renames.tables {
        let name = NewName::Table {
            from: &old.name,
            to: new,
        };
        if let Some(table) = schema.tables.get_mut(&old.renamed(new.clone())) {
            text::each_in_table(table, &mut |text| names.follow(text, name));
        }
    }
    for (table, old, new) in &renames.columns {
        schema.objects.rename_column(table, old, new);
        let name = NewName::Column { from: old, to: new };
        if let Some(table) = schema.tables.get_mut(table) {
            text::each_in_table(table, &mut |text| names.follow(text, name));
        }
    }
    Ok(())
}

/// Where a text that followed says what the other schema says, it says it as the database will.
fn respell(schema: &mut Schema, to: &Schema, renames: &Renames, names: Names<'_>) {
    let on_all = !renames.enums.is_empty();
    for table in schema.tables.values_mut() {
        let of_column = renames.columns.iter().any(|(it, _, _)| *it == table.name);
        let mut of_table = renames.tables.iter();
        let of_table = of_table.any(|(old, new)| old.renamed(new.clone()) == table.name);
        if !(on_all || of_column || of_table) {
            continue;
        }
        let mut spelled: Vec<String> = Vec::new();
        if let Some(after) = to.tables.get(&table.name) {
            let mut after = after.clone();
            text::each_leaf(&mut after, &mut |it| spelled.extend(it.canonical.take()));
        }
        text::each_leaf(table, &mut |leaf| {
            let Some(mine) = &mut leaf.canonical else {
                return;
            };
            if let Some(same) = spelled.iter().find(|it| names.same(mine, it)) {
                mine.clone_from(same);
            }
        });
    }
}

/// The functions that name what is renamed and are to change. A function is text that is looked at when it is called, and by some databases
/// when it is created: the old text comes again when the old names are there again.
fn functions(from: &Schema, to: &Schema, renames: &Renames) -> Vec<(QualifiedName, String)> {
    let after = &to.objects.functions;
    let changed = from.objects.functions.iter().filter(|(key, it)| {
        let declared = Declared::Function((*it).clone());
        after.get(key) != Some(it)
            && !serves_tables(&declared, from)
            && names_renamed(&declared, renames)
    });
    changed.map(|(key, _)| key.clone()).collect()
}

/// The objects that name what is renamed, and those that need one of them.
fn aside(from: &Schema, renames: &Renames) -> BTreeSet<Object> {
    let before = from.declared();
    let mut aside: BTreeSet<Object> = BTreeSet::new();
    loop {
        let goes = |it: &Declared| match it {
            Declared::View(_) | Declared::Trigger(_) | Declared::Policy(_) => {
                names_renamed(it, renames) || needs_any(it, &aside)
            }
            _ => false,
        };
        let settled = |it: &Object| aside.contains(it) || renames.followed.contains(it);
        let staying = before.iter().filter(|(object, _)| !settled(object));
        let more: Vec<Object> = staying
            .filter(|(_, it)| goes(it))
            .map(|(object, _)| object.clone())
            .collect();
        if more.is_empty() {
            return aside;
        }
        aside.extend(more);
    }
}

/// Whether an object names a thing that is renamed, or holds it.
pub(crate) fn names_renamed(object: &Declared, renames: &Renames) -> bool {
    let (holds, on) = anchors(object);
    let texts = text::of_object(object);
    let says = |name: &str| texts.iter().any(|it| mentions(it, name));
    let is_on = |table: &QualifiedName| on == Some(table);
    let table = renames
        .tables
        .iter()
        .any(|(old, _)| is_on(old) || says(&old.name) || holds.of(old).next().is_some());
    let column = renames.columns.iter().any(|(table, old, _)| {
        let table = renames.former_table(table);
        let said = says(old) && (is_on(&table) || says(&table.name));
        let watched = is_on(&table) && watches(object, old);
        said || watched || holds.of(&table).any(|it| it == old)
    });
    let ty = renames.enums.iter().any(|(old, _)| says(&old.name));
    table || column || ty
}

/// Whether a trigger fires on changes of this column alone.
fn watches(object: &Declared, column: &Ident) -> bool {
    match object {
        Declared::Trigger(it) => it.events.iter().any(
            |event| matches!(event, TriggerEvent::Update(columns) if columns.contains(column)),
        ),
        _ => false,
    }
}

/// Whether an object needs one of those that go.
fn needs_any(object: &Declared, aside: &BTreeSet<Object>) -> bool {
    let (_, on) = anchors(object);
    let texts = text::of_object(object);
    let says = |name: &str| texts.iter().any(|it| mentions(it, name));
    aside.iter().any(|gone| match gone {
        Object::View(name) | Object::MaterializedView(name) => on == Some(name) || says(&name.name),
        _ => false,
    })
}

/// What the database says that an object holds, and the table that it is on.
fn anchors(object: &Declared) -> (&Holds, Option<&QualifiedName>) {
    static NONE: Holds = Holds(BTreeSet::new());
    match object {
        Declared::View(it) => (&it.holds, None),
        Declared::Trigger(it) => (&it.holds, Some(&it.table)),
        Declared::Policy(it) => (&it.holds, Some(&it.table)),
        Declared::Function(it) => (&it.holds, None),
        _ => (&NONE, None),
    }
}
