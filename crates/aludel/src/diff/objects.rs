//! How the objects beside tables differ, in the steps between which the tables change.
//!
//! What an object needs is not known but by the names in its text, and by what the database says that it holds
//! ([`crate::schema::Holds`]). An object that stays as it is, and holds what changes, goes before the change and comes again after
//! it.

use super::{enums, text};
use crate::ops::{
    AlterSequence, CommentOn, CreateDomain, CreateExtension, CreateFunction, CreatePolicy,
    CreateSchema, CreateSequence, CreateTrigger, CreateView, DropObject, Execute, IfThere,
    Operation, SetRowSecurity, drop_column::mentions, set_row_security::RowSecuritySwitch,
};
use crate::schema::{Declared, Holds, Ident, Object, ObjectKind, QualifiedName, Schema};
use std::collections::{BTreeMap, BTreeSet};

mod alter;
mod order;

/// Columns that change, by table, in such a way that nothing must hold them meanwhile.
pub(crate) type Touched<'s> = BTreeSet<(&'s QualifiedName, &'s Ident)>;

/// Whether one becomes the other without being made anew.
pub(super) fn can_alter(before: &Declared, after: &Declared) -> bool {
    alter::in_place(before, after).is_some()
}

/// What happens to the objects.
pub(super) struct Plan<'s> {
    from: &'s Schema,
    to: &'s Schema,
    before: BTreeMap<Object, Declared>,
    after: BTreeMap<Object, Declared>,
    /// What is dropped; what stands here and in `come` is made anew.
    gone: BTreeSet<Object>,
    come: BTreeSet<Object>,
    altered: BTreeSet<Object>,
}

impl<'s> Plan<'s> {
    pub(super) fn new(from: &'s Schema, to: &'s Schema, touched: &Touched<'_>) -> Self {
        let mut plan = Self {
            from,
            to,
            before: from.declared(),
            after: to.declared(),
            gone: BTreeSet::new(),
            come: BTreeSet::new(),
            altered: BTreeSet::new(),
        };
        for (object, before) in &plan.before {
            match plan.after.get(object) {
                None => {
                    plan.gone.insert(object.clone());
                }
                Some(after) if before == after => {}
                Some(after) => match alter::in_place(before, after) {
                    Some(_) => {
                        plan.altered.insert(object.clone());
                    }
                    None => {
                        plan.gone.insert(object.clone());
                        plan.come.insert(object.clone());
                    }
                },
            }
        }
        let new = plan.after.keys().filter(|it| !plan.before.contains_key(it));
        plan.come.extend(new.cloned());
        plan.make_room(touched);
        plan
    }

    /// What holds something that changes or goes is made anew around it, and what holds that, too.
    fn make_room(&mut self, touched: &Touched<'_>) {
        loop {
            let staying = self.before.iter().filter(|(it, _)| !self.gone.contains(it));
            let in_the_way: Vec<Object> = staying
                .filter(|(_, it)| self.is_in_the_way(it, touched))
                .map(|(object, _)| object.clone())
                .collect();
            if in_the_way.is_empty() {
                return;
            }
            for object in in_the_way {
                self.altered.remove(&object);
                self.gone.insert(object.clone());
                self.come.insert(object);
            }
        }
    }

    fn is_in_the_way(&self, object: &Declared, touched: &Touched<'_>) -> bool {
        let (holds, on): (&Holds, Option<&QualifiedName>) = match object {
            Declared::View(it) => (&it.holds, None),
            Declared::Trigger(it) => (&it.holds, Some(&it.table)),
            Declared::Policy(it) => (&it.holds, Some(&it.table)),
            Declared::Function(it) => (&it.holds, None),
            _ => return false,
        };
        let texts = text::of_object(object);
        holds
            .0
            .iter()
            .any(|(table, column)| touched.contains(&(table, column)) || self.is_view_gone(table))
            || on.is_some_and(|it| self.is_view_gone(it))
            || self.gone.iter().any(|gone| match gone {
                // A body that is a text needs nothing to be there.
                Object::Function(name, _) if !is_text(object) => {
                    texts.iter().any(|it| mentions(it, &name.name))
                }
                _ => false,
            })
    }

    fn is_view_gone(&self, name: &QualifiedName) -> bool {
        self.gone.contains(&Object::view(name))
            || self.gone.contains(&Object::materialized_view(name))
    }

    /// Whether a table has a column whose enum type is made anew, which happens before tables go.
    fn has_remade(&self, table: &QualifiedName) -> bool {
        let remade = enums::remade(self.from, self.to, self.to);
        let table = self.from.tables.get(table);
        let mut columns = table.into_iter().flat_map(|it| &it.columns);
        columns.any(|it| {
            let of = it.ty.written.as_enum();
            of.is_some_and(|it| remade.contains(&it.name))
        })
    }

    fn is_table_gone(&self, name: &QualifiedName) -> bool {
        self.from.tables.contains_key(name) && !self.to.tables.contains_key(name)
    }

    /// Whether a function serves the tables as they were, or a trigger or a policy that goes with its table.
    fn is_needed_until_tables_go(&self, function: &Declared) -> bool {
        let Declared::Function(it) = function else {
            return false;
        };
        let goes_with_table = |it: &&Declared| match it {
            Declared::Trigger(it) => self.is_table_gone(&it.table),
            Declared::Policy(it) => self.is_table_gone(&it.table),
            _ => false,
        };
        let with_tables = self.before.values().filter(goes_with_table);
        let mut texts = with_tables.flat_map(text::of_object);
        serves_tables(function, self.from) || texts.any(|text| mentions(text, &it.name.name))
    }

    /// The objects of a kind that go, what needs others first.
    fn going(&self, kind: ObjectKind) -> Vec<&Declared> {
        let mut going = order::needed_first(of_kind(&self.gone, &self.before, kind).collect());
        going.reverse();
        going
    }

    /// The objects of a kind that come, what others need first.
    fn coming(&self, kind: ObjectKind) -> Vec<&Declared> {
        order::needed_first(of_kind(&self.come, &self.after, kind).collect())
    }

    /// Whether an object that goes comes again, so that it must be gone before that.
    fn is_made_anew(&self, object: &Declared) -> bool {
        let is = |it: &&Object| self.before.get(*it) == Some(object);
        let gone = self.gone.iter().find(is);
        gone.is_some_and(|it| self.come.contains(it))
    }

    fn create(&self, kind: ObjectKind, out: &mut Vec<Operation>) {
        out.extend(self.coming(kind).into_iter().filter_map(create));
    }

    fn drop(&self, kind: ObjectKind, out: &mut Vec<Operation>) {
        out.extend(self.going(kind).into_iter().filter_map(drop));
    }

    fn alter(&self, kind: ObjectKind, out: &mut Vec<Operation>) {
        self.alter_those(out, |it| it.kind() == Some(kind));
    }

    fn alter_those(&self, out: &mut Vec<Operation>, which: impl Fn(&Declared) -> bool) {
        for object in &self.altered {
            if let (Some(before), Some(after)) = (self.before.get(object), self.after.get(object))
                && which(after)
            {
                out.extend(alter::in_place(before, after).into_iter().flatten());
            }
        }
    }

    /// Where everything else is put, and what brings types and functions.
    pub(super) fn first(&self, out: &mut Vec<Operation>) {
        for kind in [ObjectKind::Schemas, ObjectKind::Extensions] {
            self.create(kind, out);
            self.alter(kind, out);
        }
    }

    /// What looks at tables goes before they change.
    pub(super) fn undo(&self, out: &mut Vec<Operation>) {
        for kind in [ObjectKind::Policies, ObjectKind::Triggers] {
            let with_their_own = self.going(kind).into_iter().filter(|it| {
                let on = match it {
                    Declared::Trigger(it) => &it.table,
                    Declared::Policy(it) => &it.table,
                    _ => return true,
                };
                // It goes with its table or view, unless that changes before it goes.
                let goes_along = self.is_table_gone(on) || self.is_view_gone(on);
                !goes_along || self.has_remade(on)
            });
            out.extend(with_their_own.filter_map(drop));
        }
        // A view may call a function, and a function may read a view.
        let functions = of_kind(&self.gone, &self.before, ObjectKind::Functions);
        let functions = functions.filter(|it| !self.is_needed_until_tables_go(it));
        let views = of_kind(&self.gone, &self.before, ObjectKind::Views);
        let mut both = order::needed_first(functions.chain(views).collect());
        both.reverse();
        out.extend(both.into_iter().filter_map(drop));
    }

    /// What tables may need comes before them.
    pub(super) fn before_tables(&self, out: &mut Vec<Operation>) {
        let domains = self.going(ObjectKind::Domains).into_iter();
        out.extend(domains.filter(|it| self.is_made_anew(it)).filter_map(drop));
        for kind in [ObjectKind::Sequences, ObjectKind::Domains] {
            self.create(kind, out);
            self.alter(kind, out);
        }
        let functions = self.going(ObjectKind::Functions).into_iter();
        let serving = functions.filter(|it| self.is_needed_until_tables_go(it));
        out.extend(serving.filter(|it| self.is_made_anew(it)).filter_map(drop));
        let functions = self.coming(ObjectKind::Functions).into_iter();
        let serving = functions.filter(|it| serves_tables(it, self.to));
        out.extend(serving.filter_map(create));
        self.alter_those(out, |it| serves_tables(it, self.to));
    }

    /// What no table needs any more goes after they have changed.
    pub(super) fn drop_unneeded(&self, out: &mut Vec<Operation>) {
        let functions = self.going(ObjectKind::Functions).into_iter();
        let serving = functions.filter(|it| self.is_needed_until_tables_go(it));
        out.extend(serving.filter(|it| !self.is_made_anew(it)).filter_map(drop));
        let domains = self.going(ObjectKind::Domains).into_iter();
        out.extend(domains.filter(|it| !self.is_made_anew(it)).filter_map(drop));
        let sequences = self.going(ObjectKind::Sequences).into_iter();
        let alone = sequences.filter(|it| match it {
            Declared::Sequence(it) => it.owned_by.as_ref().is_none_or(|(table, column)| {
                let owner = self.to.tables.get(table);
                owner.is_some_and(|it| it.has_column(column))
            }),
            _ => true,
        });
        out.extend(alone.filter_map(|it| self.drop_sequence(it)));
    }

    /// A sequence from which a column of a table that is gone took its numbers may have gone with it, as that of `serial` does.
    fn drop_sequence(&self, sequence: &Declared) -> Option<Operation> {
        let mut operation = drop(sequence)?;
        let gone = self.from.tables.values();
        let gone = gone.filter(|it| self.is_table_gone(&it.name));
        if let (Declared::Sequence(it), Operation::DropObject(drop)) = (sequence, &mut operation) {
            let mut texts = gone.flat_map(text::of_table);
            drop.if_exists = texts.any(|text| mentions(text, &it.name.name));
        }
        Some(operation)
    }

    /// Where nothing is any more.
    pub(super) fn drop_places(&self, out: &mut Vec<Operation>) {
        self.drop(ObjectKind::Extensions, out);
        self.drop(ObjectKind::Schemas, out);
    }

    /// What looks at tables comes when they are as they will be.
    pub(super) fn after_tables(&self, out: &mut Vec<Operation>) {
        for object in &self.come {
            if let Some(Declared::Sequence(it)) = self.after.get(object)
                && let Some(owner) = &it.owned_by
            {
                let mut alter = AlterSequence::new(it.name.clone());
                alter.owned_by = Some(Some(owner.clone()));
                out.push(alter.into());
            }
        }
        // A function may read a view, and a view may call a function.
        let is_left = |it: &&Declared| !serves_tables(it, self.to);
        let functions = self.come.union(&self.altered).cloned().collect();
        let functions = of_kind(&functions, &self.after, ObjectKind::Functions).filter(is_left);
        let views = of_kind(&self.come, &self.after, ObjectKind::Views);
        for object in order::needed_first(functions.chain(views).collect()) {
            let there = self.altered.iter().find_map(|it| {
                let is = std::ptr::eq(self.after.get(it)?, object);
                is.then(|| self.before.get(it))?
            });
            match there {
                Some(before) => out.extend(alter::in_place(before, object).into_iter().flatten()),
                None => out.extend(create(object).into_iter().chain(indexes(object))),
            }
        }
        for kind in [ObjectKind::Triggers, ObjectKind::Policies] {
            self.create(kind, out);
            self.alter(kind, out);
        }
        self.row_security(out);
        self.comments(out);
    }

    fn row_security(&self, out: &mut Vec<Operation>) {
        let (before, after) = (
            &self.from.objects.row_security,
            &self.to.objects.row_security,
        );
        let tables: BTreeSet<&QualifiedName> = before.keys().chain(after.keys()).collect();
        for table in tables.into_iter().filter(|it| !self.is_table_gone(it)) {
            let was = before.get(table).copied().unwrap_or_default();
            let is = after.get(table).copied().unwrap_or_default();
            let switches = [
                (
                    was.enabled,
                    is.enabled,
                    RowSecuritySwitch::Enable,
                    RowSecuritySwitch::Disable,
                ),
                (
                    was.forced,
                    is.forced,
                    RowSecuritySwitch::Force,
                    RowSecuritySwitch::NoForce,
                ),
            ];
            for (was, is, on, off) in switches {
                if was != is {
                    let table = table.clone();
                    let switch = if is { on } else { off };
                    out.push(SetRowSecurity { table, switch }.into());
                }
            }
        }
    }

    fn comments(&self, out: &mut Vec<Operation>) {
        let (before, after) = (&self.from.objects.comments, &self.to.objects.comments);
        // The comments on its columns go with a view.
        let comes = |it: &Object| match it {
            Object::Column(view, _) => {
                self.come.contains(&Object::view(view))
                    || self.come.contains(&Object::materialized_view(view))
            }
            Object::DomainConstraint(domain, _) => self.come.contains(&Object::domain(domain)),
            it => self.come.contains(it),
        };
        for (object, text) in after {
            if before.get(object) != Some(text) || comes(object) {
                let (object, comment) = (object.clone(), Some(text.clone()));
                out.push(CommentOn { object, comment }.into());
            }
        }
        let stays = |it: &&Object| self.to.knows(it) && !comes(it);
        for object in before
            .keys()
            .filter(|it| !after.contains_key(it))
            .filter(stays)
        {
            let object = object.clone();
            let comment = None;
            out.push(CommentOn { object, comment }.into());
        }
    }
}

/// Whether an object is a function whose body is kept as text.
fn is_text(object: &Declared) -> bool {
    matches!(object, Declared::Function(it) if !it.sql_body)
}

/// The objects of a kind among those.
fn of_kind<'o>(
    those: &'o BTreeSet<Object>,
    all: &'o BTreeMap<Object, Declared>,
    kind: ObjectKind,
) -> impl Iterator<Item = &'o Declared> {
    let those = those.iter().filter_map(|it| all.get(it));
    those.filter(move |it| it.kind() == Some(kind))
}

/// Whether an expression of a table calls a function.
pub(super) fn serves_tables(function: &Declared, schema: &Schema) -> bool {
    let Declared::Function(function) = function else {
        return false;
    };
    let mut texts = schema.tables.values().flat_map(text::of_table);
    texts.any(|it| mentions(it, &function.name.name))
}

fn create(object: &Declared) -> Option<Operation> {
    let if_there = IfThere::Fail;
    Some(match object.clone() {
        Declared::Schema(name) => CreateSchema { name, if_there }.into(),
        Declared::Extension(extension) => CreateExtension {
            extension,
            if_there,
        }
        .into(),
        Declared::Sequence(mut sequence) => {
            // The column with which it goes may be there only later.
            sequence.owned_by = None;
            CreateSequence { sequence, if_there }.into()
        }
        Declared::Domain(domain) => CreateDomain { domain }.into(),
        Declared::Function(function) => CreateFunction { function, if_there }.into(),
        Declared::View(view) => CreateView { view, if_there }.into(),
        Declared::Trigger(trigger) => CreateTrigger { trigger, if_there }.into(),
        Declared::Policy(policy) => CreatePolicy { policy }.into(),
        Declared::Enum(_) | Declared::RowSecurity(..) => return None,
    })
}

/// What a materialized view had beside its rows, and has again.
fn indexes(object: &Declared) -> Vec<Operation> {
    let Declared::View(view) = object else {
        return Vec::new();
    };
    let statements = view.indexes.0.values().cloned();
    statements.map(|sql| Execute { sql }.into()).collect()
}

fn drop(object: &Declared) -> Option<Operation> {
    let object = match object {
        Declared::Function(it) if it.procedure => Object::procedure(&it.name, it.signature()),
        Declared::Function(it) => Object::function(&it.name, it.signature()),
        other => other.object()?,
    };
    let drop = DropObject {
        object,
        if_exists: false,
        cascade: false,
    };
    Some(drop.into())
}

#[cfg(test)]
mod tests;
