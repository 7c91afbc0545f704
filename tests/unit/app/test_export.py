import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from packshot.app.export import SHEET, form_of, written
from packshot.app.label_file import _records
from packshot.app.table_names import FORMATS
from packshot.core.errors import UsageError, WorkspaceError

FRAME = pl.DataFrame(
    {
        "name": ["=cmd()", 'Müller; "x", y', "-5", None],
        "boxes": [[1, 2], [], None, [3]],
        "data": [b"\x00\xff", b"", None, b"a"],
    }
)


def test_the_name_of_a_file_says_its_form():
    assert form_of(None, None) == "csv"
    assert form_of(Path("/dev/stdout"), None) == "csv"
    assert [form_of(Path(f"g.{form}"), None) for form in FORMATS] == list(FORMATS)
    assert form_of(Path("G.PARQUET"), None) == "parquet"
    assert form_of(Path("g.txt"), "tsv") == "tsv"


@pytest.mark.parametrize(
    ("name", "asked"), [("g.xlsx", None), ("g.xlsx", "csv"), ("g.ods", None), ("g.foo", None), ("g.csv", "json")]
)
def test_a_file_is_not_called_what_it_is_not(name, asked):
    with pytest.raises(UsageError) as refused:
        form_of(Path(name), asked)
    assert name in refused.value.message
    if asked is None:
        assert ".csv, .tsv, .json, .jsonl or .parquet" in refused.value.hint


def test_every_form_can_be_read_again(tmp_path):
    for form in FORMATS:
        written(FRAME, form, tmp_path / f"g.{form}")
    names = FRAME["name"].to_list()
    assert pl.read_csv(tmp_path / "g.csv")["name"].to_list() == names
    assert pl.read_csv(tmp_path / "g.tsv", separator="\t")["name"].to_list() == names
    assert [row["name"] for row in json.loads((tmp_path / "g.json").read_bytes())] == names
    lines = (tmp_path / "g.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["data"] for line in lines] == ["00ff", "", None, "61"]
    assert pl.read_parquet(tmp_path / "g.parquet").equals(FRAME)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_runs_nothing_in_a_spreadsheet_and_comes_back_as_it_was(delimiter):
    rows = pl.DataFrame({"question": ["-a", "@b"], "answer": ["pass", "fail"], "because": ['=1+1; "so"', "'s ist, ja"]})
    stream = io.BytesIO()
    written(rows, SHEET, stream, delimiter=delimiter)
    data = stream.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 3
    shown = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert [row["question"] for row in shown] == ["'-a", "'@b"]
    for file in (data, b"sep=" + delimiter.encode() + b"\r\n" + data[3:], data[3:].replace(b"\r\n", b"\n")):
        assert [row for _, row in _records(file, "file")] == rows.rows(named=True)


def test_times_are_written_as_the_import_reads_them():
    stream = io.BytesIO()
    at = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
    written(pl.DataFrame({"at": [at]}), SHEET, stream)
    assert datetime.fromisoformat(stream.getvalue().decode("utf-8-sig").split()[1]) == at


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_full_disk_is_told_in_every_form(form):
    with pytest.raises(WorkspaceError, match="disk is full") as caught:
        written(pl.DataFrame({"a": ["x" * 50] * 2000}), form, FULL)
    assert "Free some space" in caught.value.hint
