//! What is asked: the prompt, its attachments, and the request that comes of it.
//!
//! Everything here that cannot be used is a usage error that names the thing. Reading may block; the callers
//! do it off the main task, so that Ctrl-C is heard meanwhile.

mod attachment;
mod request;

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use mainstay::chat::{Message, Part, Request, Role, Schema};

pub(crate) use request::read_request;

use crate::args::Common;
use crate::exit::Stop;

/// More than this is no prompt but a mistake.
const LONGEST_PROMPT: u64 = 64 << 20;
const LARGEST_FILE: u64 = 32 << 20;
const NO_PROMPT: &str = "there is no prompt. Write one behind the command, or pipe it in:\n  \
                         mainstay ask 'Why is the sea salty?'\n  mainstay ask 'Summarise this' < notes.md";

/// The request that asks this prompt, as the flags say.
pub(crate) fn compose(args: &Common, prompt: &str) -> Result<Request, Stop> {
    let request = Request::new([message(&args.attach, prompt)?]);
    let request = match system(args)? {
        Some(system) => request.system(system),
        None => request,
    };
    with_flags(request, args)
}

/// The user's message: the attachments, then the prompt.
pub(crate) fn message(attach: &[String], prompt: &str) -> Result<Message, Stop> {
    let mut content = attach.iter().map(|name| attachment::read(name)).collect::<Result<Vec<_>, _>>()?;
    if !prompt.trim().is_empty() {
        content.push(Part::text(prompt));
    }
    if content.is_empty() {
        return Err(Stop::usage(NO_PROMPT));
    }
    Ok(Message { role: Role::User, content })
}

/// The request with what the flags say about how to answer.
pub(crate) fn with_flags(mut request: Request, args: &Common) -> Result<Request, Stop> {
    if let Some(path) = &args.schema {
        request.schema = Some(schema(path)?);
    }
    request.temperature = args.temperature.or(request.temperature);
    request.max_tokens = args.max_tokens.or(request.max_tokens);
    Ok(request)
}

/// The system message, from the command line or the file it names.
pub(crate) fn system(args: &Common) -> Result<Option<String>, Stop> {
    match args.system.as_deref() {
        None => Ok(None),
        Some(text) => match text.strip_prefix('@') {
            None => Ok(Some(text.to_owned())),
            Some(name) => text_file(Path::new(name)).map(Some),
        },
    }
}

/// The words of the command line, then what is piped in.
pub(crate) fn prompt(words: &[String]) -> Result<String, Stop> {
    let words = words.join(" ");
    if io::stdin().is_terminal() {
        return Ok(words);
    }
    let piped = standard_input()?;
    Ok(match (words.trim().is_empty(), piped.trim().is_empty()) {
        (true, _) => piped,
        (_, true) => words,
        _ => format!("{words}\n\n{piped}"),
    })
}

/// Everything on standard input, which must be UTF-8.
fn standard_input() -> Result<String, Stop> {
    let bytes = read_all(io::stdin().lock(), LONGEST_PROMPT, "standard input")?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Stop::usage(format!("standard input is not UTF-8 text (byte {at}); attach binary files with -a FILE"))
    })
}

fn schema(path: &Path) -> Result<Schema, Stop> {
    let text = text_file(path)?;
    serde_json::from_str(&text).map_err(|error| request::malformed(&path.display().to_string(), &error))
}

/// A file that must be UTF-8.
fn text_file(path: &Path) -> Result<String, Stop> {
    let bytes = file(path)?;
    String::from_utf8(bytes).map_err(|_| Stop::usage(format!("{} is not UTF-8 text", path.display())))
}

fn file(path: &Path) -> Result<Vec<u8>, Stop> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    read_all(file, LARGEST_FILE, &name)
}

fn read_all(source: impl Read, limit: u64, name: &str) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > limit {
        return Err(Stop::usage(format!("{name} is larger than {} MiB", limit >> 20)));
    }
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Stop {
    Stop::usage(format!("{name} cannot be read: {error}"))
}
