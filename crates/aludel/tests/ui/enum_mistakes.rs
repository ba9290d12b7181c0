use aludel::prelude::*;

#[derive(Enum)]
#[enumeration(rename_all = "Snake", nam = "x")]
enum Case {
    A,
}

#[derive(Enum)]
enum Twice {
    InProgress,
    #[enumeration(rename = "in_progress")]
    Running,
}

#[derive(Enum)]
enum Empty {}

#[derive(Enum)]
enum Carries {
    Plain,
    Tuple(i32),
    Struct { a: i32 },
}

#[derive(Enum)]
struct Struct {
    a: i32,
}

#[derive(Enum)]
enum Generic<T> {
    A(T),
}

#[derive(Enum)]
enum Named {
    #[enumeration(name = "a")]
    A,
    #[enumeration(rename = "")]
    B,
}

fn main() {}
