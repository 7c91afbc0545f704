import io

import pytest

from packshot.app import label_file
from packshot.core.errors import UsageError

CSV = "question,source_uri,answer\nblurry,ü.jpg,pass\n"
ROWS = [(2, {"question": "blurry", "source_uri": "ü.jpg", "answer": "pass"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_save_is_read(encoding):
    assert list(label_file._records(CSV.encode(encoding), "a.csv")) == ROWS


@pytest.mark.parametrize("data", [CSV.encode("utf-16-le"), CSV.encode("utf-16-be"), CSV.encode("latin-1"), b"PK\3\4\0"])
def test_what_is_no_text_in_utf_8_is_told_as_such(data):
    with pytest.raises(UsageError, match="no text in UTF-8") as caught:
        list(label_file._records(data, "a.csv"))
    assert "Save it as CSV" in caught.value.hint


def test_a_device_without_an_end_is_not_read_whole(monkeypatch):
    monkeypatch.setattr(label_file, "MOST_BYTES", 10)
    data = label_file.read(io.BytesIO(b"\0" * 100))
    with pytest.raises(UsageError, match="larger than"):
        list(label_file._records(data, "/dev/zero"))


def test_a_cell_that_a_spreadsheet_would_run_is_read_without_its_apostrophe():
    ((_, row),) = label_file._records(b"question,answer,listing_id\nblurry,pass,'=1+1\n", "a.csv")
    assert row["listing_id"] == "=1+1"
