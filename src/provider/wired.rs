//! A provider that is asked over HTTP, on any of the built-in wires.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::FutureExt;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Response, Url};
use serde_json::{Map, Value};

use super::call::{Abilities, Call, DeltaStream, Tail};
use super::http::{Http, transport};
use super::judge::{Judge, is_plain};
use super::secret::Secret;
use super::setup::Setup;
use super::tape::{Tape, decoder, rules};
use super::{Provider, anthropic, openai_chat, stream};
use crate::catalog::{Catalog, ErrorRule, Model, Prefill, Wire};
use crate::chat::{Kind, Target};
use crate::error::Error;

/// The most bytes that are read of the body of a refusal.
const REFUSAL_CAP: usize = 64 * 1024;

/// How often a body that says little is looked for before it is done without.
const GLANCES: usize = 32;

/// An endpoint that is ready to be asked.
pub(super) struct Wired {
    pub http: Http,
    pub catalog: Arc<Catalog>,
    pub wire: Wire,
    pub setup: Setup,
    pub url: Url,
    /// Where a prefilled call goes, where that is elsewhere.
    pub prefill_url: Option<Url>,
    /// All values are marked sensitive.
    pub headers: HeaderMap,
    pub secrets: Arc<[Secret]>,
    pub errors: &'static [ErrorRule],
    pub echoes: bool,
    pub streams: bool,
}

impl Wired {
    fn model(&self, model: &str) -> Model {
        Target::new(&self.setup.id, model).map_or(Model::UNKNOWN, |target| self.catalog.model(&target))
    }

    fn body(&self, call: &Call) -> Map<String, Value> {
        let able = self.abilities(&call.model);
        let prefill = self.model(&call.model).prefill.unwrap_or(self.setup.prefill);
        let of_model = Setup { prefill, ..self.setup.clone() };
        match self.wire {
            Wire::OpenAiChat => openai_chat::body(&of_model, call, &able),
            Wire::Anthropic => anthropic::body(&of_model, call, &able),
        }
    }

    fn judge(&self, call: &Call) -> Judge {
        let prefilled = matches!(call.tail, Tail::Prefill { .. });
        Judge { vendor: self.errors, wire: rules(self.wire), secrets: self.secrets.clone(), prefilled }
    }

    async fn send(&self, call: &Call) -> Result<Response, Error> {
        let prefilled = matches!(call.tail, Tail::Prefill { .. });
        let url = self.prefill_url.as_ref().filter(|_| prefilled).unwrap_or(&self.url);
        let body = serde_json::to_vec(&self.body(call)).map_err(|error| {
            Error::new(Kind::Internal, "the request cannot be written").with_source(error)
        })?;
        let accept = if call.stream { "text/event-stream" } else { "application/json" };
        let request = self.http.client(url)?.post(url.clone()).headers(self.headers.clone());
        let request = request
            .header(ACCEPT, HeaderValue::from_static(accept))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.body(body).send().await.map_err(transport)
    }
}

#[async_trait]
impl Provider for Wired {
    fn id(&self) -> &str {
        &self.setup.id
    }

    fn abilities(&self, model: &str) -> Abilities {
        let known = self.model(model);
        let quirks = &self.setup.quirks;
        Abilities {
            tools: known.tools.unwrap_or(true),
            images: known.images.unwrap_or(true),
            json_schema: known.json_schema.unwrap_or(quirks.json_schema),
            silent: known.silent.unwrap_or(false),
            context_window: known.context_window,
            max_output: known.max_output,
            prefill: known.prefill.unwrap_or(self.setup.prefill) != Prefill::None,
            trims_prefill: quirks.trims_prefill || self.wire == Wire::Anthropic,
            echoes: known.echoes.unwrap_or(self.echoes),
            streams: self.streams,
        }
    }

    async fn open(&self, call: Call) -> Result<DeltaStream, Error> {
        let response = self.send(&call).await?;
        let judge = self.judge(&call);
        let status = response.status();
        if !status.is_success() {
            let (headers, body) = refusal(response).await;
            return Err(judge.refusal(status.as_u16(), &headers, &body));
        }
        let decoder = decoder(self.wire, judge, self.setup.quirks.side_field);
        Ok(stream::read(response, Tape::of(decoder)))
    }
}

/// Reads the body of a refusal, which says what its status does not: no credit, say, or an unknown model.
///
/// Why not always to its end? A server in trouble may send its status and then fall silent. Where the status
/// says enough, only what is there already is read; where it does not, the caller's own time-outs apply.
async fn refusal(mut response: Response) -> (HeaderMap, Vec<u8>) {
    let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    while body.len() < REFUSAL_CAP {
        let piece = if is_plain(status) {
            glance(&mut response).await
        } else {
            response.chunk().await.ok().flatten()
        };
        let Some(piece) = piece else { break };
        body.extend_from_slice(&piece);
    }
    body.truncate(REFUSAL_CAP);
    (headers, body)
}

/// The next piece of a body, if it is as good as here: no clock runs here, only turns are given away.
async fn glance(response: &mut Response) -> Option<Bytes> {
    for _ in 0..GLANCES {
        if let Some(piece) = response.chunk().now_or_never() {
            return piece.ok().flatten();
        }
        tokio::task::yield_now().await;
    }
    None
}
