//! Rows, and SQL text.

use super::{Case, case};

pub const CASES: &[Case] = &[
    case(
        "execute",
        |op| {
            op.execute("UPDATE visits SET cost = cost + 1 WHERE status = 'completed'");
        },
        |op| {
            op.execute("UPDATE visits SET cost = cost - 1 WHERE status = 'completed'");
        },
    ),
    case(
        "bulk_insert",
        |op| {
            op.bulk_insert(
                "patients",
                ["id", "name"],
                [(10, "Zeno"), (11, "O'Neil; -- \\")],
            );
        },
        |op| {
            op.execute("DELETE FROM patients WHERE id >= 10");
        },
    ),
    case(
        "run",
        |op| {
            op.run("count the visits", async |db| {
                let rows = db
                    .fetch("SELECT CAST(count(*) AS INTEGER) AS n FROM visits")
                    .await?;
                let visits: i32 = rows[0].get("n")?;
                db.execute_with(
                    "UPDATE patients SET phone = '999' WHERE id = 1 AND ? = 3",
                    (visits,),
                )
                .await?;
                Ok(())
            });
        },
        |op| {
            op.run("take the count back", async |db| {
                db.execute("UPDATE patients SET phone = '1' WHERE id = 1")
                    .await?;
                Ok(())
            });
        },
    ),
    case(
        "run.offline",
        |op| {
            op.run("fill the phones", async |db| {
                db.execute("UPDATE patients SET phone = '999' WHERE id = 1")
                    .await?;
                Ok(())
            })
            .offline("UPDATE patients SET phone = '999' WHERE id = 1");
        },
        |op| {
            op.run("take the phones back", async |db| {
                db.execute("UPDATE patients SET phone = '1' WHERE id = 1")
                    .await?;
                Ok(())
            })
            .offline("UPDATE patients SET phone = '1' WHERE id = 1");
        },
    ),
];
