//! Just enough of PostgreSQL's wire protocol (the manual's chapter "Frontend/Backend Protocol") to create and drop databases
//! without starting a program for each: a trusted login, simple queries, no results. Knows nothing of servers and folders.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A connection that runs one statement after another.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    /// Whether the answer to a posted statement is still to be read.
    posted: bool,
}

impl Wire {
    /// Logs in to a server on this machine that asks no password of `user`.
    pub(crate) fn connect(port: u16, user: &str, database: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        // A statement that hangs must fail its test rather than stop the whole run.
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut body = 196_608_u32.to_be_bytes().to_vec();
        for text in [
            "user",
            user,
            "database",
            database,
            "application_name",
            "aludel-testdb",
        ] {
            body.extend(text.bytes().chain([0]));
        }
        body.push(0);
        let mut wire = Self {
            stream,
            posted: false,
        };
        wire.send(&[], &body)?;
        wire.until_ready()?;
        Ok(wire)
    }

    /// Runs one statement; an error holds the server's message.
    pub(crate) fn run(&mut self, sql: &str) -> io::Result<()> {
        self.post(sql)?;
        self.settle()
    }

    /// Sends one statement without waiting for its end. Whatever comes of it, nobody is told.
    pub(crate) fn post(&mut self, sql: &str) -> io::Result<()> {
        // An answer that nobody waited for says nothing about this statement.
        let _ = self.settle();
        let body: Vec<u8> = sql.bytes().chain([0]).collect();
        self.send(b"Q", &body)?;
        self.posted = true;
        Ok(())
    }

    /// Waits for the end of the statement that was sent last.
    fn settle(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.posted) {
            self.until_ready()
        } else {
            Ok(())
        }
    }

    /// Sends a message: its kind, its length (counting the length itself), its body.
    fn send(&mut self, kind: &[u8], body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
        self.stream
            .write_all(&[kind, &length.to_be_bytes(), body].concat())
    }

    /// Reads messages up to "ready for query", remembering an error on the way.
    fn until_ready(&mut self) -> io::Result<()> {
        let mut failure = None;
        loop {
            let mut head = [0; 5];
            if let Err(error) = self.stream.read_exact(&mut head) {
                // A refused login is an error message and then the end of the stream; the message says more.
                return Err(failure.unwrap_or(error));
            }
            let [kind, length @ ..] = head;
            let mut body = vec![0; (u32::from_be_bytes(length) as usize).saturating_sub(4)];
            self.stream.read_exact(&mut body)?;
            match kind {
                b'Z' => return failure.map_or(Ok(()), Err),
                b'E' => failure = Some(io::Error::other(message(&body))),
                b'R' if body != [0; 4] => {
                    return Err(io::Error::other("the server asks for a password"));
                }
                _ => {}
            }
        }
    }
}

/// The text of an error: the field `M` among fields that are each a letter and a text ending in zero.
fn message(body: &[u8]) -> String {
    let field = body
        .split(|byte| *byte == 0)
        .find_map(|field| field.strip_prefix(b"M"));
    String::from_utf8_lossy(field.unwrap_or(body)).into_owned()
}
