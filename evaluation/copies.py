"""Copies and threads in real listing records: how many, how sure, how many missed.

The truth about similarity is counted pair by pair on the words themselves, in sets of
tuples, with none of the hashes that the program takes. Whether two posts are copies is
judged by people: ``labels/copies.tsv``, made with `evaluation.copy_pairs`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice
from pathlib import Path

from evaluation.metrics import mean
from evaluation.rows import Row, not_here
from rights_search.ingest import read
from rights_search.links.fingerprints import SHORT_WORDS, words_of
from rights_search.links.linker import Linker
from rights_search.links.relations import EXACT, RULES, Links
from rights_search.post import Post
from rights_search.tagging import tag

DATA = "amnesty-listing"
FILE = "amnesty-listing.dev.jsonl.gz"
LABELS = Path(__file__).with_name("labels") / "copies.tsv"

LINKED, UNLINKED, APART, FOLLOWS = "linked", "unlinked", "apart", "follows"
"""Kinds of labelled pairs: original and copy; alike by less than is needed; by enough, but
kept apart by a rule; a post and the one that it follows."""

_QUICK = 3000
_MEASURES = (
    "posts that are copies", "exact copies", "near-copies", "originals that have copies",
    "pairs compared for a post", "alike pairs found", "posts that follow another",
    *(f"follow by {rule}" for rule in RULES),
    "linked pairs that are copies", "near-copies that are copies",
    "pairs alike by .5 to .7 that are copies", "pairs kept apart that are copies",
    "followed posts that are right",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """Posts with their links.

    Args:
        posts: id → post, tagged.
        links: what the program found.
        compared: how many pairs of texts it compared.
    """

    posts: Mapping[str, Post]
    links: Links
    compared: int

    @property
    def pairs(self) -> dict[tuple[str, str], int]:
        """Return (original, copy) → thousandths in common."""
        return {
            (cluster.original, copy): like
            for cluster in self.links.clusters
            for copy, like in cluster.copies
        }


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Count the links of the listing records, and how many of the labelled ones are right.

    Args:
        folder: the real data.
        quick: True for the first 3,000 records, since to take every third would part the
            copies, and for one of two sites.
    """
    return [*_listing(folder / FILE, quick=quick), *_twins(folder, quick=quick)]


def _listing(path: Path, *, quick: bool) -> list[Row]:
    if not path.is_file():
        return not_here(DATA, path, *_MEASURES)
    linked = link(path, most=_QUICK if quick else None)
    size = f"{len(linked.posts):,} records"
    pairs, follows = linked.pairs, linked.links.follows
    exact = linked.links.exact_count
    rules = Counter(rule for _, rule in follows.values())
    share = 1 / len(linked.posts)
    rows = {
        "posts that are copies": len(pairs) * share,
        "exact copies": exact,
        "near-copies": len(pairs) - exact,
        "originals that have copies": len(linked.links.clusters),
        "pairs compared for a post": linked.compared * share,
        "posts that follow another": len(follows) * share,
        **{f"follow by {rule}": rules[rule] for rule in RULES},
    }
    return [
        *(Row(DATA, measure, value, size) for measure, value in rows.items()),
        _recall(linked),
        *_judged(linked),
    ]


def _twins(folder: Path, *, quick: bool) -> list[Row]:
    """Measure how many Markdown files are found to be what JSON Lines files hold too.

    There the same posts stand with their marks and addresses in the text.
    """
    data, measure = "markdown", "files linked to their twins"
    sites = ("drw",) if quick else ("drw", "ooni")
    wanted = [*(folder / "markdown" / site for site in sites)]
    wanted += [folder / f"{site}-posts.jsonl.gz" for site in sites]
    if not all(path.exists() for path in wanted):
        return not_here(data, folder, measure)
    linked = link(*wanted)
    files = {each.id for each in linked.posts.values() if each.provenance.path.endswith(".md")}
    found = [
        (cluster := linked.links.cluster(post_id)) is not None and not files.issuperset(cluster.ids)
        for post_id in files
    ]
    return [Row(data, measure, mean(found), f"{len(found)} files of {' and '.join(sites)}")]


@cache
def link(*paths: Path, most: int | None = None) -> Linked:
    """Read, tag and link the posts of files and folders, at most so many."""
    with tempfile.TemporaryDirectory() as name:
        # In a folder of its own: nothing that lies beside the data decides how it is read.
        for path in paths:
            target = Path(name) / path.name
            if path.is_dir():
                shutil.copytree(path, target)
            else:
                shutil.copyfile(path, target)
        found = (post for post in read(Path(name)) if isinstance(post, Post))
        posts = {post.id: tag(post) for post in islice(found, most)}
    linker = Linker(posts.__getitem__)
    for post in posts.values():
        linker.add(post)
    state, links = linker.finish(None, posts)
    linker.close()
    return Linked(posts, links, len(state.pairs))


def alike(posts: Iterable[Post], least: float) -> dict[tuple[str, str], float]:
    """Return every pair of posts → its Jaccard similarity, from ``least`` on.

    Args:
        posts: the posts.
        least: above 0.
    """
    shingles = {post.id: _shingles(post) for post in posts}
    bearers: dict[tuple[bytes, ...], list[str]] = defaultdict(list)
    for post_id, own in shingles.items():
        for shingle in own:
            bearers[shingle].append(post_id)
    common = Counter(pair for ids in bearers.values() for pair in combinations(ids, 2))
    found = {}
    for (first, second), count in common.items():
        like = count / (len(shingles[first]) + len(shingles[second]) - count)
        if like >= least:
            found[first, second] = like
    return found


def _shingles(post: Post) -> set[tuple[bytes, ...]]:
    words = words_of(post)
    return set(zip(words, words[1:], words[2:], words[3:], strict=False)) or {tuple(words)}


def _recall(linked: Linked) -> Row:
    """Return the share of pairs alike by .7 or more, long and of one country, that are linked."""
    long = [post for post in linked.posts.values() if len(words_of(post)) >= SHORT_WORDS]
    wanted = [
        pair for pair, like in alike(long, 0.7).items() if _can_be_copies(linked.posts, *pair)
    ]
    found = [
        (cluster := linked.links.cluster(first)) is not None and second in cluster.ids
        for first, second in wanted
    ]
    return Row(DATA, "alike pairs found", mean(found), f"{len(found):,} pairs")


def _can_be_copies(posts: Mapping[str, Post], first: str, second: str) -> bool:
    one, two = posts[first], posts[second]
    countries = [{found.value for found in post.countries} for post in (one, two)]
    is_other_country = all(countries) and countries[0].isdisjoint(countries[1])
    return not is_other_country and one.date == two.date


# --- judged by people ----------------------------------------------------------------


def labels() -> Iterator[tuple[str, str, str, bool]]:
    """Yield the kind, the two ids and the verdict of each labelled pair."""
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, first, second, verdict = line.split("\t")[:4]
            yield kind, first, second, verdict == "yes"


def _judged(linked: Linked) -> Iterator[Row]:
    pairs, follows = linked.pairs, linked.links.follows
    right: dict[str, list[bool]] = {LINKED: [], "near": [], UNLINKED: [], APART: [], FOLLOWS: []}
    for kind, first, second, verdict in labels():
        if kind == FOLLOWS:
            if follows.get(first, ("",))[0] == second:
                right[FOLLOWS].append(verdict)
        elif (first, second) in pairs:
            # Whatever the pair was when it was read.
            right[LINKED].append(verdict)
            if pairs[first, second] < EXACT:
                right["near"].append(verdict)
        elif kind != LINKED and {first, second} <= linked.posts.keys():
            right[kind].append(verdict)
    for measure, verdicts in zip(_MEASURES[-len(right) :], right.values(), strict=True):
        yield Row(DATA, measure, mean(verdicts), f"{len(verdicts):,} pairs read")
