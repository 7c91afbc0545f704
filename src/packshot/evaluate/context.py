"""The columns that say where a picture is placed, not what is in it: its file name, its gallery, its repeats."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.core.measurement import Kind, Output
from packshot.evaluate.context_copies import OF_COPIES, of_copies
from packshot.policies.categories import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTEXT: dict[str, Output] = {
    output.name: output
    for output in (
        Output("uri_extension", Kind.TEXT, "What the file's name says its format is: `jpeg`, `png`, …; null: nothing"),
        Output("is_worn", Kind.BOOL, "Whether the category or title names what people wear; null: neither tells"),
        Output("gallery_pictures", Kind.INT, "Readable pictures on the listing, from 0"),
        Output("gallery_mains", Kind.INT, "Readable pictures on the listing whose role is main, from 0"),
        Output("repeats_earlier", Kind.BOOL, "Whether an earlier placement of the listing shows the same picture"),
        Output("repeats_uri", Kind.TEXT, "The source URI of the first such placement; null: none"),
        Output("other_products", Kind.INT, "Other products (variants of one group are one) with the same picture"),
        Output("other_variants", Kind.INT, "Other listings of the same variant group with the same picture"),
        *OF_COPIES.values(),
    )
}
"""Context columns by name. Checks may need them as they need measured columns."""

LISTING_CONTEXT = ("gallery_pictures", "gallery_mains")
"""What is counted for each listing; checks of listings read only these."""

SAME = (MatchKind.EXACT.value, MatchKind.SAME.value)
"""The matches that make two placements the same picture."""

EXTENSIONS = {
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "jpe": "jpeg",
    "jfif": "jpeg",
    "png": "png",
    "webp": "webp",
    "gif": "gif",
    "bmp": "bmp",
    "dib": "bmp",
    "tif": "tiff",
    "tiff": "tiff",
    "avif": "avif",
    "heic": "heic",
    "heif": "heic",
    "hif": "heic",
}
"""Extension → the format that it promises."""

WORN = (
    *("apparel", "clothing", "clothes", "fashion", "costume", "uniform", "outfit", "wear", "*wear", "lingerie", "bra"),
    *("shirt", "t-shirt", "tshirt", "sweatshirt", "tee", "top", "tank", "blouse", "polo", "sweater", "pullover"),
    *("jumper", "cardigan", "hoodie", "jacket", "coat", "parka", "vest", "blazer", "suit", "swimsuit", "bikini"),
    *("dress", "skirt", "pants", "trouser", "jeans", "shorts", "legging", "jumpsuit", "romper", "pajama", "pyjama"),
    *("robe", "kimono", "sari", "saree", "kurta", "abaya", "sock", "stocking", "tights", "hosiery", "glove", "scarf"),
    *("hat", "cap", "beanie", "belt", "tie", "shoe", "sneaker", "boot", "sandal", "heel", "slipper", "footwear"),
    *("jewelry", "jewellery", "necklace", "bracelet", "earring", "ring", "watch", "sunglasses", "eyewear"),
    *("backpack", "handbag", "*kleidung", "*hose", "*jacke", "*hemd", "kleid", "schuh", "ropa", "vêtement"),
    *("abbigliamento", "kleding", "odzież"),
)
"""Words (see `Rule.categories`) for what is photographed on people, whose bodies may leave the frame."""

LONGEST_EXTENSION = 6
"""Letters of an extension that are looked at, its dot included."""
GOOGLE = "google: "
"""What a line of a category begins with that comes from Google's taxonomy: a shop's own numbers mean other things."""
GOOGLE_ID = r"(?m)^google:\s*(\d{1,9})\s*(?:-\s.*)?$"
"""Such a line that is an id, alone or before its path: `google: 1604 - Apparel & Accessories > Clothing`."""
WORN_CATEGORIES = ("apparel", "accessories", "jewelry", "shoes")
"""Those of packshot's categories whose Google ids name what is photographed on people."""
_STEP = r"\s*(?:>|»|\x{203a}|→|/|\||:)\s*"
"""Between two steps of a path of categories."""
_EXTENSION = r"\.([A-Za-z0-9]{1,5})(?:[?#][^/]*)?$"
_FRAGMENTS = [word.strip("*") for word in WORN]
_MAIN = "main"
_READ = ("listing_id", "asset_id", "source_uri", "role", "position", "variant_group_id", "has_trouble")


def extension() -> pl.Expr:
    """`uri_extension` from the column `source_uri`: the last path segment's extension, without a URL's query."""
    found = _end().str.extract(_EXTENSION, 1).str.to_lowercase()
    return found.replace_strict(EXTENSIONS, default=None, return_dtype=pl.String)


def names_one_of(texts: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    """Whether a text contains one of the words: whole ones, case ignored, a plural s allowed, `*` for more letters.

    Null where the text is null. A word is not bounded where it begins or ends with a script that has no spaces. `>` in
    it is a step of a path, however the text writes that: `women > tops` is found in `Women/Tops`, too.
    """
    return texts.str.contains("(?i)" + "|".join(_pattern(word) for word in words))


def has_google_id(category: pl.Expr, ids: Iterable[int]) -> pl.Expr:
    """Whether a line of the category is one of these ids of Google's taxonomy; null where the category is null."""
    return google_ids(category).list.eval(pl.element().is_in(list(ids))).list.any()


def google_ids(category: pl.Expr) -> pl.Expr:
    """The ids of Google's taxonomy that a category names, as a list; null where the category is null."""
    return category.str.extract_all(GOOGLE_ID).list.eval(pl.element().str.extract(GOOGLE_ID, 1).cast(pl.Int64))


def is_worn(frame: pl.DataFrame) -> pl.Series:
    """`is_worn` for each row. A category tells; a title that names something worn tells too, one that does not, not."""
    both = pl.DataFrame({"category": _names_worn(frame, "category"), "title": _names_worn(frame, "title")})
    told = pl.when(pl.col("title")).then(pl.lit(True)).otherwise(pl.col("category"))
    return both.select(told.alias("is_worn")).to_series()


def add_context(placements: pl.DataFrame, matches: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add every context column to `placements`, one row each, in the same order.

    Needs `placement_id listing_id asset_id source_uri role position`; uses `category title variant_group_id
    has_trouble is_worn supplier` where they are there. `matches` has `asset_a asset_b kind`; without it only pictures
    with equal bytes count as the same. A placement without a picture is neither counted nor a repeat.
    """
    named = [name for name in _READ if name in placements.columns]
    hashed = placements.select(
        *named, pl.col("asset_id").hash().alias("_hash"), _readable(placements).alias("_readable")
    )
    narrow = hashed.with_row_index("_row")
    pairs = _pairs(matches)
    shared = _shared(narrow, pairs)
    pictures, twins = _numbered(shared, pairs)
    narrow = narrow.join(_repeats(pictures, twins), on="_row", how="left", maintain_order="left")
    spread = _of_assets(narrow, _spread(pictures, twins), "other_products")
    narrow = narrow.join(spread, on="_row", how="left", maintain_order="left")
    narrow = narrow.join(_among_variants(pictures, twins), on="_row", how="left", maintain_order="left")
    counted = _counted(narrow)
    added = narrow.select(
        _extensions(placements),
        placements["is_worn"] if "is_worn" in placements.columns else is_worn(placements),
        *counted,
        pl.col("repeats_uri").is_not_null().alias("repeats_earlier"),
        "repeats_uri",
        pl.col("other_products").fill_null(0),
        pl.col("other_variants").fill_null(0),
    )
    return placements.with_columns(*added.get_columns(), *of_copies(placements, matches).get_columns())


def listing_context(listings: pl.DataFrame, placements: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of `LISTING_CONTEXT` to `listings`; a listing that nothing is placed on has 0 of each.

    `placements` are those that `add_context` gave.
    """
    begins = pl.col("listing_id").ne_missing(pl.col("listing_id").shift(1))  # what stands together needs one look
    counted = placements.lazy().select("listing_id", *LISTING_CONTEXT).filter(begins).collect()
    counted = counted.unique("listing_id", keep="any")
    joined = listings.join(counted, on="listing_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col(LISTING_CONTEXT).fill_null(0))


def _end() -> pl.Expr:
    """The part of the column `source_uri` that `extension` looks at."""
    uri = pl.col("source_uri").cast(pl.String)
    return pl.when(uri.str.contains_any(["?", "#"])).then(uri).otherwise(uri.str.tail(LONGEST_EXTENSION))


def _extensions(frame: pl.DataFrame) -> pl.Series:
    """`extension` of each row; many URIs end alike, and each end is looked at once."""
    ends = frame.select(_end().cast(pl.Categorical))
    known = ends.unique().with_columns(uri_extension=extension())
    return ends.join(known, on="source_uri", how="left", nulls_equal=True, maintain_order="left")["uri_extension"]


def _pattern(word: str) -> str:
    """A star at an end lifts the bound there; one inside stands for letters."""
    steps = (part.strip() for part in word.strip("*").split(">"))
    inner = _STEP.join(r"\w*".join(pl.escape_regex(part) for part in step.split("*")) for step in steps)
    before = r"\b" if word[:1].isascii() and word[:1].isalnum() else ""
    after = r"(?:e?s)?\b" if word[-1:].isascii() and word[-1:].isalnum() else ""
    return f"{before}{inner}{after}"


def _names_worn(frame: pl.DataFrame, column: str) -> pl.Series:
    """Whether the text names something worn; each distinct text is looked at once."""
    if column not in frame.columns or frame.schema[column] == pl.Null:
        return pl.Series([None] * frame.height, dtype=pl.Boolean)
    texts = frame.select(column).unique().drop_nulls()
    # The words as plain fragments are found ten times as fast as by the expression, which few texts are then left for.
    maybe = texts.filter(pl.col(column).str.to_lowercase().str.contains_any(_FRAGMENTS))
    worn = maybe.filter(names_one_of(pl.col(column), WORN))[column]
    if column == "category":
        worn = pl.concat([worn, texts.filter(has_google_id(pl.col(column), _worn_ids()))[column]])
    return frame.select(pl.col(column).is_in(worn.implode())).to_series()


@cache
def _worn_ids() -> tuple[int, ...]:
    known = shipped()
    return tuple(id_ for name in WORN_CATEGORIES for id_ in known[name].google)


def _readable(placements: pl.DataFrame) -> pl.Expr:
    there = pl.col("asset_id").is_not_null()
    return there & ~pl.col("has_trouble").fill_null(False) if "has_trouble" in placements.columns else there


def _pairs(matches: pl.DataFrame | None) -> pl.DataFrame:
    """Both directions of every pair of different assets that show the same picture."""
    if matches is None:
        return pl.DataFrame(schema={"asset_id": pl.String, "twin": pl.String})
    same = matches.filter(pl.col("kind").is_in(SAME) & (pl.col("asset_a") != pl.col("asset_b")))
    there = same.select(pl.col("asset_a").alias("asset_id"), pl.col("asset_b").alias("twin"))
    back = same.select(pl.col("asset_b").alias("asset_id"), pl.col("asset_a").alias("twin"))
    return pl.concat([there, back]).unique()


def _shared(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The placements of pictures that are placed more than once or have a twin: the few that can repeat anything."""
    # By hashes, which are quicker than long ids; two ids of one hash only let in a picture that repeats nothing.
    readable = frame.filter("_readable")
    hashes = np.sort(readable["_hash"].to_numpy())
    doubled = pl.Series(hashes[1:][hashes[1:] == hashes[:-1]], dtype=pl.UInt64)
    there = pl.concat([doubled, pairs["asset_id"].hash()]).unique()
    return readable.filter(pl.col("_hash").is_in(there.implode()))


def _numbered(shared: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same with a number in place of each id, equal for equal ones: `_asset` and `_product`; `_asset` and `_twin`.

    A product is a listing or, where variants form a group, that.
    """
    number = _numbers(pl.concat([shared["asset_id"], pairs["asset_id"], pairs["twin"]]))
    product = pl.lit("listing ") + pl.col("listing_id")
    if "variant_group_id" in shared.columns:
        group = pl.lit("group ") + pl.col("variant_group_id").cast(pl.String)
        product = pl.coalesce(group, product)
    pictures = shared.with_columns(
        number.slice(0, shared.height).alias("_asset"),
        _numbers(shared.select(product.alias("product")).to_series()).alias("_product"),
        _numbers(shared["listing_id"]).alias("_listing"),
    )
    one, other = number.slice(shared.height, pairs.height), number.slice(shared.height + pairs.height)
    return pictures, pairs.with_columns(one.alias("_asset"), other.alias("_twin"))


def _numbers(ids: pl.Series) -> pl.Series:
    """A number for each distinct id, equal for equal ones: their hashes, or their first rows if two hashes are one."""
    hashes = ids.hash()
    return hashes if hashes.n_unique() == ids.n_unique() else _first_rows(ids).cast(pl.UInt64)


def _first_rows(ids: pl.Series) -> pl.Series:
    """For each id the row where it comes first."""
    return pl.DataFrame({"id": ids}).with_row_index("row").select(pl.col("row").first().over("id")).to_series()


def _counted(frame: pl.DataFrame) -> list[pl.Series]:
    """The columns of `LISTING_CONTEXT` for each placement."""
    runs = frame["listing_id"].rle_id()
    heads = frame["listing_id"].filter(runs.ne_missing(runs.shift(1)))
    # Placements of a listing nearly always stand together; where they do not, their runs are counted as one.
    listing = (runs if heads.n_unique() == heads.len() else _first_rows(heads).gather(runs)).to_numpy()
    readable = frame["_readable"]
    mains = readable & (frame["role"] == _MAIN).fill_null(value=False)
    counts = [np.bincount(listing[rows.to_numpy()], minlength=frame.height) for rows in (readable, mains)]
    return [pl.Series(name, count[listing]) for name, count in zip(LISTING_CONTEXT, counts, strict=True)]


def _repeats(pictures: pl.DataFrame, twins: pl.DataFrame) -> pl.DataFrame:
    """`_row` and `repeats_uri` of the placements that repeat an earlier one of their listing; a main comes first."""
    order = pictures.sort(pl.col("role") != _MAIN, "position", "_row")
    order = order.select("_row", "_listing", "_asset", "source_uri").with_row_index("_rank")
    alike = order.join(twins.select("_asset", "_twin"), on="_asset", how="inner")
    wanted = pl.concat([order.with_columns(_twin=pl.col("_asset")), alike])
    earlier = order.select("_listing", "_rank", "source_uri", _twin="_asset")
    found = wanted.join(earlier, on=["_listing", "_twin"], how="inner", suffix="_earlier")
    found = found.filter(pl.col("_rank_earlier") < pl.col("_rank")).sort("_rank_earlier")
    return found.group_by("_row").agg(pl.col("source_uri_earlier").first().alias("repeats_uri"))


def _spread(pictures: pl.DataFrame, twins: pl.DataFrame) -> pl.DataFrame:
    """`asset_id` and `other_products` of the assets that show up on more than one product."""
    ids = pl.concat([pictures.select("_asset", "asset_id"), twins.select("_asset", "asset_id")]).unique("_asset")
    placed = pictures.select("_asset", "_product").unique()
    alike = twins.join(placed, left_on="_twin", right_on="_asset", how="inner").select("_asset", "_product")
    products = pl.concat([placed, alike]).unique().group_by("_asset").agg(pl.len().cast(pl.Int64) - 1)
    return ids.join(products, on="_asset", how="inner").select("asset_id", other_products="len")


def _among_variants(pictures: pl.DataFrame, twins: pl.DataFrame) -> pl.DataFrame:
    """`_row` and `other_variants`: how many other listings of the placement's product show its picture."""
    placed = pictures.select("_asset", "_product", "_listing").unique()
    alike = twins.join(placed, left_on="_twin", right_on="_asset", how="inner").select(placed.columns)
    shown = pl.concat([placed, alike]).unique().group_by("_asset", "_product").agg(pl.len().cast(pl.Int64) - 1)
    found = pictures.join(shown, on=["_asset", "_product"], how="inner")
    return found.select("_row", other_variants="len")


def _of_assets(frame: pl.DataFrame, told: pl.DataFrame, column: str) -> pl.DataFrame:
    """`_row` and `column` of the rows of `frame` whose asset `told` speaks of, compared by hash first."""
    asked = frame.lazy().filter(pl.col("_hash").is_in(told["asset_id"].hash().implode())).select("_row", "asset_id")
    return asked.collect().join(told, on="asset_id", how="inner").select("_row", column)
