"""The Arrow schemas of the tables, as the data model fixes them."""

from __future__ import annotations

import pyarrow as pa

from packshot.core.measurement import Kind
from packshot.core.verdict import Status

_AT = pa.timestamp("us", tz="UTC")


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(columns)


LISTINGS = _schema(
    source_id=pa.string(),
    snapshot_id=pa.string(),
    seq=pa.int64(),
    op=pa.string(),
    listing_id=pa.string(),
    variant_group_id=pa.string(),
    title=pa.string(),
    brand=pa.string(),
    category=pa.string(),
    gtin=pa.string(),
    attributes=pa.string(),
    google_category=pa.string(),
)
"""`op` is `upsert` or `delete`; `attributes` is JSON."""

PLACEMENTS = _schema(
    source_id=pa.string(),
    snapshot_id=pa.string(),
    seq=pa.int64(),
    op=pa.string(),
    placement_id=pa.string(),
    listing_id=pa.string(),
    uri_key=pa.string(),
    source_uri=pa.string(),
    role=pa.string(),
    position=pa.int32(),
    supplier=pa.string(),
)

FETCHES = _schema(
    uri_key=pa.string(),
    seq=pa.int64(),
    asset_id=pa.string(),
    etag=pa.string(),
    last_modified=pa.string(),
    size_bytes=pa.int64(),
    mtime_ns=pa.int64(),
    status=pa.string(),
    at=_AT,
)
"""The last success wins; `status` is `ok` or the kind of trouble."""

ASSETS = _schema(
    asset_id=pa.string(),
    kind=pa.string(),
    format=pa.string(),
    bytes=pa.int64(),
    width_px=pa.int32(),
    height_px=pa.int32(),
    blob=pa.string(),
    ref_uri=pa.string(),
)

TROUBLES = _schema(
    stage=pa.string(),
    kind=pa.string(),
    retryable=pa.bool_(),
    asset_id=pa.string(),
    placement_id=pa.string(),
    source_uri=pa.string(),
    measure=pa.string(),
    version=pa.int32(),
    detail=pa.string(),
    attempt=pa.int32(),
    run_id=pa.string(),
    at=_AT,
    uri_key=pa.string(),
    snapshot_id=pa.string(),
    model=pa.string(),
)
"""`uri_key` says which address a fetch failed at; `snapshot_id` which reading of a feed a bad row stands in."""

VERDICTS = _schema(
    placement_id=pa.string(),
    listing_id=pa.string(),
    asset_id=pa.string(),
    source_uri=pa.string(),
    role=pa.string(),
    verdict=pa.string(),
    verdict_as_main=pa.string(),
    verdict_as_secondary=pa.string(),
    not_assessed=pa.list_(pa.string()),
)
"""`not_assessed` lists the rules that this install cannot measure, or that a person has to look at."""

FINDINGS = _schema(
    placement_id=pa.string(),
    listing_id=pa.string(),
    rule=pa.string(),
    check=pa.string(),
    status=pa.string(),
)
"""What did not pass; `placement_id` is null for what concerns the listing. Texts are made on read."""

MATCHES = _schema(
    asset_a=pa.string(),
    asset_b=pa.string(),
    kind=pa.string(),
    distance=pa.int32(),
    delta_e=pa.float32(),
    mirrored=pa.bool_(),
    turned_degrees=pa.float32(),
    shared_points=pa.int32(),
    alike_share=pa.float32(),
    box_a=pa.list_(pa.float32()),
    box_b=pa.list_(pa.float32()),
    bank=pa.string(),
    note=pa.string(),
)
"""`asset_a` equals `asset_b` for `exact`: one asset, placed more than once. For `bank`, `asset_b` is the entry of the
bank, `bank` its name and `note` what the bank says of it. The columns from `mirrored` on are of copies and banks."""

BANKS = _schema(
    bank=pa.string(),
    entry_id=pa.string(),
    op=pa.string(),
    pdq=pa.binary(32),
    note=pa.string(),
    source=pa.string(),
    max_distance=pa.int32(),
    lab16=pa.binary(768),
    keypoints=pa.binary(),
    width_px=pa.int32(),
    height_px=pa.int32(),
    at=_AT,
)
"""Hashes of pictures that are known to be bad; `op` is `add` or `remove`, and the last one counts. A removal without
`entry_id` removes the bank. The columns from `lab16` on are of entries that were added as pictures."""

CLUSTERS = _schema(
    cluster_id=pa.string(),
    asset_id=pa.string(),
    is_representative=pa.bool_(),
    keep=pa.bool_(),
    reason=pa.string(),
)
"""The keep list: `cluster_id` is the representative's asset id."""

COUNTS = _schema(
    rule=pa.string(),
    check=pa.string(),
    scope=pa.string(),
    on_fail=pa.string(),
    **{status.value: pa.int64() for status in Status},
)
"""How many placements (or listings) got each status by each rule."""

GALLERIES = _schema(
    listing_id=pa.string(),
    slot=pa.string(),
    role=pa.string(),
    asset_id=pa.string(),
    placement_id=pa.string(),
    source_uri=pa.string(),
    score=pa.float32(),
    reason=pa.string(),
)
"""`slot` is `main`, `1`, `2`, …, then `rejected` and `missing` rows."""

ARROW_OF_KIND: dict[Kind, pa.DataType] = {
    Kind.FLOAT: pa.float32(),
    Kind.INT: pa.int64(),
    Kind.BOOL: pa.bool_(),
    Kind.TEXT: pa.string(),
    Kind.BOX: pa.list_(pa.float32(), 4),
    Kind.BOXES: pa.list_(pa.float32()),
    Kind.OUTLINE: pa.list_(pa.float32()),
    Kind.RGB: pa.list_(pa.uint8(), 3),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.FLOATS: pa.list_(pa.float32()),
    Kind.BYTES32: pa.binary(32),
    Kind.BYTES768: pa.binary(768),
    Kind.BYTES: pa.binary(),
}
"""The column type of each kind of measured value."""

RELATIONS = _schema(
    asset_id=pa.string(),
    text_key=pa.string(),
    version=pa.string(),
    title_agreement=pa.float32(),
    colour_agreement=pa.float32(),
    words_agreement=pa.float32(),
    at=_AT,
)
"""A picture against the words of a listing; `text_key` is a hash of the words, `version` of all that they depend on."""


def text_vectors(length: int | None) -> pa.Schema:
    """Vectors of titles and categories; `text_key` is a hash of the text. `length` is None where the model decides."""
    values = pa.list_(pa.float16(), -1 if length is None else length)
    return _schema(text_key=pa.string(), model_version=pa.string(), vector=values)


MEASUREMENT_KEYS = _schema(asset_id=pa.string(), pass_id=pa.string(), failed=pa.list_(pa.string()), at=_AT)
"""The columns of `measurements` beside the measured ones."""
