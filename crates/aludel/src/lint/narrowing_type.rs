//! A column whose new type does not hold everything that the old one held.

use super::{Rule, Spelling};
use crate::ops::Operation;
use crate::schema::{MysqlType, Schema, Type};

pub(super) const RULE: Rule = Rule {
    name: "narrowing-type",
    check,
};

fn check(operation: &Operation, before: &Schema, spell: Spelling<'_>) -> Option<String> {
    let Operation::AlterColumn(alter) = operation else {
        return None;
    };
    let table = before.tables.get(&alter.table)?;
    let old = &table.find_column(&alter.column)?.ty.written;
    let new = alter.ty.as_ref()?;
    if holds_all(new, old) {
        return None;
    }
    Some(format!(
        "{}.{} changes from {} to {}: it fails, or cuts a value short, where one does not fit",
        alter.table,
        alter.column,
        spell(old),
        spell(new)
    ))
}

/// Whether every value of one type is one of the other. In doubt it is not.
fn holds_all(new: &Type, old: &Type) -> bool {
    if new == old {
        return true;
    }
    if let (Some(new), Some(old)) = (bits(new), bits(old)) {
        return new >= old;
    }
    if let (Some(new), Some(old)) = (characters(new), characters(old)) {
        return new >= old;
    }
    match (new, old) {
        // What is a text was written as one.
        (Type::Text | Type::String, old) => !matches!(old, Type::Binary | Type::Varbinary(_)),
        (Type::Numeric, Type::Decimal(..)) => true,
        (Type::Numeric, old) => bits(old).is_some(),
        (Type::Decimal(digits, scale), Type::Decimal(old_digits, old_scale)) => {
            scale >= old_scale && digits - scale >= old_digits - old_scale
        }
        (Type::Double, Type::Real) => true,
        (Type::Double, old) => bits(old).is_some_and(|it| it <= 32),
        (Type::Binary, Type::Varbinary(_) | Type::FixedBinary(_)) => true,
        (Type::Varbinary(new), Type::Varbinary(old)) => new >= old,
        (Type::Timestamp, Type::Date) => true,
        (Type::Jsonb, Type::Json) => true,
        (Type::Precise(new, digits), Type::Precise(old, old_digits)) => {
            new == old && digits >= old_digits
        }
        (new, Type::Precise(old, _)) => new == &**old,
        _ => false,
    }
}

fn bits(ty: &Type) -> Option<u32> {
    Some(match ty {
        Type::TinyInteger => 8,
        Type::SmallInteger => 16,
        Type::Mysql(MysqlType::MediumInteger) => 24,
        Type::Integer => 32,
        Type::BigInteger => 64,
        _ => return None,
    })
}

fn characters(ty: &Type) -> Option<u64> {
    Some(match ty {
        Type::Char(length) | Type::Varchar(length) => u64::from(*length),
        Type::String | Type::Text => u64::MAX,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_no_risk() {
        for (new, old) in [
            (Type::BigInteger, Type::Integer),
            (Type::Text, Type::Varchar(9)),
            (Type::Varchar(10), Type::Char(9)),
            (Type::Decimal(10, 3), Type::Decimal(8, 2)),
            (Type::Numeric, Type::BigInteger),
            (Type::Timestamp, Type::Timestamp.precision(3)),
            (Type::Text, Type::Uuid),
        ] {
            assert!(holds_all(&new, &old), "{new:?} {old:?}");
            assert!(!holds_all(&old, &new), "{old:?} {new:?}");
        }
        assert!(!holds_all(&Type::Decimal(8, 4), &Type::Decimal(8, 2)));
        assert!(!holds_all(&Type::Text, &Type::Binary));
    }
}
