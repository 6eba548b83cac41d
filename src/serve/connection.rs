//! One connection: reads one request, answers it, closes. News of a page go on until the page
//! is left.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::desk::{Desk, Prints};
use super::hosts::Hosts;
use super::http::{self, MOST_HEAD, Method, Refusal, Request};
use super::response::{Response, head};
use super::{PREVIEW_CSS, PREVIEW_JS};
use crate::render::preview::FOLDER;

/// How long a head may take to come.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// How long a piece of an answer may take to go.
const WRITE_TIME: Duration = Duration::from_secs(20);

/// How often a page that has no news is told so, to learn whether it is still there.
const PULSE: Duration = Duration::from_secs(10);

/// How many connections are open at once, and how many of them may wait for news.
const MOST: usize = 160;
const MOST_WAITING: usize = 96;

/// What connections share.
pub(super) struct Reception {
    pub(super) desk: Desk,
    pub(super) hosts: Hosts,
    open: AtomicUsize,
    waiting: AtomicUsize,
}

/// A place among a limited number.
struct Seat<'s>(&'s AtomicUsize);

impl<'s> Seat<'s> {
    fn take(count: &'s AtomicUsize, most: usize) -> Option<Self> {
        let taken = count.fetch_add(1, Ordering::SeqCst);
        let seat = Self(count);
        (taken < most).then_some(seat)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Reception {
    pub(super) fn new(hosts: Hosts) -> Self {
        Self { desk: Desk::default(), hosts, open: AtomicUsize::new(0), waiting: AtomicUsize::new(0) }
    }

    /// Serves a connection. When the other side goes away, so does this one: there is nobody
    /// left to tell.
    pub(super) fn serve(&self, mut stream: TcpStream) {
        let Some(_seat) = Seat::take(&self.open, MOST) else {
            let _ = stream.set_nonblocking(true);
            let _ = Response::refusal(Refusal::Busy).write(Method::Get, &mut stream);
            return;
        };
        let _ = self.talk(&mut stream);
    }

    fn talk(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITE_TIME))?;
        match read_head(stream)?.and_then(|head| self.admit(&head)) {
            Ok(request) if request.path.strip_prefix(FOLDER) == Some("events") => self.news(&request, stream),
            Ok(request) => self.respond(&request)?.write(request.method, stream),
            Err(refusal) => {
                Response::refusal(refusal).write(Method::Get, stream)?;
                linger(stream)
            }
        }
    }

    /// A request that is meant for this server and comes from its own pages.
    fn admit(&self, head: &[u8]) -> Result<Request, Refusal> {
        let request = http::parse(head)?;
        let is_ours = self.hosts.allow(&request.host)
            && request.origin.as_deref().is_none_or(|origin| self.hosts.allow_origin(origin));
        if is_ours { Ok(request) } else { Err(Refusal::Foreign) }
    }

    fn respond(&self, request: &Request) -> io::Result<Response> {
        Ok(match request.path.strip_prefix(FOLDER) {
            Some("preview.css") => Response::new(200, "text/css; charset=utf-8", PREVIEW_CSS.as_bytes()),
            Some("preview.js") => Response::new(200, "text/javascript; charset=utf-8", PREVIEW_JS.as_bytes()),
            _ => self.desk.ask(&request.path).ok_or_else(|| io::Error::from(ErrorKind::TimedOut))?.response,
        })
    }

    /// Tells a page whenever it, or what it is shown with, is no longer what it shows.
    fn news(&self, request: &Request, stream: &mut TcpStream) -> io::Result<()> {
        let Some(_seat) = Seat::take(&self.waiting, MOST_WAITING) else {
            return Response::refusal(Refusal::Busy).write(request.method, stream);
        };
        stream.write_all((head(200, "text/event-stream; charset=utf-8") + "\r\n").as_bytes())?;
        if request.method == Method::Head {
            return Ok(());
        }
        let path = request.query.get("of").map_or("", String::as_str);
        let print = |name: &str| request.query.get(name).and_then(|hex| u64::from_str_radix(hex, 16).ok());
        let print = |name: &str| print(name).unwrap_or_default();
        let mut shown = Prints { page: print("page"), style: print("style"), script: print("script") };
        loop {
            let seen = self.desk.ready();
            let answer = self.desk.ask(path).ok_or_else(|| io::Error::from(ErrorKind::TimedOut))?;
            if answer.prints != shown {
                shown = answer.prints;
                stream.write_all(event(shown).as_bytes())?;
            }
            let source = answer.source.clone();
            let _open = self.desk.open(answer.source);
            while !self.desk.await_news(seen, source.as_deref(), PULSE) {
                stream.write_all(b": .\n\n")?;
            }
        }
    }
}

fn event(prints: Prints) -> String {
    let Prints { page, style, script } = prints;
    format!(
        "event: change\ndata: {{\"page\":\"{page:016x}\",\"style\":\"{style:016x}\",\"script\":\"{script:016x}\"}}\n\n"
    )
}

/// The bytes of a head; an error when the other side has gone or never said anything.
fn read_head(stream: &mut TcpStream) -> io::Result<Result<Vec<u8>, Refusal>> {
    let deadline = Instant::now() + HEAD_TIME;
    let (mut head, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return late(&head);
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut piece) {
            Ok(0) if head.is_empty() => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(0) => return Ok(Err(Refusal::Malformed("不完整"))),
            Ok(count) => head.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return late(&head),
            Err(error) => return Err(error),
        }
        let end = http::head_end(&head);
        if http::is_hopeless(&head[..end.unwrap_or(head.len())]) {
            return Ok(Err(Refusal::Malformed("不是 HTTP")));
        }
        if let Some(end) = end {
            head.truncate(end);
            return Ok(Ok(head));
        }
        if head.len() > MOST_HEAD {
            return Ok(Err(Refusal::LongHead));
        }
    }
}

/// Browsers open connections ahead of need: one that stays silent is closed without a word.
fn late(head: &[u8]) -> io::Result<Result<Vec<u8>, Refusal>> {
    if head.is_empty() { Err(ErrorKind::TimedOut.into()) } else { Ok(Err(Refusal::Late)) }
}

/// Takes in what was still on its way, for a moment: a connection closed over unread bytes is
/// reset, and the answer lost.
fn linger(stream: &mut TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let (deadline, mut piece) = (Instant::now() + Duration::from_secs(1), [0; 4096]);
    while Instant::now() < deadline && stream.read(&mut piece)? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_given_back() {
        let count = AtomicUsize::new(0);
        let first = Seat::take(&count, 1);
        assert!(first.is_some() && Seat::take(&count, 1).is_none());
        drop(first);
        assert!(Seat::take(&count, 1).is_some());
    }

    #[test]
    fn an_event_is_one_line_of_json() {
        let told = event(Prints { page: 255, style: 1, script: 0 });
        let data = told.strip_prefix("event: change\ndata: ").and_then(|rest| rest.strip_suffix("\n\n")).unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["page"], "00000000000000ff");
    }
}
