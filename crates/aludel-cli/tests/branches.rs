//! Commands on histories that branch and merge: `branches`, `heads`, `merge`, `history --graph`.

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1aa <- b2bb`, upon which stand `c3cc` and, on the branch `billing`, `d4dd`; `e5ee` stands beside `b2bb`.
fn branched() -> Project {
    let project = Project::sql();
    project.revision("a1aa", "");
    project.revision("b2bb", "a1aa");
    project.revision("c3cc", "b2bb");
    project.write(
        "migrations/versions/d4dd.sql",
        "-- Bill visits\n--\n-- Revision ID: d4dd\n-- Revises: b2bb\n-- Branch Labels: billing\n\n-- migrate:up\n",
    );
    project.revision("e5ee", "a1aa");
    project
}

#[test]
fn branch_points() {
    let project = branched();
    assert_snapshot!(project.run("branches"), @"
    exit 0
    -- stdout
    b2bb (branchpoint)
         -> c3cc (head)
         -> d4dd (billing) (head)

    a1aa (branchpoint)
         -> b2bb (branchpoint)
         -> e5ee (head)
    ");
    assert_snapshot!(project.run("branches -v"), @"
    exit 0
    -- stdout
    Rev: b2bb (branchpoint)
    Parent: a1aa
    Branches into: c3cc, d4dd
    Path: ROOT/migrations/versions/b2bb.sql

        step b2bb

        Revision ID: b2bb
        Revises: a1aa

         -> c3cc (head), step c3cc
         -> d4dd (billing) (head), Bill visits

    Rev: a1aa (branchpoint)
    Parent: <base>
    Branches into: b2bb, e5ee
    Path: ROOT/migrations/versions/a1aa.sql

        step a1aa

        Revision ID: a1aa

         -> b2bb (branchpoint), step b2bb
         -> e5ee (head), step e5ee
    ");
    let json = project.ok("branches --json");
    let ids: Vec<&str> = json
        .lines()
        .map(str::trim)
        .filter(|it| it.starts_with("\"id\""))
        .collect();
    assert_eq!(
        ids,
        [
            r#""id": "b2bb","#,
            r#""id": "c3cc","#,
            r#""id": "d4dd","#,
            r#""id": "a1aa","#,
            r#""id": "b2bb","#,
            r#""id": "e5ee","#
        ]
    );
    let straight = Project::sql();
    straight.revision("a1aa", "");
    assert_eq!(straight.run("branches"), "exit 0\n");
}
