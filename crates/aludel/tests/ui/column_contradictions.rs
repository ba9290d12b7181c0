use aludel::prelude::*;

#[derive(Table)]
struct Patient {
    #[column(nullable, not_null)]
    a: String,
    #[column(generated = "1", server_default = "2")]
    b: i32,
    #[column(type = "citext", length = 3)]
    c: String,
    #[column(skip, unique)]
    d: String,
    #[column(primary_key, nullable)]
    e: i32,
    #[column(autoincrement = false)]
    f: i32,
    #[column(scale = 2)]
    g: u64,
    #[column(precision = 2, scale = 3)]
    h: u64,
    #[column(identity = "sometimes")]
    i: i32,
}

fn main() {}
