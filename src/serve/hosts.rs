//! Which hosts a request may be sent to, so that no other site can read the preview by giving
//! its own name this machine's address (DNS rebinding).
//!
//! An address written in numbers cannot be rebound. A name can, so that names must be known.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The hosts that are answered.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    port: u16,
    /// Whether other machines are served, by whatever address this one has for them.
    is_open: bool,
    names: Vec<String>,
}

impl Hosts {
    /// The hosts of a server that listens at an address, and the names that it goes by.
    pub(super) fn new(address: SocketAddr, names: &[String]) -> Self {
        let mut names: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        names.push("localhost".to_owned());
        Self { port: address.port(), is_open: !address.ip().is_loopback(), names }
    }

    /// Whether a `Host` field names this server.
    pub(super) fn allow(&self, host: &str) -> bool {
        let Some((name, port)) = split(host) else { return false };
        port == self.port
            && match ip(name) {
                Some(ip) => self.is_open || ip.is_loopback(),
                None => self.names.iter().any(|known| known == name),
            }
    }

    /// Whether an `Origin` field is that of this server's own pages.
    pub(super) fn allow_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.allow(host))
    }
}

/// The name and the port of a `Host` field; without one it is that of HTTP, 80.
fn split(host: &str) -> Option<(&str, u16)> {
    let end = host.rfind(']').unwrap_or(0);
    let Some(colon) = host[end..].rfind(':') else { return Some((host, 80)) };
    let (name, digits) = (&host[..end + colon], &host[end + colon + 1..]);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((name, is_number.then(|| digits.parse().ok())??))
}

fn ip(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse().ok().filter(IpAddr::is_ipv4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(address: &str, names: &[&str]) -> Hosts {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Hosts::new(address.parse().unwrap(), &names)
    }

    #[test]
    fn a_server_of_this_machine_answers_to_this_machine_only() {
        let hosts = hosts("127.0.0.1:8000", &[]);
        for host in ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"] {
            assert!(hosts.allow(host), "{host}");
            assert!(hosts.allow_origin(&format!("http://{host}")) && !hosts.allow_origin(&format!("https://{host}")));
        }
        let others = [
            "evil.example:8000",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:8000@evil.example",
            "192.168.1.9:8000",
            "localhost",
            "localhost.evil.example:8000",
            "localhost:+8000",
            "localhost:",
            "[::1]",
            "::1:8000",
            "[x]:8000",
            "",
            ":8000",
            "]:8000",
            "localhost:80000",
            "127.1:8000",
            "2130706433:8000",
        ];
        for host in others {
            assert!(!hosts.allow(host), "{host}");
        }
        assert!(!hosts.allow_origin("null") && !hosts.allow_origin("http://evil.example:8000"));
    }

    #[test]
    fn a_server_for_others_answers_to_addresses_and_to_names_it_was_given() {
        let hosts = hosts("0.0.0.0:80", &["Preview.Example"]);
        for host in ["192.168.1.9", "192.168.1.9:80", "preview.example", "localhost:80", "[fe80::1]"] {
            assert!(hosts.allow(host), "{host}");
        }
        assert!(!hosts.allow("other.example") && !hosts.allow("192.168.1.9:81"));
    }
}
