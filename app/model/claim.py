"""Claims as a practice sends them: 837 professional (005010X222A1) and institutional (005010X223A2).

Names are the field's own; each docstring says in which loop and segment a value stands. Money is exact, dates are
kept as written beside their typed reading, codes are kept as written. What these values do not name is kept too:
whole segments in ``other``, odd elements and misplaced segments in ``kept``, so that writing a claim that was read
gives the same document.
"""

from __future__ import annotations

from datetime import date

import msgspec

from app.model.adjustment import Adjustment
from app.model.money import Money
from app.model.people import Address

Raw = tuple[str | tuple[str, ...], ...]
"""A segment as written: its id, then its elements; a composite element is a tuple of its parts."""


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that no field takes, and where it stood.

    ``at`` is the place among the segments of its owner, from 0. With ``element`` 0 ``row`` is a whole segment that the
    guide does not expect there; otherwise ``row`` holds the one value of that element of the segment at ``at``.
    """

    at: int
    row: Raw
    element: int = 0


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """REF: a ``value`` and what kind of number it is (``qualifier``, table ``ref``).

    ``payer`` is REF04-2: the payer whose number it is, on a claim with several payers. ``description`` is REF03.
    """

    qualifier: str
    value: str
    description: str = ""
    payer: str = ""


class QualifiedDate(msgspec.Struct, frozen=True, omit_defaults=True):
    """DTP: what happened (``qualifier``, table ``dtp``) and when, as written in ``format`` D8, RD8, DT or TM."""

    qualifier: str
    format: str
    text: str

    @property
    def start(self) -> date | None:
        """The day, or the first day of a range; None for an impossible date, which is then shown as written."""
        return _day(self.text[:8]) if self.format != "TM" else None

    @property
    def end(self) -> date | None:
        """The last day of a range, else the day itself."""
        return _day(self.text[9:17]) if self.format == "RD8" and "-" in self.text else self.start


def _day(text: str) -> date | None:
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


class QualifiedAmount(msgspec.Struct, frozen=True, omit_defaults=True):
    """AMT: an amount and what it is (``qualifier``, table ``amt``)."""

    qualifier: str
    amount: Money


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """NTE: free text with its ``kind`` (ADD, CER, DCP, DGN, TPO)."""

    kind: str
    text: str


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """PER: a person to ask. ``numbers`` are (TE phone, FX fax, EM e-mail, EX extension) with their value, in order."""

    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    function: str = "IC"


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """PWK: a paper that belongs to the claim or line: its ``type``, how it travels, its control number."""

    type: str
    transmission: str
    control_number: str = ""
    qualifier: str = ""


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """NM1 and what follows it: a person or organization in a ``role`` (NM101, table ``entity``).

    ``id`` with ``id_qualifier`` XX is an NPI, MI a member number, PI a payer number, 46 an electronic sender's number.
    ``taxonomy`` is PRV03 and ``provider_role`` PRV01 where the role has one; ``birth_date`` (8 digits as written) and
    ``sex`` are DMG02 and DMG03.
    """

    role: str = ""
    is_person: bool = False
    name: str = ""
    first_name: str = ""
    middle_name: str = ""
    prefix: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    provider_role: str = ""
    taxonomy: str = ""
    address: Address | None = None
    birth_date: str = ""
    sex: str = ""
    dates: tuple[QualifiedDate, ...] = ()
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        """The NPI, or nothing where the id is of another kind."""
        return self.id if self.id_qualifier == "XX" else ""

    @property
    def born(self) -> date | None:
        """The birth date; None where it is missing or impossible."""
        return _day(self.birth_date)

    @property
    def full_name(self) -> str:
        """First, middle, last name and suffix, or the organization's name."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.name, self.suffix) if part)

    def reference(self, qualifier: str) -> str:
        """The number of that kind, or nothing."""
        return next((found.value for found in self.references if found.qualifier == qualifier), "")


class Submitter(Party, frozen=True, kw_only=True):
    """Loop 1000A: who sends the file, with whom to ask."""


class Receiver(Party, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 1000B: who gets the file."""


class BillingProvider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000A: who bills (2010AA), its taxonomy (PRV*BI), where to pay (2010AB), to which plan (2010AC).

    The tax number stands in ``party.references`` as EI (or SY). ``level`` is the segment number of its HL as
    read, so that levels which say the same stay apart; 0 when it was not read.
    """

    party: Party
    taxonomy: str = ""
    currency: str = ""
    pay_to: Party | None = None
    pay_to_plan: Party | None = None
    level: int = 0
    kept: tuple[Kept, ...] = ()


class Payer(Party, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2010BB: the payer this claim goes to; its numbers for the billing provider are REF*G2, REF*LU."""


class Subscriber(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000B: whose insurance it is (2010BA) and which payer (2010BB), with SBR and PAT of that level.

    ``payer_order`` SBR01 (P, S, T …), ``relationship`` SBR02 (18 when the patient is the subscriber),
    ``insurance_type`` SBR05 (why Medicare is secondary), ``claim_filing`` SBR09 (MB, CI, …, table ``claim_filing``).
    ``responsible`` is 2010BC/2010BD of older guides, kept where it is found.
    """

    party: Party
    payer: Payer
    payer_order: str = "P"
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    claim_filing: str = ""
    death_date: str = ""
    weight: str = ""
    pregnant: str = ""
    level: int = 0
    kept: tuple[Kept, ...] = ()


class ClaimPatient(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000C: the patient, where that is not the subscriber; ``relationship`` is PAT01."""

    party: Party
    relationship: str
    death_date: str = ""
    weight: str = ""
    pregnant: str = ""
    level: int = 0
    kept: tuple[Kept, ...] = ()


class Diagnosis(msgspec.Struct, frozen=True, omit_defaults=True):
    """One composite of HI: a diagnosis, procedure, condition, occurrence, value or DRG (table ``diagnosis_qualifier``).

    ``code`` has no point. ``date`` (with ``date_format``) belongs to procedures and occurrences, ``amount`` to value
    codes, ``present_on_admission`` to inpatient diagnoses.
    """

    qualifier: str
    code: str
    date_format: str = ""
    date: str = ""
    amount: Money | None = None
    quantity: str = ""
    version: str = ""
    end_code: str = ""
    present_on_admission: str = ""


class Procedure(msgspec.Struct, frozen=True, omit_defaults=True):
    """The composite of SV101, SV202, SVD03: a code with its kind (HC, HP, ER, IV, WK) and up to four modifiers."""

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""
    end_code: str = ""


class Drug(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2410: LIN and CTP: the drug given (``qualifier`` N4: NDC), how much, in which unit; REF*XZ or VY."""

    code: str
    qualifier: str = "N4"
    quantity: str = ""
    unit: str = ""
    references: tuple[Reference, ...] = ()


class LineAdjudication(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2430: what another payer decided on a line: SVD, CAS, DTP*573, AMT*EAF.

    ``paid`` and the amounts of ``adjustments`` must add up to the line's charge (point 42).
    """

    payer_id: str
    paid: Money
    procedure: Procedure | None = None
    revenue_code: str = ""
    units: str = ""
    bundled_line: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()


class ServiceLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2400: one service: LX and SV1 (professional) or SV2 (institutional), and all that hangs on it.

    ``unit`` UN units, MJ minutes, DA days; ``units`` as written. ``pointers`` (SV107) name diagnoses of the claim from
    1. ``place_of_service`` only where it differs from the claim's. ``providers`` are the loops 2420 in order, by role.
    ``other`` holds further segments as written (QTY, MEA, CR1, CRC, HCP, PS1, LQ, FRM …).
    """

    number: int
    charge: Money
    procedure: Procedure | None = None
    unit: str = "UN"
    units: str = ""
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    emergency: str = ""
    epsdt: str = ""
    family_planning: str = ""
    copay_exempt: str = ""
    revenue_code: str = ""
    non_covered: Money | None = None
    dates: tuple[QualifiedDate, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[Note, ...] = ()
    drugs: tuple[Drug, ...] = ()
    providers: tuple[Party, ...] = ()
    adjudications: tuple[LineAdjudication, ...] = ()
    other: tuple[Raw, ...] = ()

    @property
    def service_date(self) -> QualifiedDate | None:
        """DTP*472."""
        return next((found for found in self.dates if found.qualifier == "472"), None)

    @property
    def control_number(self) -> str:
        """REF*6R: our own number of the line, which the payer gives back in its remittance."""
        return next((found.value for found in self.references if found.qualifier == "6R"), "")


class OtherSubscriber(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2320: another payer of the claim: SBR, CAS, AMT, OI, MOA/MIA, 2330A (insured), 2330B (payer), 2330C-I.

    ``paid`` in ``amounts`` is AMT*D, what is left to the patient AMT*EAF. ``benefits_assigned`` OI03,
    ``release`` OI06. ``providers`` are the roles that other payer knows under other numbers.
    """

    payer_order: str
    relationship: str = ""
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    claim_filing: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    benefits_assigned: str = ""
    patient_signature: str = ""
    release: str = ""
    other: tuple[Raw, ...] = ()
    insured: Party | None = None
    payer: Party | None = None
    providers: tuple[Party, ...] = ()

    @property
    def paid(self) -> Money | None:
        """AMT*D: what this payer paid on the claim; None where it has not said."""
        return next((found.amount for found in self.amounts if found.qualifier == "D"), None)


class Claim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2300 with the levels above it: one claim, complete in itself.

    ``patient_control_number`` CLM01 is our own number, which every answer carries; ``facility_code`` CLM05-1 is the
    place of service (professional) or the first two digits of the type of bill; ``frequency`` CLM05-3 is 1 new,
    7 replaces, 8 voids. ``related_causes`` CLM11-1..3 (AA auto, EM work, OA other accident). ``diagnoses`` are all HI
    composites in order; ``health_information`` says how many stood in each HI. ``admission`` is CL1: type, source,
    discharge status. ``providers`` are the loops 2310 in order, by role. ``patient`` is None when the subscriber is
    the patient.
    """

    patient_control_number: str
    charge: Money
    billing: BillingProvider
    subscriber: Subscriber
    patient: ClaimPatient | None = None
    facility_code: str = ""
    facility_qualifier: str = "B"
    frequency: str = "1"
    signature_on_file: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    delay_reason: str = ""
    dates: tuple[QualifiedDate, ...] = ()
    admission: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    health_information: tuple[int, ...] = ()
    other: tuple[Raw, ...] = ()
    providers: tuple[Party, ...] = ()
    other_subscribers: tuple[OtherSubscriber, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    kept: tuple[Kept, ...] = ()

    def reference(self, qualifier: str) -> str:
        """The number of that kind, or nothing."""
        return next((found.value for found in self.references if found.qualifier == qualifier), "")

    @property
    def payer_claim_number(self) -> str:
        """REF*F8: the payer's number of the claim that this one replaces or voids."""
        return self.reference("F8")

    @property
    def patient_party(self) -> Party:
        """Who was treated."""
        return self.patient.party if self.patient else self.subscriber.party

    def provider(self, role: str) -> Party | None:
        """The provider in ``role`` (82 rendering, DN referring, 77 service location …)."""
        return next((found for found in self.providers if found.role == role), None)
