import logging
import re
import threading
import time
from collections import Counter

import pytest

from packshot.collect import objects

_LIST = re.compile(r"(^|&)(list-type|prefix|delimiter)=")
BUCKET = "shop"


class Counting:
    """An S3 server on loopback that counts what it is asked, a listing as LIST, and can be told to fail."""

    def __init__(self, application):
        self._application = application
        self.requests = Counter()
        self.asked = []
        """`(method, path)` of every request."""
        self.fault = None
        """Called with method and path: what it gives, `(status, code)`, is answered in place of the server."""

    def __call__(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        word = "LIST" if method == "GET" and _LIST.search(environ.get("QUERY_STRING", "")) else method
        self.requests[word] += 1
        self.asked.append((word, path))
        if self.fault and (answer := self.fault(word, path)):
            status, code = answer
            body = b"" if method == "HEAD" else f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            start_response(f"{status} Fault", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [body]
        return self._application(environ, start_response)

    def forget(self):
        self.requests.clear()
        self.asked.clear()
        self.fault = None


@pytest.fixture(scope="session")
def counting_server():
    """The server and its address, for the whole session."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    pytest.importorskip("moto", reason="moto's S3 server is not installed")
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    counting = Counting(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, counting, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield counting, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Bucket:
    """An empty bucket of that server."""

    def __init__(self, server, client):
        self.server = server
        self._client = client
        self.url = f"s3://{BUCKET}"

    def put(self, key, data):
        self._client.put_object(Bucket=BUCKET, Key=key, Body=data)
        return f"{self.url}/{key}"

    def publish(self, key):
        self._client.put_object_acl(Bucket=BUCKET, Key=key, ACL="public-read")

    def delete(self, key):
        self._client.delete_object(Bucket=BUCKET, Key=key)

    def feed(self, *rows, key="feeds/catalog.csv"):
        """`(listing, picture)` rows as a feed."""
        text = "sku,title,image\n" + "".join(f"{listing},The {listing},{image}\n" for listing, image in rows)
        return self.put(key, text.encode())


@pytest.fixture
def bucket(counting_server, monkeypatch, tmp_path):
    """An empty bucket; the environment of the test leads there, and nothing of the machine's configuration."""
    import boto3

    server, url = counting_server
    environment = {
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key-of-a-test",
        "AWS_SECRET_ACCESS_KEY": "secret-of-a-test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    objects.store_of.cache_clear()
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    server.forget()
    yield Bucket(server, client)
    server.forget()
    for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=found["Key"])
    client.delete_bucket(Bucket=BUCKET)
    objects.store_of.cache_clear()
