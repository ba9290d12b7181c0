//! Which definitions could be of the same thing.

use crate::schema::{Column, Table, Type};

/// Whether values of one column could have come to be those of the other: both are computed or neither is, and their types are of one
/// family.
pub(super) fn columns(before: &Column, after: &Column) -> bool {
    let (a, b) = (&before.ty, &after.ty);
    before.generated.is_some() == after.generated.is_some()
        && (a == b || family(&a.written).is_some_and(|it| family(&b.written) == Some(it)))
}

/// Whether two tables have more columns in common than not.
pub(super) fn tables(before: &Table, after: &Table) -> bool {
    let common = before.columns.iter().filter(|it| {
        let same = after.find_column(&it.name);
        same.is_some_and(|same| columns(it, same))
    });
    2 * common.count() > before.columns.len().max(after.columns.len())
}

#[derive(PartialEq, Eq)]
enum Family {
    Number,
    Text,
    Bytes,
    Bits,
    Moment,
    TimeOfDay,
    Document,
}

/// Types between which people change their minds without meaning another thing.
fn family(ty: &Type) -> Option<Family> {
    Some(match ty {
        Type::Unsigned(of) | Type::Precise(of, _) => return family(of),
        ty if ty.is_integer() => Family::Number,
        Type::Real | Type::Double | Type::Numeric | Type::Decimal(..) => Family::Number,
        Type::String | Type::Varchar(_) | Type::Char(_) | Type::Text | Type::Enum(_) => {
            Family::Text
        }
        Type::Binary | Type::FixedBinary(_) | Type::Varbinary(_) => Family::Bytes,
        Type::Bit(_) | Type::Varbit(_) => Family::Bits,
        Type::Date | Type::Timestamp | Type::TimestampTz => Family::Moment,
        Type::Time | Type::TimeTz => Family::TimeOfDay,
        Type::Json | Type::Jsonb => Family::Document,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_alike_within_a_family() {
        let column = |ty: Type| Column::new("a", ty);
        let alike = |a: Type, b: Type| columns(&column(a), &column(b));
        assert!(alike(Type::String, Type::Varchar(9)));
        assert!(alike(Type::SmallInteger, Type::Decimal(9, 2)));
        assert!(alike(Type::custom("citext"), Type::custom("citext")));
        assert!(!alike(Type::custom("citext"), Type::custom("inet")));
        assert!(!alike(Type::Date, Type::Text));
        let computed = column(Type::Text).generated_stored("b");
        assert!(!columns(&column(Type::Text), &computed));
    }

    #[test]
    fn tables_are_alike_by_most_of_their_columns() {
        let table = |names: &[&str]| {
            let columns = names.iter().map(|it| Column::new(*it, Type::Text));
            columns.fold(Table::new("t"), Table::column)
        };
        assert!(tables(&table(&["a", "b", "c"]), &table(&["a", "b", "d"])));
        assert!(!tables(&table(&["a", "b"]), &table(&["a", "c"])));
        assert!(!tables(&table(&["a"]), &table(&["a", "b"])));
        assert!(!tables(&table(&[]), &table(&[])));
    }
}
