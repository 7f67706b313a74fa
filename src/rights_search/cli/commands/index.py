"""``rights-search index``: bring an index in line with a corpus."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rights_search import engines
from rights_search.cli import options, terminal
from rights_search.indexing.sync_results import SyncSummary
from rights_search.safe_text import safe

if TYPE_CHECKING:
    from rights_search.archive import Archive

FILE_FAILED = 3

_EPILOG = """\
Exit codes: 0 done, 2 error, 3 with --strict when a file, or a member of an
archive, could not be read, with --strict-new when that is new.

\b
Examples:
  rights-search index corpus/
  rights-search index ~/posts --index ~/posts-index
  rights-search index corpus/ --rebuild --strict
  rights-search index corpus/ --lock-timeout 60
  rights-search index corpus/ --themes my-themes.toml
  rights-search index corpus/ --report fates.jsonl
  rights-search index corpus/ --engine tantivy --rebuild
  rights-search index --from index/ --engine whoosh
  rights-search index corpus/ --quiet --strict-new || echo "look into it\""""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Build an index, or bring it up to date.",
    epilog=_EPILOG,
)
@click.argument("corpus", type=click.Path(exists=True), nargs=-1, metavar="CORPUS")
@options.index_option
@click.option(
    "--themes",
    metavar="FILE",
    help="Tag with your own themes and groups of people (TOML or JSON; 'default' for ours).",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Read in so many processes (by default as many as there are processors).",
)
@click.option(
    "--engine",
    type=click.Choice(engines.names()),
    help="What the index is made with; tantivy, an extra, for large archives.",
)
@click.option(
    "--from",
    "converted",
    metavar="DIR",
    help="Take the posts out of this index of another engine, in place of a CORPUS.",
)
@click.option(
    "--lock-timeout",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="Wait so long for another process that is changing the index.",
)
@click.option("--rebuild", is_flag=True, help="Read every file again into a fresh index.")
@click.option("--strict", is_flag=True, help="Exit with 3 when something could not be read.")
@click.option(
    "--strict-new",
    is_flag=True,
    help="Exit with 3 when something could not be read that no earlier run came upon.",
)
@click.option("--quiet", is_flag=True, help="No progress, no list of problems, no summary.")
@options.follow_links_option
@click.option("--report", metavar="FILE", help="Write what became of each file, as JSON Lines.")
@options.no_color_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    corpus: tuple[str, ...],
    index: str,
    themes: str | None,
    jobs: int | None,
    engine: str | None,
    converted: str | None,
    lock_timeout: float,
    rebuild: bool,
    strict: bool,
    strict_new: bool,
    quiet: bool,
    follow_links: bool,
    report: str | None,
    no_color: bool,
) -> int:
    """Index CORPUS: a folder of posts, or one file.

    Only files that are new or changed are read; posts of files that are gone leave
    the index. Text, Markdown, HTML, JSON, CSV, feeds, mails, PDF, DOC, DOCX, ODT, RTF, XLSX, ODS
    and what stands of these in web archives, ZIP and tar files is read: docs/formats.md says more.

    A record without a key or an address is known by its title, date and text: where one is
    edited, a post is removed and another added.

    What could not be read, or was left out, is listed by the run that comes upon it; later
    runs count it. In a job that runs every night, `>/dev/null` leaves what is new, and
    `--strict-new` fails for that alone.
    """
    if converted is not None:
        _check_conversion(corpus, engine, rebuild=rebuild, themes=themes, report=report, jobs=jobs)
        return _convert(converted, index, engine or "", quiet=quiet, no_color=no_color)
    folder = _only(corpus)
    _check_report(report, folder)
    from rights_search.cli import progress  # noqa: PLC0415 - not for --help
    from rights_search.cli import report as reports  # noqa: PLC0415
    from rights_search.cli.app import complain  # noqa: PLC0415 - it knows this command
    from rights_search.ingest import witness  # noqa: PLC0415

    with (
        witness.beside(complain),
        reports.writer(report) as tell,
        progress.reporter(quiet=quiet, no_color=no_color) as draw,
        _opened(index, engine, rebuild=rebuild) as archive,
    ):
        summary = archive.sync(
            folder,
            rebuild=rebuild,
            vocabulary=themes,
            processes=jobs,
            follow_links=follow_links,
            lock_timeout=lock_timeout,
            progress=draw,
            report=tell,
        )
    if not quiet:
        _tell(summary, index, strict=strict, no_color=no_color)
    has_failed = strict and (summary.failed or summary.members_failed)
    return FILE_FAILED if has_failed or (strict_new and _is_news(summary)) else 0


def _is_news(summary: SyncSummary) -> bool:
    """Tell whether anything could not be read that no earlier run came upon."""
    return any(problem.is_failure and not problem.is_known for problem in summary.problems)


def _only(corpus: tuple[str, ...]) -> str:
    """Return the one corpus; several would each remove the posts of the others."""
    ctx = click.get_current_context()
    if not corpus:
        ctx.fail(f"Which folder holds the posts? For example: {ctx.command_path} corpus/")
    if len(corpus) > 1:
        ctx.fail("An index mirrors one CORPUS: give the folder that holds them all.")
    return corpus[0]


def _check_report(report: str | None, corpus: str) -> None:
    """Refuse a report inside of the corpus: the next run would read it as posts."""
    if report is not None and Path(report).resolve().is_relative_to(Path(corpus).resolve()):
        click.get_current_context().fail("The --report must not lie in CORPUS, nor replace it.")


def _opened(index: str, engine: str | None, *, rebuild: bool) -> Archive:
    from rights_search.archive import Archive  # noqa: PLC0415 - not for --help

    if rebuild:
        return Archive.open_for_rebuild(index, engine=engine)
    return Archive.open_or_create(index, engine=engine)


def _check_conversion(corpus: tuple[str, ...], engine: str | None, **others: object) -> None:
    """Refuse what only reading a corpus can do."""
    ctx = click.get_current_context()
    if corpus:
        ctx.fail("Give a CORPUS, or --from an index, not both.")
    if engine is None:
        ctx.fail(f"Which --engine shall the index have? One of {', '.join(engines.names())}.")
    for name, value in others.items():
        if value:
            ctx.fail(f"--{name} needs a CORPUS to read; --from takes the posts as they are.")


def _convert(source: str, index: str, engine: str, *, quiet: bool, no_color: bool) -> int:
    from rights_search.archive import Archive  # noqa: PLC0415 - not for --help
    from rights_search.cli import progress  # noqa: PLC0415

    in_place = Path(source).resolve() == Path(index).resolve()
    with (
        progress.reporter(quiet=quiet, no_color=no_color) as draw,
        Archive.open(source) as archive,
    ):
        if archive.engine == engine:
            click.get_current_context().fail(f"The engine of {source} is {engine} already.")
        with archive.convert(engine, None if in_place else index, progress=draw) as made:
            posts = made.manifest.post_count
    if not quiet:
        print(safe(f"{posts:,} posts are in {index} now, with the engine {engine}."))  # noqa: T201
    return 0


def _tell(summary: SyncSummary, index: str, *, strict: bool, no_color: bool) -> None:
    from rights_search.cli import output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.summary import problem_lines, summary_view  # noqa: PLC0415

    for text in output.plain(problem_lines(summary, strict=strict)):
        print(text, file=sys.stderr)  # noqa: T201 - problems are no part of the answer
    glyphs = terminal.glyphs_for(sys.stdout)
    blocks = summary_view(summary, index, _next_command(), glyphs)
    output.write(blocks, no_color=no_color)


def _next_command() -> str:
    return f"rights-search query{options.given('index')} freedom of expression"
