//! What a client is made of, all of it checked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::builder::{ClientBuilder, Source};
use super::names::hint;
use super::plan::{Plan, check_chain, check_keys};
use crate::catalog::Catalog;
use crate::chat::{Kind, Target};
use crate::error::Error;
use crate::failover::Chain;
use crate::provider::{Http, Provider};
use crate::resilience::{CircuitSettings, Retry, Timeouts};

/// A client's parts. `default_chain` is one of `chains`; every provider a chain names is one of `providers`.
pub(crate) struct Parts {
    /// All providers by name: those added and those built in, with keys or without.
    pub(crate) providers: BTreeMap<String, Arc<dyn Provider>>,
    /// By provider: why it has no key though it needs one. Its targets are skipped for this reason.
    pub(crate) missing_keys: BTreeMap<String, String>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) chains: BTreeMap<String, Chain>,
    pub(crate) default_chain: String,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: Retry,
    pub(crate) circuit: CircuitSettings,
    pub(crate) streaming: bool,
    pub(crate) seed: Option<u64>,
}

impl Parts {
    /// The chain of this name, or else, if `name` is a target, a chain of that one target.
    pub(crate) fn chain(&self, name: &str) -> Result<Chain, Error> {
        if let Some(chain) = self.chains.get(name) {
            check_keys(&format!("chain `{name}`"), chain, &self.missing_keys)?;
            return Ok(chain.clone());
        }
        if let Ok(target) = name.parse::<Target>() {
            return self.chain_of([target]);
        }
        let known: Vec<_> = self.chains.keys().map(String::as_str).collect();
        Err(Error::new(
            Kind::Config,
            format!("unknown chain `{name}`, and no target (provider/model) either; {}", hint(name, &known)),
        ))
    }

    /// A chain of these targets, in this order.
    pub(crate) fn chain_of(&self, targets: impl IntoIterator<Item = Target>) -> Result<Chain, Error> {
        let chain = Chain::new(targets);
        let names: Vec<_> = chain.targets().map(|target| format!("`{target}`")).collect();
        let what = names.join(", ");
        check_chain(if what.is_empty() { "the chain" } else { &what }, &chain, &self.providers)?;
        check_keys(&what, &chain, &self.missing_keys)?;
        Ok(chain)
    }
}

impl ClientBuilder {
    /// Everything looked up, checked and made.
    pub(crate) fn parts(mut self) -> Result<Parts, Error> {
        let plan = Plan::of(&mut self)?;
        let http = Http::new(plan.http);
        let catalog = Arc::new(plan.catalog);
        let mut providers = BTreeMap::new();
        for (id, source) in plan.sources {
            let provider = match source {
                Source::Provider(provider) => provider,
                Source::Endpoint { endpoint, .. } => endpoint.connect(&http, &catalog)?,
            };
            providers.insert(id, provider);
        }
        Ok(Parts {
            providers,
            missing_keys: plan.missing_keys,
            catalog,
            chains: plan.chains,
            default_chain: plan.default_chain,
            timeouts: plan.timeouts,
            retry: self.retry,
            circuit: self.circuit,
            streaming: self.streaming,
            seed: self.seed,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use async_trait::async_trait;

    use super::*;
    use crate::client::env::World;
    use crate::provider::{Abilities, Call, DeltaStream};

    struct Mute(&'static str);

    #[async_trait]
    impl Provider for Mute {
        fn id(&self) -> &str {
            self.0
        }

        fn abilities(&self, _model: &str) -> Abilities {
            Abilities::default()
        }

        async fn open(&self, _call: Call) -> Result<DeltaStream, Error> {
            Err(Error::new(Kind::Connect, "mute"))
        }
    }

    fn parts() -> Parts {
        let mut builder = ClientBuilder { world: World::of(&[]), ..ClientBuilder::default() };
        for id in ["alpha", "beta", "local"] {
            builder = builder.provider(Arc::new(Mute(id)));
        }
        let main = Chain::new(["alpha/m".parse().unwrap(), "beta/m".parse().unwrap()]);
        builder.chain("main", main).seed(7).parts().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_provider_of_ones_own_stands_in_for_a_built_in_one() {
        let parts = parts();
        assert_eq!(parts.providers.keys().collect::<Vec<_>>(), ["alpha", "beta", "local"]);
        assert!(parts.missing_keys.is_empty());
        assert_eq!((parts.seed, parts.streaming), (Some(7), true));
    }

    #[test]
    fn a_name_is_a_chain_or_else_a_target() {
        let parts = parts();
        assert_eq!(parts.chain("main").unwrap().links.len(), 2);
        let one = parts.chain("beta/some/model").unwrap();
        assert_eq!(one.targets().next().unwrap().as_str(), "beta/some/model");
    }

    #[test]
    fn a_name_that_is_neither_is_told_with_the_nearest() {
        let parts = parts();
        for (name, words) in [
            (
                "mian",
                "unknown chain `mian`, and no target (provider/model) either; did you mean `main`? Known: main",
            ),
            (
                "betta/m",
                "unknown provider `betta` in `betta/m`; did you mean `beta`? Known: alpha, beta, local",
            ),
        ] {
            let error = parts.chain(name).unwrap_err();
            assert_eq!((error.kind(), error.message()), (Kind::Config, words));
        }
        assert!(parts.chain_of([]).unwrap_err().message().contains("no targets"));
    }
}
