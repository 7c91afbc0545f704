"""Finds web addresses, e-mail addresses and phone numbers in what was read from a picture or a code."""

from __future__ import annotations

import re

_TOP = (
    r"(?:com|net|org|info|biz|shop|store|online|site|xyz|app|io|co|me|tv|eu|de|fr|es|it|pt|nl|pl|se|no|dk|fi|at|ch|be|uk|"
    r"us|ca|au|jp|cn|kr|in|br|mx|ru|ua|cz|sk|hu|ro|gr|tr|ie|lu|test|example)"
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
LINK = re.compile(
    rf"(?:https?\s?:\s?/\s?/\s?\S+|www\s?[.,]\s?{_LABEL}(?:\s?\.\s?{_LABEL})*(?:/\S*)?|"
    rf"(?<![\w@.-])(?:{_LABEL}\.)+{_TOP}(?:/\S*)?(?![\w@-]))",
    re.IGNORECASE,
)
"""An address of the web: with its scheme, with `www`, or a name under one of the commoner top domains."""
MAIL = re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?@\s?(?:{_LABEL}\.)+[^\W\d_]{{2,24}}", re.IGNORECASE)
PHONE = re.compile(
    r"(?:(?:tel|phone|call|fon|telefon|tél|tfno|hotline|whatsapp|mob|fax)[.:]*\s*(?:us\s*)?[\d(+][\d\s()./-]{5,18}\d|"
    r"(?<![\w.,+])\+\d{1,3}[\s(][\d\s()./-]{6,16}\d(?![\w,]))",
    re.IGNORECASE,
)
"""A number after a word for a telephone, or in the international form; bare digits may be anything."""
HANDLE = re.compile(
    r"(?:wechat|weixin|whatsapp|telegram|line id|微信|公众号)\s*[:\uff1a]?\s*[\w-]{4,30}", re.IGNORECASE
)


def contacts(line: str) -> list[str]:
    """The addresses and numbers in a line, each once, as they are written there."""
    mails = [match.group() for match in MAIL.finditer(line)]
    rest = MAIL.sub(" ", line)
    found = [match.group() for pattern in (LINK, PHONE, HANDLE) for match in pattern.finditer(rest)]
    return list(dict.fromkeys(one.strip() for one in (*mails, *found)))
