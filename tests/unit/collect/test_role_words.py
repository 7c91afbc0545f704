import pytest

from packshot.collect.role_words import is_front, role_of
from packshot.core.listing import Role


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.MAIN, "Hauptbild|HAUPTBILD|principal|image principale|Immagine principale|hoofdfoto|Zdjęcie główne"),
        (Role.SECONDARY, "Zusatzbild|Nebenbild 2|Rückseite|RÜCKSEITE|Rueckseite|Ruckseite|arrière|achterkant|tyl"),
        (Role.DETAIL, "Detail|Detail 3|Detailansicht|détail|dettaglio|Zbliżenie|detail_view"),
        (Role.SIZE_CHART, "Größentabelle|Groessentabelle|GRÖSSENTABELLE|size-chart|Size Chart|guide des tailles"),
        (Role.SWATCH, "swatch|Farbmuster|échantillon"),
        (Role.LIFESTYLE, "Milieubild|ambiance|sfeerbeeld"),
        (Role.PACKAGING, "Verpackung|confezione|opakowanie"),
    ],
)
def test_words_of_several_languages(role, words):
    assert {word: role_of(word) for word in words.split("|")} == dict.fromkeys(words.split("|"), role)


def test_what_is_no_role_is_none():
    assert [role_of(word) for word in ("natural", "1", "", "bild", "\udcd6")] == [None] * 5


def test_fronts_are_secondary_and_known_as_fronts():
    words = ["front", "Front 1", "VORDERSEITE", "face", "przod", "voorkant"]
    assert [(is_front(word), role_of(word)) for word in words] == [(True, Role.SECONDARY)] * len(words)
    assert not any(map(is_front, ("back", "Rückseite", "secondary", "main", "", "detail")))
