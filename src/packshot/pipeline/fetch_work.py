"""What a worker does with a shard of addresses: read or fetch the file, hash it, keep its bytes."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.collect.ahead import Ahead, Found, Want
from packshot.collect.ingest import REFERENCED, STORED, Fetched
from packshot.collect.places import Place
from packshot.collect.web_picture import Unchanged
from packshot.core.trouble import FORGOTTEN, Trouble, TroubleKind
from packshot.media.limits import Limits
from packshot.pipeline.at_hand import NO_ROW, announce
from packshot.pipeline.profile import Laps
from packshot.pipeline.trouble_rows import stamped, trouble_table
from packshot.pipeline.web_addresses import wants_of
from packshot.storage.blobs import BlobStore
from packshot.storage.schemas import ASSETS, FETCHES, TROUBLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORK = f"{__name__}:fetch_shard"


def fetch_shard(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """Fetch every address of `rows`: `uri_key source_uri`, and of those on the web what `web_addresses.asked` adds.

    `params` holds `base` (the source's place, as JSON), `limits`, `blobs` (the location of the store), `copy` (whether
    to keep the bytes there), `forgotten` (asset ids that are refused), `turns` (see `Ahead`), and `profile` where the
    cost is to be counted.
    Gives the tables `assets`, `fetches` and `troubles`. Raises only WorkspaceError (the bytes cannot be kept) and
    MissingExtra.
    """
    base = params["base"]
    place, blobs = Place.from_json(base if isinstance(base, dict) else {}), BlobStore.at(str(params["blobs"]))
    found = params["limits"]
    limits = Limits(**found) if isinstance(found, dict) else Limits()
    blob = STORED if params["copy"] else REFERENCED
    assets: list[dict[str, object]] = []
    fetches: list[dict[str, object]] = []
    troubles: list[pa.Table] = [TROUBLES.empty_table()]
    forgotten, lap = frozenset(map(str, _list(params.get("forgotten")))), Laps(on=bool(params.get("profile")))
    keys = rows.column("uri_key").to_pylist()
    wants = wants_of(rows)
    with Ahead(wants, place, limits, blob=blob, turns=str(params.get("turns") or "")) as ahead:
        for number, (key, want) in enumerate(zip(keys, wants, strict=True)):
            announce(number)
            fetched = _fetched(ahead, want, forgotten, partial(announce, number))
            lap("read")
            row: dict[str, object] = {"uri_key": key, "seq": time.time_ns() // 1000, "at": datetime.now(UTC)}
            if isinstance(fetched, Trouble):
                fetches.append(row | {"status": fetched.kind.value})
                troubles.append(stamped(trouble_table([fetched]), uri_key=str(key)))
                continue
            if isinstance(fetched, Unchanged):
                asset_id = rows.column("asset_id")[number].as_py()
                fetches.append(row | asdict(fetched.stamp) | {"asset_id": asset_id, "status": "ok"})
                continue
            asset = fetched.asset
            if asset.blob == STORED:
                blobs.put(fetched.data, sync=False)
                lap("keep")
            assets.append({name: getattr(asset, name) for name in ASSETS.names} | {"kind": asset.kind.value})
            fetches.append(row | asdict(fetched.stamp) | {"asset_id": asset.asset_id, "status": "ok"})
    announce(NO_ROW)  # syncing is not the last file's time
    blobs.sync()
    lap("sync", rows.num_rows)
    tables = {
        "assets": pa.Table.from_pylist(assets, schema=ASSETS),
        "fetches": pa.Table.from_pylist(fetches, schema=FETCHES),
        "troubles": pa.concat_tables(troubles),
    }
    lap("rows", rows.num_rows)
    return tables | lap.tables()


def _fetched(ahead: Ahead, want: Want, forgotten: frozenset[str], alive: Callable[[], None]) -> Found:
    try:
        found = ahead.take(want, alive)
    except MemoryError:
        return Trouble("fetch", TroubleKind.OUT_OF_MEMORY, "There is not enough memory to read this file.", want.uri)
    if isinstance(found, Fetched) and found.asset.asset_id in forgotten:
        return Trouble("fetch", TroubleKind.REFUSED, FORGOTTEN, want.uri)
    return found


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
