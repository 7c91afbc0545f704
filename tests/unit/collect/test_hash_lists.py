import pytest

from packshot.collect.hash_lists import read_hashes
from packshot.core.errors import SourceError

A, B = "ab" * 32, "cd" * 32


def read(text):
    return [(one.pdq.hex(), one.note) for one in read_hashes(text, "list.txt").hashes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A}\n{B}\n", [(A, None), (B, None)]),
        (f"# a comment\n\n{A.upper()}\r\n", [(A, None)]),
        (f"\ufeff{A}:a note\n", [(A, "a note")]),
        (f"{A},100,front.jpg\n{B},93,back.jpg\n", [(A, "front.jpg"), (B, "back.jpg")]),
        (f"front.jpg;{A}\n", [(A, "front.jpg")]),
        (f"id,pdq,quality,reason\n7,{A},88,fake\n8,{B},90,\n", [(A, "fake"), (B, None)]),
        (f'hash,label\n{A},"red, fake"\n', [(A, "red, fake")]),
        (f"{A}\n{A}\n", [(A, None)]),
    ],
)
def test_the_common_forms_are_read(text, expected):
    assert read(text) == expected


def test_doubled_and_poor_hashes_are_counted():
    found = read_hashes(f"hash,quality\n{A},100\n{A},100\n{B},20\n", "list.csv")
    assert (len(found.hashes), found.doubled, found.poor) == (1, 1, 1)


def test_what_is_no_list_is_refused_with_the_lines():
    with pytest.raises(SourceError, match=r"line 2: 'lamp\.jpg,12'.*and 1 more"):
        read_hashes(f"{A}\nlamp.jpg,12\nx\nx\nx\nx\nx\n", "feed.csv")
    with pytest.raises(SourceError, match="it is empty"):
        read_hashes("# nothing\n\n", "empty.txt")
    with pytest.raises(SourceError, match="64 hexadecimal"):
        read_hashes(f"{A[:-2]}\n", "short.txt")
