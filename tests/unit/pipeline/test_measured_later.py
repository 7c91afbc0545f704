import polars as pl
import pyarrow as pa
from polars.testing import assert_frame_equal

from packshot.evaluate.suite import all_measures, wanted
from packshot.pipeline.current_rows import measured
from packshot.pipeline.measured_later import MeasuredLater
from packshot.pipeline.stores import Stores
from packshot.storage.schemas import ARROW_OF_KIND, MEASUREMENT_KEYS

LOOKS = ("pdq", "lab16")
KINDS = {output.name: output.kind for measure in all_measures().values() for output in measure.outputs}


def rows(pass_id, *assets):
    """Rows of (asset_id, number, failed); the number fills the hash and the thumbnail, None leaves them empty."""
    fields = {name: MEASUREMENT_KEYS.field(name).type for name in ("asset_id", "pass_id", "failed")}
    fields |= {name: ARROW_OF_KIND[KINDS[name]] for name in LOOKS}
    values = [
        {"asset_id": id_, "pass_id": pass_id, "failed": list(failed)}
        | {name: None if n is None else bytes([n]) * width for name, width in (("pdq", 32), ("lab16", 768))}
        for id_, n, failed in assets
    ]
    return pa.Table.from_pylist(values, schema=pa.schema(fields))


def test_the_same_values_as_if_all_were_read_at_once(tmp_path):
    stores = Stores.open(tmp_path / "w", create=True)
    versions = wanted(all_measures())
    older = stores.catalog.open_pass({"pdq": versions["pdq"] - 1, "lab16": versions["lab16"]})
    now = stores.catalog.open_pass({"pdq": versions["pdq"], "lab16": versions["lab16"]})
    stores.tables.append("measurements", rows(older, ("a", 1, ()), ("b", 2, ()), ("e", 9, ())))
    stores.tables.append("measurements", rows(now, ("b", 3, ()), ("c", None, ()), ("d", 5, ("lab16",)), ("b", 4, ())))
    later = MeasuredLater(stores, LOOKS)
    stores.tables.append("measurements", rows(now, ("a", 7, ())))
    ids = pl.Series("asset_id", ["d", "b", "nobody", "a", "c"])
    every = MeasuredLater(stores, LOOKS).of(ids)
    read = ids.to_frame().join(measured(stores, LOOKS), on="asset_id", how="left", maintain_order="left")
    assert_frame_equal(every, read.select("asset_id", *LOOKS), check_dtypes=False, check_column_order=False)
    values = later.of(ids).rows_by_key("asset_id", named=True, unique=True)
    assert values["b"]["pdq"] == bytes([4]) * 32
    assert values["a"] == {"pdq": None, "lab16": bytes([1]) * 768}, "as it stood when it was first read"
    assert values["d"] == {"pdq": bytes([5]) * 32, "lab16": None}
    assert later.of(ids.clear()).is_empty()
    stores.close()
