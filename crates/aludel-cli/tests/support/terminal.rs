//! A terminal for a command, and somebody who types at it.
#![allow(clippy::panic)]

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Runs a command at a terminal, and types each answer when its question has been asked; answers the exit code, what stood on the
/// terminal, and standard output.
pub fn typed(mut command: Command, answers: &[(&str, &str)]) -> (i32, String, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let name = name.to_str().unwrap().to_string();
    let end = || -> File {
        let open = OpenOptions::new().read(true).write(true).open(&name);
        open.unwrap()
    };
    command
        .stdin(Stdio::from(end()))
        .stderr(Stdio::from(end()))
        .stdout(Stdio::piped());
    let child = command.spawn().unwrap();
    // Its ends are to be the program's alone, so that the terminal closes when the program ends.
    drop(command);
    let mut typing = File::from(terminal);
    let mut reading = typing.try_clone().unwrap();
    let (said, heard) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        // The end of a terminal is an error on some systems.
        while let Ok(length) = reading.read(&mut bytes) {
            if length == 0 || said.send(bytes[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut shown = Vec::new();
    for (question, answer) in answers {
        let is_asked = |shown: &[u8]| String::from_utf8_lossy(shown).contains(question);
        while !is_asked(&shown) {
            match heard.recv_timeout(Duration::from_secs(600)) {
                Ok(more) => shown.extend(more),
                Err(_) => panic!("{question}: {}", String::from_utf8_lossy(&shown)),
            }
        }
        typing.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    reader.join().unwrap();
    shown.extend(heard.try_iter().flatten());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    (
        output.status.code().unwrap(),
        text(&shown),
        text(&output.stdout),
    )
}
