"""What passes hold, whether or not the screens could spare models in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.suite import without_screens

if TYPE_CHECKING:
    from packshot.core.measurement import Version
    from packshot.pipeline.stores import Stores


def held_passes(stores: Stores) -> dict[str, dict[str, Version]]:
    """Pass id → measure → version, in which what was measured under the screens of today stands as the measure itself.

    Whoever wants what no screen has touched asks the catalogue, which tells the two apart.
    """
    return {id_: without_screens(held) for id_, held in stores.catalog.passes().items()}
