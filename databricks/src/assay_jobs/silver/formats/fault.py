"""What is wrong with a file as a whole: it is quarantined as one row, and the others go on."""

from __future__ import annotations

# No record, value or line is longer: what opens and does not close is not kept in memory, and Spark
# reads no text of more than 20 million characters, nor a VARIANT of more than 16 MiB.
MAX_CHARACTERS = 4 * 1024 * 1024
SHOWN = 60


class FileFaultError(Exception):
    """`found`: what there is instead; `instead`: a sentence, what to write."""

    def __init__(self, found: str, instead: str = "") -> None:
        super().__init__(f"file: {found}. {instead}".rstrip(". "))


def shown(text: str) -> str:
    """The beginning of a text of the file, as a message may hold it."""
    plain = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    plain = " ".join("".join(each if each.isprintable() else " " for each in plain).split())
    return f"'{plain[:SHOWN]}…'" if len(plain) > SHOWN else f"'{plain}'"
