compile_error!("not a revision");
