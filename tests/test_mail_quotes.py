"""What a mail quotes from another one is not its own text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rights_search.ingest import read
from rights_search.ingest.mail.text import html_text, without_quotes
from rights_search.post import Post

HEAD = "From: Press Office <press@example.org>\nDate: Wed, 12 Mar 2014 10:00:00 +0100\n"
OWN = "The hearing was moved to the end of the month, the clerk of the court said."
QUOTED = "> The hearing will be held on Thursday.\n>\n> > Is there a date?\n"


@pytest.mark.parametrize(
    "attribution",
    [
        "On Tue, 11 Mar 2014 at 09:00, Press Office <press@example.org> wrote:\n",
        "On Tue, 11 Mar 2014 at 09:00, Press Office\n<press@example.org> wrote:\n\n",
        "Le 11 mars 2014, Service de presse a écrit :\n",
        "El 11 de marzo de 2014, Oficina de prensa escribió:\n\n",
        "Am 11.03.2014 um 09:00 schrieb Pressestelle:\n",
        "11 марта 2014 г., Пресс-служба написала:\n",
        "Em 11 de março de 2014, Assessoria escreveu:\n",
        "كتب مكتب الصحافة في 11 مارس 2014، كتب:\n",
        "",
    ],
)
def test_quotes_go_with_the_line_that_names_their_author(attribution: str) -> None:
    """In each language, wherever the answer stands: above, below or between."""
    for text in (
        f"{OWN}\n\n{attribution}{QUOTED}",
        f"{attribution}{QUOTED}\n{OWN}\n",
        f"{OWN}\n\n{attribution}{QUOTED}\n{OWN}\n\n{QUOTED}",
    ):
        own, lines = without_quotes(text)
        assert set(filter(None, own.split("\n"))) == {OWN}
        assert lines == text.count("\n>") + text.startswith(">")


def test_own_words_right_above_stay() -> None:
    """A line without the day, over a line that has it, is the sender's own."""
    own, ruling = "I agree.\n", "The court wrote in its ruling:\n"
    text = f"{own}On 11 March 2014, A. wrote:\n> Shall we?\n{ruling}> No.\n"
    assert without_quotes(text) == (own + ruling, 2)


def test_a_mail_that_only_quotes_passes_it_on() -> None:
    """Its text is what it quotes, without the marks; nothing is lost."""
    assert without_quotes("> One.\n> > Two.\n") == ("One.\nTwo.\n", 0)


def test_what_is_no_quote_stays() -> None:
    """Neither the escape of mailboxes nor a sign within a line is a mark."""
    text = ">From the roof nobody came.\nThe court wrote: a > b\n"
    assert without_quotes(text) == (text, 0)


def test_quotes_of_html_mails() -> None:
    """The elements by which mail programs mark quotes; a forwarded mail is the text."""
    quote = "<blockquote type='cite'><p>Old words.</p></blockquote>"
    gmail = "<div class='gmail_quote'><div>A. wrote:</div><p>Old words.</p></div>"
    assert html_text(f"<p>New words.</p>{quote}{gmail}") == "New words."
    assert html_text(quote) == "Old words."
    forwarded = "<p>Note.</p><div class='gmail_quote'>---- Forwarded message ----<p>Text.</p></div>"
    assert "Text." in html_text(forwarded)
    assert html_text("<blockquote><p>Said in court.</p></blockquote>") == "Said in court."


def test_the_post_says_what_was_left_out(tmp_path: Path) -> None:
    """The tags of a mail come from its own words; a note counts the lines left out."""
    text = f"{HEAD}Subject: Re: Hearing\n\n{OWN}\n\nThey wrote:\n> He was tortured.\n"
    (tmp_path / "a.eml").write_text(text)
    (post,) = (item for item in read(tmp_path) if isinstance(item, Post))
    assert post.paragraphs == (OWN,)
    assert post.notes == ("lines quoted from another mail are left out: 1",)
