//! Ctrl-C, and the polite request to end that a supervisor sends: the run is stopped, and what is open rolled back. A second one ends
//! the program at once; the database then rolls back by itself.

use aludel::run::Stop;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What has come so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals(Arc<AtomicU8>);

impl Signals {
    /// Listens from now on, on the runtime that this is called in, and stops a run by what it hears.
    pub(crate) fn listen(stop: Stop) -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        tokio::spawn(async move {
            loop {
                let signal = next().await;
                if heard.0.swap(signal, Ordering::SeqCst) != 0 {
                    std::process::exit(i32::from(code(signal)));
                }
                tracing::warn!(
                    target: "aludel::run",
                    "Stopping: what is open is rolled back; once more to leave at once"
                );
                stop.stop();
            }
        });
        signals
    }

    /// The exit code for what has come, as shells count it.
    pub(crate) fn code(&self) -> Option<u8> {
        match self.0.load(Ordering::SeqCst) {
            0 => None,
            signal => Some(code(signal)),
        }
    }
}

fn code(signal: u8) -> u8 {
    128 + signal
}

const INTERRUPT: u8 = 2;

/// The number of the next signal. Where none can be heard, the system ends the program as it always does.
#[cfg(unix)]
async fn next() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    const TERMINATE: u8 = 15;
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    std::future::poll_fn(|context| {
        if interrupt.poll_recv(context).is_ready() {
            return std::task::Poll::Ready(INTERRUPT);
        }
        terminate.poll_recv(context).map(|_| TERMINATE)
    })
    .await
}

#[cfg(not(unix))]
async fn next() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => INTERRUPT,
        Err(_) => std::future::pending().await,
    }
}
