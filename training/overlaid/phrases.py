"""What sellers write over pictures and makers print on goods, in some scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overlaid.patch import chance

if TYPE_CHECKING:
    import numpy as np

PHRASES = {
    "latin": (
        *("SALE", "NEW", "HOT DEAL", "FREE SHIPPING", "Best Seller", "Limited offer", "Bestseller", "20% OFF", "-30%"),
        *("BUY 1 GET 1", "Gratis Versand", "Neu im Shop", "Angebot", "Nur heute", "Livraison offerte", "Nouveauté"),
        *("Promo", "Oferta", "Envío gratis", "Novità", "100% Cotton", "Waterproof", "2 Year Warranty", "Made in Italy"),
        *("Easy to clean", "Ultra light", "Eco friendly", "Vegan", "BPA free", "Premium quality", "Soft touch"),
        *("Top rated", "As seen on TV", "Black Friday", "Last chance", "only 3 left", "Fast delivery", "Original"),
        *("Size guide", "Before", "After", "Pack of 6", "500 ml", "12 x 30 cm", "Height 45 cm", "24h", "USB-C", "5G"),
        *("Adjustable strap", "Machine washable", "Non-slip base", "Hidden pocket", "Breathable mesh", "Click here"),
        *("Shop now", "Order today", "www.my-shop.example", "@studio_lane", "Photo by Mara", "Acme Store", "Kilo & Co"),
        *("Save big", "Mega Sale", "Aktion", "Rabatt", "Kostenlos", "Garantie", "Nowość", "Wyprzedaż", "İndirim"),
    ),
    "cyrillic": ("СКИДКА", "Новинка", "Бесплатная доставка", "Хит продаж", "Гарантия 2 года", "Распродажа", "Акция"),
    "arabic": ("تخفيضات", "جديد", "شحن مجاني", "عرض خاص", "الأكثر مبيعا", "جودة عالية"),
    "hebrew": ("מבצע", "חדש", "משלוח חינם", "איכות גבוהה"),
    "devanagari": ("नया", "मुफ्त शिपिंग", "विशेष छूट", "सबसे ज्यादा बिकने वाला"),
    "thai": ("ลดราคา", "ใหม่", "ส่งฟรี", "ขายดี", "คุณภาพสูง"),
    "bengali": ("নতুন", "বিশেষ ছাড়", "ফ্রি ডেলিভারি"),
    "tamil": ("புதிய", "இலவச", "சிறந்த விலை"),
    "georgian": ("ახალი", "ფასდაკლება", "უფასო მიწოდება"),
    "cjk": (
        "新品上市",
        "限時特價",
        "包邮",
        "热卖",
        "送料無料",
        "新発売",
        "セール",
        "人気",
        "무료 배송",
        "신상품",
        "할인",
        "正品保证",
    ),
}
OWNERS = (
    *("© Studio Nord", "SAMPLE", "PREVIEW", "DO NOT COPY", "Copyright 2024", "stockpix", "PhotoBank", "proofs"),
    *("www.shop.example", "my-shop.de", "@lane.photo", "Acme Trade", "Muster", "Draft", "CONFIDENTIAL", "fotolab"),
    *("ABC Trading Co", "yourlogo", "Golden Lion", "EVERLINE", "tradehub.example", "watermark", "Kim & Sons", "demo"),
)
BRANDS = (
    *("Nordwind", "ALPINA", "Morning Oats", "Lumière", "THE LONG ROAD", "Birke", "Volt 9", "Kestrel", "Bella", "Orso"),
    *("MOUNTAIN", "Pure Milk", "Juice", "Tea No. 4", "Sea Salt", "COFFEE", "Granola", "Soap", "Vitamin C", "Yoghurt"),
)
SMALL = (
    *("net weight 500 g", "with whole grain", "since 1921", "finest quality", "200 ml", "a novel", "organic", "extra"),
    *("ingredients: water, oats, salt", "keep cool and dry", "serving suggestion", "gluten free", "recycle me", "XL"),
)
CURRENCIES = ("$", "€", "£", "zł", "kr", "₺", "¥")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def phrase(rng: np.random.Generator) -> tuple[str, str]:
    """What an overlay says, and its script."""
    if chance(rng, 0.2):
        return price(rng), "latin"
    script = "latin" if chance(rng, 0.62) else str(rng.choice([one for one in PHRASES if one != "latin"]))
    if script == "latin" and chance(rng, 0.25):
        return made_up(rng), script
    found = str(rng.choice(PHRASES[script]))
    return (found.upper() if chance(rng, 0.2) else found), script


def price(rng: np.random.Generator) -> str:
    """A price or a discount."""
    amount = f"{int(rng.integers(1, 400))}{'' if chance(rng, 0.4) else rng.choice(['.99', ',95', '.50', ',-'])}"
    sign = str(rng.choice(CURRENCIES[:3]))
    made = (f"{sign}{amount}", f"{amount} {sign}", f"-{int(rng.integers(5, 90))}%", f"{int(rng.integers(5, 90))}% OFF")
    return str(rng.choice(made))


def made_up(rng: np.random.Generator) -> str:
    """One to four words of no language."""
    words = ["".join(rng.choice(list(LETTERS), int(rng.integers(2, 10)))) for _ in range(int(rng.integers(1, 5)))]
    return " ".join(one.upper() if chance(rng, 0.3) else one.capitalize() if chance(rng, 0.5) else one for one in words)


def owner(rng: np.random.Generator) -> str:
    """What a watermark says."""
    return made_up(rng) if chance(rng, 0.3) else str(rng.choice(OWNERS))
