"""XML parts of office documents as a stream of elements: no tree is held, nothing is expanded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from rights_search.errors import ReadError

Attributes = Mapping[str, str]
"""Attributes of an element by their names without name space."""


MAX_DEPTH = 256
"""The most elements in one another; lxml, told of a part piece by piece, has no bound."""


class Handler(Protocol):
    """What is told of a part, element by element, by names without name space."""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take the start of an element."""

    def data(self, text: str) -> None:
        """Take a piece of text, perhaps not all that stands in one place."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""


def parse_part(data: bytes, handler: Handler, name: str) -> None:
    """Tell ``handler`` of each element of a part.

    Args:
        data: the XML of the part.
        handler: is told.
        name: the document, for errors.

    Raises:
        ReadError: if it is no well-formed XML, nests deeper than `MAX_DEPTH` elements, or has
            a document type, which could define entities and which no office program writes.
    """
    for _ in parse_steps(data, handler, name):
        pass


def parse_steps(data: bytes, handler: Handler, name: str) -> Iterator[None]:
    """Do as `parse_part` does, and pause behind each 64 KiB, to take what was found so far."""
    from lxml import etree  # noqa: PLC0415

    target: Any = _Target(handler, name)
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for place in range(0, len(data), _STEP_BYTES):
            parser.feed(data[place : place + _STEP_BYTES])
            yield
        parser.close()
        yield
    except etree.XMLSyntaxError as error:
        raise ReadError(name, f"its text is broken XML: {error.msg}", fatal=True) from error


_STEP_BYTES = 64 * 2**10


class _Target:
    """Takes the calls of lxml, whose names have a name space."""

    def __init__(self, handler: Handler, name: str) -> None:
        self._handler = handler
        self._name = name
        self._depth = 0
        self.data = handler.data

    def doctype(self, *_: str | None) -> None:
        reason = "has a document type in its XML, which could do harm; save it again as it is"
        raise ReadError(self._name, reason, fatal=True)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ReadError(self._name, "nests too deeply to be read", fatal=True)
        self._handler.start(_local(tag), {_local(key): text for key, text in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(_local(tag))

    def close(self) -> None:
        """Be done: what was found is with the handler."""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
