import importlib.util
import traceback

import pytest

from packshot.core.errors import MissingExtra, WorkspaceError
from packshot.storage.catalog import Catalog
from packshot.storage.databases import database_of

NOBODY = "postgresql+psycopg://me:s3cret@127.0.0.1:1/shop?password=s3cret"


def test_a_server_that_is_not_there_is_explained_without_the_password():
    pytest.importorskip("psycopg")
    with pytest.raises(WorkspaceError, match="cannot be reached") as caught:
        Catalog.open(NOBODY)
    assert "127.0.0.1" in caught.value.message
    told = "".join(traceback.format_exception(caught.value))
    assert "s3cret" not in told


def test_the_driver_is_an_extra(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra) as caught:
        Catalog.open(NOBODY)
    assert caught.value.hint == 'pip install "packshot[postgres]"'


@pytest.mark.parametrize(
    "url", ["mysql://me:s3cret@host/db", "postgresql://me:s3cret@host/db", "postgresql+asyncpg://me:s3cret@host/db"]
)
def test_other_databases_are_refused_without_the_password(url):
    with pytest.raises(WorkspaceError, match="cannot be kept in") as caught:
        database_of(url)
    assert "s3cret" not in str(caught.value)
    assert "postgresql+psycopg://" in caught.value.hint


def test_what_is_no_url_is_not_shown():
    with pytest.raises(WorkspaceError, match="cannot be read") as caught:
        database_of("me:s3cret@host/db")
    assert "s3cret" not in "".join(traceback.format_exception(caught.value, chain=False)).partition("WorkspaceError")[2]


def test_a_place_is_shown_without_what_is_secret():
    assert database_of(NOBODY).place == "postgresql+psycopg://me:***@127.0.0.1:1/shop"
