use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column(length = "32")]
    phone: String,
    #[column(unique = true)]
    email: String,
    #[column(name)]
    name: String,
    #[column(primary_key, autoincrement)]
    id: i32,
    #[column("email")]
    text: String,
}

fn main() {}
