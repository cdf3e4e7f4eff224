//! The fault server: a real socket on loopback that answers as a script says.
//!
//! This file owns connections and what is remembered of requests. What a response looks like is decided in
//! `plan`, how its bytes are written in `http`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use socket2::{Domain, SockRef, Socket, Type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::ReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::ask::Ask;
use super::fault::error_body;
use super::http::{Request, perform, read_request};
use super::plan::{End, Plan, json_plan, plan};
use super::received::Received;
use super::script::Script;
use crate::catalog::Wire;

/// What a client may not have read yet is lost to it in a reset, on some systems.
const READ_BEFORE_RESET: Duration = Duration::from_millis(20);
/// How long a client is given to close after the server has.
const LINGER: Duration = Duration::from_secs(1);
/// When no connection can be accepted, for want of file handles say.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(10);
/// More than this sent behind a request is not kept.
const MAX_AHEAD: usize = 64 * 1024;

/// A server on 127.0.0.1 that answers chat requests as its [`Script`] says, faults included.
///
/// It speaks both wires, by path: `…/chat/completions` and `…/messages`, streamed where the request says
/// `"stream": true`. `GET …/models` lists one model; everything else is 404. Point your own app at
/// [`openai_url`](Self::openai_url) or [`anthropic_url`](Self::anthropic_url) with any key, and see what it
/// makes of an outage. It stops, with all its connections, when it is dropped.
///
/// For a connection that is refused see [`RefusedAddress`]. TLS fails at the server's own address with
/// `https://` in place of `http://`, as it speaks none.
///
/// ```
/// use mainstay::testing::{Fault, FaultServer, Script};
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = FaultServer::start(Script::answer("Hello, world.").fault(Fault::ResetAfter(5))).await?;
///
/// let mut client = tokio::net::TcpStream::connect(server.address()).await?;
/// let body = r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#;
/// let head = format!("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
/// client.write_all(format!("{head}{body}").as_bytes()).await?;
///
/// let mut read = Vec::new();
/// let error = client.read_to_end(&mut read).await.unwrap_err();
/// assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
/// assert!(String::from_utf8_lossy(&read).contains(r#""content":"Hello""#));
/// assert_eq!(server.requests()[0].body, body);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<Script>,
    received: Mutex<Vec<Received>>,
    open: AtomicUsize,
}

impl FaultServer {
    /// Starts a server on a free port.
    ///
    /// # Errors
    ///
    /// If no port can be bound.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time.
    pub async fn start(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            received: Mutex::new(Vec::new()),
            open: AtomicUsize::new(0),
        });
        let accepting = tokio::spawn(accept(listener, shared.clone())).abort_handle();
        Ok(Self { address, shared, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address without a path: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of the Chat Completions wire, with `/v1`.
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.url())
    }

    /// The base URL of the Messages wire, without `/v1`.
    pub fn anthropic_url(&self) -> String {
        self.url()
    }

    /// Answers by this script from the next request on. Its queue of faults begins with that request;
    /// responses under way are not changed.
    pub fn set(&self, script: Script) {
        *lock(&self.shared.script) = script;
    }

    /// All requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// How many connections are open, idle ones in a client's pool included.
    pub fn open_connections(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// An address on loopback at which every connection is refused, for as long as this value lives.
#[derive(Debug)]
pub struct RefusedAddress {
    address: SocketAddr,
    /// Bound but not listening: nobody else can get the port.
    _socket: Socket,
}

impl RefusedAddress {
    /// Takes a free port.
    ///
    /// # Errors
    ///
    /// If no port can be bound.
    pub fn new() -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { address, _socket: socket })
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address without a path: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Accepts until it is aborted; the connections end with it.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(connection(stream, Open::new(shared.clone())));
            }
            Some(_) = connections.join_next() => {}
            else => tokio::time::sleep(AFTER_FAILED_ACCEPT).await,
        }
    }
}

/// Counts a connection while it lives.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: Arc<Shared>) -> Self {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Serves one connection until either side ends it. What goes wrong with a client is the client's business.
async fn connection(mut stream: TcpStream, open: Open) {
    let _ = stream.set_nodelay(true);
    let mut ahead = Vec::new();
    loop {
        let response = match read_request(&mut stream, &mut ahead).await {
            Ok(Some(request)) => respond(&open.0, request),
            Ok(None) => return,
            Err(error) => Response { number: None, plan: broken(&error) },
        };
        if !send(&mut stream, &mut ahead, &open.0, &response).await {
            return;
        }
        match response.plan.end {
            End::Complete => {}
            End::Reset => return reset(stream, response.plan.head.is_some()).await,
            _ => return close(stream).await,
        }
    }
}

/// A response to be, and which request it is for.
struct Response {
    number: Option<usize>,
    plan: Plan,
}

/// Performs the plan; false if the client left before it was done.
async fn send(stream: &mut TcpStream, ahead: &mut Vec<u8>, shared: &Shared, response: &Response) -> bool {
    let (mut input, mut output) = stream.split();
    let sent = tokio::select! {
        biased;
        sent = perform(&response.plan, &mut output) => sent.is_ok(),
        () = left(&mut input, ahead) => false,
    };
    if let (false, Some(number)) = (sent, response.number) {
        lock(&shared.received)[number].left_early = Some(tokio::time::Instant::now().into_std());
    }
    sent
}

/// Resolves when the client has left. What it sends meanwhile belongs to its next request.
async fn left(input: &mut ReadHalf<'_>, ahead: &mut Vec<u8>) {
    while ahead.len() < MAX_AHEAD {
        if input.read_buf(ahead).await.unwrap_or(0) == 0 {
            return;
        }
    }
    std::future::pending().await
}

async fn reset(stream: TcpStream, began: bool) {
    if began {
        tokio::time::sleep(READ_BEFORE_RESET).await;
    }
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}

/// Closing with unread data would be a reset, so the rest is read.
async fn close(mut stream: TcpStream) {
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(LINGER, tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
}

fn respond(shared: &Shared, request: Request) -> Response {
    let mut plan = route(&shared.script, &request);
    if plan.end == End::Complete && request.is_last() {
        plan.end = End::Close;
    }
    let mut received = lock(&shared.received);
    received.push(Received::new(request));
    Response { number: Some(received.len() - 1), plan }
}

fn route(script: &Mutex<Script>, request: &Request) -> Plan {
    let path = request.path.split('?').next().unwrap_or_default();
    match request.method.as_str() {
        "POST" if path.ends_with("/chat/completions") => chat(script, Wire::OpenAiChat, &request.body),
        "POST" if path.ends_with("/messages") => chat(script, Wire::Anthropic, &request.body),
        "GET" if path.ends_with("/models") => json_plan(200, models()),
        _ => json_plan(404, error_body("not_found_error", "No such path")),
    }
}

fn chat(script: &Mutex<Script>, wire: Wire, body: &str) -> Plan {
    let Some(ask) = Ask::read(wire, body) else {
        return json_plan(400, error_body("invalid_request_error", "The body is not a JSON object"));
    };
    let mut script = lock(script);
    let fault = script.next_fault();
    plan(&script, &fault, &ask)
}

fn models() -> String {
    let model =
        json!({ "id": "test-model", "object": "model", "type": "model", "display_name": "Test model" });
    json!({ "object": "list", "data": [model], "has_more": false }).to_string()
}

fn broken(error: &io::Error) -> Plan {
    let mut plan = json_plan(400, error_body("invalid_request_error", &error.to_string()));
    plan.end = End::Close;
    plan
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
