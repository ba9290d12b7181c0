//! The flags of commands that can write a script instead of working on a database.

use aludel::db::Kind;

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Offline {
    /// Print the SQL instead of running it; nothing is connected to
    #[arg(long)]
    pub(crate) sql: bool,
    /// The database that the SQL is for: sqlite, postgres [default: by the URL]
    #[arg(long, value_name = "NAME", requires = "sql", value_parser = kind)]
    pub(crate) dialect: Option<Kind>,
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::by_name(name).ok_or_else(|| "no database is called so".to_string())
}
