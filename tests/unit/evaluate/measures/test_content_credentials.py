"""Signed with a certificate made here; skipped where c2pa-python is not installed."""

import contextlib
import datetime as dt
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from PIL import Image

from packshot.evaluate.measures import content_credentials
from packshot.evaluate.measures.content_credentials import ContentCredentials
from packshot.evaluate.measures.provenance import Provenance
from packshot.media.decode import decode

c2pa = pytest.importorskip("c2pa", reason="needs the extra `provenance`")
x509 = pytest.importorskip("cryptography.x509")

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST = {
    "claim_generator_info": [{"name": "A test", "version": "1"}],
    "assertions": [
        {
            "label": "c2pa.actions",
            "data": {"actions": [{"action": "c2pa.created", "softwareAgent": "DALL-E", "digitalSourceType": SOURCE}]},
        }
    ],
}


def certificate(name, key, issuer_key, status_url):
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509 import oid

    def called(text):
        names = ((oid.NameOID.ORGANIZATION_NAME, text), (oid.NameOID.COMMON_NAME, text))
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in names])

    authority = key is issuer_key
    now = dt.datetime.now(dt.UTC)
    flags = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage = x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **flags)
    server = x509.AccessDescription(oid.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(status_url))
    builder = (
        x509.CertificateBuilder(called("Root"), called(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=20))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.AuthorityInformationAccess([server]), critical=False)
    )
    if not authority:
        email = x509.ExtendedKeyUsage([oid.ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(email, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


@pytest.fixture(scope="session")
def server():
    """A server on loopback, and the paths that were asked of it."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_):
            """Say nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Answer) as answering:
        thread = threading.Thread(target=answering.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{answering.server_port}", asked
        answering.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def sign(server):
    """Give `sign(format, remote=…)`: a small picture signed by an unknown signer."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    url = f"{server[0]}/status"
    root = certificate("Root", root_key, root_key, url)
    leaf = certificate("Ann's signer", key, root_key, url)
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private = key.private_bytes(serialization.Encoding.PEM, *plain)

    def signed(name, *, remote=None):
        source, out = io.BytesIO(), io.BytesIO()
        Image.linear_gradient("L").convert("RGB").resize((64, 48)).save(source, name.upper())
        source.seek(0)
        signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, private, None))
        context = c2pa.Context.from_dict({"builder": {"thumbnail": {"enabled": False}}})
        with c2pa.Builder(json.dumps(MANIFEST), context=context) as builder:
            if remote:
                builder.set_no_embed()
                builder.set_remote_url(remote)
            builder.sign(signer, f"image/{name}", source, out)
        return out.getvalue()

    return signed


def measured(data):
    picture = decode(data)
    return {**Provenance().measure(picture), **ContentCredentials().measure(picture)}


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "gif", "avif"])
def test_what_was_signed_and_not_changed_is_valid(sign, name):
    found = measured(sign(name))
    assert found["c2pa_present"] is True
    assert (found["c2pa_state"], found["c2pa_signer"], found["c2pa_faults"]) == ("valid", "Ann's signer", None)
    assert found["c2pa_source_types"] == ("trainedAlgorithmicMedia",)
    assert found["ai_generator"] == "OpenAI"


def test_a_changed_picture_is_invalid_and_says_why(sign):
    data = bytearray(sign("jpeg"))
    data[-40] ^= 1
    found = measured(bytes(data))
    assert found["c2pa_state"] == "invalid"
    assert "assertion.dataHash.mismatch" in found["c2pa_faults"]


def test_a_broken_manifest_is_invalid(sign):
    data = sign("jpeg")
    at = data.index(b"c2pa.claim.v2")
    found = measured(data[:at] + b"c2pa.cl\x00im.v2" + data[at + 13 :])
    assert (found["c2pa_present"], found["c2pa_state"]) == (True, "invalid")


def test_a_picture_without_credentials_is_not_asked(monkeypatch):
    def never(*_):
        pytest.fail("the library was asked")

    monkeypatch.setattr(content_credentials, "_verified", never)
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24)).save(buffer, "JPEG")
    assert set(ContentCredentials().measure(decode(buffer.getvalue())).values()) == {None}


def test_nothing_is_fetched(sign, server):
    url, asked = server
    elsewhere = sign("jpeg", remote=f"{url}/manifest.c2pa")
    asked.clear()
    with contextlib.suppress(c2pa.C2paError):
        c2pa.Reader("image/jpeg", io.BytesIO(elsewhere))
    assert asked == ["/manifest.c2pa"], "the library asks where it is not told otherwise"
    asked.clear()
    assert content_credentials._verified(elsewhere, "image/jpeg")["c2pa_state"] == "invalid"
    assert measured(elsewhere)["c2pa_present"] is False
    assert measured(sign("jpeg"))["c2pa_state"] == "valid", "whose certificate names a server for its status"
    assert asked == []
