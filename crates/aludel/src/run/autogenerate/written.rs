//! A draft as a person reads it: operations in groups, with comments that say what to check.

use super::Draft;
use crate::lint::Warning;
use crate::ops::Operation;
use crate::schema::QualifiedName;

impl Draft {
    /// The bodies of `upgrade` and `downgrade` as Rust statements. What belongs together stands together, and what is risky has
    /// a comment that says why.
    pub fn rust(&self) -> (String, String) {
        let body = |operations: &[Operation], warnings: &[Warning]| {
            let written = operations.iter().map(|it| vec![it.rust()]).collect();
            text(operations, written, warnings, "// ")
        };
        (
            body(&self.up, &self.warnings),
            body(&self.down, &self.down_warnings),
        )
    }
}

/// The operations as text: the lines of each, with its comments before it, and an empty line between groups.
pub(super) fn text(
    operations: &[Operation],
    lines: Vec<Vec<String>>,
    warnings: &[Warning],
    comment: &str,
) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut last = None;
    for (at, (operation, lines)) in operations.iter().zip(lines).enumerate() {
        if lines.is_empty() {
            continue;
        }
        let group = Group::of(operation);
        if last.is_some_and(|last| last != group || group == Group::Alone) {
            out.push(String::new());
        }
        last = Some(group);
        out.extend(comments(warnings, at, comment));
        out.extend(lines);
    }
    out.join("\n")
}

/// What stands together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group<'o> {
    /// Changes of one table.
    Table(&'o QualifiedName),
    /// Something of many lines.
    Alone,
    /// What goes.
    Dropped,
    /// Everything else.
    Others,
}

impl<'o> Group<'o> {
    fn of(operation: &'o Operation) -> Self {
        Self::Table(match operation {
            Operation::AddColumn(it) => &it.table,
            Operation::AlterColumn(it) => &it.table,
            Operation::DropColumn(it) => &it.table,
            Operation::CreateIndex(it) => &it.table,
            Operation::DropIndex(it) => &it.table,
            Operation::RenameIndex(it) => &it.table,
            Operation::CreatePrimaryKey(it) => &it.table,
            Operation::CreateUniqueConstraint(it) => &it.table,
            Operation::CreateForeignKey(it) => &it.table,
            Operation::CreateCheckConstraint(it) => &it.table,
            Operation::CreateExclusionConstraint(it) => &it.table,
            Operation::DropConstraint(it) => &it.table,
            Operation::RenameConstraint(it) => &it.table,
            Operation::CommentTable(it) => &it.table,
            Operation::SetTableOptions(it) => &it.table,
            Operation::DropTable(_) | Operation::DropObject(_) => return Self::Dropped,
            Operation::CreateTable(_)
            | Operation::CreateFunction(_)
            | Operation::CreateView(_)
            | Operation::CreateTrigger(_) => return Self::Alone,
            _ => return Self::Others,
        })
    }
}

/// What is said of an operation, as the lines of comments.
fn comments(warnings: &[Warning], operation: usize, start: &str) -> Vec<String> {
    let about = warnings.iter().filter(|it| it.operation == Some(operation));
    about
        .flat_map(|it| {
            let options = textwrap::Options::new(96)
                .initial_indent(start)
                .subsequent_indent(start)
                .break_words(false);
            let sentence = format!("{}.", it.message);
            let lines = textwrap::wrap(&sentence, options).into_iter();
            lines.map(|it| it.into_owned()).collect::<Vec<String>>()
        })
        .collect()
}
