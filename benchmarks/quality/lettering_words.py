"""What is written over pictures, by kind and language; tuning and scoring share no words, languages or fonts."""

# ruff: noqa: RUF001 - Russian, Greek and Ukrainian letters look like Latin ones
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Split: TypeAlias = Literal["tune", "score"]
"""`tune` is for training models and setting bounds, `score` for exams: what is in one is not in the other."""

SPLITS: tuple[Split, ...] = ("tune", "score")


@dataclass(frozen=True, slots=True)
class Family:
    """One family of fonts inside a package of the group `bench`."""

    name: str
    module: str
    files: tuple[str, ...]
    folder: str = "files"
    licence: str = "OFL-1.1"


FONTS: dict[Split, tuple[Family, ...]] = {
    "tune": (
        Family(
            "DejaVu",
            "matplotlib",
            ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSansMono-Bold.ttf"),
            "mpl-data/fonts/ttf",
            "Bitstream Vera",
        ),
        Family("Manrope", "font_manrope", ("Manrope-Regular.ttf", "Manrope-ExtraBold.ttf", "Manrope-Light.ttf")),
        Family(
            "Source Sans Pro",
            "font_source_sans_pro",
            ("SourceSansPro-Regular.ttf", "SourceSansPro-Black.ttf", "SourceSansPro-It.ttf"),
        ),
        Family("Intuitive", "font_intuitive", ("Intuitive.ttf",)),
        Family(
            "Computer Modern",
            "matplotlib",
            ("cmr10.ttf", "cmss10.ttf", "cmb10.ttf", "cmtt10.ttf"),
            "mpl-data/fonts/ttf",
            "BaKoMa",
        ),
        Family(
            "STIX",
            "matplotlib",
            ("STIXGeneral.ttf", "STIXGeneralBol.ttf", "STIXGeneralItalic.ttf"),
            "mpl-data/fonts/ttf",
        ),
    ),
    "score": (
        Family("Lato", "font_lato", ("Lato-Regular.ttf", "Lato-Black.ttf", "Lato-Light.ttf", "Lato-BoldItalic.ttf")),
        Family("Hanken Grotesk", "font_hanken_grotesk", ("HankenGrotesk-Medium.otf", "HankenGrotesk-Bold.otf")),
        Family(
            "Source Serif Pro",
            "font_source_serif_pro",
            ("SourceSerifPro-Regular.ttf", "SourceSerifPro-Black.ttf", "SourceSerifPro-It.ttf"),
        ),
        Family("Fredoka One", "font_fredoka_one", ("FredokaOne-Regular.ttf",)),
        Family("Amatic SC", "font_amatic_sc", ("AmaticSC-Bold.ttf",)),
        Family("Noto Sans SC", "pylopdf_fonts_zh_cn", ("NotoSansSC-Regular.otf",), ""),
    ),
}

KINDS = ("promotion", "price", "features", "contact", "watermark")

WORDS: dict[Split, dict[str, dict[str, tuple[str, ...]]]] = {
    "tune": {
        "English": {
            "promotion": ("SALE", "BEST PRICE", "FREE DELIVERY", "SPECIAL OFFER", "LIMITED TIME"),
            "price": ("$19.99", "-50 %", "NOW ONLY $5", "SAVE 30 %"),
            "features": ("Waterproof", "100 % cotton", "Machine washable", "2 year warranty", "Non-slip sole"),
            "contact": ("www.example-shop.com", "info@example.com", "Call 555 0100", "example.com/offers"),
            "watermark": ("SAMPLE", "© Example Shop", "PREVIEW", "COPYRIGHT", "Photo: A. Berg", "example.com"),
        },
        "German": {
            "promotion": ("ANGEBOT", "GRATIS VERSAND", "NUR HEUTE", "RÄUMUNGSVERKAUF"),
            "price": ("19,99 €", "JETZT NUR 5 €", "30 % RABATT"),
            "features": ("Wasserdicht", "Reine Baumwolle", "Spülmaschinenfest", "2 Jahre Garantie"),
            "contact": ("www.beispiel-laden.de", "Tel. 030 555 0100"),
            "watermark": ("MUSTER", "© Beispiel GmbH", "VORSCHAU", "Foto: Studio Nord"),
        },
        "French": {
            "promotion": ("SOLDES", "OFFRE SPÉCIALE", "LIVRAISON GRATUITE"),
            "price": ("24,90 €", "SEULEMENT 9 €"),
            "features": ("Imperméable", "Pur coton", "Lavable en machine", "Garantie 2 ans"),
            "contact": ("www.exemple-boutique.fr", "Tél. 01 55 50 10 00"),
            "watermark": ("ÉCHANTILLON", "© Boutique Exemple", "SPÉCIMEN"),
        },
        "Russian": {
            "promotion": ("СКИДКА", "РАСПРОДАЖА", "БЕСПЛАТНАЯ ДОСТАВКА"),
            "price": ("990 руб.", "ВСЕГО 500 руб."),
            "features": ("Водонепроницаемый", "Чистый хлопок", "Гарантия 2 года"),
            "contact": ("www.primer-magazin.ru",),
            "watermark": ("ОБРАЗЕЦ", "© Магазин Пример", "КОПИЯ"),
        },
        "Italian": {
            "promotion": ("SALDI", "SPEDIZIONE GRATUITA", "Solo oggi", "IN OMAGGIO"),
            "price": ("29,90 €", "SCONTO 35 %", "A SOLI 12 €"),
            "features": ("Impermeabile", "Puro cotone", "Lavabile in lavatrice", "Garanzia 2 anni"),
            "contact": ("www.esempio-negozio.it", "Tel. 06 555 0100"),
            "watermark": ("CAMPIONE", "© Negozio Esempio", "ANTEPRIMA"),
        },
        "Dutch": {
            "promotion": ("UITVERKOOP", "GRATIS VERZENDING", "Alleen vandaag"),
            "price": ("€ 17,50", "NU VOOR 8 EURO", "20 % KORTING"),
            "features": ("Waterdicht", "Zuiver katoen", "Wasbaar in de machine"),
            "contact": ("www.voorbeeld-winkel.nl",),
            "watermark": ("VOORBEELD", "© Winkel Voorbeeld"),
        },
        "Greek": {
            "promotion": ("ΠΡΟΣΦΟΡΑ", "ΕΚΠΤΩΣΕΙΣ", "Μόνο σήμερα"),
            "price": ("19,50 €", "ΜΟΝΟ 7 €"),
            "features": ("Αδιάβροχο", "Καθαρό βαμβάκι", "Εγγύηση 2 ετών"),
            "contact": ("www.paradeigma-magazi.gr",),
            "watermark": ("ΔΕΙΓΜΑ",),
        },
    },
    "score": {
        "English": {
            "promotion": ("CLEARANCE", "BUY ONE GET ONE", "NEW ARRIVAL", "Hot deal", "Ships today", "LAST CHANCE"),
            "price": ("£12.50", "WAS £40 NOW £25", "70 % OFF", "from £8"),
            "features": ("Stainless steel", "Fits all sizes", "Dishwasher safe", "Long battery life", "Easy to clean"),
            "contact": ("www.orchard-goods.co.uk", "hello@orchard.test", "+44 20 7946 0123", "orchard.test/sale"),
            "watermark": ("DO NOT COPY", "© Orchard Goods", "PROOF"),
        },
        "Spanish": {
            "promotion": ("REBAJAS", "OFERTA ÚNICA", "ENVÍO GRATIS", "¡Últimos días!"),
            "price": ("15,75 €", "40 % DE DESCUENTO", "DESDE 6 €"),
            "features": ("Acero inoxidable", "Algodón suave", "Fácil de limpiar", "Talla única"),
            "contact": ("www.tienda-naranja.es", "Llámenos: 911 234 567"),
            "watermark": ("MUESTRA", "© Tienda Naranja"),
        },
        "Polish": {
            "promotion": ("WYPRZEDAŻ", "DARMOWA DOSTAWA", "NOWOŚĆ"),
            "price": ("49,99 zł", "TERAZ 35 zł"),
            "features": ("Stal nierdzewna", "Łatwe czyszczenie", "Miękka bawełna"),
            "contact": ("www.sklep-gruszka.pl", "tel. 22 123 45 67"),
            "watermark": ("WZÓR", "© Sklep Gruszka"),
        },
        "Swedish": {
            "promotion": ("REA", "FRI FRAKT", "ERBJUDANDE"),
            "price": ("199 kr", "HALVA PRISET"),
            "features": ("Rostfritt stål", "Tål maskindisk", "Mjuk bomull"),
            "contact": ("www.affären-päron.se", "08-123 456 78"),
            "watermark": ("PROVBILD",),
        },
        "Ukrainian": {
            "promotion": ("ЗНИЖКА", "БЕЗКОШТОВНА ДОСТАВКА", "НОВИНКА"),
            "price": ("450 грн", "ЛИШЕ 300 грн"),
            "features": ("Нержавіюча сталь", "М'яка бавовна", "Легко чистити"),
            "contact": ("www.kramnytsia.ua",),
            "watermark": ("ЗРАЗОК",),
        },
        "Chinese": {
            "promotion": ("限时特价", "买一送一", "新品上市", "全场包邮"),
            "price": ("仅售 ¥99", "五折优惠"),
            "features": ("不锈钢材质", "柔软纯棉", "容易清洗"),
            "contact": ("微信 lizi-shop",),
            "watermark": ("样品", "请勿复制"),
        },
    },
}
