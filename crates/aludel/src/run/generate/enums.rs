//! Enum types of a database as enums of Rust.

use super::names::{free, type_name};
use super::{Item, types};
use crate::dialect::Dialect;
use crate::ops::code;
use crate::schema::{Enum, Ident, QualifiedName, Schema, Type};
use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use std::collections::BTreeSet;

/// What in the database an enum stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A type.
    Type(QualifiedName),
    /// A column that lists its values itself.
    Column(QualifiedName, Ident),
}

/// An enum of Rust.
#[derive(Debug, Clone)]
pub(super) struct RustEnum {
    /// Its name.
    pub(super) ident: String,
    /// What it says.
    pub(super) ty: Enum,
    /// All that it stands for.
    pub(super) origins: BTreeSet<Origin>,
}

/// The enums of a schema. Columns of one name that list the same values share one. What an enum cannot hold has none: no value, or one
/// without a name.
pub(super) fn all(
    schema: &Schema,
    dialect: &dyn Dialect,
    taken: &mut BTreeSet<String>,
) -> Vec<RustEnum> {
    let mut enums: Vec<RustEnum> = Vec::new();
    for ty in schema.enums.values().filter(|it| can_be(it)) {
        let plain = type_name(&ty.name.name);
        let others = [plain.clone(), format!("{plain}Kind")];
        enums.push(RustEnum {
            ident: free(others, taken),
            ty: ty.clone(),
            origins: [Origin::Type(ty.name.clone())].into(),
        });
    }
    for table in schema.tables.values() {
        for column in &table.columns {
            let Some(values) = types::listed(&column.ty.written) else {
                continue;
            };
            let mut ty = Enum::new(column.name.to_string(), values);
            let is_other = |it: &RustEnum| it.ty.name == ty.name && it.ty.values != ty.values;
            if enums.iter().any(is_other) {
                ty.name = QualifiedName::from(format!("{}_{}", table.name.name, column.name));
            }
            let origin = Origin::Column(table.name.clone(), column.name.clone());
            if !can_be(&ty) || !types::is_same(dialect, table, column, &Type::Enum(ty.clone())) {
                continue;
            }
            if let Some(known) = enums.iter_mut().find(|it| it.ty == ty) {
                known.origins.insert(origin);
                continue;
            }
            let plain = type_name(&column.name);
            let longer = type_name(&format!("{}_{}", table.name.name, column.name));
            enums.push(RustEnum {
                ident: free([plain, longer], taken),
                ty,
                origins: [origin].into(),
            });
        }
    }
    enums
}

fn can_be(ty: &Enum) -> bool {
    let is_named = |text: &str| !text.trim().is_empty();
    !ty.values.is_empty() && is_named(&ty.name.name) && ty.values.iter().all(|it| is_named(it))
}

/// Forgets the types that no column has.
pub(super) fn forget_unused(schema: &mut Schema) {
    let columns = schema.tables.values().flat_map(|it| &it.columns);
    let used: BTreeSet<QualifiedName> = columns
        .filter_map(|it| it.ty.written.as_enum())
        .map(|it| it.name.clone())
        .collect();
    schema.enums.retain(|name, _| used.contains(name));
}

/// Makes a value of the name of a variant.
type Case = fn(&str) -> String;

/// The cases of `rename_all`, the derive's own first.
const CASES: &[(&str, Case)] = &[
    ("snake_case", |it| it.to_snake_case()),
    ("lowercase", str::to_lowercase),
    ("UPPERCASE", str::to_uppercase),
    ("PascalCase", |it| it.to_pascal_case()),
    ("SCREAMING_SNAKE_CASE", |it| it.to_shouty_snake_case()),
    ("kebab-case", |it| it.to_kebab_case()),
    ("camelCase", |it| it.to_lower_camel_case()),
];

/// The definition of an enum.
pub(super) fn item(it: &RustEnum) -> Item {
    let mut taken: BTreeSet<String> = ["Self".to_string()].into();
    let values = it.ty.values.iter();
    let variants: Vec<(&String, String)> = values
        .map(|value| (value, free([type_name(value)], &mut taken)))
        .collect();
    let fits = |case: &&(&str, Case)| variants.iter().all(|(value, it)| case.1(it) == **value);
    let whole = CASES.iter().find(fits);
    let (name, case) = whole.unwrap_or(&CASES[0]);
    let mut said = super::attributes::Attributes::default();
    if it.ident.to_snake_case() != *it.ty.name.name {
        said.text("name", &it.ty.name.name);
    }
    if let Some(schema) = &it.ty.name.schema {
        said.text("schema", schema);
    }
    if *name != CASES[0].0 {
        said.text("rename_all", name);
    }
    let mut code = String::from("#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]\n");
    code += &said.spell("enumeration", "");
    code += &format!("pub enum {} {{\n", it.ident);
    for (value, variant) in &variants {
        if case(variant) != **value {
            code += &format!("    #[enumeration(rename = {})]\n", code::string(value));
        }
        code += &format!("    {variant},\n");
    }
    Item {
        ident: it.ident.clone(),
        module: "enums".into(),
        code: code + "}\n",
        uses: BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(values: &[&str]) -> String {
        let it = RustEnum {
            ident: "VisitStatus".into(),
            ty: Enum::new("visit_status", values.to_vec()),
            origins: BTreeSet::new(),
        };
        item(&it).code
    }

    #[test]
    fn values_in_one_case_need_no_names_of_their_own() {
        assert!(!code(&["planned", "in_progress"]).contains("enumeration"));
        assert!(code(&["Planned", "InProgress"]).contains("rename_all = \"PascalCase\""));
        assert!(
            code(&["PLANNED", "IN_PROGRESS"]).contains("rename_all = \"SCREAMING_SNAKE_CASE\"")
        );
        assert!(code(&["in-progress"]).contains("rename_all = \"kebab-case\""));
        let mixed = code(&["planned", "it's on", "1", "-"]);
        assert!(!mixed.contains("rename = \"planned\""), "{mixed}");
        assert!(
            mixed.contains("rename = \"it's on\")]\n    ItSOn,"),
            "{mixed}"
        );
        assert!(mixed.contains("rename = \"1\")]\n    N1,"), "{mixed}");
        assert!(mixed.contains("rename = \"-\")]\n    Unnamed,"), "{mixed}");
    }
}
