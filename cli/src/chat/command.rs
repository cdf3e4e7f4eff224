//! What a line typed into the chat means.

/// A line of the chat.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Nothing.
    Empty,
    /// Something to say to the model.
    Say(&'a str),
    /// `/help`
    Help,
    /// `/quit`
    Quit,
    /// `/system [TEXT]`: sets the system message, or removes it.
    System(&'a str),
    /// `/model [TARGET|CHAIN]`: names who is asked, or asks for it.
    Model(&'a str),
    /// `/attempts`: how the last answer came about.
    Attempts,
    /// `/continue`: goes on with an incomplete answer.
    Continue,
    /// `/retry`: asks the last question again.
    Retry,
    /// A command that there is not.
    Unknown(&'a str),
}

/// What `/help` says.
pub(super) const HELP: &str = "\
/model [TARGET|CHAIN]  ask somebody else, or say who is asked
/system [TEXT]         set the system message, or remove it
/attempts              how the last answer came about
/continue              go on with an answer that broke off
/retry                 ask the last question again
/quit                  end (also Ctrl-D); Ctrl-C stops an answer
A line that begins with // is sent with one / less.";

/// Reads a line.
pub(super) fn read(line: &str) -> Line<'_> {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() {
        return Line::Empty;
    }
    let Some(command) = line.strip_prefix('/') else { return Line::Say(line) };
    if command.starts_with('/') {
        return Line::Say(command);
    }
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let rest = rest.trim();
    match name {
        "help" | "?" => Line::Help,
        "quit" | "exit" => Line::Quit,
        "system" => Line::System(rest),
        "model" => Line::Model(rest),
        "attempts" => Line::Attempts,
        "continue" => Line::Continue,
        "retry" => Line::Retry,
        name => Line::Unknown(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_said_unless_it_begins_with_one_slash() {
        for (line, meaning) in [
            ("hello\n", Line::Say("hello")),
            ("  indented\r\n", Line::Say("  indented")),
            (" \n", Line::Empty),
            ("/quit\n", Line::Quit),
            ("/system  Be brief. \n", Line::System("Be brief.")),
            ("/model\n", Line::Model("")),
            ("//etc\n", Line::Say("/etc")),
            ("/usr/bin\n", Line::Unknown("usr/bin")),
        ] {
            assert_eq!(read(line), meaning, "{line:?}");
        }
    }
}
