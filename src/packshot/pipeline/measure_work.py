"""What a worker does with a shard of assets: read, decode once, measure, keep a thumbnail."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
from blake3 import blake3

from packshot.collect.ingest import read_located
from packshot.core.errors import MediaError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.media.decode import decode
from packshot.media.encode import encode_thumbnail
from packshot.media.limits import Limits
from packshot.media.read import read_limited
from packshot.pipeline.at_hand import NO_ROW, announce
from packshot.pipeline.trouble_rows import trouble_table
from packshot.storage.blobs import BlobStore
from packshot.storage.schemas import ARROW_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.evaluate.measure import Measure

THUMBNAIL_PX = 320
"""Long side of the thumbnails that the report shows."""

WORK = f"{__name__}:measure_shard"


def measure_shard(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """Measure every asset of `rows` (`asset_id ref_uri`) with the measures in `params["measures"]`.

    `params` also holds `limits`, `blobs` and `thumbnails` (locations of stores). Gives the tables `measurements`
    (without pass and time) and `troubles`; an asset is in the first unless it could not be read or decoded. Never
    raises for what a file holds.
    """
    names = tuple(str(name) for name in _list(params["measures"]))
    measures = _measures(names)
    limits = Limits(**_mapping(params["limits"]))
    blobs, thumbnails = BlobStore.at(str(params["blobs"])), BlobStore.at(str(params["thumbnails"]), ".jpg")
    measured: list[dict[str, object]] = []
    troubles: list[Trouble] = []
    assets = zip(rows.column("asset_id").to_pylist(), rows.column("ref_uri").to_pylist(), strict=True)
    for number, (asset_id, uri) in enumerate(assets):
        announce(number)
        try:
            data = _bytes_of(str(asset_id), uri, blobs, limits)
            values, failed, found = _measured(str(asset_id), data, measures, limits, thumbnails)
        except MediaError as error:
            troubles.append(Trouble("decode", error.kind, str(error), asset_id=asset_id))
            continue
        measured.append({"asset_id": asset_id, "failed": failed, **values})
        troubles += found
    announce(NO_ROW)
    return {"measurements": _table(measured, measures), "troubles": trouble_table(troubles)}


def _bytes_of(asset_id: str, uri: str | None, blobs: BlobStore, limits: Limits) -> bytes:
    if uri is not None:
        return read_located(uri, limits)
    path = blobs.path(asset_id)
    if path is not None:
        return read_limited(path, limits)
    if not blobs.exists(asset_id):
        raise MediaError(TroubleKind.NOT_FOUND, "there is no such file")
    limits.check_bytes(blobs.size(asset_id))
    return blobs.read(asset_id)


def _measured(
    asset_id: str, data: bytes, measures: Mapping[str, Measure], limits: Limits, thumbnails: BlobStore
) -> tuple[dict[str, Value], list[str], list[Trouble]]:
    if blake3(data).hexdigest() != asset_id:
        raise MediaError(TroubleKind.CHANGED, "The file has other bytes than when it was collected.")
    picture = decode(data, limits)
    if not thumbnails.exists(asset_id):
        thumbnails.put_named(asset_id, encode_thumbnail(picture, THUMBNAIL_PX))
    values, failed, troubles = measure_picture(picture, measures)
    return values, failed, [_of_asset(trouble, asset_id) for trouble in troubles]


def _of_asset(trouble: Trouble, asset_id: str) -> Trouble:
    return Trouble(
        trouble.stage, trouble.kind, trouble.detail, asset_id=asset_id, measure=trouble.measure, version=trouble.version
    )


@cache
def _measures(names: tuple[str, ...]) -> dict[str, Measure]:
    known = all_measures()
    return {name: known[name] for name in names}


def _table(rows: list[dict[str, object]], measures: Mapping[str, Measure]) -> pa.Table:
    fields: dict[str, pa.DataType] = {"asset_id": pa.string(), "failed": pa.list_(pa.string())}
    for measure in measures.values():
        fields |= {output.name: ARROW_OF_KIND[output.kind] for output in measure.outputs}
    columns = {name: pa.array([row.get(name) for row in rows], type=kind) for name, kind in fields.items()}
    return pa.table(columns, schema=pa.schema(fields))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, int]:
    return value if isinstance(value, dict) else {}
