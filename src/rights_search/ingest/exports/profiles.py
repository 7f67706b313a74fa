"""What the files say that tell who has an account: the name that is shown with the posts.

Where it has none, the name of the account. Of Instagram's downloads the values stand under
labels in the language of whoever downloaded it; those of seven languages are known.
"""

from __future__ import annotations

import csv
import json
import re
from typing import Any

from rights_search.ingest.exports.values import (
    Fields,
    LeftOut,
    assigned,
    fields_of,
    label_of,
    objects,
    sound,
    text,
)
from rights_search.ingest.paragraphs import plain_line

_ASSIGNED = re.compile(rf"\s*{assigned('account')}")

# English, French, Spanish, Russian, Arabic, German, Portuguese: as its pages name them.
_LABELS = (
    frozenset(("name", "nom", "nombre", "имя", "الاسم", "nome")),
    frozenset(
        (
            *("username", "nom d'utilisateur", "nombre de usuario", "имя пользователя"),
            *("اسم المستخدم", "benutzername", "nome de usuário", "nome de utilizador"),
        )
    ),
)


def name_in(written: str, file: str) -> str:
    """Return whom a file of an account names, as one line; an empty one for nobody.

    Args:
        written: what is in the file.
        file: its name, one of `account.FILES`.

    Raises:
        ValueError: if it is broken.
    """
    match file:
        case "account.js":
            names = _of_twitter(json.loads(_ASSIGNED.sub("", written, count=1)))
        case "statistics.csv":
            names = _of_reddit(written)
        case "profile_information.json":
            names = _of_facebook(fields_of(json.loads(written)))
        case "personal_information.json":
            names = _of_instagram(fields_of(json.loads(written)))
        case _:
            found = fields_of(json.loads(written))
            names = [sound(text(found, "name")), sound(text(found, "username"))]
    return next((line for name in names if (line := plain_line(name))), "")


def profile(value: Fields, _: Fields) -> LeftOut | None:
    """Leave out who has an account of Facebook or Instagram: it is no post."""
    if "profile_user" in value:
        names = _of_instagram(value)
    elif "profile_v2" in value or (len(value) == 1 and "name" in fields_of(value.get("profile"))):
        names = _of_facebook(value)
    else:
        return None
    if any(names):
        return LeftOut("who has the account, and no post")
    return LeftOut("who has the account, under labels that are not known: posts will name nobody")


def _of_twitter(value: Any) -> list[str]:
    accounts = [fields_of(item.get("account")) for item in objects(value)]
    return [
        text(account, key) for account in accounts for key in ("accountDisplayName", "username")
    ]


def _of_facebook(value: Fields) -> list[str]:
    names = [fields_of(value.get(key)).get("name") for key in ("profile_v2", "profile")]
    return [sound(name if isinstance(name, str) else text(name, "full_name")) for name in names]


def _of_instagram(value: Fields) -> list[str]:
    labelled = [
        (label_of(key), sound(text(found, "value")))
        for user in objects(value.get("profile_user"))
        for key, found in fields_of(user.get("string_map_data")).items()
    ]
    return [name for labels in _LABELS for label, name in labelled if label in labels]


def _of_reddit(written: str) -> list[str]:
    try:
        rows = list(csv.reader(written.splitlines()))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return [row[1] for row in rows if len(row) > 1 and row[0].strip().lower() == "account name"]
