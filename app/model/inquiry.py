"""What the questions and answers about coverage and claims (270, 271, 276, 277, 277CA) have in common."""

from __future__ import annotations

import msgspec


class Heading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """BHT: ``reference`` BHT03 names the document, ``purpose`` BHT02, ``kind`` BHT06 as the guide says.

    ``date`` (8 digits) and ``time`` (4 digits or more) are BHT04 and BHT05 as written.
    """

    reference: str = ""
    purpose: str = ""
    date: str = ""
    time: str = ""
    kind: str = ""


class Trace(msgspec.Struct, frozen=True, omit_defaults=True):
    """TRN: a number that an answer gives back.

    In a 271 ``type`` 2 is the number that was in our question and 1 one that the payer gave; ``originator`` TRN03 says
    whose it is.
    """

    number: str
    originator: str = ""
    reference: str = ""
    type: str = "1"
