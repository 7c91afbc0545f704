"""An S3 server on loopback for tests, which counts what it is asked."""

import re
from collections import Counter
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
_LIST = re.compile(r"(^|&)(list-type|prefix|delimiter)=")


class S3Server:
    """`url`; `client`, of boto3; `requests`, how often each method was used, a listing being LIST; `faults`."""

    def __init__(self, url):
        self.url = url
        self.environment = ENVIRONMENT | {"AWS_ENDPOINT_URL": url}
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self.client = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **keys)
        self.requests = Counter()
        self.keys = []
        """`(method, path)` of every request."""
        self.faults = []
        """Called with method and path; what one gives, `(status, code)`, is answered in place of the server."""

    def bucket(self, name):
        """Make an empty bucket."""
        self.client.create_bucket(Bucket=name)
        return name

    def forget(self):
        """Count from nought, and no faults."""
        self.requests.clear()
        self.keys.clear()
        self.faults.clear()


@contextmanager
def s3_server():
    """Start one, and end it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    found = S3Server(f"http://{host}:{port}")
    served = server._server.app

    def counted(environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        word = "LIST" if method == "GET" and _LIST.search(environ.get("QUERY_STRING", "")) else method
        found.requests[word] += 1
        found.keys.append((word, path))
        for fault in found.faults:
            if answer := fault(word, path):
                status, code = answer
                start_response(f"{status} Fault", [("Content-Type", "application/xml")])
                body = f"<Error><Code>{code}</Code><Message>no</Message></Error>"
                return [b"" if method == "HEAD" else body.encode()]
        return served(environ, start_response)

    server._server.app = counted
    try:
        yield found
    finally:
        server.stop()
