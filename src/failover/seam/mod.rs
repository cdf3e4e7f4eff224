//! The joint between what was delivered and what the next target sends.
//!
//! It decides how much of the beginning of a continuation is a repetition. Text is dropped only on a match:
//! with what was delivered, with the anchor that was asked for, or with a preamble of a known form. Where the
//! evidence is ambiguous nothing is dropped: a doubled word can be read over, a lost one cannot be guessed.
//!
//! It is pure: text in, decisions out. Who is asked, and in which form, is the journey's business.

mod anew;
mod ask;
mod overlap;
mod preamble;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub(crate) use ask::ask;
use overlap::{Alignment, Head};

/// How many characters of a continuation are held back at most to see how it begins.
const HOLD_CHARS: usize = 256;

/// What a piece of the continuation led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Not clear yet: the piece is held back.
    Hold,
    /// The joint is made: this text goes on, after so many characters were left out.
    Made { text: String, dropped: usize },
    /// The model started over, in other words; this is its new answer so far.
    StartedOver { text: String },
}

/// The joint to be made.
#[derive(Debug)]
pub(crate) struct Seam {
    delivered: Arc<str>,
    held: String,
    held_chars: usize,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// The model was given the beginning of its own answer, less `withheld` bytes of white space at its end.
    Prefill { withheld: usize, echoes: bool },
    /// The model was asked to repeat the anchor, which begins here, and to go on.
    Instruct { anchor: usize },
    /// The model repeats the answer from here on: it is skipped while it is the same.
    Aligned(Alignment),
}

impl Seam {
    /// The joint with a model that continues a prefilled text. `sent` is how many bytes of `delivered` it was
    /// given; the rest is white space. `echoes`: it is known to repeat them.
    pub(crate) fn prefill(delivered: Arc<str>, sent: usize, echoes: bool) -> Self {
        let withheld = delivered.len() - sent;
        Self { delivered, held: String::new(), held_chars: 0, form: Form::Prefill { withheld, echoes } }
    }

    /// The joint with a model that was asked to go on from the anchor that starts at byte `anchor`.
    pub(crate) fn instruct(delivered: Arc<str>, anchor: usize) -> Self {
        Self { delivered, held: String::new(), held_chars: 0, form: Form::Instruct { anchor } }
    }

    /// Takes in a piece of the continuation.
    pub(crate) fn push(&mut self, piece: &str) -> Joint {
        self.held.push_str(piece);
        self.held_chars += piece.chars().count();
        self.judge(false)
    }

    /// Nothing more is waited for: the time to hold back is over, or the continuation is complete.
    pub(crate) fn settle(&mut self) -> Joint {
        self.judge(true)
    }

    /// Whether the continuation so far is a mere repetition: waiting for more loses nothing.
    pub(crate) fn is_repeating(&self) -> bool {
        !matches!(self.form, Form::Instruct { .. })
    }

    fn judge(&mut self, last: bool) -> Joint {
        match self.form {
            Form::Prefill { withheld, echoes } => self.judge_prefill(withheld, echoes, last),
            Form::Instruct { anchor } => self.judge_instruct(anchor, last),
            Form::Aligned(alignment) => self.judge_aligned(alignment, last),
        }
    }

    /// Only a full, exact echo is dropped: a continuation may well begin like the answer did.
    fn judge_prefill(&mut self, withheld: usize, echoes: bool, last: bool) -> Joint {
        let sent = &self.delivered[..self.delivered.len() - withheld];
        let believable = echoes || overlap::is_unmistakable(sent);
        if believable && self.held.starts_with(sent) {
            return self.make(sent.len(), last);
        }
        if believable && !last && sent.starts_with(self.held.as_str()) {
            return Joint::Hold;
        }
        self.make(0, last)
    }

    fn judge_instruct(&mut self, anchor: usize, last: bool) -> Joint {
        if self.held.is_empty() && !last {
            return Joint::Hold;
        }
        let enough = last || self.held_chars >= HOLD_CHARS;
        match overlap::find_head(&self.delivered, anchor, &self.held, enough) {
            Head::Unclear if !enough => Joint::Hold,
            Head::Unclear | Head::Clean => self.make(0, last),
            Head::New => Joint::StartedOver { text: std::mem::take(&mut self.held) },
            Head::Repeats { bytes } => self.make(bytes, last),
            Head::Aligned(alignment) => {
                self.form = Form::Aligned(alignment);
                self.judge_aligned(alignment, last)
            }
        }
    }

    fn judge_aligned(&mut self, alignment: Alignment, last: bool) -> Joint {
        match overlap::follow(&self.delivered, alignment, &self.held) {
            overlap::Follow::Same if last => self.make(self.held.len(), last),
            overlap::Follow::Same => Joint::Hold,
            overlap::Follow::PastEnd { bytes } => self.make(bytes, last),
            overlap::Follow::Differs if alignment.is_from_top() => {
                Joint::StartedOver { text: std::mem::take(&mut self.held) }
            }
            overlap::Follow::Differs => self.make(0, last),
        }
    }

    /// Makes the joint after the first `bytes` held bytes, white space at both sides reconciled.
    fn make(&mut self, bytes: usize, last: bool) -> Joint {
        let blank = self.blank(bytes);
        let again = overlap::common_prefix(blank, &self.held[bytes..]);
        let may_go_on = again == self.held.len() - bytes && again < blank.len();
        if may_go_on && !last {
            return Joint::Hold;
        }
        let text = self.held.split_off(bytes + again);
        let dropped = std::mem::take(&mut self.held).chars().count();
        Joint::Made { text, dropped }
    }

    /// The white space at the end of the delivered text that the model has not seen, or will say again.
    fn blank(&self, bytes: usize) -> &str {
        let length = match self.form {
            Form::Prefill { withheld, .. } => withheld,
            Form::Instruct { .. } | Form::Aligned(_) if bytes > 0 => overlap::trailing_space(&self.delivered),
            Form::Instruct { .. } | Form::Aligned(_) => 0,
        };
        &self.delivered[self.delivered.len() - length..]
    }
}
