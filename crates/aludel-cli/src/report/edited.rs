//! The difference between a revision that was applied and its file, for people.

use super::path;
use aludel::Edit;

/// Lines as `diff -u` prints them, at most so many of the difference itself.
pub(crate) fn lines(edit: &Edit, most: usize) -> Vec<String> {
    let mut lines = vec![
        "--- what was applied".to_string(),
        format!("+++ {}", path(&edit.path)),
    ];
    let Some(difference) = &edit.difference else {
        lines.push("(what was applied was too long to be kept)".into());
        return lines;
    };
    let all: Vec<&str> = difference.lines().collect();
    lines.extend(all.iter().take(most).map(ToString::to_string));
    if let Some(more) = all.len().checked_sub(most).filter(|it| *it > 0) {
        lines.push(format!("... ({more} lines more)"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_difference_is_cut() {
        let edit = |difference: Option<&str>| Edit {
            revision: aludel::revision::RevisionId::new("a1").unwrap(),
            path: "versions/a1.sql".into(),
            difference: difference.map(str::to_string),
        };
        let head = ["--- what was applied", "+++ versions/a1.sql"];
        assert_eq!(
            lines(&edit(Some("a\nb\nc\n")), 3),
            [&head[..], &["a", "b", "c"]].concat()
        );
        assert_eq!(
            lines(&edit(Some("a\nb\nc\n")), 1),
            [&head[..], &["a", "... (2 lines more)"]].concat()
        );
        assert_eq!(
            lines(&edit(None), 1),
            [&head[..], &["(what was applied was too long to be kept)"]].concat()
        );
    }
}
