"""Language tags as sources write them → ISO 639-1 codes."""

from __future__ import annotations

import re

# ISO 639-1, as published by the Library of Congress, its registration authority
# (https://www.loc.gov/standards/iso639-2/php/code_list.php).
_CODES = frozenset(
    re.findall(
        "..",
        "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffi"
        "fjfofrfygaglgngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwky"
        "lalblglilnloltlulvmgmhmimkmlmnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurw"
        "sascsdsesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazh"
        "zu",
    )
)

# Three-letter codes (ISO 639-2, both kinds) and names, of the languages that
# rights organisations publish most in; no general table, for a wrong code is
# worse than none.
_NAMES = {
    "am": "amh amharic",
    "ar": "ara arabic arabe العربية عربي",
    "de": "deu ger german deutsch",
    "en": "eng english anglais inglés",
    "es": "spa spanish español espanol castellano espagnol",
    "fa": "fas per persian farsi فارسی",
    "fr": "fra fre french français francais",
    "he": "heb hebrew iw עברית",
    "hi": "hin hindi",
    "id": "ind indonesian in",
    "it": "ita italian italiano",
    "ja": "jpn japanese 日本語",
    "ko": "kor korean 한국어",
    "my": "mya bur burmese",
    "nl": "nld dut dutch nederlands",
    "pl": "pol polish polski",
    "pt": "por portuguese português portugues",
    "ru": "rus russian русский",
    "sw": "swa swahili kiswahili",
    "th": "tha thai",
    "tr": "tur turkish türkçe turkce",
    "uk": "ukr ukrainian українська",
    "ur": "urd urdu اردو",
    "vi": "vie vietnamese",
    "zh": "zho chi chinese 中文",
}
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()}
_SUBTAGS = re.compile(r"[-_.@\s(]")


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of ``en``, ``en-GB``, ``en_US.UTF-8``, ``eng`` or ``English``.

    None where there is no tag or it names no language that has such a code.
    """
    if not tag:
        return None
    first = _SUBTAGS.split(tag.strip().lower(), maxsplit=1)[0]
    return _BY_NAME.get(first) or (first if first in _CODES else None)
