//! The preview: the site as its sources stand, in a browser, with everything found; never
//! published, and nothing is written anywhere.
//!
//! 1. [`watch`] sees what changes in the sources.
//! 2. [`generation`] loads, checks and plans the site anew, a saved part of it first ([`scope`]),
//!    and makes pages when asked.
//! 3. [`connection`] reads a request ([`http`], [`hosts`]), asks at the [`desk`], and answers
//!    ([`response`]); or tells an open page that it has changed, when `preview.js` changes it
//!    in place.
//! 4. [`pages`] are those of the preview itself.
//!
//! A path of a request is looked up among the paths of the plan. No file is ever opened by it.

mod connection;
mod desk;
mod generation;
mod hosts;
mod http;
mod pages;
mod response;
mod scope;
mod watch;

pub use generation::News;
pub use http::{MOST_HEAD, Method, Refusal, Request, parse};

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::model::date::Date;
use connection::Reception;
use generation::Maker;
use hosts::Hosts;
use watch::Watch;

const PREVIEW_CSS: &str = include_str!("preview.css");
const PREVIEW_JS: &str = include_str!("preview.js");

/// The stack of a connection; pages are made on others.
const STACK: usize = 256 << 10;

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened at.
    #[error(
        "不能在 {address} 上提供预览：{}。可以用 --listen 换一个端口，例如 --listen 127.0.0.1:0 由系统选",
        reason(source)
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A thread cannot be started.
    #[error("不能开始预览：{0}")]
    Start(#[from] io::Error),
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "端口已被占用".to_owned(),
        io::ErrorKind::AddrNotAvailable => "本机没有这个地址".to_owned(),
        _ => crate::text::io_reason(error),
    }
}

/// A preview that has an address, and is not yet served.
pub struct Preview {
    listener: TcpListener,
    address: SocketAddr,
}

/// What a preview needs to know from outside.
pub struct Sources<'s> {
    /// The site's folder.
    pub root: &'s Path,
    /// Other names of this machine that browsers may use.
    pub names: &'s [String],
    /// The date that exceptions end by.
    pub today: &'s (dyn Fn() -> Result<Date, String> + Sync),
    /// Who is told of every generation.
    pub tell: &'s (dyn Fn(&News) + Sync),
}

impl Preview {
    /// Takes an address; port 0 is any free one.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn bind(address: SocketAddr) -> Result<Self, ServeError> {
        let failed = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the program is ended.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn serve(self, sources: &Sources<'_>) -> Result<(), ServeError> {
        let Sources { root, names, today, tell } = *sources;
        let reception = Reception::new(Hosts::new(self.address, names));
        // Looked at before the first loading, so that no change in between is lost.
        let mut watch = Watch::new(root);
        thread::scope(|scope| {
            let maker = Maker { root, desk: &reception.desk, today, tell };
            let named = |name: &str| thread::Builder::new().name(name.to_owned());
            named("generation").stack_size(generation::STACK).spawn_scoped(scope, move || maker.run())?;
            let desk = &reception.desk;
            named("watch").spawn_scoped(scope, move || {
                watch.remember();
                let open = || -> Vec<String> { desk.open_sources().iter().map(ToString::to_string).collect() };
                loop {
                    desk.tell_changed(watch.wait(open));
                }
            })?;
            loop {
                match self.listener.accept() {
                    Ok((stream, _)) => {
                        let reception = &reception;
                        let served = thread::Builder::new().stack_size(STACK);
                        // Without a thread the connection is dropped: the browser asks again.
                        let _ = served.spawn_scoped(scope, move || reception.serve(stream));
                    }
                    // Too many open files, or a connection that was gone at once.
                    Err(_) => thread::sleep(Duration::from_millis(10)),
                }
            }
        })
    }
}
