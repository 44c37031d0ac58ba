"""The addresses that are nobody's host on the public network, by a table of our own: Python's differs by version.

From the IANA IPv4 and IPv6 Special-Purpose Address Registries (https://www.iana.org/assignments/
iana-ipv4-special-registry, iana-ipv6-special-registry, of 2024-05 and later), with the blocks of RFC 5771 and RFC 4291
for multicast. Blocks that are reachable but hold no registry (relays, sinks of the name system, anycast) are in it,
too: some clouds put servers of their own into them.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Addresses that a public IPv6 host can have today (RFC 4291); all others are local, reserved or a translation.
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

SPECIAL = (
    "0.0.0.0/8",  # this network (RFC 791)
    "10.0.0.0/8",  # private (RFC 1918)
    "100.64.0.0/10",  # shared (RFC 6598); Alibaba Cloud's metadata server is 100.100.100.200
    "127.0.0.0/8",  # loopback (RFC 1122)
    "168.63.129.16/32",  # Azure's own server at every virtual machine ("What is IP address 168.63.129.16?")
    "169.254.0.0/16",  # link-local (RFC 3927); metadata servers of most clouds
    "172.16.0.0/12",  # private (RFC 1918)
    "192.0.0.0/24",  # protocol assignments (RFC 6890); Oracle Cloud's metadata server was 192.0.0.192
    "192.0.2.0/24",  # documentation (RFC 5737)
    "192.31.196.0/24",  # AS112 (RFC 7535)
    "192.52.193.0/24",  # AMT (RFC 7450)
    "192.88.99.0/24",  # 6to4 relays (RFC 7526)
    "192.168.0.0/16",  # private (RFC 1918)
    "192.175.48.0/24",  # AS112 (RFC 7534)
    "198.18.0.0/15",  # benchmarks (RFC 2544)
    "198.51.100.0/24",  # documentation (RFC 5737)
    "203.0.113.0/24",  # documentation (RFC 5737)
    "224.0.0.0/4",  # multicast (RFC 5771)
    "240.0.0.0/4",  # reserved, and the broadcast address (RFC 1112, RFC 8190)
    "2001::/23",  # protocol assignments, with Teredo, ORCHID and benchmarks (RFC 2928)
    "2001:db8::/32",  # documentation (RFC 3849)
    "2002::/16",  # 6to4, which ends at the IPv4 address inside (RFC 3056)
    "2620:4f:8000::/48",  # AS112 (RFC 7534)
    "3fff::/20",  # documentation (RFC 9637)
)
NETWORKS: tuple[Network, ...] = tuple(map(ipaddress.ip_network, SPECIAL))


def is_public(address: Address) -> bool:
    """Whether an address is one that a host on the public network can have."""
    if isinstance(address, ipaddress.IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in NETWORKS)
