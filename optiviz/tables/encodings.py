"""How a file's letters are written: found by reading all of it once."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TYPE_CHECKING

from optiviz.engine.cancel import Cancelled
from optiviz.tables.choices import ENCODINGS
from optiviz.tables.row import MAX_LINE, TableFileError, too_long

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

_CHUNK = 1 << 18  # bytes
_ENOUGH = 1 << 16  # bytes of lines with letters beyond ASCII, by which to guess
_MARKS = (  # the longer ones first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
#: Those between which letters decide. The Latin ones of Windows have those of ISO in them.
_GUESSED = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "koi8-r"),
    *("cp932", "gb18030", "big5hkscs", "cp949"),
)
_WESTERN = "cp1252"
_LEAST = 0.005  # confidence; a guess from a single letter has less, from a word more


def find(file: BinaryIO, cancelled: Callable[[], bool]) -> tuple[str, list[str]]:
    """Find a file's encoding; gives its name, and a sentence where it was guessed.

    Raises:
        TableFileError: it is not text.
    """
    head = file.read(_CHUNK)
    if not head:
        raise TableFileError("it is empty")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    encoding = encoding or _unmarked(head)
    try:
        check(file, encoding, cancelled)
    except UnicodeError:
        if encoding != "utf-8":
            raise TableFileError("it is not text, or it is damaged") from None
    else:
        return encoding, []
    encoding = _guess(_telling(file, cancelled))
    for each in dict.fromkeys((encoding, _WESTERN)):
        try:
            check(file, each, cancelled)
        except UnicodeError:
            continue
        named = ENCODINGS[each].partition(",")[0]
        return each, [f"It is not in UTF-8, so its letters were read as {named}, by guess."]
    raise TableFileError("it is not text in UTF-8, UTF-16 or Windows-1252")


def chosen(file: BinaryIO, encoding: str, cancelled: Callable[[], bool]) -> str:
    """Check a file against the encoding that was chosen; gives it as the file writes it.

    Raises:
        TableFileError: it is in another one, or is not text.
    """
    head = file.read(_CHUNK)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), _unmarked(head))
    own = marked if marked.startswith(encoding) else encoding
    try:
        check(file, own, cancelled)
    except UnicodeError:
        raise TableFileError(f"it is not text in {encoding}") from None
    return own


def check(file: BinaryIO, encoding: str, cancelled: Callable[[], bool]) -> None:
    """Try an encoding on the whole file; text has no control characters.

    Raises:
        UnicodeError: it is in another one.
        TableFileError: it is not text, or has a line without end.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    plain = not encoding.startswith(("utf-16", "utf-32"))
    line, letters = 1, 0
    while chunk := file.read(_CHUNK):
        if cancelled():
            raise Cancelled
        text = decoder.decode(chunk)
        control = len(chunk.translate(None, _CONTROLS)) < len(chunk) if plain else "\0" in text
        if control:
            place = min(text.find(chr(code)) % (len(text) + 1) for code in _CONTROLS)
            line += text.count("\n", 0, place)
            raise TableFileError(f"it is not text: line {line} has a control character")
        line += text.count("\n")
        ends = max(text.rfind("\n"), text.rfind("\r")) + 1
        letters = len(text) - ends if ends else letters + len(text)
        if letters > MAX_LINE:  # told before all of it is read
            raise too_long(line)
    decoder.decode(b"", final=True)


def _unmarked(head: bytes) -> str:
    """Guess without a byte order mark: zeros stand in every other byte of UTF-16."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 4 and even < odd / 10:
        return "utf-16-le"
    if even > len(head) / 4 and odd < even / 10:
        return "utf-16-be"
    return "utf-8"


def _telling(file: BinaryIO, cancelled: Callable[[], bool]) -> bytes:
    """Take the lines that have letters beyond ASCII: only these tell encodings apart."""
    file.seek(0)
    found, size = [], 0
    while (line := file.readline(MAX_LINE)) and size < _ENOUGH:
        if cancelled():
            raise Cancelled
        if not line.isascii():
            found.append(line)
            size += len(line)
    return b"".join(found)


def _guess(sample: bytes) -> str:
    """Guess an encoding by its letters; Western where they say nothing else."""
    import chardet  # only here: files in UTF-8 do without

    told = chardet.detect(sample, include_encodings=_GUESSED, compat_names=False)
    name = codecs.lookup(told["encoding"] or _WESTERN).name.replace("big5hkscs", "big5")
    if name not in ENCODINGS or told["confidence"] < _LEAST:
        return _WESTERN
    try:
        text = sample.decode(name)
    except UnicodeError:
        return _WESTERN
    # Where Western Europe's letters are the same, they are nobody else's.
    is_western = text == sample.decode(_WESTERN, "replace")
    return name if not is_western and all(map(_is_letter, text)) else _WESTERN


def _is_letter(letter: str) -> bool:
    """Whether a letter beyond ASCII is one that people write in tables."""
    return letter.isascii() or (
        unicodedata.category(letter)[0] in "LMNPSZ" and not ("\u2500" <= letter <= "\u259f")
    )
