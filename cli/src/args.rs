//! What was typed, as clap sees it. What is meant by it is decided by the commands.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};
use mainstay::failover::OnBreak;

const ASKING: &str = "Asking";
const BREAKING: &str = "When a provider fails";
const OUTPUT: &str = "Output";

const AFTER_HELP: &str = "\
Without a command it is a chat on a terminal, and `ask` where the prompt is piped in.

Keys come from the environment (DEEPSEEK_API_KEY, OPENAI_API_KEY, …): `mainstay providers` names them all.
No key at hand? `mainstay demo` shows answers surviving an outage, without key or network.

Exit codes: 0 complete · 1 internal error · 2 usage · 3 configuration or login · 4 every target failed
            5 incomplete answer · 6 refused by policy · 7 --strict and a failover happened · 130 interrupted";

/// Talk to several LLM providers as one: an answer outlives its provider.
#[derive(Debug, Parser)]
#[command(name = "mainstay", version, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// One answer to one prompt; piped standard input is appended to the prompt, or is the prompt
    Ask(Ask),
    /// A conversation, line by line
    Chat,
    /// Watch answers survive servers that fail on purpose; no key, no network
    Demo(Demo),
    /// The providers that can be used, and whether their keys are there
    Providers {
        #[command(subcommand)]
        verb: Option<ProvidersVerb>,
    },
    /// The models that are known, with their limits and prices
    Models {
        /// Only those of this provider
        provider: Option<String>,
    },
    /// The configuration: where it is, what it says, whether it is right
    Config {
        #[command(subcommand)]
        verb: Option<ConfigVerb>,
    },
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// One question.
#[derive(Debug, Default, Args)]
pub(crate) struct Ask {
    /// The prompt; several words are joined by spaces
    #[arg(value_name = "PROMPT")]
    pub(crate) prompt: Vec<String>,
    /// The whole request as JSON instead: {messages, tools, tool_choice, schema, …}; `-` is standard input
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["prompt", "system", "attach"])]
    pub(crate) request: Option<PathBuf>,
}

/// The demonstration.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Which scenarios; six without
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    /// Name the scenarios and end
    #[arg(long)]
    pub(crate) list: bool,
}

/// What to do with providers.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum ProvidersVerb {
    /// List them
    List,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Print which file is used
    Path,
    /// Print what it says, without any header value
    Show,
    /// Say whether it is right, and if not, where
    Check {
        /// This file instead of the one that is used
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
    },
}

/// The flags all commands share.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// A target (provider/model) or the name of a chain; repeated, they form a chain in that order
    #[arg(short, long = "model", value_name = "TARGET|CHAIN", global = true, help_heading = ASKING)]
    pub(crate) model: Vec<String>,
    /// The system message, or @FILE that holds it
    #[arg(short, long, value_name = "SYSTEM|@FILE", global = true, help_heading = ASKING)]
    pub(crate) system: Option<String>,
    /// Attach an image or a text file, or an image by its address; repeatable
    #[arg(short, long, value_name = "FILE|URL", global = true, help_heading = ASKING)]
    pub(crate) attach: Vec<String>,
    /// Randomness; the range is the vendor's, commonly 0 to 2
    #[arg(long, value_name = "X", value_parser = finite, global = true, help_heading = ASKING)]
    pub(crate) temperature: Option<f64>,
    /// The most tokens to generate, over all attempts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), global = true, help_heading = ASKING)]
    pub(crate) max_tokens: Option<u32>,
    /// A file with the JSON schema the answer must satisfy
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, global = true, help_heading = ASKING)]
    pub(crate) schema: Option<PathBuf>,
    /// Ask providers for whole answers, not for streams
    #[arg(long, global = true, help_heading = ASKING)]
    pub(crate) no_stream: bool,

    /// Never move to another target
    #[arg(long, conflicts_with = "max_failovers", global = true, help_heading = BREAKING)]
    pub(crate) no_failover: bool,
    /// What happens to an answer whose provider dies in the middle
    #[arg(long, value_enum, value_name = "HOW", global = true, help_heading = BREAKING)]
    pub(crate) on_break: Option<Break>,
    /// End with code 7 if a failover happened, even if the answer is complete
    #[arg(long, global = true, help_heading = BREAKING)]
    pub(crate) strict: bool,
    /// How many times a request may move to another target
    #[arg(long, value_name = "N", global = true, help_heading = BREAKING)]
    pub(crate) max_failovers: Option<u32>,
    /// The longest time to make a connection, for example 5s
    #[arg(long, value_name = "DUR", value_parser = humantime::parse_duration, global = true, help_heading = BREAKING)]
    pub(crate) connect: Option<Duration>,
    /// The longest time to the first content, for example 12s
    #[arg(long, value_name = "DUR", value_parser = humantime::parse_duration, global = true, help_heading = BREAKING)]
    pub(crate) first_token: Option<Duration>,
    /// The longest silence in an answer, for example 10s
    #[arg(long, value_name = "DUR", value_parser = humantime::parse_duration, global = true, help_heading = BREAKING)]
    pub(crate) idle: Option<Duration>,
    /// The longest time for everything, for example 10m
    #[arg(long, value_name = "DUR", value_parser = humantime::parse_duration, global = true, help_heading = BREAKING)]
    pub(crate) timeout: Option<Duration>,

    /// The form of what goes to standard output
    #[arg(short, long, value_enum, value_name = "FORM", default_value_t, global = true, help_heading = OUTPUT)]
    pub(crate) output: Format,
    /// Show control characters of a model's text on a terminal as they are
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub(crate) raw: bool,
    /// Colour on standard error
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true, help_heading = OUTPUT)]
    pub(crate) color: When,
    /// No notices, only the answer and errors
    #[arg(short, long, conflicts_with = "verbose", global = true, help_heading = OUTPUT)]
    pub(crate) quiet: bool,
    /// Say on standard error what is decided and why; twice for more. Never prompt or answer text
    #[arg(short, long, action = ArgAction::Count, global = true, help_heading = OUTPUT)]
    pub(crate) verbose: u8,

    /// The configuration file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Remember nothing between runs (nothing is remembered yet)
    #[arg(long, global = true)]
    pub(crate) no_state: bool,
    /// Do not keep the conversation (none is kept yet)
    #[arg(long, global = true)]
    pub(crate) no_save: bool,
}

/// The form of what goes to standard output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The text as it comes
    #[default]
    Text,
    /// One JSON object at the end
    Json,
    /// One JSON object a line, as things happen
    Jsonl,
}

/// What happens to an answer whose provider dies in the middle.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Break {
    /// It goes on elsewhere; where it cannot, it ends as incomplete
    Continue,
    /// As `continue`, but an answer that cannot go on begins again
    Restart,
    /// It ends as incomplete
    Fail,
}

impl From<Break> for OnBreak {
    fn from(how: Break) -> Self {
        match how {
            Break::Continue => Self::Continue,
            Break::Restart => Self::Restart,
            Break::Fail => Self::Fail,
        }
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn finite(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err("not a number".to_owned()),
    }
}

/// The command line as clap knows it. Flags about asking are accepted everywhere, but shown in the help of
/// the commands that ask.
pub(crate) fn command() -> clap::Command {
    let cli = Cli::command();
    let asking: Vec<_> = cli
        .get_arguments()
        .filter(|arg| matches!(arg.get_help_heading(), Some(ASKING | BREAKING)))
        .map(|arg| arg.clone().hide(true))
        .collect();
    cli.mut_subcommands(|sub| match sub.get_name() {
        "ask" | "chat" => sub,
        _ => sub.args(asking.iter().cloned()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use clap::FromArgMatches;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        let matches = command().try_get_matches_from(line.split(' '))?;
        Cli::from_arg_matches(&matches)
    }

    #[test]
    fn the_declaration_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn common_flags_stand_before_or_after_the_command() {
        for line in ["mainstay -m a/x --idle 2s ask hi", "mainstay ask -m a/x --idle 2s hi"] {
            let cli = parse(line).unwrap();
            assert_eq!(cli.common.model, ["a/x"], "{line}");
            assert_eq!(cli.common.idle, Some(Duration::from_secs(2)), "{line}");
        }
    }

    #[test]
    fn a_repeated_model_keeps_its_order() {
        assert_eq!(parse("mainstay ask -m a/x -m b/y hi").unwrap().common.model, ["a/x", "b/y"]);
    }

    #[test]
    fn contradictions_are_refused() {
        for line in [
            "mainstay ask --request r.json hi",
            "mainstay ask --no-failover --max-failovers 2 hi",
            "mainstay ask --idle 5 hi",
            "mainstay ask --temperature inf hi",
            "mainstay ask -q -v hi",
            "mainstay nonsense",
        ] {
            assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn only_commands_that_ask_show_the_flags_about_asking() {
        let help = |line: &str| parse(line).unwrap_err().to_string();
        assert!(help("mainstay ask --help").contains("--first-token"));
        assert!(!help("mainstay config show --help").contains("--first-token"));
    }
}
