"""The alias groups: what stands in the file, what a query triggers, what users may add."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import GROWTH, steps
from rights_search import analysis
from rights_search.errors import ReadError
from rights_search.query import alias_file, aliases
from rights_search.query.aliases import AliasForm, AliasTable
from rights_search.words import inflection

DATA = Path(aliases.__file__).parent.parent / "data"
GROUPS = aliases.groups()

SHARED_FORMS = {
    "LGBT": {"gay", "lgbti"},
    "LGBTI": {"gay", "lgbti"},
    "LGBTQ": {"gay", "lgbti"},
    "ЛГБТ": {"gay", "lgbti"},
    "gay": {"gay", "lgbti"},
    "homosexual": {"gay", "lgbti"},
    "homosexuality": {"gay", "lgbti"},
    "homosexuel": {"gay", "lgbti"},
    "homosexualité": {"gay", "lgbti"},
    "homosexualidad": {"gay", "lgbti"},
    "гомосексуал": {"gay", "lgbti"},
    "homophobie": {"homophobia", "lgbti"},
    "homofobia": {"homophobia", "lgbti"},
    "гомофобия": {"homophobia", "lgbti"},
    "same-sex": {"gay", "lgbti"},
    "гей": {"gay", "lgbti"},
    "المثليين": {"gay", "lgbti"},
    "lesbian": {"lesbian", "lgbti"},
    "lesbienne": {"lesbian", "lgbti"},
    "lesbiana": {"lesbian", "lgbti"},
    "лесбиянка": {"lesbian", "lgbti"},
    "bisexual": {"bisexual", "lgbti"},
    "transgender": {"lgbti", "transgender"},
    "trans people": {"lgbti", "transgender"},
    "intersex": {"intersex", "lgbti"},
    "homophobia": {"homophobia", "lgbti"},
    "homophobic": {"homophobia", "lgbti"},
    "transphobia": {"lgbti", "transphobia"},
    "transphobic": {"lgbti", "transphobia"},
    "death row": {"death-penalty", "death-row"},
    "المفقودين": {"enforced-disappearance", "missing-persons"},
    "السجن": {"imprisonment", "prison"},
    "ECHR": {"ecthr", "european-convention-on-human-rights"},
    "ICJ": {"icj", "international-commission-of-jurists"},
    "RSF": {"rapid-support-forces", "reporters-without-borders"},
}

SAME = """
journalist|记者|記者
detention|拘留|羈押
Uyghur|维吾尔|維吾爾
freedom of expression|言论自由|言論自由
police|警察|警方
Kiev|Kyiv|Киев|Київ
Burma|Myanmar|Birmanie|Мьянма|ميانمار
Swaziland|Eswatini
Zaire|DRC|Democratic Republic of the Congo|RDC
Saigon|Ho Chi Minh City
Bombay|Mumbai
USA|U.S.|US|United States|États-Unis|США|الولايات المتحدة
UK|United Kingdom|Britain|Royaume-Uni
UAE|United Arab Emirates|ОАЭ
DPRK|North Korea|КНДР
Chechnya|Chechen|Chechens|Чечня|Чечне|Chechenia|Tchétchénie|الشيشان
Crimea|Crimée|Крым|Крыму|القرم
Uyghur|Uighur|Uigur|Ouïghour|уйгуры|الإيغور
Sahrawi|Saharawi|Western Sahara|الصحراء الغربية
Yezidi|Yazidi|Yazidis
Houthi|Houthis|Huthi|хуситы
UN Refugee Agency|UNHCR|HCR|ACNUR|УВКБ
United Nations|ONU|ООН|الأمم المتحدة
ICC|International Criminal Court|Cour pénale internationale
ISIS|Daesh|Islamic State|ИГИЛ|داعش
sexual orientation|SOGI|LGBT|LGBTI|ЛГБТ|non-traditional sexual relations
enforced disappearance|desaparición forzada|disparition forcée|насильственных исчезновений
death penalty|capital punishment|peine de mort|смертной казни|عقوبة الإعدام
torture|пытки|التعذيب|tortura
execute|executed|execution
detain|detained|detention
imprison|imprisonment
persecute|persecution
discriminate|discrimination
organise|organized
labour|labor
defence|defense
jail|gaol
Kiew|Kyiv|Киев
Birma|Burma|Myanmar|Birmânia
Tschetschenien|Chechnya|tschetschenisch|Chechênia
Moskau|Moscow|Moscovo|Moscou
Côte d'Ivoire|Elfenbeinküste|Costa do Marfim
Folter|torture|tortura|пытки
Todesstrafe|death penalty|pena de morte
Flüchtling|refugees|refugiados
Menschenrechtsverteidiger|human rights defender|defensores dos direitos humanos
Straflosigkeit|impunity|impunidade
Navalny|Navalnyy|Навальный|Навального|نافالني
Khodorkovsky|Khodorkovskii|Ходорковский
Gaddafi|Qaddafi|Kadhafi|القذافي
Mohammed|Muhammad|Mohamad|محمد
Sergei|Sergey|Сергей
Jackie|Jacqueline
"""

DIFFERENT = """
Niger|Nigeria
Nigerien|Nigerian
Congo|Democratic Republic of the Congo
Congo-Brazzaville|Zaire
Guinea|Guinea-Bissau
West Papua|Papua New Guinea
Georgia|Грузия
Dominica|Dominican Republic
Mauritius|Mauritania
Iran|Iraq
Austria|Australia
Slovakia|Slovenia
North Korea|South Korea
Russia|Soviet Union
Tibet|China
Kurd|Turkey
Turkey|Turkmenistan
terrorism|terror
refugee|asylum seeker
refugee|migrant
detention|arrest
torture|ill-treatment
execution|death penalty
minority|minor
arms|armed
journalist|journalism
gay|lesbian
lesbian|transgender
homophobia|HIV
trafficking|smuggling
Taliban|al-Qaeda
Hamas|Hezbollah
Hutu|Tutsi
Sunni|Shia
ICC|ICJ
ICTY|ICTR
Mohammed|Mahmoud
Hassan|Hussein
Sergei|Alexei
prison|prisoner
prisoner of conscience|political prisoner
child marriage|forced marriage
rape|sexual harassment
"""

# Words that light inflection takes for forms of the group, but that mean another thing.
HARMLESS = [
    *("us", "who", "it", "him", "arm", "slap", "chill", "chilling", "chin", "island", "franc"),
    *(
        "rafa",
        "Gana",
        "ganes",
        "Oma",
        "irao",
        "Mauricio",
        "sana",
        "servia",
        "gola",
        "lager",
    ),
    *("farce", "cast", "bless", "albany", "polished", "mesh", "sunny", "Georgia", "Guinea"),
    *("мало", "перо", "дано", "бомба", "чехов", "рост", "друзей", "него", "тот", "евро"),
    *("выбор", "немцы", "сахар", "казна", "могила", "ширина", "олень", "семья"),
    *("بحر", "مثل", "بها", "أقل", "عنصر", "مصادر", "شرط", "جنس", "غابات", "مات", "ترك", "سور"),
]


def _pairs(block: str) -> list[tuple[str, str]]:
    rows = [line.split("|") for line in block.strip().splitlines()]
    return [(first, other) for first, *others in rows for other in others]


def _stems(terms: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(inflection.stem(term, None) for term in terms)


def _key(form: AliasForm) -> tuple[bool, tuple[str, ...]]:
    return form.exact, form.terms if form.exact else _stems(form.terms)


def _is_found(typed: str, other: str, table: AliasTable | None = None) -> bool:
    """Tell whether a search for ``typed`` finds the text ``other`` by an alias."""
    terms = analysis.terms(typed)
    matches = (table or aliases).find(terms)
    wanted = analysis.terms(other)
    for match in matches:
        if match.length == len(terms):
            for form in aliases.alternatives(match, terms):
                key, words = (form.terms, tuple(wanted)) if form.exact else _compared(form, wanted)
                starts = range(len(words) - len(key) + 1)
                if any(words[start : start + len(key)] == key for start in starts):
                    return True
    return _stems(terms) == _stems(wanted)


def _compared(form: AliasForm, words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _stems(form.terms), _stems(words)


def _ids(query: str) -> list[str]:
    return [match.group.id for match in aliases.find(analysis.terms(query))]


def _texts(query: str) -> list[str]:
    terms = analysis.terms(query)
    return [
        form.text for match in aliases.find(terms) for form in aliases.alternatives(match, terms)
    ]


# --- the data -----------------------------------------------------------------


def test_there_are_many_groups_of_every_kind() -> None:
    """The file holds at least 320 groups, and each kind is in use."""
    assert len(GROUPS) >= 320
    assert {group.kind for group in GROUPS} == set(alias_file.KINDS)


def test_each_group_is_sound() -> None:
    """Our own file passes the checks that a user's file must pass, and merges."""
    records = alias_file.read(DATA / "aliases.json")
    assert len(alias_file.merge({}, records, "aliases.json")) == len(GROUPS)


def test_file_is_normalised() -> None:
    """The file is laid out by `rebuild`, sorted by id, one form a line."""
    text = (DATA / "aliases.json").read_text(encoding="utf-8")
    assert alias_file.normalised(text) == text, "run: python -c " + repr(
        "from rights_search.query import alias_file; alias_file.rebuild()"
    )


def test_triggers_agree_with_the_analyser() -> None:
    """The precomputed terms are what the analyser makes of the forms today."""
    lines = (DATA / "alias_triggers.tsv").read_text(encoding="utf-8").splitlines()
    expected = alias_file.triggers(alias_file.read_built_in().values())
    assert lines[1:] == expected, "run alias_file.rebuild(), see docs/aliases.md"
    records, triggers = alias_file.built_in()
    assert list(triggers) == expected
    assert dict(records) == alias_file.read_built_in()


@given(
    st.lists(st.text(st.sampled_from("ab é字😀\ud800"), max_size=3)),
    st.text(st.sampled_from("ab é字😀\ud800"), max_size=2),
)
def test_lines_are_found_by_how_they_begin(texts: list[str], start: str) -> None:
    """Of sorted lines those are found, in order, that begin with some characters."""
    lines = sorted(text for text in texts if "\ud800" not in text)
    found = alias_file.Lines.of(lines)
    assert list(found) == lines
    assert list(found.starting(start)) == [line for line in lines if line.startswith(start)]


def test_forms_of_a_group_differ_after_stemming() -> None:
    """No group has a form twice, as far as a search can tell."""
    twice = {
        (group.id, form.text)
        for group in GROUPS
        for number, form in enumerate(group.forms)
        if _key(form) in {_key(other) for other in group.forms[:number]}
    }
    assert not twice


def test_each_form_triggers_its_group() -> None:
    """Whoever types a form as it stands gets its group, for the form as a whole."""
    for group in GROUPS:
        for form in group.forms:
            found = [
                match.group.id
                for match in aliases.find(form.terms)
                if (match.start, match.length) == (0, len(form.terms))
            ]
            assert (group.id in found) == form.expand or not form.expand, (group.id, form.text)


def test_first_form_names_the_group() -> None:
    """The form that people are shown is neither hidden nor ambiguous."""
    hidden = [group.id for group in GROUPS if not group.forms[0].expand]
    assert not hidden


def test_forms_in_two_groups_are_meant() -> None:
    """A form that stands in two groups is listed above; none stands in three."""
    places: defaultdict[tuple[bool, tuple[str, ...]], set[str]] = defaultdict(set)
    for group in GROUPS:
        for form in group.forms:
            places[_key(form)].add(group.id)
    shared = {key: ids for key, ids in places.items() if len(ids) > 1}
    listed = {}
    for text, ids in SHARED_FORMS.items():
        (key,) = {_key(f) for g in GROUPS if g.id in ids for f in g.forms if f.text == text}
        listed[key] = ids
    assert shared == listed
    assert all(len(ids) == 2 for ids in shared.values())


# --- what is joined ---------------------------------------------------------------


@pytest.mark.parametrize(("first", "other"), _pairs(SAME))
def test_same_things_are_joined(first: str, other: str) -> None:
    """A search for one form finds the other, both ways."""
    assert _is_found(first, other)
    assert _is_found(other, first)


@pytest.mark.parametrize(("first", "other"), _pairs(DIFFERENT))
def test_near_misses_are_not_joined(first: str, other: str) -> None:
    """Two things that only look or sound related stay two."""
    assert not _is_found(first, other)
    assert not _is_found(other, first)


@pytest.mark.parametrize("word", HARMLESS)
def test_everyday_words_trigger_nothing(word: str) -> None:
    """A word that shares a stem with a form, but not its meaning, triggers no group."""
    assert _ids(word) == []


def test_forms_of_the_draft_find_each_other(shared: Path) -> None:
    """The forms that were counted in real posts trigger a group that finds their kin."""
    left_out = {"AI", "DMR", "June 4", "POC", "TAR", "Tiananmen Square"}
    text = (shared / "reference" / "alias_table.json").read_text(encoding="utf-8")
    for group in json.loads(text)["groups"]:
        forms = {form["form"] for form in group["forms"]} - left_out
        silent = {form for form in forms if not _ids(form)}
        assert not silent, group["id"]


def test_lgbti_finds_narrower_words() -> None:
    """LGBTI finds gay, lesbian and homophobia; these do not find LGBTI, but for gay."""
    found = _texts("LGBTI")
    assert {"gay", "lesbian", "transgender", "homophobia", "sexual orientation"} <= set(found)
    assert "LGBTI" in _texts("gay")
    assert "lesbian" not in _texts("gay")
    assert "LGBTI" not in _texts("lesbian") + _texts("homophobia")


@pytest.mark.parametrize(
    ("query", "found", "ambiguous"),
    [
        ("UN", "United Nations", "UN"),
        ("CAR", "Central African Republic", "CAR"),
        ("OPT", "Palestine", "OPT"),
        ("RSF", "Reporters Without Borders", "RSF"),
        ("CPI", "International Criminal Court", "CPI"),
    ],
)
def test_ambiguous_short_forms_work_one_way(query: str, found: str, ambiguous: str) -> None:
    """A short form with other meanings finds the long one, but not the other way round."""
    assert found in _texts(query)
    assert ambiguous not in _texts(found)


def test_us_is_told_from_the_pronoun() -> None:
    """Capitals or dots make the country; the pronoun is no alias."""
    assert _ids("US") == _ids("U.S.") == ["united-states"]
    assert _ids("us") == []


# --- find and alternatives ----------------------------------------------------------


def test_longest_form_wins() -> None:
    """Human Rights Watch is not read as human rights."""
    assert _ids("Human Rights Watch") == ["human-rights-watch"]
    assert _ids("Democratic Republic of the Congo") == ["democratic-republic-of-the-congo"]
    assert _ids("Soviet Union") == ["soviet-union"]


def test_positions_count_terms() -> None:
    """A match says where it starts in the query and how many terms it covers."""
    terms = analysis.terms("LGBTI people killed in the Chechen Republic")
    places = [(match.group.id, match.start, match.length) for match in aliases.find(terms)]
    assert places == [("lgbti", 0, 1), ("chechnya", 5, 2)]


def test_inflected_words_trigger() -> None:
    """A plural or a case triggers the group of its base form."""
    assert _ids("lesbians") == ["lesbian"]
    assert _ids("пыткам") == ["torture"]
    assert _ids("Чечнёй") == ["chechnya"]
    assert _ids("والتعذيب") == ["torture"]


def test_several_groups_from_one_place() -> None:
    """An acronym of two organisations triggers both groups."""
    assert _ids("ECHR") == ["ecthr", "european-convention-on-human-rights"]


def test_alternatives_leave_out_what_finds_nothing_new() -> None:
    """What was typed, its inflections and longer forms that hold it are not looked for."""
    assert "Chechen" not in _texts("Chechens")
    assert "Chechen Republic" not in _texts("Chechnya")
    assert "Chechen" in _texts("Chechen Republic")
    assert "Donbass" in _texts("Donbas")


def test_alternatives_hold_no_other_form() -> None:
    """At either end or between, be it one that counts only as it is written."""
    texts = ("red", "old red", "red sea", "dead red sea", "chines", "new chines", "newer chine")
    forms = tuple(AliasForm(text, tuple(text.split()), exact=text == "chines") for text in texts)
    match = aliases.AliasMatch(1, 1, aliases.AliasGroup("red", "test", forms, ()))
    found = aliases.alternatives(match, ["the", "red"])
    assert [form.text for form in found] == ["chines", "newer chine"]


def test_alternatives_differ_from_each_other() -> None:
    """No two alternatives of a group would match the same words."""
    for group in GROUPS:
        terms = list(group.forms[0].terms)
        (match,) = (match for match in aliases.find(terms) if match.group == group)
        keys = [_key(form) for form in aliases.alternatives(match, terms)]
        assert len(keys) == len(set(keys)), group.id


def test_group_by_id() -> None:
    """A group can be had by its id; an unknown id is None."""
    found = aliases.group("chechnya")
    assert found is not None
    assert (found.kind, found.forms[0].text) == ("place", "Chechnya")
    assert aliases.group("no-such-group") is None
    assert aliases.group('chechnya", "kind') is None


_WORDS = st.one_of(
    st.sampled_from([term for group in GROUPS[::7] for form in group.forms for term in form.terms]),
    st.text(max_size=6),
)


@given(st.lists(_WORDS, max_size=40))
def test_find_never_overlaps(terms: list[str]) -> None:
    """Any list of strings gives matches inside it, from left to right, without overlap."""
    matches = aliases.find(terms)
    places = sorted({(match.start, match.start + match.length) for match in matches})
    assert [match.start for match in matches] == sorted(match.start for match in matches)
    assert all(0 <= start < end <= len(terms) for start, end in places)
    assert all(first[1] <= second[0] for first, second in pairwise(places))


@given(st.lists(_WORDS, max_size=12))
def test_alternatives_are_other_forms(terms: list[str]) -> None:
    """Alternatives never hold what was typed nor a form that is for queries only."""
    for match in aliases.find(terms):
        typed = terms[match.start : match.start + match.length]
        for form in aliases.alternatives(match, terms):
            assert not form.only_query
            assert form.exact or _stems(form.terms) != _stems(typed)


def test_find_is_linear() -> None:
    """Eight times the terms, known, unknown and Arabic, take eight times the steps."""
    known = [term for group in GROUPS for form in group.forms for term in form.terms][:600]
    terms = ["human"] * 200 + known + [f"ال{number}" for number in range(100)] + ["x"] * 100
    aliases.find(terms)
    once, often = steps(lambda: aliases.find(terms)), steps(lambda: aliases.find(terms * GROWTH))
    assert len(terms) < once
    assert often < (GROWTH + 1) * once


def test_first_search_is_fast() -> None:
    """The first search takes fewer steps than the file has groups: it does not go through them."""

    def search() -> None:
        table = AliasTable(*alias_file.built_in())
        assert table.find(["chechnya", "lgbti"])

    assert steps(search) < len(GROUPS)


# --- users' own files ------------------------------------------------------------------


def _write(tmp_path: Path, *groups: Any) -> Path:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"groups": groups}), encoding="utf-8")
    return path


def _group(**changes: Any) -> dict[str, Any]:
    group = {
        "id": "own-region",
        "kind": "place",
        "sources": ["me"],
        "forms": ["Xorland", "Zorland"],
    }
    return {**group, **changes}


def test_own_group_is_added(tmp_path: Path) -> None:
    """A user's group works beside the built-in ones, which stay as they were."""
    table = aliases.load(_write(tmp_path, _group()))
    assert _is_found("Xorland", "Zorland", table)
    assert _is_found("Kiev", "Kyiv", table)
    assert aliases.find(["xorland"]) == ()
    assert len(table.groups()) == len(GROUPS) + 1


def test_own_forms_extend_a_group(tmp_path: Path) -> None:
    """A known id adds forms and sources, and changes the flags of a form it repeats."""
    forms = ["Tschetschenien", {"text": "Ichkeria", "only_query": True}]
    table = aliases.load(_write(tmp_path, _group(id="chechnya", forms=forms)))
    group = table.group("chechnya")
    assert group is not None
    assert "me" in group.sources
    assert _is_found("Чечня", "Tschetschenien", table)
    assert not _is_found("Чечня", "Ichkeria", table)
    assert _is_found("Ichkeria", "Чечня", table)


def test_own_group_replaces_or_removes(tmp_path: Path) -> None:
    """``replace`` takes the old forms away, or the whole group if it brings none."""
    replaced = _group(id="chechnya", forms=["Chechnya", "Noxçiyçö"], replace=True)
    removed = _group(id="lgbti", forms=[], replace=True)
    table = aliases.load(_write(tmp_path, replaced, removed))
    assert not _is_found("Chechnya", "Чечня", table)
    assert table.group("lgbti") is None
    assert [match.group.id for match in table.find(["lgbti"])] == []
    # One of several words, too.
    removed = _group(id="human-rights-watch", forms=[], replace=True)
    table = aliases.load(_write(tmp_path, removed))
    found = table.find(["human", "rights", "watch"])
    assert "human-rights-watch" not in [match.group.id for match in found]


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        ("text", "group number 1: expected an object"),
        (_group(id="Own Region"), '"id" must be lower-case words'),
        (_group(kind="city"), '"own-region": "kind" must be one of place'),
        (_group(sources=[]), '"own-region": "sources" must list'),
        (_group(forms="Xorland"), '"own-region": "forms" must be a list'),
        (_group(form=[]), '"own-region": unknown key "form"'),
        (_group(replace="yes"), '"own-region": "replace" must be true or false'),
        (_group(forms=["Xorland"]), '"own-region": a group needs at least two forms'),
        (_group(forms=["Xorland", 3]), '"own-region": a form must be a string or an object'),
        (_group(forms=["Xorland", "?!"]), 'form "?!" has no word in it'),
        (_group(forms=["Xorland", {"text": "Z", "lang": 1}]), '"lang" must be of type str'),
        (_group(forms=["Xorland", {"text": "Z", "langs": "fr"}]), 'unknown key "langs"'),
        (
            _group(forms=["Xorland", {"text": "Z", "expand": False, "only_query": True}]),
            'form "Z" neither triggers the group nor is looked for',
        ),
        (
            _group(forms=[{"text": word, "expand": False} for word in ("Xorland", "Zorland")]),
            "no form triggers the group",
        ),
        (
            _group(forms=[{"text": word, "only_query": True} for word in ("Xorland", "Zorland")]),
            "no form is looked for",
        ),
    ],
)
def test_wrong_group_is_named(tmp_path: Path, group: Any, reason: str) -> None:
    """An error in a user's file names the file, the group and what is wrong."""
    path = _write(tmp_path, group)
    with pytest.raises(ReadError) as caught:
        aliases.load(path)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)


def test_repeated_id_is_an_error(tmp_path: Path) -> None:
    """Two groups of one id in one file are a mistake, not an extension."""
    with pytest.raises(ReadError, match='"own-region": this id stands here twice'):
        aliases.load(_write(tmp_path, _group(), _group()))


def test_broken_json_names_the_line(tmp_path: Path) -> None:
    """A syntax error names the file and the line."""
    path = tmp_path / "own.json"
    path.write_text('{"groups": [\n{"id": }\n]}', encoding="utf-8")
    with pytest.raises(ReadError, match="not JSON") as caught:
        aliases.load(path)
    assert caught.value.line == 2


@pytest.mark.parametrize("data", [b"[]", b'{"group": []}', b'{"groups": {}}', b"\xff\xfe", b"["])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    """Anything but a list of groups is a ReadError."""
    path = tmp_path / "own.json"
    path.write_bytes(data)
    with pytest.raises(ReadError):
        aliases.load(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" " * (alias_file.MAX_BYTES + 1), "is larger than 4 MiB, the limit"),
        ('{"groups": [' + "[]," * 1_300_000 + "[]]}", "would take more than"),
        ('{"groups": ' + "[" * 100_000, "nests too deeply"),
        ('{"groups": [' + "9" * 10_000 + "]}", "not a list of groups"),
    ],
    ids=("long", "lists", "deep", "number"),
)
def test_a_file_is_bounded(tmp_path: Path, text: str, reason: str) -> None:
    """What takes long to read or much memory is refused in one line."""
    path = tmp_path / "own.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=reason) as caught:
        aliases.load(path)
    assert "\n" not in str(caught.value)


def test_forms_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that has one form asks for all of its group: they are not too many."""
    many = [f"word{number}" for number in range(alias_file.MAX_GROUP_FORMS + 1)]
    with pytest.raises(ReadError, match='"own-region": a group has at most 500 forms'):
        aliases.load(_write(tmp_path, _group(forms=many)))
    with pytest.raises(ReadError, match="more than 500 characters"):
        aliases.load(_write(tmp_path, _group(forms=["x", "y" * 501])))
    with pytest.raises(ReadError, match='"sources" must list'):
        aliases.load(_write(tmp_path, _group(sources=["y" * 501])))
    with pytest.raises(ReadError, match='"chechnya": a group has at most 500 forms'):
        aliases.load(_write(tmp_path, _group(id="chechnya", forms=many[1:])))
    monkeypatch.setattr(alias_file, "MAX_FORMS", 3)
    with pytest.raises(ReadError, match="has more than 3 forms, the limit"):
        aliases.load(_write(tmp_path, _group(), _group(id="other")))


def test_missing_file_is_a_read_error(tmp_path: Path) -> None:
    """A file that is not there is a ReadError with its name."""
    with pytest.raises(ReadError, match=r"nowhere\.json: cannot be read"):
        aliases.load(tmp_path / "nowhere.json")


def test_stale_triggers_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the derived file does not belong to the groups, it is made anew in memory."""
    stale = tmp_path / "alias_triggers.tsv"
    stale.write_text("# analysis 0, aliases.json 00000000\nnothing\tchechnya\n", encoding="utf-8")
    monkeypatch.setattr(alias_file, "_TRIGGERS", stale)
    table = AliasTable(*alias_file.built_in())
    assert table.find(["nothing"]) == ()
    assert [match.group.id for match in table.find(["чечни"])] == ["chechnya"]
