"""Finding pictures by words, or by another picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from packshot.app.workspace_file_place import run_into
from packshot.core.errors import MediaError, MissingExtra, UsageError
from packshot.evaluate.titles.colour_words import agreements, shares, stated
from packshot.evaluate.titles.listing_text import normal
from packshot.evaluate.titles.spaces import SPACES
from packshot.media.decode import decode
from packshot.media.limits import DEFAULT_LIMITS
from packshot.media.read import read_limited
from packshot.models import desk
from packshot.models.cache import verified_path
from packshot.models.usable import RUNTIME, lacking
from packshot.pipeline.current_rows import measured, placed
from packshot.pipeline.stored_vectors import assets_with_vectors, stored_vectors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from packshot.evaluate.titles.space import Space
    from packshot.media.picture import Picture
    from packshot.pipeline.stores import Stores

COLOUR_WEIGHT = 0.15
"""What a stated colour adds to the score of a picture that wholly has it. Set by eye on the mixed catalogue."""
FIRST = 5
"""So many times as many pictures as are wanted are looked at for their colours."""


def search_words(stores: Stores, text: str, top: int) -> list[dict[str, Any]]:
    """The `top` pictures that are nearest to the words, as rows of JSON values, the best first.

    Raises UsageError where the workspace has no vectors, MissingExtra or ModelMissing where the models are not here.
    """
    if not any(sign.isalnum() for sign in normal(text)):
        raise UsageError(f"There are no words to search for in {text!r}.", 'For example: packshot search "blue mug"')
    space = _space(stores, "text_model", ("tokenizers",))
    wanted = space.text_vectors([normal(text)])[0]
    colours = stated(normal(text))
    found = _nearest(stores, space, lambda many: space.nearness(many, wanted), top * (FIRST if colours else 1))
    if colours:
        found = _by_colour(stores, found, colours)
    return _rows(stores, found.head(top), space)


def search_like(stores: Stores, picture: Path | bytes, top: int) -> list[dict[str, Any]]:
    """The `top` pictures most like the one in the file, or of these bytes; see `search_words`.

    Raises MediaError for no picture.
    """
    space = _space(stores, "picture_model")
    one = space.picture_vector(_decoded(picture))
    return _rows(stores, _nearest(stores, space, lambda many: space.likeness(many, one), top), space)


def _decoded(picture: Path | bytes) -> Picture:
    try:
        data = picture if isinstance(picture, bytes) else read_limited(picture, DEFAULT_LIMITS)
        DEFAULT_LIMITS.check_bytes(len(data))
        return decode(data, DEFAULT_LIMITS)
    except MediaError as error:
        name = "what came from stdin" if isinstance(picture, bytes) else str(picture)
        raise MediaError(error.kind, f"{name}: {error.message}") from error


def _space(stores: Stores, model: str, libraries: tuple[str, ...] = ()) -> Space:
    """The space to search in: of those whose models are here, the one in which most of the placed pictures lie.

    Of equal ones the preferred: a CLIP of the user's is used from the run on that has shown it every picture. Raises
    what says how to get what is not here.
    """
    here = [one for one in SPACES.values() if not lacking((one.picture_model, getattr(one, model)), libraries)]
    if len(here) > 1:
        there = _placed(stores)
        here.sort(key=lambda one: -_known(stores, one, there))
    space = here[0] if here else SPACES["map"]
    _hold_models(space.picture_model, getattr(space, model), libraries=libraries)
    return space


def _known(stores: Stores, space: Space, there: pl.DataFrame) -> int:
    """How many of the pictures have a vector of the wanted version in the space."""
    return len(assets_with_vectors(stores, space.measure).intersection(there["asset_id"]))


def _placed(stores: Stores) -> pl.DataFrame:
    return pl.DataFrame({"asset_id": placed(stores).placements["asset_id"].drop_nulls().unique()})


def _hold_models(*models: str, libraries: tuple[str, ...] = ()) -> None:
    """Raise what says how to get what is not here."""
    if {RUNTIME, *libraries} & set(lacking(models, libraries)):
        raise MissingExtra("Searching for pictures", "models")
    for model in models:
        verified_path(model)
    desk.sit_at(None)  # a run in this process may have asked a model process that is gone


def _nearest(
    stores: Stores, space: Space, scores: Callable[[NDArray[np.float16]], NDArray[np.float32]], top: int
) -> pl.DataFrame:
    """`asset_id score` of the best of the pictures that are placed, of each asset once."""
    there = _placed(stores)
    best = pl.DataFrame(schema={"asset_id": pl.String, "score": pl.Float32})
    seen_any = False
    for assets, features in stored_vectors(stores, space.measure):
        seen_any = True
        part = pl.DataFrame({"asset_id": assets, "score": scores(features)}, schema=best.schema)
        part = part.join(there, on="asset_id", how="semi")
        best = pl.concat([best, part]).unique("asset_id", keep="any")
        best = best.sort("score", "asset_id", descending=[True, False]).head(top)
    if not seen_any and there.height:
        raise UsageError(
            "The pictures of this workspace have no vectors to search by.",
            "Fetch the models (packshot models fetch) and run again, with --thorough where the policy compares nothing "
            f"with titles: {run_into(stores.place.location, '--thorough')}",
        )
    return best


def _by_colour(stores: Stores, found: pl.DataFrame, colours: tuple[str, ...]) -> pl.DataFrame:
    """Ordered anew, with what the stated colour adds."""
    known = measured(stores, ("product_colours",), of_assets=found["asset_id"]).select("asset_id", "product_colours")
    rows = found.join(known, on="asset_id", how="left", maintain_order="left")
    added = COLOUR_WEIGHT * np.nan_to_num(agreements(shares(rows["product_colours"]), [colours] * rows.height))
    rows = rows.with_columns((pl.col("score") + pl.Series(added, dtype=pl.Float32)).alias("score"))
    return rows.select("asset_id", "score").sort("score", "asset_id", descending=[True, False])


def _rows(stores: Stores, found: pl.DataFrame, space: Space) -> list[dict[str, Any]]:
    """With the first place of each picture, its listing's title, where its thumbnail is, and who saw it."""
    now = placed(stores)
    first = now.placements.join(found, on="asset_id", how="semi").unique("asset_id", keep="first", maintain_order=True)
    titled = first.join(now.listings, on=("source_id", "listing_id"), how="left")
    places = titled.select("asset_id", "listing_id", "title", "category", "source_uri", "placement_id")
    rows = found.join(places, on="asset_id", how="left", maintain_order="left")
    thumbnails = [_thumbnail(stores, asset) for asset in rows["asset_id"]]
    rows = rows.with_columns(pl.col("score").round(4).cast(pl.Float64), pl.Series("thumbnail", thumbnails, pl.String))
    rows = rows.with_columns(pl.lit(space.picture_model).alias("model"))
    return rows.rows(named=True)


def _thumbnail(stores: Stores, asset_id: str) -> str | None:
    path = stores.thumbnails.path(asset_id)
    return str(path) if path else None
