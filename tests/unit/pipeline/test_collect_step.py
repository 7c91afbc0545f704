import pyarrow as pa
import pytest

from packshot.pipeline import collect_step

SCHEMA = pa.schema({"name": pa.string(), "position": pa.int32()})


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_rows_come_out_as_they_went_in_however_they_are_held(monkeypatch, count):
    monkeypatch.setattr(collect_step, "ROWS_HELD", 3)
    rows = collect_step._Rows(SCHEMA)
    given = [{"name": f"row {number}", "position": number if number % 2 else None} for number in range(count)]
    for row in given:
        rows.add(dict(row))
    found = rows.frame()
    assert found.to_dicts() == given
    assert found.columns == SCHEMA.names
