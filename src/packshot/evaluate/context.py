"""The columns that say where a picture is placed, not what is in it: its file name, its gallery, its repeats."""

from __future__ import annotations

import polars as pl

from packshot.core.match import MatchKind
from packshot.core.measurement import Kind, Output

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

_MAIN = "main"


def extension() -> pl.Expr:
    """`uri_extension` from the column `source_uri`: the last path segment's extension, without a URL's query."""
    found = pl.col("source_uri").cast(pl.String).str.extract(r"\.([A-Za-z0-9]{1,5})(?:[?#][^/]*)?$", 1)
    return found.str.to_lowercase().replace_strict(EXTENSIONS, default=None, return_dtype=pl.String)


def names_one_of(texts: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    """Whether a text contains one of the words: whole ones, case ignored, a plural s allowed, `*` for more letters.

    Null where the text is null. A word is not bounded where it begins or ends with a script that has no spaces.
    """
    return texts.str.contains("(?i)" + "|".join(_pattern(word) for word in words))


def is_worn(frame: pl.DataFrame) -> pl.Series:
    """`is_worn` for each row. A category tells; a title that names something worn tells too, one that does not, not."""
    both = pl.DataFrame({"category": _names_worn(frame, "category"), "title": _names_worn(frame, "title")})
    told = pl.when(pl.col("title")).then(pl.lit(True)).otherwise(pl.col("category"))
    return both.select(told.alias("is_worn")).to_series()


def add_context(placements: pl.DataFrame, matches: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add every context column to `placements`, one row each, in the same order.

    Needs `placement_id listing_id asset_id source_uri role position`; uses `category title variant_group_id
    has_trouble` where they are there. `matches` has `asset_a asset_b kind`; without it only pictures with equal bytes
    count as the same. A placement without a picture is neither counted nor a repeat.
    """
    frame = placements.with_row_index("_row").with_columns(_readable(placements).alias("_readable"))
    pairs = _pairs(matches)
    frame = frame.with_columns(
        extension().alias("uri_extension"),
        is_worn(placements),
        gallery_pictures=pl.col("_readable").sum().over("listing_id").cast(pl.Int64),
        gallery_mains=(pl.col("_readable") & (pl.col("role") == _MAIN)).sum().over("listing_id").cast(pl.Int64),
    )
    frame = frame.join(_repeats(frame, pairs), on="_row", how="left", maintain_order="left")
    frame = frame.join(_spread(frame, pairs), on="asset_id", how="left", maintain_order="left")
    return frame.with_columns(
        repeats_earlier=pl.col("repeats_uri").is_not_null(), other_products=pl.col("other_products").fill_null(0)
    ).drop("_row", "_readable")


def listing_context(listings: pl.DataFrame, placements: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of `LISTING_CONTEXT` to `listings`; a listing that nothing is placed on has 0 of each.

    `placements` are those that `add_context` gave.
    """
    counted = placements.select("listing_id", *LISTING_CONTEXT).unique("listing_id", keep="any")
    joined = listings.join(counted, on="listing_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col(LISTING_CONTEXT).fill_null(0))


def _pattern(word: str) -> str:
    inner = r"\w*".join(pl.escape_regex(part) for part in word.strip().lower().split("*"))
    before = r"\b" if word[:1].isascii() and word[:1].isalnum() else ""
    after = r"(?:e?s)?\b" if word[-1:].isascii() and word[-1:].isalnum() else ""
    return f"{before}{inner}{after}"


def _names_worn(frame: pl.DataFrame, column: str) -> pl.Series:
    """Whether the text names something worn; each distinct text is looked at once."""
    if column not in frame.columns or frame.schema[column] == pl.Null:
        return pl.Series([None] * frame.height, dtype=pl.Boolean)
    texts = frame.select(column).unique().with_columns(names_one_of(pl.col(column), WORN).alias("worn"))
    return frame.select(column).join(texts, on=column, how="left", maintain_order="left", nulls_equal=True)["worn"]


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


def _repeats(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """`_row` and `repeats_uri` of the placements that repeat an earlier one of their listing; a main comes first."""
    twice = pl.len().over("listing_id", "asset_id") > 1
    paired = pl.col("asset_id").is_in(pairs["asset_id"].unique().implode())
    order = frame.filter("_readable").filter(twice | paired).sort(pl.col("role") != _MAIN, "position", "_row")
    order = order.select("_row", "listing_id", "asset_id", "source_uri").with_row_index("_rank")
    alike = order.join(pairs, on="asset_id", how="inner")
    wanted = pl.concat([order.with_columns(twin=pl.col("asset_id")), alike])
    earlier = order.select("listing_id", "_rank", "source_uri", twin="asset_id")
    found = wanted.join(earlier, on=["listing_id", "twin"], how="inner", suffix="_earlier")
    found = found.filter(pl.col("_rank_earlier") < pl.col("_rank")).sort("_rank_earlier")
    return found.group_by("_row").agg(pl.col("source_uri_earlier").first().alias("repeats_uri"))


def _spread(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """`asset_id` and `other_products` of the assets that show up on more than one product."""
    group = pl.col("listing_id")
    if "variant_group_id" in frame.columns:
        named = pl.col("variant_group_id").cast(pl.String)
        group = pl.when(named.is_null()).then(pl.lit("listing ") + group).otherwise(pl.lit("group ") + named)
    placed = frame.filter("_readable").select("asset_id", group.alias("_product")).unique()
    alike = pairs.join(placed, left_on="twin", right_on="asset_id", how="inner").select("asset_id", "_product")
    several = placed.filter(pl.col("asset_id").is_duplicated() | pl.col("asset_id").is_in(pairs["asset_id"].implode()))
    products = pl.concat([several, alike]).group_by("asset_id").agg(pl.col("_product").n_unique())
    return products.select("asset_id", (pl.col("_product").cast(pl.Int64) - 1).alias("other_products"))
