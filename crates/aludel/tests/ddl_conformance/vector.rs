//! One recorded call.

pub(crate) use crate::reader::{Reader, flag, list, plain, strings, text};
use serde_json::Value;

/// A line of the file.
pub(crate) struct Vector {
    pub(crate) json: Value,
}

impl Vector {
    pub(crate) fn id(&self) -> &str {
        text(&self.json, "id").unwrap()
    }

    pub(crate) fn dialect(&self) -> &str {
        text(&self.json, "dialect").unwrap()
    }

    pub(crate) fn op(&self) -> &str {
        text(&self.json, "op").unwrap()
    }

    pub(crate) fn args(&self) -> &Value {
        &self.json["args"]
    }

    /// Why Alembic refused, if it did.
    pub(crate) fn error(&self) -> Option<&str> {
        text(self.json.get("error")?, "message")
    }

    /// What Alembic writes. Where its sets decide, there are several scripts.
    pub(crate) fn scripts(&self) -> Vec<Vec<String>> {
        match self.json.get("sql_any_of") {
            Some(any) => list(any).iter().map(strings).collect(),
            None => vec![strings(&self.json["sql"])],
        }
    }

    /// Whether the text of the call holds this.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        self.json["args"].to_string().contains(text)
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader::new(self.dialect(), &self.json["naming_convention"])
    }
}
