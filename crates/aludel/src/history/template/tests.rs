//! What new files are called and look like.

use super::*;
use crate::history::History;

fn now() -> Timestamp {
    "2025-11-08T14:30:05Z".parse().unwrap()
}

fn id(text: &str) -> RevisionId {
    RevisionId::new(text).unwrap()
}

fn revision(syntax: Syntax) -> NewRevision {
    NewRevision {
        id: id("abc123def456"),
        message: "Add patient contact information".into(),
        down: vec![id("5f1d0a2b3c4e")],
        labels: Vec::new(),
        depends_on: Vec::new(),
        syntax,
        upgrades: String::new(),
        downgrades: String::new(),
        up_options: String::new(),
        down_options: String::new(),
    }
}

#[test]
fn a_rust_file_with_empty_bodies() {
    let rendered = Template::default()
        .render(&revision(Syntax::Rust), now())
        .unwrap();
    assert_eq!(
        rendered.name,
        "20251108_1430_abc123def456_add_patient_contact_information.rs"
    );
    assert_eq!(
        rendered.text,
        "//! Add patient contact information\n//!\n//! Revision ID: abc123def456\n//! Revises: 5f1d0a2b3c4e\n\
         //! Create Date: 2025-11-08 14:30:05\n\nuse aludel::prelude::*;\n\n\
         pub fn upgrade(_op: &mut Operations) {}\n\npub fn downgrade(_op: &mut Operations) {}\n"
    );
}

#[test]
fn a_rust_file_with_bodies() {
    let mut revision = revision(Syntax::Rust);
    revision.upgrades =
        "    op.drop_table(\"a\");\n    op.execute(\"SELECT '{{ x }} <b>'\");\n".into();
    revision.downgrades = "    op.execute(\"SELECT 1\");".into();
    let text = Template::default().render(&revision, now()).unwrap().text;
    let body = &text[text.find("use").unwrap()..];
    assert_eq!(
        body,
        "use aludel::prelude::*;\n\npub fn upgrade(op: &mut Operations) {\n    op.drop_table(\"a\");\n    \
         op.execute(\"SELECT '{{ x }} <b>'\");\n}\n\npub fn downgrade(op: &mut Operations) {\n    \
         op.execute(\"SELECT 1\");\n}\n"
    );
}

#[test]
fn a_sql_file_without_and_with_statements() {
    let mut revision = revision(Syntax::Sql);
    let text = Template::default().render(&revision, now()).unwrap().text;
    let (header, body) = text.split_once("\n\n").unwrap();
    assert!(header.ends_with("-- Create Date: 2025-11-08 14:30:05"));
    assert_eq!(body, "-- migrate:up\n\n-- migrate:down\n");
    revision.upgrades = "ALTER TABLE patients ADD COLUMN email VARCHAR;\n".into();
    revision.downgrades = "ALTER TABLE patients DROP COLUMN email;".into();
    revision.down_options = " foreign_keys:off".into();
    let text = Template::default().render(&revision, now()).unwrap().text;
    assert!(text.ends_with(
        "-- migrate:up\nALTER TABLE patients ADD COLUMN email VARCHAR;\n\n\
         -- migrate:down foreign_keys:off\nALTER TABLE patients DROP COLUMN email;\n"
    ));
}

#[test]
fn names_are_made_of_tokens() {
    let name = |file_template: &str| {
        let template = Template {
            file_template: file_template.into(),
            ..Template::default()
        };
        template
            .render(&revision(Syntax::Sql), now())
            .map(|rendered| rendered.name)
    };
    assert_eq!(
        name("{epoch}-{hour}{minute}{second}_{rev}").unwrap(),
        "1762612205-143005_abc123def456.sql"
    );
    for (template, found) in [
        ("{rev}_{revision}", "{revision}"),
        ("{rev", "{rev"),
        ("a}b", "}"),
    ] {
        match name(template).unwrap_err() {
            HistoryError::FileTemplate { found: other, .. } => assert_eq!(other, found),
            other => panic!("{other}"),
        }
    }
    for template in [".{rev}", ""] {
        assert!(
            matches!(name(template), Err(HistoryError::FileName { .. })),
            "{template}"
        );
    }
    assert!(matches!(
        name("{year}/{rev}"),
        Err(HistoryError::FileTemplateFolders { .. })
    ));
}

#[test]
fn names_may_hold_folders_where_these_are_searched() {
    let render = |file_template: &str| {
        let template = Template {
            file_template: file_template.into(),
            folders: true,
            ..Template::default()
        };
        template.render(&revision(Syntax::Sql), now())
    };
    let rendered = render("{year}/{month}/{rev}").unwrap();
    assert_eq!(rendered.name, "2025/11/abc123def456.sql");
    for bad in [
        "/{rev}",
        "{year}/",
        "../{rev}",
        "a//{rev}",
        ".{year}/{rev}",
        "a\\{rev}",
    ] {
        assert!(
            matches!(render(bad), Err(HistoryError::FileName { .. })),
            "{bad}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = rendered.write(folder.path()).unwrap();
    assert_eq!(path, folder.path().join("2025/11/abc123def456.sql"));
    let again = rendered.write(folder.path()).unwrap_err();
    assert!(matches!(again, HistoryError::Exists { .. }), "{again}");
    let beside = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "no draft is left");
}

#[test]
fn slugs_are_cut_at_words() {
    assert_eq!(slug("Größe: don't panic!", 40), "größe_don_t_panic");
    assert_eq!(slug("", 40), "");
    assert_eq!(slug("one two three", 9), "one_two_");
    assert_eq!(slug("unbreakable", 5), "unbre_");
    let long = "this is a really long message that goes on and on";
    assert_eq!(slug(long, 40), "this_is_a_really_long_message_that_goes_");
}

#[test]
fn dates_are_told_in_the_zone() {
    let template = Template {
        timezone: timezone("America/New_York").unwrap(),
        ..Template::default()
    };
    let rendered = template.render(&revision(Syntax::Rust), now()).unwrap();
    assert!(rendered.name.starts_with("20251108_0930_"));
    assert!(rendered.text.contains("Create Date: 2025-11-08 09:30:05\n"));
    assert!(timezone("utc").is_ok());
    assert_eq!(
        timezone("Nowhere").unwrap_err().to_string(),
        "Can't locate timezone: Nowhere"
    );
}

#[test]
fn a_project_may_bring_its_own_template() {
    let with = |script: &str| {
        let script = Some(("script.sql.jinja".to_owned(), script.to_owned()));
        Template {
            script,
            ..Template::default()
        }
        .render(&revision(Syntax::Sql), now())
    };
    let text = with("{{ header }}-- migrate:up\n-- {{ rev }} <- {{ down | join(',') }}\n")
        .unwrap()
        .text;
    assert!(text.ends_with("-- migrate:up\n-- abc123def456 <- 5f1d0a2b3c4e\n"));
    match with("{{ header }}\n{{ nonsense }}").unwrap_err() {
        HistoryError::Template { name, line, .. } => {
            assert_eq!((name.as_str(), line), ("script.sql.jinja", Some(2)));
        }
        other => panic!("{other}"),
    }
    for script in [
        "-- migrate:up\n",
        "-- {{ message }}\n--\n-- Revision ID: {{ rev }}\n",
    ] {
        assert!(
            matches!(with(script), Err(HistoryError::TemplateHeader { .. })),
            "{script}"
        );
    }
}

#[test]
fn a_message_that_would_break_the_header_is_refused() {
    let mut revision = revision(Syntax::Rust);
    revision.message = "One\nRevision ID: b".into();
    assert!(matches!(
        Template::default().render(&revision, now()),
        Err(HistoryError::Unwritable { .. })
    ));
}

#[test]
fn files_are_written_whole_and_never_over_others() {
    let dir = tempfile::tempdir().unwrap();
    let mut revision = revision(Syntax::Rust);
    revision.down.clear();
    let rendered = Template::default().render(&revision, now()).unwrap();
    let path = rendered.write(dir.path()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), rendered.text);
    assert!(
        matches!(rendered.write(dir.path()), Err(HistoryError::Exists { path: other }) if other == path)
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    assert!(
        History::load(dir.path())
            .unwrap()
            .map()
            .contains("abc123def456")
    );
    let missing = dir.path().join("missing");
    assert!(matches!(
        rendered.write(&missing),
        Err(HistoryError::Write { .. })
    ));
}
