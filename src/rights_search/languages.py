"""Languages: codes and names, as sources and people write them, and in English."""

from __future__ import annotations

from functools import lru_cache

from rights_search.patterns import late

# ISO 639-1, as published by the Library of Congress, its registration authority
# (https://www.loc.gov/standards/iso639-2/php/code_list.php).
_CODES = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv "
        "cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gl gn gu gv ha he hi ho hr ht "
        "hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky "
        "la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny "
        "oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss "
        "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo "
        "za zh zu"
    ).split()
)

# English name, three-letter codes (ISO 639-2, both kinds) and other names, of the languages
# that rights organisations publish most in; no general table, for a wrong code is worse
# than none.
_NAMES = {
    "am": "Amharic amh አማርኛ",
    "ar": "Arabic ara arabe العربية عربي",
    "de": "German deu ger deutsch",
    "en": "English eng anglais inglés",
    "es": "Spanish spa español espanol castellano espagnol",
    "fa": "Persian fas per farsi فارسی",
    "fr": "French fra fre français francais",
    "he": "Hebrew heb iw עברית",
    "hi": "Hindi hin हिन्दी",
    "id": "Indonesian ind in",
    "it": "Italian ita italiano",
    "ja": "Japanese jpn 日本語",
    "ko": "Korean kor 한국어",
    "my": "Burmese mya bur",
    "nl": "Dutch nld dut nederlands",
    "pl": "Polish pol polski",
    "pt": "Portuguese por português portugues",
    "ru": "Russian rus русский",
    "sw": "Swahili swa kiswahili",
    "th": "Thai tha ไทย",
    "tr": "Turkish tur türkçe turkce",
    "uk": "Ukrainian ukr українська",
    "ur": "Urdu urd اردو",
    "vi": "Vietnamese vie",
    "zh": "Chinese zho chi 中文",
}
_BY_NAME = {name.lower(): code for code, names in _NAMES.items() for name in names.split()}
_MAX_TAG_CHARS = 100
_SUBTAGS = late(r"[-_.@\s(]")


def names() -> tuple[str, ...]:
    """Return the English names of the languages that have one here."""
    return tuple(listed.split()[0] for listed in _NAMES.values())


def language_name(code: str) -> str:
    """Return the English name of a language, or its code where we have none."""
    return _NAMES[code].split()[0] if code in _NAMES else code


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of ``en``, ``en-GB``, ``en_US.UTF-8``, ``eng`` or ``English``.

    None where there is no tag or it names no language that has such a code.
    """
    return _code_of(tag.strip()[:_MAX_TAG_CHARS]) if tag else None


@lru_cache(maxsize=256)
def _code_of(tag: str) -> str | None:
    first = _SUBTAGS.split(tag.lower(), maxsplit=1)[0]
    return _BY_NAME.get(first) or (first if first in _CODES else None)
