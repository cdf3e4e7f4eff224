//! The client and the chain, from the configuration, the environment and the flags.

use mainstay::chat::{Kind, Target};
use mainstay::client::config::Config;
use mainstay::client::{Client, ClientBuilder};
use mainstay::error::Error;
use mainstay::failover::{Chain, OnBreak};
use mainstay::resilience::Timeouts;

use crate::args::Common;
use crate::output::Notices;
use crate::terminal::Terminal;

/// The chain that the library makes of the keys in the environment.
const ENV_CHAIN: &str = "env";
/// The chain that the command line makes.
const AD_HOC: &str = "-m";

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
        let builder = config.builder().timeouts(timeouts).streaming(!args.no_stream);
        let client = with_default(builder, &config, &args.model)?.build()?;
        let mut chain = client.default_chain().clone();
        apply(&mut chain, args);
        let from_env = args.model.is_empty() && config.default_chain().is_none_or(|name| name == ENV_CHAIN);
        Ok(Self { client, chain, from_env })
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

/// The builder with what `-m` says as its default: one chain by its name, or else an ad-hoc one.
///
/// Why before the client is built? Another default, which nobody asked for, may have no key.
fn with_default(builder: ClientBuilder, config: &Config, names: &[String]) -> Result<ClientBuilder, Error> {
    match names {
        [] => Ok(builder),
        [name] if name == ENV_CHAIN => Ok(builder.vendors_from_env().default_chain(name)),
        [name] if chain_of(config, name).is_some() => Ok(builder.default_chain(name)),
        names => {
            let mut chain = Chain::new([]);
            for name in names {
                match chain_of(config, name) {
                    Some(named) => chain.links.extend(named.links.iter().cloned()),
                    None => chain.links.push(target(config, name)?.into()),
                }
            }
            Ok(builder.chain(AD_HOC, chain).default_chain(AD_HOC))
        }
    }
}

fn chain_of<'a>(config: &'a Config, name: &str) -> Option<&'a Chain> {
    config.chains().find(|(known, _)| *known == name).map(|(_, chain)| chain)
}

fn target(config: &Config, name: &str) -> Result<Target, Error> {
    name.parse().map_err(|_| {
        let known: Vec<_> = config.chains().map(|(name, _)| name).collect();
        let chains = match known.as_slice() {
            [] => "there are no chains in the configuration".to_owned(),
            known => format!("the chains are {}", known.join(", ")),
        };
        Error::new(
            Kind::Config,
            format!("`{name}` is neither a target (provider/model) nor a chain; {chains}"),
        )
    })
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
