//! Exclusion constraints, asked about as the indexes that they are made of: their keys and conditions are spelled by the same rules.

use crate::schema::{Constraint, Ident, Index, QualifiedName, Schema};

/// The indexes that stand for exclusion constraints.
#[derive(Debug)]
pub(super) struct StandIns(Vec<(QualifiedName, usize, Ident)>);

/// Puts an index beside each exclusion constraint.
pub(super) fn stand_in(schema: &mut Schema) -> StandIns {
    let mut stand_ins = Vec::new();
    for table in schema.tables.values_mut() {
        for (at, constraint) in table.constraints.iter().enumerate() {
            let Constraint::Exclude(exclude) = constraint else {
                continue;
            };
            // No index of the model has such a name: a NUL can be in none.
            let name = format!("\0{at}");
            let parts = exclude.elements.iter().map(|it| it.part.clone());
            let mut index = Index::new(name.as_str(), parts);
            index.method = exclude.method.clone();
            index.predicate = exclude.predicate.clone();
            table.indexes.push(index);
            stand_ins.push((table.name.clone(), at, name.into()));
        }
    }
    StandIns(stand_ins)
}

impl StandIns {
    /// Takes the indexes away again, and what the database has said of them into the constraints.
    pub(super) fn take_back(self, schema: &mut Schema) {
        for (table, at, name) in self.0 {
            let Some(table) = schema.tables.get_mut(&table) else {
                continue;
            };
            let Some(found) = table.indexes.iter().position(|it| it.name == name) else {
                continue;
            };
            let index = table.indexes.remove(found);
            if let Some(Constraint::Exclude(exclude)) = table.constraints.get_mut(at) {
                exclude.predicate = index.predicate;
                for (element, part) in exclude.elements.iter_mut().zip(index.parts) {
                    element.part = part;
                }
            }
        }
    }
}
