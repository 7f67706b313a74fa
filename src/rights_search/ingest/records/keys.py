"""The one table of names that sources give to the fields of a post.

Names are compared without case, accents, signs and name-space prefix: ``datePublished``,
``date_published``, ``dc:Date Published`` and ``field_date_published`` are one name. Of
several names that fill one value the first in the table wins. The names are those of
schema.org, Dublin Core, RSS and Atom, JSON Feed, Open Graph, and the exports and front
matter of WordPress, Ghost, Drupal, Hugo and Jekyll, and the headers that people write over
tables in seven languages.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rights_search.ingest.dates.words import fold

# When something was done to somebody: in a list of cases the date of its record. When somebody
# was born is none.
_EVENTS = (
    "dateofevent incidentdate dateofincident attackdate dateofattack dateofviolation "
    "datedelincident datedesfaits fechadelincidente fechadeloshechos fechadelhecho "
    "datadoincidente datadosfatos datumdesvorfalls датасобытия датаинцидента датапроисшествия "
    "تاريخالحادث تاريخالحادثة تاريخالواقعة "
    "arrestdate dateofarrest detentiondate dateofdetention dateofdisappearance deathdate "
    "dateofdeath datedarrestation datededétention datededisparition datededécès "
    "fechadedetención fechadearresto fechadedesaparición fechademuerte datadaprisão "
    "datadadetenção datadodesaparecimento datadamorte datumderfestnahme датаареста "
    "датазадержания датаисчезновения датасмерти تاريخالاعتقال تاريخالوفاة"
)

_NAMES = {
    "title": (
        "title headline name heading subject posttitle ogtitle titre titulo titel überschrift "
        "schlagzeile betreff objet asunto assunto заголовок название العنوان عنوان "
        "nom nombre nome имя фио الاسم"
    ),
    "text": (
        "text body content contenttext plaintext articlebody postcontent posttext fulltext "
        "bodytext paragraphs message story contenthtml html bodyhtml markdown bodymarkdown "
        "contentmarkdown bodymd contentmd rawcontent tweet tweettext statustext selftext "
        "postmessage commenttext texte contenu corps texto contenido conteudo cuerpo corpo inhalt "
        "volltext "
        "текст содержание النص نص المحتوى المتن"
    ),
    # What stands in for the text where a record has none.
    "summary": (
        "summary excerpt description abstract teaser dek standfirst lead intro customexcerpt "
        "postexcerpt metadescription linktext imagetext notes résumé chapo chapeau resumen "
        "entradilla extracto resumo lide zusammenfassung vorspann kurzfassung аннотация анонс "
        "краткоесодержание الملخص ملخص comment"
    ),
    "date": (
        "date datepublished publisheddate published publishedat publishedtime publishedon "
        "publicationdate dateofpublication publishdate pubdate postdate postedon posted issued "
        f"dateposted dateissued eventdate {_EVENTS} postcreateddate "
        "postcreated uploaddate createdtime creationtime "
        "creationtimestamp createdutc takenat datum veröffentlicht veröffentlichtam "
        "veröffentlichungsdatum erscheinungsdatum datedepublication datedeparution publié "
        "publiéle fecha fechadepublicación publicado publicadoel publicadoem datadepublicação "
        "дата датапубликации опубликовано تاريخ التاريخ تاريخالنشر created createdat datecreated "
        "creationdate timestamp dategmt year jahr année año ano год السنة data"
    ),
    "updated": (
        "updated updatedat updateddate dateupdated modified modifiedat modifieddate datemodified "
        "modifiedtime lastmodified lastmod lastupdated modifiedgmt changed editedat aktualisiert "
        "aktualisiertam geändert zuletztgeändert änderungsdatum misàjour datedemiseàjour "
        "dernièremodification modifié actualizado fechadeactualización últimaactualización "
        "modificado atualizado datadeatualização últimaatualização обновлено датаобновления "
        "изменено تاريخالتحديث آخرتحديث"
    ),
    "authors": (
        "authors author byline creator creators writer writers writtenby authorname primaryauthor "
        "postauthor auteur auteurs auteure autrice autor autores autora autoras autorin autoren "
        "verfasser verfasserin автор авторы الكاتب كاتب المؤلف الكتاب"
    ),
    # Who posted it, where no author is named. Of several the first counts: the others are
    # shorter names of the same account.
    "account": (
        "displayname pagename postownername userdisplayname userfullname username uploader channel "
        "screenname userscreenname handle"
    ),
    "role": "role authorrole jobtitle position byrole funktion fonction cargo função должность",
    "organisation": (
        "organisation organization publisher organisationname organizationname affiliation "
        "institution ngo herausgeber organización organização организация المنظمة"
    ),
    "place": (
        "place location city dateline where contentlocation locationcreated town ort lieu ville "
        "lugar ciudad cidade место город المكان المدينة"
    ),
    "countries": (
        "countries country countryname countrynames sourcecountries nation nations countrycode "
        "countrycodes countryiso pays paysconcerné paysconcernés país países land länder страна "
        "страны البلد بلد البلدان الدولة"
    ),
    "page_country": "pagecountry listedunder",
    "tags": (
        "tags tag themes theme topics topic categories category keywords keyword sourcetags labels "
        "issues issue subjects section articlesection thema themen schlagwort schlagworte "
        "schlagwörter stichworte stichwörter kategorie kategorien rubrik thème thèmes thématique "
        "motsclés motsclefs catégorie catégories rubrique étiquettes tema temas etiquetas "
        "categoría categorías hashtags palabrasclave sección palavraschave categoria categorias "
        "тема темы теги категория категории рубрика ключевыеслова метки الوسوم الموضوع المواضيع "
        "التصنيف الفئة الكلماتالمفتاحية"
    ),
    "language": (
        "language lang locale inlanguage langcode languagecode detectedlanguage langs langue "
        "idioma lengua língua sprache язык اللغة"
    ),
    "url": (
        "url permalink posturl permalinkurl tweeturl webpageurl link canonical canonicalurl href "
        "uri sourceurl mclurl externalurl mainentityofpage lien enlace ligação webadresse ссылка "
        "الرابط رابط"
    ),
    "key": "id guid uuid identifier slug postid tweetid objectid nid docid",
    "source_name": (
        "source site sitename publication outlet newspaper sourcename medianame website feed "
        "journal quelle fuente fonte источник издание сми المصدر مصدر"
    ),
    "captions": (
        "captions caption imagecaption photocaption imagealt featuredimagecaption figcaption "
        "bildunterschrift légende piedefoto legenda подпись"
    ),
    "calls_to_action": "callstoaction calltoaction cta",
    "images": "images image featuredimage figures media photos photo",
    "draft": "draft isdraft",
}

_RANKED = {
    fold(name): (field, rank)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split())
}

PERSONS = frozenset(map(fold, ("name", "nom", "nombre", "nome", "имя", "фио", "الاسم")))
"""Names of titles that are as often the name of somebody."""

EVENTS = frozenset(map(fold, _EVENTS.split()))
"""Names of dates of what was done to somebody: a record may have several."""

HTML_NAMES = frozenset({"contenthtml", "html", "bodyhtml"})
"""Names that say that their text is HTML, whatever it looks like."""

MARKDOWN_NAMES = frozenset({"markdown", "bodymarkdown", "contentmarkdown", "bodymd", "contentmd"})
"""Names that say that their text is Markdown."""

_SAYS_MORE = re.compile(r"[(\[/]")
_ZONES = ("_utc", "_gmt", " utc", " gmt")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SIGNS = re.compile(r"[\W_]+")
_BIRTH = re.compile(
    r"\b(?:birth|dob|born|naiss|nacimiento|nasc|geburt|geb\b|рожд)|ميلاد|ولادة", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def canonical(key: str) -> str:
    """Return a source's name for a field without case, accents, signs and name space.

    In Drupal the fields that a site makes for itself are called ``field_date``.
    """
    return _SIGNS.sub("", fold(key.rpartition(":")[2]).removeprefix("field_"))


@lru_cache(maxsize=4096)
def field_of(key: str) -> tuple[str, int] | None:
    """Return the field that ``key`` fills and its rank among its names, 0 the first.

    A key that is not in the table may say more than a name: ``Title (English)``, where what
    stands in brackets does not count, ``Country/Region``, where the first name does unless
    the next one is of another field, and ``published_at_utc``. They come behind all names that
    are. None for others, and for ``Date (birth)``, which dates nothing that happened.
    """
    found = _RANKED.get(canonical(key))
    if found is not None:
        return found
    if key.lower().endswith(_ZONES):
        return _behind(_RANKED.get(canonical(key[: -len(_ZONES[0])])))
    if not _SAYS_MORE.search(key) or _BIRTH.search(key):
        return None
    names = [_RANKED.get(canonical(name)) for name in _BRACKETS.sub("", key).split("/")]
    if names[0] is None or {found[0] for found in names if found} != {names[0][0]}:
        return None
    return _behind(names[0])


def _behind(found: tuple[str, int] | None) -> tuple[str, int] | None:
    """Return a field and a rank behind those of all names."""
    return None if found is None else (found[0], len(_RANKED) + found[1])
