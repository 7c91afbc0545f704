import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder there that only its user may read
ROOM_BYTES = 1 << 30


def pytest_configure():
    """What tests write lies in memory where there is room: half of their time is waiting for the disk otherwise."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session", autouse=True)
def _no_models(tmp_path_factory):
    """No weights, whatever the developer has: what is measured depends on them."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PACKSHOT_MODELS", str(tmp_path_factory.mktemp("models")))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def s3_server():
    """The endpoint of an S3 server of this test run, on loopback."""
    pytest.importorskip("moto", reason="moto's S3 server is not installed")
    command = [sys.executable, Path(__file__).with_name("s3_process.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.stdin.close()


@pytest.fixture
def bucket(s3_server, monkeypatch):
    """The URL of an empty bucket; the environment of the test leads there."""
    import boto3

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    environment = {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "the-key-of-a-test",
        "AWS_SECRET_ACCESS_KEY": "the-secret-of-a-test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", region_name="us-east-1")
    name = f"shop-{os.urandom(6).hex()}"
    client.create_bucket(Bucket=name)
    return f"s3://{name}"
