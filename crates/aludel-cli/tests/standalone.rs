//! The binary alone, on a folder of `.sql` revisions: no cargo, no program of the project's own, nothing on the path.
#![cfg(feature = "sqlite")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Project;

#[test]
fn a_whole_life_without_cargo() {
    let project = Project::empty()
        .with("PATH", "")
        .with("CARGO", "/nowhere/cargo")
        .with("STAGING_URL", "sqlite:staging.db");
    project.ok("-q init --template sql migrations");
    let config = project.read("aludel.toml");
    let config = config
        .replace(
            "# version_locations = [\"migrations/versions\", \"billing\"]",
            "version_locations = [\"core\", \"billing\"]",
        )
        .replace(
            "recursive_version_locations = false",
            "recursive_version_locations = true",
        )
        .replace(
            "{year}{month}{day}_{hour}{minute}_{rev}_{slug}",
            "{year}/{rev}",
        )
        .replace("# [environments.staging]", "[environments.staging]")
        .replace("# url = ", "url = ");
    project.write("aludel.toml", &config);
    project.write(".env", "DATABASE_URL=sqlite:app.db\n");
    project.ok("-q revision --rev-id a1 -m Patients --version-path core");
    project.ok("-q revision --rev-id b1 -m Invoices --head base --version-path billing --branch-label billing");
    project.ok("-q revision --rev-id b2 -m Lines --head billing@head");
    project.ok("-q merge --rev-id c1 -m Join heads");
    assert_snapshot!(project.ok("history"), @"
    a1, b2 -> c1 (billing) (head) (mergepoint), Join
    <base> -> a1, Patients
    b1 -> b2 (billing), Lines
    <base> -> b1 (billing), Invoices
    ");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> b1, Invoices
    INFO  [aludel::run] Running upgrade b1 -> b2, Lines
    INFO  [aludel::run] Running upgrade  -> a1, Patients
    INFO  [aludel::run] Running upgrade a1, b2 -> c1, Join
    ");
    assert_snapshot!(project.run("-n staging upgrade billing@b1"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> b1, Invoices
    ");
    for (line, said) in [
        ("current", "c1 (head)\n"),
        ("-n staging current", "b1\n"),
        ("downgrade base", ""),
        ("stamp c1", ""),
        ("current --check-heads", "c1 (head)\n"),
        ("heads", "c1 (head)\n"),
    ] {
        let plain = project.ok(line).replace(" (billing)", "");
        assert_eq!(plain.replace(" (mergepoint)", ""), said, "{line}");
    }
    assert_snapshot!(project.files(), @"
    .env
    aludel.toml
    app.db
    billing/2025/b1.sql
    billing/2025/b2.sql
    core/2025/a1.sql
    core/2025/c1.sql
    migrations/README.md
    migrations/script.sql.jinja
    migrations/versions/.gitkeep
    staging.db
    ");
    assert!(
        project
            .run("revision --autogenerate -m x")
            .contains("holds no program that knows any")
    );
}
