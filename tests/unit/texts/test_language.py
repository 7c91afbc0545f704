import pytest

from packshot.core.errors import UnknownName
from packshot.evaluate.check import one_of, percent, words
from packshot.testing import text_map
from packshot.texts import language
from packshot.texts.language import ENGLISH, counted, languages, number, phrase, speaking

OTHERS = [code for code in languages() if code != ENGLISH]


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_is_whole(code):
    assert text_map.mistakes(code) == [], "translate it, then run: python -m packshot.testing.text_map"


def test_the_english_map_is_what_the_code_says():
    kept = (text_map.FOLDER / "en.toml").read_text(encoding="utf-8")
    assert kept == text_map.written(), "run: python -m packshot.testing.text_map"


@pytest.mark.parametrize("code", OTHERS)
def test_no_language_leaves_sentences_in_english(code):
    told = {english: text for part in language.read_map(code).values() for english, text in part.items()}
    same = [english for english, text in told.items() if english == text and len(english.split()) > 2]
    assert same == []


def test_mistakes_of_a_map_are_told(monkeypatch):
    sections = language.read_map("de")
    first, *_ = next(iter(sections["blurry"])), None
    sections["blurry"].pop(first)
    sections["blurry"]["nobody says this"] = "so"
    sections["blurry"]["sharpness {sharpness}"] = "Schärfe {schaerfe}"
    sections["check"]["yes"] = " "
    monkeypatch.setattr(text_map, "read_map", lambda _: sections)
    found = " | ".join(text_map.mistakes("de"))
    for part in (f"lacks {first!r}", "nobody says this", "other placeholders", "says nothing for 'yes'"):
        assert part in found


def test_numbers_are_written_as_the_language_does():
    values = (0.35, 1234.5, 1500, True, None, ("JPEG", "PNG"))
    assert [words(value) for value in values] == ["0.35", "1,234", "1,500", "yes", "unknown", "JPEG, PNG"]
    with speaking("de"):
        assert [words(value) for value in values] == ["0,35", "1.234", "1.500", "ja", "unbekannt", "JPEG, PNG"]
        assert percent(0.994) == "99,4 %"
        assert number(2.5) == "2,5"
        assert one_of(("JPEG", "PNG")) == "JPEG oder PNG"
        assert counted(1200, "1 picture", "{n} pictures") == "1.200 Bilder"
    assert percent(0.994) == "99.4 %"


def test_what_a_map_lacks_is_english_and_is_told():
    with speaking("de") as spoken:
        assert phrase("a text of a plug-in: {value}", value=3) == "a text of a plug-in: 3"
        assert phrase("no border") == "kein Rahmen"
    (note,) = spoken.notes()
    assert "a text of a plug-in" in note
    assert "English" in note
    with speaking("en") as spoken:
        phrase("a text of a plug-in: {value}", value=3)
    assert spoken.notes() == []


def test_a_language_that_is_not_there_is_told():
    with pytest.raises(UnknownName) as told, speaking("dee"):
        pass
    assert "de" in told.value.hint


def test_texts_with_braces_are_not_filled_without_values():
    assert phrase("{not a placeholder}") == "{not a placeholder}"
