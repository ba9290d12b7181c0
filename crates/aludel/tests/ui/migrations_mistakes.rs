use aludel::prelude::*;

fn main() {
    let _ = migrations!("no/such/folder");
    let _ = migrations!(versions);
    let _ = migrations!("versions" "more");
}
