"""The one table of names that sources give to the fields of a post.

Names are compared without case, signs and name-space prefix: ``datePublished``,
``date_published`` and ``dc:Date Published`` are one name. Of several names that
fill one value the first in the table wins. The names are those of schema.org,
Dublin Core, RSS and Atom, JSON Feed, Open Graph, and the exports and front
matter of WordPress, Ghost, Drupal, Hugo and Jekyll.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAMES = {
    "title": (
        "title headline name heading subject posttitle ogtitle titre título titulo titel "
        "заголовок название العنوان"
    ),
    "text": (
        "text body content contenttext plaintext articlebody postcontent posttext fulltext "
        "bodytext paragraphs message story contenthtml html bodyhtml markdown bodymarkdown "
        "contentmarkdown bodymd contentmd texte texto текст النص"
    ),
    # What stands in for the text where a record has none.
    "summary": (
        "summary excerpt description abstract teaser dek standfirst lead intro customexcerpt "
        "postexcerpt metadescription résumé resumen аннотация الملخص"
    ),
    "date": (
        "date datepublished publisheddate published publishedat publishedtime publishedon "
        "publicationdate publishdate pubdate postdate postedon posted issued dateposted "
        "dateissued eventdate datum fecha created createdat datecreated creationdate timestamp "
        "dategmt дата التاريخ year"
    ),
    "updated": (
        "updated updatedat updateddate dateupdated modified modifiedat modifieddate datemodified "
        "modifiedtime lastmodified lastmod lastupdated modifiedgmt"
    ),
    "authors": (
        "authors author byline creator creators writer writers writtenby authorname primaryauthor "
        "postauthor auteur auteurs autor autores автор авторы الكاتب"
    ),
    "role": "role authorrole jobtitle position byrole",
    "organisation": (
        "organisation organization publisher organisationname organizationname affiliation "
        "institution ngo"
    ),
    "place": "place location city dateline where contentlocation locationcreated town",
    "countries": (
        "countries country countryname countrynames sourcecountries nation nations countrycode "
        "countrycodes countryiso pays país países pais paises страна страны البلد"
    ),
    "page_country": "pagecountry listedunder",
    "tags": (
        "tags tag themes theme topics topic categories category keywords keyword sourcetags "
        "labels issues issue subjects section articlesection etiquetas temas thèmes étiquettes "
        "теги темы الوسوم"
    ),
    "language": "language lang locale inlanguage langcode languagecode langue idioma язык اللغة",
    "url": (
        "url link permalink canonical canonicalurl href uri posturl externalurl mainentityofpage "
        "lien enlace ссылка الرابط"
    ),
    "key": "id guid uuid identifier slug postid objectid nid docid",
    "source_name": (
        "source site sitename publication outlet newspaper sourcename website feed journal"
    ),
    "captions": (
        "captions caption imagecaption photocaption imagealt featuredimagecaption figcaption"
    ),
    "calls_to_action": "callstoaction calltoaction cta",
    "images": "images image featuredimage figures media photos photo",
    "draft": "draft isdraft",
}

_RANKED = {
    name: (field, rank)
    for field, names in _NAMES.items()
    for rank, name in enumerate(names.split())
}

HTML_NAMES = frozenset({"contenthtml", "html", "bodyhtml"})
"""Names that say that their text is HTML, whatever it looks like."""

MARKDOWN_NAMES = frozenset({"markdown", "bodymarkdown", "contentmarkdown", "bodymd", "contentmd"})
"""Names that say that their text is Markdown."""

_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def canonical(key: str) -> str:
    """Return a source's name for a field without case, signs and name space."""
    return _SIGNS.sub("", key.rpartition(":")[2]).lower()


@lru_cache(maxsize=4096)
def field_of(key: str) -> tuple[str, int] | None:
    """Return the field that ``key`` fills and its rank among its names, 0 the first.

    None for a key that is not in the table.
    """
    return _RANKED.get(canonical(key))
