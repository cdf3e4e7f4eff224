//! What has been said: the history that the next request is made of.

use mainstay::chat::{Attempt, Handle, Message, Request, Role};

use crate::answer::Answer;

/// A conversation in memory.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    pub(super) system: Option<String>,
    messages: Vec<Message>,
    /// How the last answer came about.
    pub(super) attempts: Vec<Attempt>,
    /// What goes on with the last answer, while it is incomplete.
    pub(super) handle: Option<Handle>,
}

impl Conversation {
    pub(super) fn new(system: Option<String>) -> Self {
        Self { system, ..Self::default() }
    }

    /// Adds a message of the user. It takes the place of one that got no answer.
    pub(super) fn say(&mut self, message: Message) {
        if self.messages.last().is_some_and(|message| message.role == Role::User) {
            self.messages.pop();
        }
        self.handle = None;
        self.messages.push(message);
    }

    /// Takes back everything behind the user's last message. False if there is none.
    pub(super) fn rewind(&mut self) -> bool {
        let last = self.messages.iter().rposition(|message| message.role == Role::User);
        self.messages.truncate(last.map_or(self.messages.len(), |at| at + 1));
        self.handle = None;
        last.is_some()
    }

    /// The request for an answer to all that was said.
    pub(super) fn request(&self) -> Request {
        let request = Request::new(self.messages.clone());
        match &self.system {
            Some(system) => request.system(system),
            None => request,
        }
    }

    /// Takes in an answer to the last message. What came of a broken one is kept, with what is needed to go
    /// on with it; a question without any answer stays, for `/retry`.
    pub(super) fn answered(&mut self, answer: Answer) {
        let Answer { reply, error, .. } = answer;
        self.attempts = error.as_ref().map_or_else(|| reply.attempts.clone(), |e| e.attempts().to_vec());
        self.handle = error.as_ref().and_then(|error| error.handle().cloned());
        let message = reply.into_message();
        if !message.content.is_empty() {
            self.messages.push(message);
        }
    }

    /// Takes in what was missing of the last answer, of which `begun` had come before.
    pub(super) fn completed(&mut self, begun: &Handle, mut answer: Answer) {
        answer.reply.text.insert_str(0, &begun.text);
        if self.messages.last().is_some_and(|message| message.role == Role::Assistant) {
            self.messages.pop();
        }
        let failed = answer.error.is_some();
        self.answered(answer);
        if failed && self.handle.is_none() {
            self.handle = Some(begun.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::chat::{Kind, Reply};
    use mainstay::error::Error;

    use super::*;

    fn answer(text: &str) -> Answer {
        let mut reply = Reply::default();
        reply.text.push_str(text);
        Answer { reply, ..Answer::default() }
    }

    fn broken(conversation: &Conversation, text: &str) -> Answer {
        let handle = Handle::new(conversation.request(), Vec::new(), text.to_owned());
        let error = Error::new(Kind::Reset, "gone").with_partial(text.to_owned(), Some(handle));
        Answer { error: Some(error), ..answer(text) }
    }

    #[test]
    fn a_broken_answer_is_kept_and_made_whole_by_its_continuation() {
        let mut conversation = Conversation::new(Some("Be brief.".to_owned()));
        conversation.say(Message::user("Why?"));
        let half = broken(&conversation, "Because");
        conversation.answered(half);
        let handle = conversation.handle.clone().unwrap();
        conversation.completed(&handle, answer(" of salt."));
        let expected =
            [Message::system("Be brief."), Message::user("Why?"), Message::assistant("Because of salt.")];
        assert_eq!(conversation.request().messages, expected);
        assert!(conversation.handle.is_none());
    }

    #[test]
    fn a_question_without_an_answer_gives_way_to_the_next() {
        let mut conversation = Conversation::default();
        conversation.say(Message::user("Why?"));
        let nothing = broken(&conversation, "");
        conversation.answered(nothing);
        conversation.say(Message::user("How?"));
        assert_eq!(conversation.request().messages, [Message::user("How?")]);
    }

    #[test]
    fn retry_takes_the_last_answer_back() {
        let mut conversation = Conversation::default();
        assert!(!conversation.rewind());
        conversation.say(Message::user("Why?"));
        conversation.answered(answer("Because."));
        assert!(conversation.rewind());
        assert_eq!(conversation.request().messages, [Message::user("Why?")]);
    }
}
