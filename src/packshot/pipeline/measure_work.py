"""What a worker does with a shard of assets: read, decode once, measure, keep a thumbnail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from socket import gethostname
from typing import TYPE_CHECKING

import cv2
import pyarrow as pa
from blake3 import blake3

from packshot.collect.ingest import read_located
from packshot.core.errors import EngineError, MediaError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.evaluate.feature_maps import MODEL as SCREENS_ON
from packshot.evaluate.screens import screening
from packshot.evaluate.suite import known_measures, measure_picture
from packshot.media.decode import decode
from packshot.media.encode import encode_thumbnail
from packshot.media.limits import Limits
from packshot.media.out_of_memory import is_out_of_memory
from packshot.media.read import read_limited
from packshot.models import desk
from packshot.models.usable import lacking
from packshot.pipeline.at_hand import NO_ROW, announce
from packshot.pipeline.profile import Laps
from packshot.pipeline.trouble_rows import trouble_table
from packshot.pipeline.vector_rows import vector_tables
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

    `params["models"]` is the address of the model process, None where models run in this process.
    `params` also holds `limits`, `blobs` and `thumbnails` (locations of stores), and `profile` where the cost is to be
    counted. Gives the tables `measurements` (without pass and time) and `troubles`; an asset is in the first unless it
    could not be read or decoded. Never raises for what a file holds.
    """
    lap = Laps(on=bool(params.get("profile")))
    address = params.get("models")
    desk.sit_at(str(address) if address else None)
    desk.take_spent()  # by others in this process, before
    way = _Way(
        _measures(tuple(str(name) for name in _list(params["measures"]))),
        Limits(**_mapping(params["limits"])),
        BlobStore.at(str(params["blobs"])),
        BlobStore.at(str(params["thumbnails"]), ".jpg"),
        lap,
    )
    if not address:
        _hold_usable(way.measures, screens=bool(params.get("screens")))
    lap("load", rows.num_rows)
    measured: list[dict[str, object]] = []
    troubles: list[Trouble] = []
    assets = zip(rows.column("asset_id").to_pylist(), rows.column("ref_uri").to_pylist(), strict=True)
    for number, (asset_id, uri) in enumerate(assets):
        announce(number)
        try:
            with screening(on=bool(params.get("screens"))):
                values, failed, found = _measured(str(asset_id), uri, way)
        except (MediaError, MemoryError, cv2.error) as error:
            troubles.append(_trouble(error, str(asset_id)))
            continue
        measured.append({"asset_id": asset_id, "failed": failed, **values})
        troubles += found
    announce(NO_ROW)
    tables = {"measurements": _table(measured, way.measures), "troubles": trouble_table(troubles)}
    tables |= vector_tables(measured, way.measures)
    lap("rows", rows.num_rows)
    return tables | lap.tables()


@dataclass(frozen=True, slots=True)
class _Way:
    """What every asset of a shard goes through."""

    measures: Mapping[str, Measure]
    limits: Limits
    blobs: BlobStore
    thumbnails: BlobStore
    lap: Laps


def _bytes_of(asset_id: str, uri: str | None, way: _Way) -> bytes:
    if uri is not None:
        return read_located(uri, way.limits)
    path = way.blobs.path(asset_id)
    if path is not None:
        return read_limited(path, way.limits)
    if not way.blobs.exists(asset_id):
        raise MediaError(TroubleKind.NOT_FOUND, "there is no such file")
    way.limits.check_bytes(way.blobs.size(asset_id))
    return way.blobs.read(asset_id)


def _measured(asset_id: str, uri: str | None, way: _Way) -> tuple[dict[str, Value], list[str], list[Trouble]]:
    lap = way.lap
    data = _bytes_of(asset_id, uri, way)
    lap("read")
    if blake3(data).hexdigest() != asset_id:
        raise MediaError(TroubleKind.CHANGED, "The file has other bytes than when it was collected.")
    lap("hash")
    picture = decode(data, way.limits)
    lap("decode")
    picture.ladder()  # shared by the thumbnail and nearly every measure: counted by itself
    lap("shrink")
    if not way.thumbnails.exists(asset_id):
        thumbnail = encode_thumbnail(picture, THUMBNAIL_PX)
        lap("thumbnail")
        way.thumbnails.put_named(asset_id, thumbnail)
        lap("keep thumbnail")

    def told(measure: str) -> None:
        lap(measure)
        for model, spent in desk.take_spent().items():
            lap.charge(f"model {model}", spent.requests, spent.cpu_ns, here=spent.here)

    values, failed, troubles = measure_picture(picture, way.measures, told)
    return values, failed, [_of_asset(trouble, asset_id) for trouble in troubles]


def _trouble(error: Exception, asset_id: str) -> Trouble:
    """The trouble of an asset that could not be decoded; errors that say nothing of the file are raised again."""
    if is_out_of_memory(error):
        detail = "There is not enough memory to decode this picture."
        return Trouble("decode", TroubleKind.OUT_OF_MEMORY, detail, asset_id=asset_id)
    if isinstance(error, MediaError):
        return Trouble("decode", error.kind, str(error), asset_id=asset_id)
    raise error


def _of_asset(trouble: Trouble, asset_id: str) -> Trouble:
    return replace(trouble, asset_id=asset_id)


def _hold_usable(measures: Mapping[str, Measure], *, screens: bool) -> None:
    """Raise EngineError where the measures' models and libraries are not on the machine that is to run them."""
    for name, measure in measures.items():
        models = (*measure.models, SCREENS_ON) if screens and measure.screened else measure.models
        if missing := lacking(models, measure.libraries):
            raise EngineError(
                f"A worker on {gethostname()} lacks {', '.join(missing)}, which the measure {name} needs.",
                "Install the same extras there as here and run `packshot models fetch` there, or let PACKSHOT_MODELS "
                "name a folder that every machine sees.",
            )


@cache
def _measures(names: tuple[str, ...]) -> dict[str, Measure]:
    known = known_measures()  # the driver has decided what can run; a model that lacks here is trouble of its measure
    if unknown := [name for name in names if name not in known]:
        message = f"A worker on {gethostname()} does not know the measure {', '.join(unknown)}."
        raise EngineError(message, "Install the same plug-ins for every worker as here.")
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
