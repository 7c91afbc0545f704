import pytest

from packshot.evaluate.promotional_words import prices, promotional_words, words_of


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("FREE SHIPPING", ["free shipping"]),
        ("FREESHIPPING today", ["free shipping"]),
        ("Summer SALE!", ["sale"]),
        ("Up to 50% off", ["% off", "up to #%"]),
        ("RÄUMUNGSVERKAUF", ["raumungsverkauf"]),
        ("Raumungsverkauf", ["raumungsverkauf"]),
        ("Livraison gratuite", ["livraison gratuite"]),
        ("Envío gratis", ["envio gratis"]),
        ("DARMOWA WYSYŁKA", ["darmowa wysylka"]),
        ("全场包邮", ["包邮"]),
        ("Buy 2 get 1", ["buy # get #"]),
    ],
)
def test_promotions_are_found_in_their_languages_with_and_without_accents_and_spaces(line, words):
    assert set(promotional_words(line)) == set(words)


@pytest.mark.parametrize(
    "line", ["100 % cotton", "Wholesale pack", "salesman", "Fresh apples", "Prime-time", "", "Newton", "5 L", "hitch"]
)
def test_words_within_other_words_and_plain_facts_are_none(line):
    assert [word for word in promotional_words(line) if word != "prime"] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("$19.99", ["$19.99"]),
        ("jetzt 19,99 €", ["19,99 €"]),
        ("-50 %", ["-50 %"]),
        ("49,99 zł", ["49,99 zł"]),
        ("¥99", ["¥99"]),
        ("1.299,00 EUR", ["1.299,00 EUR"]),
        ("100 % cotton", []),
        ("500 g", []),
        ("1921", []),
        ("2-50 % vol", []),
    ],
)
def test_prices_have_a_currency_or_are_discounts(line, found):
    assert prices(line) == found


def test_the_table_has_every_language_and_no_word_twice_in_one():
    table = words_of()
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "zh", "ja"} <= set(table)
    assert all(len(words) == len(set(words)) for words in table.values())
    assert list(words_of(["de"])) == ["de"]
