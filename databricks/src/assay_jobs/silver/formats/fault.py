"""What is wrong with a file as a whole: it is quarantined as one row, and the others go on."""

from __future__ import annotations

# No record, value or line is longer: what opens and does not close is not kept in memory, and Spark
# reads no text of more than 20 million characters, nor a VARIANT of more than 16 MiB.
MAX_CHARACTERS = 4 * 1024 * 1024


class FileFaultError(Exception):
    """`found`: what there is instead; `instead`: a sentence, what to write. Neither has a text of
    the file: both are counted in accounts, which are logged and served."""

    def __init__(self, found: str, instead: str = "") -> None:
        super().__init__(f"file: {found}. {instead}".rstrip(". "))
