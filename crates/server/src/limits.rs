//! How much one address, one principal and everybody together may ask for. Who asks too often is
//! told how long to wait. Passwords are hashed few at a time; that line is in `desk::people`.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::problem::{Code, Problem};

/// How often things may be asked for, in requests a minute.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// By one address.
    pub address: NonZeroU32,
    /// By one person or key.
    pub principal: NonZeroU32,
    /// Attempts to prove who one is, by one address.
    pub proof: NonZeroU32,
}

/// The limits of this process.
pub(crate) struct Limits {
    address: DefaultKeyedRateLimiter<IpAddr>,
    principal: DefaultKeyedRateLimiter<String>,
    proof: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl Default for Rates {
    fn default() -> Self {
        let rate = |rate| NonZeroU32::new(rate).expect("not zero");
        // A shop of annotators shares one address: each saves once a second and looks at pictures.
        Self { address: rate(12_000), principal: rate(1_200), proof: rate(20) }
    }
}

impl Limits {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            address: DefaultKeyedRateLimiter::keyed(Quota::per_minute(rates.address)),
            principal: DefaultKeyedRateLimiter::keyed(Quota::per_minute(rates.principal)),
            proof: DefaultKeyedRateLimiter::keyed(Quota::per_minute(rates.proof)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of an address.
    pub(crate) fn address(&self, address: IpAddr) -> Result<(), Problem> {
        self.check(&self.address, &network(address))
    }

    /// Counts a request of a person or a key.
    pub(crate) fn principal(&self, principal: &str) -> Result<(), Problem> {
        self.check(&self.principal, &principal.to_owned())
    }

    /// Counts an attempt to prove who one is.
    pub(crate) fn proof(&self, address: &str) -> Result<(), Problem> {
        let address = address.parse().unwrap_or(IpAddr::from([0, 0, 0, 0]));
        self.check(&self.proof, &network(address))
    }

    /// Forgets who has not asked for a while.
    pub(crate) fn forget(&self) {
        self.address.retain_recent();
        self.principal.retain_recent();
        self.proof.retain_recent();
    }

    fn check<K: Clone + Eq + std::hash::Hash>(
        &self,
        limiter: &DefaultKeyedRateLimiter<K>,
        key: &K,
    ) -> Result<(), Problem> {
        limiter.check_key(key).map(drop).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Problem::new(Code::RateLimited).retry_after(wait.as_secs() + 1)
        })
    }
}

/// One household of addresses: a subscriber of IPv6 has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let mut parts = address.segments();
            parts[4..].fill(0);
            IpAddr::V6(Ipv6Addr::from(parts))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_asks_too_often_is_told_how_long_to_wait() {
        let one = NonZeroU32::MIN;
        let limits = Limits::new(Rates { address: one, principal: one, proof: one });
        let address = "192.0.2.1".parse().unwrap();
        assert!(limits.address(address).is_ok());
        assert_eq!(limits.address(address).unwrap_err().code(), Code::RateLimited);
        assert!(limits.address("192.0.2.2".parse().unwrap()).is_ok());
        assert!(limits.address("::ffff:192.0.2.1".parse().unwrap()).is_err());
    }

    #[test]
    fn a_subscriber_of_ipv6_counts_as_one() {
        let check = |a: &str, b: &str, same: bool| {
            let (a, b): (IpAddr, IpAddr) = (a.parse().unwrap(), b.parse().unwrap());
            assert_eq!(network(a) == network(b), same, "{a} {b}");
        };
        check("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true);
        check("2001:db8:1:2::1", "2001:db8:1:3::1", false);
        check("192.0.2.1", "192.0.2.2", false);
    }
}
