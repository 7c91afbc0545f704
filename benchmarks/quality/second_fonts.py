"""Letters and words of the second generator: fonts, scripts and phrases that nothing is trained with."""

# ruff: noqa: RUF001 - letters of other scripts look like Latin ones
from __future__ import annotations

from typing import TYPE_CHECKING

from lettering import font, knows
from lettering_words import Family

if TYPE_CHECKING:
    import numpy as np
    from PIL.ImageFont import FreeTypeFont

LATIN: tuple[Family, ...] = (
    Family("Rowdies", "fontpkg_rowdies", ("Rowdies-Regular.ttf", "Rowdies-Bold.ttf")),
    Family("Chakra Petch", "fontpkg_chakra_petch", ("ChakraPetch-Medium.ttf", "ChakraPetch-BoldItalic.ttf")),
    Family("Zilla Slab", "fontpkg_zilla_slab", ("ZillaSlab-Bold.ttf", "ZillaSlab-Regular.ttf")),
    Family("Yellowtail", "fontpkg_yellowtail", ("Yellowtail-Regular.ttf",)),
    Family("Unbounded", "fontpkg_unbounded", ("Unbounded[wght].ttf",)),
    Family("Alegreya Sans", "fontpkg_alegreya_sans", ("AlegreyaSans-Medium.ttf", "AlegreyaSans-Black.ttf")),
)
OTHERS: tuple[Family, ...] = (
    Family("Tajawal", "fontpkg_tajawal", ("Tajawal-Bold.ttf", "Tajawal-Regular.ttf")),
    Family("Frank Ruhl Libre", "fontpkg_frank_ruhl_libre", ("FrankRuhlLibre[wght].ttf",)),
    Family("Kalam", "fontpkg_kalam", ("Kalam-Bold.ttf", "Kalam-Regular.ttf")),
    Family("Sarabun", "fontpkg_sarabun", ("Sarabun-Bold.ttf", "Sarabun-Medium.ttf")),
    Family("Noto Sans SC", "pylopdf_fonts_zh_cn", ("NotoSansSC-Regular.otf",), ""),
)
"""One for each script that the Latin ones lack; Noto Sans SC has kana, and is of the split `score` of `lettering`."""
FAMILIES = (*LATIN, *OTHERS)

PHRASES: dict[str, tuple[str, ...]] = {
    "Latin": (
        *("Weekend deal", "EXTRA 10 OFF", "Order by noon", "Gift inside", "BACK IN STOCK", "Members save more"),
        *("Outlet", "Made to last", "2 for 1", "Top rated", "Só hoje!", "FRETE INCLUSO", "Výprodej", "Doprava zdarma"),
        *("Büyük indirim", "Son fırsat", "Kampanja", "ILMAINEN TOIMITUS", "Reducere", "Alles muss raus"),
    ),
    "Cyrillic": ("Само днес", "РАЗПРОДАЖБА", "Безплатна доставка", "Нова колекция"),
    "Greek": ("Νέα συλλογή", "ΔΩΡΕΑΝ ΑΠΟΣΤΟΛΗ", "Τελευταία κομμάτια"),
    "Arabic": ("تخفيضات كبرى", "توصيل مجاني", "عرض اليوم فقط"),
    "Hebrew": ("מבצע מיוחד", "משלוח חינם", "רק היום"),
    "Devanagari": ("भारी छूट", "मुफ़्त डिलीवरी", "आज ही खरीदें"),
    "Thai": ("ลดราคาพิเศษ", "ส่งฟรีทั่วประเทศ", "สินค้าใหม่"),
    "Japanese": ("送料無料", "本日限り", "在庫処分セール", "おすすめ"),
}
"""Script → what a seller lays over a picture."""
POINTS = ("Keeps its shape", "Fits in a drawer", "Refill in seconds", "Quiet motor", "Safe for kids", "No tools needed")
"""Points of a list beside the product."""
PRICES = ("7.49", "89.-", "139,90", "3 for 20", "-15%", "-65%", "1.199 Kč", "₺349")
SEALS = ("TESTED", "ECO", "NO. 1", "10 YRS", "BEST BUY", "VEGAN", "100%", "LAB OK")
SHOPS = ("Loop & Lane", "marlow", "TINDRA", "Oak 47", "puffin", "Cobalt Row", "NINE ELMS", "hygge.box")
"""Names under logos, and in watermarks."""
RIGHT_TO_LEFT = frozenset({"Arabic", "Hebrew"})


def written(rng: np.random.Generator, text: str, size_px: int) -> FreeTypeFont:
    """A font of the second generator that knows the text. Raises NoData where its package is not installed."""
    for place in rng.permutation(len(FAMILIES)):
        family = FAMILIES[int(place)]
        shape = font(family, str(rng.choice(family.files)), max(6, size_px))
        if knows(shape, text):
            return shape
    raise LookupError(f"no font of the second generator knows {text!r}")


def some_script(rng: np.random.Generator) -> str:
    """Latin in one of two, and any other otherwise."""
    other = list(PHRASES)[int(rng.integers(1, len(PHRASES)))]
    return "Latin" if rng.random() < 0.5 else other  # noqa: PLR2004 - one in two


def phrase(rng: np.random.Generator, script: str = "") -> str:
    """Words of a script, or of `some_script`."""
    return str(rng.choice(PHRASES[script or some_script(rng)]))
