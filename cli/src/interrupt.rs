//! Ctrl-C: heard at every moment, handed to whoever waits for it.
//!
//! Why a task of its own? The main task may be blocked in a write to a pipe that nobody reads. If nobody takes
//! the signal up within half a second, the program ends by itself.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::exit::Exit;

const PATIENCE: Duration = Duration::from_millis(500);

/// The Ctrl-C of this process.
#[derive(Clone, Default)]
pub(crate) struct Interrupt(Arc<State>);

#[derive(Default)]
struct State {
    pending: AtomicBool,
    wake: Notify,
}

impl Interrupt {
    /// Starts to listen. From here on Ctrl-C no longer kills the program.
    pub(crate) fn listen() -> Self {
        let interrupt = Self::default();
        tokio::spawn(interrupt.clone().hear());
        interrupt
    }

    /// Resolves on Ctrl-C, also one from before the call.
    pub(crate) async fn next(&self) {
        while !self.0.pending.swap(false, Ordering::AcqRel) {
            self.0.wake.notified().await;
        }
    }

    async fn hear(self) {
        while tokio::signal::ctrl_c().await.is_ok() {
            if self.0.pending.swap(true, Ordering::AcqRel) {
                process::exit(Exit::Interrupted.code().into());
            }
            self.0.wake.notify_one();
            tokio::spawn(self.clone().insist());
        }
    }

    async fn insist(self) {
        tokio::time::sleep(PATIENCE).await;
        if self.0.pending.load(Ordering::Acquire) {
            process::exit(Exit::Interrupted.code().into());
        }
    }
}
