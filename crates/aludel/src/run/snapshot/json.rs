//! The form of a dump in JSON: one object that holds everything a schema holds, and nothing of what is not there.
//!
//! A later form gets a later number. This reads the forms up to its own, and refuses later ones.

use super::Snapshot;
use crate::db::Kind;
use crate::error::{Result, SideError};
use crate::schema::{
    Declared, Domain, Enum, Extension, Function, Ident, Object, Policy, QualifiedName, RowSecurity,
    Schema, Sequence, Table, Trigger, View,
};
use serde::{Deserialize, Serialize};

/// The form that is written here.
const FORM: u64 = 1;

/// A dump. Maps are lists, since their keys are more than texts and are said in each value.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dump {
    aludel: u64,
    dialect: String,
    release: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    schemas: Vec<Ident>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Extension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    enums: Vec<Enum>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    domains: Vec<Domain>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sequences: Vec<Sequence>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    functions: Vec<Function>,
    tables: Vec<Table>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    views: Vec<View>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    triggers: Vec<Trigger>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<Policy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    row_security: Vec<Secured>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    comments: Vec<Comment>,
}

/// What of any form must be there, to know whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    aludel: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secured {
    table: QualifiedName,
    enabled: bool,
    forced: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    on: Object,
    text: String,
}

impl Snapshot {
    /// As JSON, from which [`Self::from_json`] reads the same again.
    pub fn to_json(&self) -> String {
        let dump = Dump::of(self.clone());
        // Texts, numbers and lists have a form in JSON, whatever is in them.
        serde_json::to_string_pretty(&dump).unwrap_or_default() + "\n"
    }

    /// Reads what [`Self::to_json`] has written into a file.
    ///
    /// # Errors
    /// [`SideError`] for an empty text, one that is no dump, or one of a later form.
    pub fn from_json(file: &str, text: &str) -> Result<Self> {
        let no_dump = |reason: String| SideError::NoDump {
            file: file.to_string(),
            reason,
        };
        if text.trim().is_empty() {
            let file = file.to_string();
            return Err(SideError::Empty { file }.into());
        }
        let head: Head = serde_json::from_str(text).map_err(|it| no_dump(it.to_string()))?;
        match head.aludel {
            None | Some(0) => Err(no_dump("it has no number `aludel`".into()).into()),
            Some(found) if found > FORM => Err(SideError::Newer {
                file: file.to_string(),
                found,
                known: FORM,
            }
            .into()),
            Some(_) => {
                let dump: Dump =
                    serde_json::from_str(text).map_err(|it| no_dump(it.to_string()))?;
                Ok(dump.into_snapshot().map_err(no_dump)?)
            }
        }
    }
}

impl Dump {
    fn of(snapshot: Snapshot) -> Self {
        let Schema {
            tables,
            enums,
            objects,
        } = snapshot.schema;
        let row_security = objects.row_security.into_iter();
        let comments = objects.comments.into_iter();
        Self {
            aludel: FORM,
            dialect: snapshot.kind.name().into(),
            release: snapshot.release,
            schemas: objects.schemas.into_iter().collect(),
            extensions: objects.extensions.into_values().collect(),
            enums: enums.into_values().collect(),
            domains: objects.domains.into_values().collect(),
            sequences: objects.sequences.into_values().collect(),
            functions: objects.functions.into_values().collect(),
            tables: tables.into_values().collect(),
            views: objects.views.into_values().collect(),
            triggers: objects.triggers.into_values().collect(),
            policies: objects.policies.into_values().collect(),
            row_security: row_security
                .map(|(table, it)| Secured {
                    table,
                    enabled: it.enabled,
                    forced: it.forced,
                })
                .collect(),
            comments: comments.map(|(on, text)| Comment { on, text }).collect(),
        }
    }

    fn into_snapshot(self) -> Result<Snapshot, String> {
        let kind = Kind::by_name(&self.dialect)
            .ok_or_else(|| format!("no database is called `{}`", self.dialect))?;
        let mut schema = Schema::default();
        for table in self.tables {
            if schema.tables.contains_key(&table.name) {
                return Err(format!("it has the table `{}` twice", table.name));
            }
            schema.add_table(table);
        }
        let security = self.row_security.into_iter().map(|it| {
            let security = RowSecurity {
                enabled: it.enabled,
                forced: it.forced,
            };
            Declared::RowSecurity(it.table, security)
        });
        let all = (self.schemas.into_iter().map(Declared::Schema))
            .chain(self.extensions.into_iter().map(Declared::Extension))
            .chain(self.enums.into_iter().map(Declared::Enum))
            .chain(self.domains.into_iter().map(Declared::Domain))
            .chain(self.sequences.into_iter().map(Declared::Sequence))
            .chain(self.functions.into_iter().map(Declared::Function))
            .chain(self.views.into_iter().map(Declared::View))
            .chain(self.triggers.into_iter().map(Declared::Trigger))
            .chain(self.policies.into_iter().map(Declared::Policy))
            .chain(security);
        for object in all {
            if !object.put(&mut schema) {
                return Err(format!("it has the {} twice", object.name()));
            }
        }
        let comments = self.comments.into_iter().map(|it| (it.on, it.text));
        schema.objects.comments.extend(comments);
        Ok(Snapshot {
            kind,
            release: self.release,
            schema,
        })
    }
}
