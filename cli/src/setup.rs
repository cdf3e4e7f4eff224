//! The client and the chain, from the configuration, the environment and the flags.

use mainstay::chat::Target;
use mainstay::client::Client;
use mainstay::client::config::Config;
use mainstay::error::Error;
use mainstay::failover::{Chain, OnBreak};
use mainstay::resilience::Timeouts;

use crate::args::Common;
use crate::output::Notices;
use crate::terminal::Terminal;

/// Who is asked.
pub(crate) struct Setup {
    pub(crate) client: Client,
    pub(crate) chain: Chain,
    /// The chain was made of the keys in the environment, because nobody named one.
    from_env: bool,
}

impl Setup {
    /// Reads the configuration and applies the flags to it.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`] for anything that cannot be right in it or in `-m`.
    pub(crate) fn load(args: &Common) -> Result<Self, Error> {
        let config = Config::load(args.config.as_deref())?;
        let mut timeouts = config.timeouts().clone();
        apply_times(&mut timeouts, args);
        let client = config.builder().timeouts(timeouts).streaming(!args.no_stream).build()?;
        let mut chain = pick(&client, &args.model)?;
        apply(&mut chain, args);
        let from_env = args.model.is_empty() && config.default_chain().is_none();
        Ok(Self { client, chain, from_env, warnings })
    }

    /// Says once which chain was made of the environment.
    pub(crate) fn introduce(&self, args: &Common, terminal: &Terminal) {
        if self.from_env {
            let names: Vec<_> = self.chain.targets().map(Target::as_str).collect();
            let text = format!("chain: {} (from the keys in the environment)", names.join(" → "));
            Notices::new(std::io::stderr(), args.quiet, terminal).say(&text);
        }
    }

    /// Whether text that was given out may be made void.
    pub(crate) fn restarts(&self) -> bool {
        self.chain.on_break == OnBreak::Restart
    }
}

/// The chain that `-m` says: one name, or several as an ad-hoc chain.
fn pick(client: &Client, names: &[String]) -> Result<Chain, Error> {
    match names {
        [] => Ok(client.default_chain().clone()),
        [name] => client.chain(name),
        names => {
            let mut chain = Chain::new([]);
            for name in names {
                chain.links.extend(client.chain(name)?.links);
            }
            Ok(chain)
        }
    }
}

/// The chain with what the flags say about failing over.
pub(crate) fn apply(chain: &mut Chain, args: &Common) {
    if let Some(how) = args.on_break {
        chain.on_break = how.into();
    }
    if args.no_failover {
        chain.max_failovers = Some(0);
    }
    chain.max_failovers = args.max_failovers.or(chain.max_failovers);
}

fn apply_times(timeouts: &mut Timeouts, args: &Common) {
    timeouts.connect = args.connect.unwrap_or(timeouts.connect);
    timeouts.first_token = args.first_token.or(timeouts.first_token);
    timeouts.idle = args.idle.or(timeouts.idle);
    timeouts.total = args.timeout.unwrap_or(timeouts.total);
}
