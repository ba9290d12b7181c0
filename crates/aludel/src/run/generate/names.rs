//! Names of Rust for names of a database: in Rust's case, no keyword, none twice, none that the prelude has already.

use super::enums;
use crate::dialect::Dialect;
use crate::schema::{QualifiedName, Schema};
use heck::{ToPascalCase, ToSnakeCase};
use std::collections::{BTreeMap, BTreeSet};

/// What the text of a model takes for granted under these names.
const TAKEN: &[&str] = &[
    "Action",
    "Box",
    "Check",
    "Column",
    "Copy",
    "Clone",
    "Db",
    "Debug",
    "Declared",
    "Default",
    "Deferrable",
    "Domain",
    "Enum",
    "Env",
    "Eq",
    "Err",
    "Error",
    "Exclude",
    "ExitCode",
    "Extension",
    "ForeignKey",
    "Function",
    "Identity",
    "Index",
    "IndexClass",
    "IndexPart",
    "Literal",
    "Metadata",
    "Migrator",
    "Model",
    "MysqlType",
    "NamingConvention",
    "None",
    "Object",
    "Ok",
    "OnConflict",
    "Operations",
    "Option",
    "PartialEq",
    "Policy",
    "PolicyCommand",
    "PostgresType",
    "PrimaryKey",
    "QualifiedName",
    "Result",
    "RowSecurity",
    "Self",
    "Send",
    "Sequence",
    "Some",
    "SqlType",
    "String",
    "Sync",
    "Table",
    "Trigger",
    "Type",
    "Unique",
    "Vec",
    "View",
    "ViewCheck",
];

/// Words that name nothing unless written `r#`. The last four not even then.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
const NEVER: &[&str] = &["_", "crate", "self", "super"];

/// The names of the models and the enums of a schema.
pub(super) struct Names {
    /// Structs by table.
    pub(super) structs: BTreeMap<QualifiedName, String>,
    /// Enums.
    pub(super) enums: Vec<enums::RustEnum>,
    /// Modules by table.
    pub(super) modules: BTreeMap<QualifiedName, String>,
}

impl Names {
    pub(super) fn of(schema: &Schema, dialect: &dyn Dialect) -> Self {
        let mut taken: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
        let mut structs = BTreeMap::new();
        // A plain name is better than one that is made to be another, so that these are given first.
        let mut plural = Vec::new();
        for name in schema.tables.keys() {
            let word = type_name(&singular(&name.name));
            match taken.insert(word.clone()) {
                true => drop(structs.insert(name.clone(), word)),
                false => plural.push(name),
            }
        }
        for name in plural {
            let plain = type_name(&name.name);
            let qualified = match &name.schema {
                Some(schema) => type_name(&format!("{schema}_{}", name.name)),
                None => format!("{}Row", type_name(&singular(&name.name))),
            };
            let word = free([plain, qualified], &mut taken);
            structs.insert(name.clone(), word);
        }
        let mut modules = BTreeMap::new();
        let mut files: BTreeSet<String> = ["enums", "mod", "lib", "main"].map(String::from).into();
        for name in schema.tables.keys() {
            let plain = module_name(&name.name);
            let schema = name.schema.as_deref().unwrap_or("table");
            let qualified = module_name(&format!("{schema}_{}", name.name));
            modules.insert(name.clone(), free([plain, qualified], &mut files));
        }
        Self {
            enums: enums::all(schema, dialect, &mut taken),
            structs,
            modules,
        }
    }

    /// The enum that a type or a column has, if it has one.
    pub(super) fn enum_of(&self, origin: &enums::Origin) -> Option<&enums::RustEnum> {
        self.enums.iter().find(|it| it.origins.contains(origin))
    }
}

/// The first of these names that nothing has, or else the last with a number.
pub(super) fn free(
    names: impl IntoIterator<Item = String>,
    taken: &mut BTreeSet<String>,
) -> String {
    let mut last = String::new();
    for name in names {
        if taken.insert(name.clone()) {
            return name;
        }
        last = name;
    }
    let mut number = 2;
    while !taken.insert(format!("{last}{number}")) {
        number += 1;
    }
    format!("{last}{number}")
}

/// A name for a type of Rust.
pub(super) fn type_name(text: &str) -> String {
    let word = letters(text).to_pascal_case();
    match word.chars().next() {
        None => "Unnamed".into(),
        Some(first) if !first.is_alphabetic() => format!("N{word}"),
        Some(_) => word,
    }
}

/// A name for a field, and whether it says the column's own.
pub(super) fn field_name(column: &str, taken: &mut BTreeSet<String>) -> (String, bool) {
    let word = letters(column).to_snake_case();
    let word = match word.chars().next() {
        None => "unnamed".to_string(),
        Some(first) if !first.is_alphabetic() => format!("n{word}"),
        Some(_) => word,
    };
    let word = match NEVER.contains(&word.as_str()) {
        true => format!("{word}_"),
        false => word,
    };
    let word = free([word], taken);
    let is_same = word == column;
    match KEYWORDS.contains(&word.as_str()) {
        true => (format!("r#{word}"), is_same),
        false => (word, is_same),
    }
}

fn module_name(text: &str) -> String {
    let mut none = BTreeSet::new();
    let (word, _) = field_name(text, &mut none);
    match word.strip_prefix("r#") {
        Some(word) => format!("{word}_"),
        None => word,
    }
}

/// What may stand in a name of Rust, and where words end.
fn letters(text: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() { c } else { '_' };
    text.chars().map(kept).collect()
}

/// One of many, in English: a struct is one row. A word whose plural is not plain stays as it is.
fn singular(name: &str) -> String {
    let words = name.to_snake_case();
    let last = words.rsplit('_').next().unwrap_or_default().to_string();
    let one = match last.as_str() {
        "news" | "series" | "species" | "data" => return name.to_string(),
        word if ["ss", "us", "is", "os"].iter().any(|it| word.ends_with(it)) => {
            return name.to_string();
        }
        "movies" | "cookies" | "ties" | "pies" => &last[..last.len() - 1],
        word if word.ends_with("ies") && word.len() > 4 => {
            return format!("{}y", &words[..words.len() - 3]);
        }
        word if ["sses", "shes", "ches", "xes"]
            .iter()
            .any(|it| word.ends_with(it)) =>
        {
            &word[..word.len() - 2]
        }
        word if word.ends_with("uses")
            && !["auses", "ouses"].iter().any(|it| word.ends_with(it))
            && word != "uses" =>
        {
            &word[..word.len() - 2]
        }
        word if word.ends_with('s') && word.len() > 2 => &word[..word.len() - 1],
        _ => return name.to_string(),
    };
    format!("{}{one}", &words[..words.len() - last.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_struct_is_one_row() {
        for (many, one) in [
            ("patients", "Patient"),
            ("visit_notes", "VisitNote"),
            ("addresses", "Address"),
            ("categories", "Category"),
            ("statuses", "Status"),
            ("status", "Status"),
            ("houses", "House"),
            ("boxes", "Box"),
            ("news", "News"),
            ("bus", "Bus"),
            ("MediaTypes", "MediaType"),
            ("sys.users!", "SysUser"),
            ("2fa", "N2fa"),
            ("Ärzte", "Ärzte"),
        ] {
            assert_eq!(type_name(&singular(many)), one, "{many}");
        }
    }

    #[test]
    fn fields_are_no_keywords_and_none_twice() {
        let mut taken = BTreeSet::new();
        let mut field = |it: &str| field_name(it, &mut taken);
        assert_eq!(field("type"), ("r#type".into(), true));
        assert_eq!(field("self"), ("self_".into(), false));
        assert_eq!(field("firstName"), ("first_name".into(), false));
        assert_eq!(field("first name"), ("first_name2".into(), false));
        assert_eq!(field("1st"), ("n1st".into(), false));
        assert_eq!(field("%"), ("unnamed".into(), false));
        assert_eq!(field("größe"), ("größe".into(), true));
    }

    #[test]
    fn tables_do_not_hide_what_models_are_made_of() {
        let mut schema = Schema::default();
        for name in ["options", "strings", "patient", "patients"] {
            schema.add_table(crate::schema::Table::new(name));
        }
        #[cfg(feature = "sqlite")]
        {
            let names = Names::of(&schema, &crate::dialect::sqlite::Sqlite::new());
            let words: Vec<&str> = names.structs.values().map(String::as_str).collect();
            assert_eq!(words, ["Options", "Patient", "Patients", "Strings"]);
        }
    }
}
