//! The lines of a file of the corpus.

/// Something that an author wrote, and what is to be thought of it.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// As it stands in the file, to be told when it fails.
    pub text: String,
    /// What the table is made from.
    pub created: T,
    /// What the models say afterwards, and whether that is the same.
    pub then: Option<(Meaning, T)>,
}

/// Whether two texts mean the same to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Same,
    Other,
}

/// A file of lines: the columns that its entries may use, and the entries.
#[derive(Debug, Default)]
pub struct File {
    /// The lines that begin with `@`: a column each, `name | TYPE`.
    pub columns: Vec<(String, String)>,
    /// All other lines, but those that are empty or begin with `#`.
    pub entries: Vec<Entry<String>>,
}

/// Reads a file of lines. `⏎` is the end of a line within an entry.
pub fn lines(text: &str) -> File {
    let mut file = File::default();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(column) = line.strip_prefix("@ ") {
            let (name, ty) = column.split_once(" | ").expect("a name and a type");
            file.columns.push((name.into(), ty.trim().into()));
            continue;
        }
        let side = |it: &str| it.trim().replace('⏎', "\n");
        let pair = |meaning, separator| {
            let (created, then) = line.split_once(separator)?;
            Some((side(created), Some((meaning, side(then)))))
        };
        let (created, then) = pair(Meaning::Same, " ≡ ")
            .or_else(|| pair(Meaning::Other, " ≠ "))
            .unwrap_or_else(|| (side(line), None));
        file.entries.push(Entry {
            text: line.into(),
            created,
            then,
        });
    }
    file
}

impl<T> Entry<T> {
    /// Both sides, read further.
    pub fn map<U>(self, read: impl Fn(T) -> U) -> Entry<U> {
        Entry {
            created: read(self.created),
            then: self.then.map(|(meaning, it)| (meaning, read(it))),
            text: self.text,
        }
    }
}
