//! `mainstay chat`: a conversation, line by line.
//!
//! This file owns the loop. What a line means is decided in `command`, what is remembered in `conversation`.

mod command;
mod conversation;
mod lines;

use std::io;
use std::sync::Arc;

use command::{HELP, Line};
use conversation::Conversation;
use lines::Lines;
use mainstay::chat::Target;
use mainstay::client::EventStream;

use crate::answer::{Answer, drive};
use crate::args::Common;
use crate::exit::{Exit, Stop};
use crate::interrupt::Interrupt;
use crate::output::{self, Notices};
use crate::setup::{self, Setup};
use crate::terminal::Terminal;
use crate::{input, table};

/// Talks until the input ends.
///
/// # Errors
///
/// Usage errors and those of standard output. A failed answer does not end a conversation on a terminal; in a
/// piped one the code of the last answer is the program's.
pub(crate) async fn run(args: Arc<Common>, interrupt: &Interrupt) -> Result<Exit, Stop> {
    let terminal = Terminal::of_process(args.color);
    let conversation = Conversation::new(input::system(&args)?);
    let setup = match Setup::load(&args) {
        Ok(setup) => setup,
        Err(error) => return output::fail(&args, &terminal, &error),
    };
    setup.introduce(&args, &terminal);
    let attach = args.attach.clone();
    let mut chat = Chat { args, terminal, setup, conversation, attach, last: Exit::Complete, interrupt };
    chat.talk(Lines::of_stdin()).await
}

struct Chat<'a> {
    args: Arc<Common>,
    terminal: Terminal,
    setup: Setup,
    conversation: Conversation,
    /// What goes with the first message.
    attach: Vec<String>,
    last: Exit,
    interrupt: &'a Interrupt,
}

impl Chat<'_> {
    async fn talk(&mut self, mut lines: Lines) -> Result<Exit, Stop> {
        let person = lines.person;
        if person {
            self.notice("/help shows the commands, Ctrl-D ends the chat");
        }
        loop {
            lines.prompt();
            let line = tokio::select! {
                biased;
                () = self.interrupt.next() => return Err(Stop::Interrupted),
                line = lines.next() => line,
            };
            let Some(line) = line else { break };
            if !self.obey(&line?).await? {
                break;
            }
            if self.last == Exit::Interrupted && !person {
                break;
            }
        }
        Ok(if person { Exit::Complete } else { self.last })
    }

    /// Does what a line says. False ends the chat.
    async fn obey(&mut self, line: &str) -> Result<bool, Stop> {
        match command::read(line) {
            Line::Empty => {}
            Line::Quit => return Ok(false),
            Line::Say(text) => self.say(text).await?,
            Line::Continue => self.go_on().await?,
            Line::Retry if self.conversation.rewind() => self.ask().await?,
            Line::Retry => self.notice("nothing has been asked yet"),
            Line::Help => self.notice(HELP),
            Line::Attempts => self.notice(&self.attempts()),
            Line::Model(name) => self.model(name),
            Line::System(text) => {
                self.conversation.system = (!text.is_empty()).then(|| text.to_owned());
            }
            Line::Unknown(name) => self.notice(&format!("there is no command /{name}; /help shows them")),
        }
        Ok(true)
    }

    async fn say(&mut self, text: &str) -> Result<(), Stop> {
        let message = input::message(&self.attach, text)?;
        self.attach.clear();
        self.conversation.say(message);
        self.ask().await
    }

    async fn ask(&mut self) -> Result<(), Stop> {
        let request = input::with_flags(self.conversation.request(), &self.args)?;
        let stream = self.setup.client.stream_on(&self.setup.chain, request);
        let answer = self.show(stream).await?;
        self.conversation.answered(answer);
        self.offer_to_go_on();
        Ok(())
    }

    async fn go_on(&mut self) -> Result<(), Stop> {
        let Some(handle) = self.conversation.handle.clone() else {
            self.notice("there is no incomplete answer to go on with");
            return Ok(());
        };
        let stream = match self.setup.client.resume(handle.clone()) {
            Ok(stream) => stream,
            Err(error) => {
                self.last = output::fail(&self.args, &self.terminal, &error)?;
                return Ok(());
            }
        };
        let answer = self.show(stream).await?;
        self.conversation.completed(&handle, answer);
        self.offer_to_go_on();
        Ok(())
    }

    async fn show(&mut self, stream: EventStream) -> Result<Answer, Stop> {
        let mut output = output::of(&self.args, &self.terminal, self.setup.restarts());
        let answer = drive(stream, &mut *output, self.interrupt).await?;
        self.last = answer.exit(self.args.strict);
        Ok(answer)
    }

    fn offer_to_go_on(&self) {
        if self.conversation.handle.is_some() {
            self.notice("/continue goes on with it");
        }
    }

    fn model(&mut self, name: &str) {
        if !name.is_empty() {
            match self.setup.client.chain(name) {
                Ok(mut chain) => {
                    setup::apply(&mut chain, &self.args);
                    self.setup.chain = chain;
                }
                Err(error) => return self.notices().error(&error, false),
            }
        }
        let names: Vec<_> = self.setup.chain.targets().map(Target::as_str).collect();
        self.notice(&names.join(" → "));
    }

    fn attempts(&self) -> String {
        if self.conversation.attempts.is_empty() {
            return "nothing has been asked yet".to_owned();
        }
        let rows = self.conversation.attempts.iter().map(|attempt| {
            let took = attempt.ended_ms.saturating_sub(attempt.started_ms);
            let kind = attempt.kind.map_or("", |kind| kind.as_str());
            [
                attempt.target.to_string(),
                attempt.mode.to_string(),
                attempt.outcome.to_string(),
                kind.to_owned(),
                format!("{took} ms"),
            ]
        });
        table::plain(rows)
    }

    fn notice(&self, text: &str) {
        self.notices().say(text);
    }

    fn notices(&self) -> Notices<io::Stderr> {
        Notices::new(io::stderr(), self.args.quiet, &self.terminal)
    }
}
