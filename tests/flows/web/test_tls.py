import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest

from packshot.collect.web.sockets import tls_context

from .conftest import Hostile, answer

x509 = pytest.importorskip("cryptography.x509", reason="cryptography, which comes with moto, makes the certificates")


@pytest.fixture(scope="module")
def issue(tmp_path_factory):
    """Gives the file of a self-signed certificate with its key, for a name and a span of days from now."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("certificates")

    def make(name, begin=-1, end=1):
        key = ec.generate_private_key(ec.SECP256R1())
        who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(who)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=begin))
            .not_valid_after(now + timedelta(days=end))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = folder / f"{name}{begin}{end}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
        return path

    return make


@pytest.fixture
def secure(issue):
    """Starts servers behind TLS; each keeps the names that it was asked for in `names`."""
    started = []

    def start(name, **span):
        path = issue(name, **span)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        names = []
        context.sni_callback = lambda _, asked, __: names.append(asked)
        server = Hostile(context)
        server.names, server.certificate = names, path
        server.answers["/a.jpg"] = answer(b"a picture")
        started.append(server)
        return server

    yield start
    for server in started:
        server.close()


def trusting(server):
    context = tls_context()
    context.load_verify_locations(server.certificate)
    return context


def test_the_certificate_is_that_of_the_name_though_the_address_is_pinned(secure, got):
    server = secure("shop.example")
    uri = server.url("/a.jpg", host="shop.example", scheme="https")
    here = {"ports": (server.port,), "resolve": lambda *_: ["127.0.0.1"]}
    assert got(uri, context=trusting(server), **here) == b"a picture"
    assert server.names == ["shop.example"]
    assert server.asked[0].headers["host"] == f"shop.example:{server.port}"
    other = server.url("/a.jpg", host="other.example", scheme="https")
    kind, why = got(other, context=trusting(server), **here)
    assert (kind, "certificate" in why) == ("unreachable", True)
    kind, why = got(uri, **here)
    assert (kind, "self-signed" in why) == ("unreachable", True)
    assert len(server.asked) == 1, "nothing is sent to a server that is not trusted"


def test_an_old_certificate_and_no_tls_at_all(secure, server, got):
    old = secure("shop.example", begin=-9, end=-3)
    here = {"resolve": lambda *_: ["127.0.0.1"]}
    uri = old.url("/a.jpg", host="shop.example", scheme="https")
    kind, why = got(uri, context=trusting(old), ports=(old.port,), **here)
    assert (kind, "expired" in why) == ("unreachable", True)
    kind, why = got(server.url("/", scheme="https"), total_seconds=0.3)
    assert kind in {"unreachable", "timed_out"}
    server.answers["/"] = answer(b"", "302 Found", Location=uri)
    assert got(server.url(), ports=(server.port, old.port), **here)[0] == "unreachable"


def test_slow_and_endless_bodies_are_given_up_behind_tls_too(secure, got):
    from .conftest import drip, flood

    server = secure("shop.example")
    server.answers |= {
        "/slow": drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        "/endless": flood(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
    }
    here = {"ports": (server.port,), "resolve": lambda *_: ["127.0.0.1"], "context": trusting(server)}
    for path, seconds, kind in (("/slow", 0.4, "timed_out"), ("/endless", 9, "too_large")):
        assert got(server.url(path, host="shop.example", scheme="https"), total_seconds=seconds, **here)[0] == kind


def test_through_a_proxy_the_certificate_is_still_that_of_the_host(secure, server, got, monkeypatch):
    there = secure("shop.example")

    def tunnel(connection, _, __):
        with socket.create_connection(("127.0.0.1", there.port)) as onward:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=relay, args=(onward, connection), daemon=True)
            back.start()
            relay(connection, onward)

    def relay(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)

    for name in (f"shop.example:{there.port}", f"other.example:{there.port}"):
        server.answers[name] = tunnel
    monkeypatch.setenv("https_proxy", server.url(""))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    here = {"ports": (there.port,), "allow_networks": (), "use_proxy": True, "context": trusting(there)}
    here["resolve"] = lambda *_: pytest.fail("the proxy looks names up")
    assert got(there.url("/a.jpg", host="shop.example", scheme="https"), **here) == b"a picture"
    assert server.paths() == [f"shop.example:{there.port}"]
    kind, why = got(there.url("/a.jpg", host="other.example", scheme="https"), **here)
    assert (kind, "certificate" in why) == ("unreachable", True)
