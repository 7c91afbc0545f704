from packshot.core.trouble import Trouble, TroubleKind
from packshot.pipeline.trouble_rows import MAX_DETAIL, stamped, trouble_table
from packshot.storage.schemas import TROUBLES


def test_a_trouble_is_a_row_with_all_that_is_known():
    trouble = Trouble("measure", TroubleKind.MEASURE_FAILED, "why", asset_id="a", measure="noise", version=2)
    table = trouble_table([trouble], run_id="r")
    assert table.schema == TROUBLES
    row = table.to_pylist()[0]
    assert (row["stage"], row["kind"], row["measure"], row["version"]) == ("measure", "measure_failed", "noise", 2)
    assert (row["retryable"], row["source_uri"], row["run_id"]) == (False, None, "r")


def test_only_what_may_mend_itself_is_tried_again():
    table = trouble_table([Trouble("fetch", kind, "") for kind in TroubleKind])
    tried = {row["kind"] for row in table.to_pylist() if row["retryable"]}
    assert tried == {"not_found", "unreachable", "timed_out", "out_of_memory", "changed", "model_failed"}


def test_a_detail_is_short_and_valid_text():
    rows = trouble_table(
        [Trouble("decode", TroubleKind.CORRUPT, "x" * 9999), Trouble("decode", TroubleKind.CORRUPT, "\udcff")]
    )
    first, second = (row["detail"] for row in rows.to_pylist())
    assert len(first) == MAX_DETAIL
    assert second == "?"


def test_a_stamp_fills_a_column_throughout():
    table = stamped(trouble_table([Trouble("fetch", TroubleKind.EMPTY, "")] * 3), uri_key="k")
    assert table["uri_key"].to_pylist() == ["k"] * 3
    assert stamped(trouble_table([]), uri_key="k").num_rows == 0
