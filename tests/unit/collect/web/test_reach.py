import ipaddress

import pytest

from packshot.collect.web.reach import Reach, is_public
from packshot.core.errors import UsageError

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.15", "2600::1", "2a00:1450:4001::1",
    "2001:200::1", "2001:4860:4860::8888",
]  # fmt: skip
REFUSED = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255",
    "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.9", "203.0.113.9", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:8.8.8.8",
    "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:808:808::1", "3fff::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "4000::1", "5f00::1", "fe80::1%1", "2600::1%eth0",
]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_is_reached(text):
    assert Reach().allows(text)


@pytest.mark.parametrize("text", REFUSED)
def test_all_else_is_not(text):
    assert not Reach().allows(text)


@pytest.mark.parametrize("text", ["", "shop.example", "0x7f.1", "127.1", "2130706433", "1.2.3.4.5", "[::1]"])
def test_what_is_no_address_is_not(text):
    assert not Reach().allows(text)


def test_our_lists_are_no_laxer_than_those_of_python():
    lax = [
        text
        for text in (*PUBLIC, *REFUSED)
        if is_public(ipaddress.ip_address(text)) and not ipaddress.ip_address(text).is_global
    ]
    assert lax == []


def test_what_the_user_names_is_reached_and_metadata_only_by_its_very_address():
    reach = Reach.of(("10.1.0.0/16", "192.168.7.7", "fd12::/16", "PIM.intranet."))
    assert all(reach.allows(text) for text in ("10.1.2.3", "192.168.7.7", "fd12::9", "8.8.8.8"))
    assert not any(reach.allows(text) for text in ("10.2.0.1", "192.168.7.8", "::ffff:10.1.2.3", "127.0.0.1"))
    assert reach.allows("10.9.9.9", "pim.intranet")
    assert not reach.allows("10.9.9.9", "x.pim.intranet")
    assert not reach.allows("169.254.169.254", "pim.intranet")
    assert not Reach.of(("0.0.0.0/0", "::/0")).allows("169.254.169.254")
    assert not Reach.of(("fd00::/8",)).allows("fd00:ec2::254")
    assert Reach.of(("169.254.169.254",)).allows("169.254.169.254")


def test_an_address_that_carries_another_is_judged_by_both():
    reach = Reach.of(("64:ff9b::/96", "2002::/16", "::ffff:0:0/96"))
    assert all(reach.allows(text) for text in ("64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"))
    carried = ("64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "2002:7f00:1::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254")
    assert not any(reach.allows(text) for text in carried)
    assert Reach.of(("64:ff9b::/96", "10.0.0.0/8")).allows("64:ff9b::a00:1")


@pytest.mark.parametrize("text", ["", "10.0.0.1/8", "300.1.1.1", "1.2.3", "http://pim", "a b", "10.0.0.0/99", "*"])
def test_what_is_no_network_is_told(text):
    with pytest.raises(UsageError) as raised:
        Reach.of((text,))
    assert "--allow-network" in raised.value.hint
