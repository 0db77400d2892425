"""Remittances: what a payer paid, took off and held back (835, 005010X221A1).

Names are the field's own; each docstring says in which loop and segment a value stands. Money is exact and keeps its
text, dates keep their text beside their typed reading, codes are kept as written. Segments that no field takes are
kept too (``kept``), so that writing a remittance that was read gives the same document.
"""

from __future__ import annotations

from datetime import date

import msgspec

from app.model.adjustment import Adjustment
from app.model.claim import (
    Contact,
    Kept,
    Party,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Reference,
)
from app.model.money import Money

NO_MONEY = Money(0)
REVERSAL = "22"
PREDETERMINATION = "25"
DENIED = "4"
FORWARDED = frozenset(("19", "20", "21", "23"))


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """QTY: how many, and of what (``qualifier``)."""

    qualifier: str
    value: str


class Remark(msgspec.Struct, frozen=True, gc=False):
    """LQ: a remark code of a list: HE remark codes (table ``rarc``), RX pharmacy reject codes."""

    list: str
    code: str


class ServicePayment(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Loop 2110: one service as the payer decided it (SVC).

    ``procedure`` SVC01 is what was paid; ``submitted`` SVC06 what we sent, where the payer changed it (point 19);
    ``units`` SVC05 and ``original_units`` SVC07 as written. ``start`` is the number of the SVC in its transaction.
    """

    procedure: Procedure
    charge: Money
    paid: Money
    revenue_code: str = ""
    units: str = ""
    submitted: Procedure | None = None
    original_units: str = ""
    dates: tuple[QualifiedDate, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    remarks: tuple[Remark, ...] = ()
    kept: tuple[Kept, ...] = ()
    start: int = 0

    @property
    def control_number(self) -> str:
        """REF*6R: our own number of the line, the first thing to match by."""
        return next((found.value for found in self.references if found.qualifier == "6R"), "")

    @property
    def service_date(self) -> date | None:
        """DTM*472, or the first day of DTM*150; None where the claim's dates hold."""
        return next((found.start for found in self.dates if found.qualifier in ("472", "150")), None)

    @property
    def service_end(self) -> date | None:
        """DTM*472, or the last day, DTM*151."""
        return next((found.start for found in self.dates if found.qualifier in ("472", "151")), None)

    @property
    def allowed(self) -> Money | None:
        """AMT*B6: what the payer allowed, where it says so."""
        return next((found.amount for found in self.amounts if found.qualifier == "B6"), None)

    @property
    def difference(self) -> int:
        """SVC02 - CAS - SVC03 in cents: 0 when the line balances (point 11)."""
        return self.charge.cents - sum(found.amount.cents for found in self.adjustments) - self.paid.cents


class ClaimPayment(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Loop 2100: one claim as the payer decided it (CLP), with its lines.

    ``status`` CLP02 (table ``claim_payment_status``); ``responsibility`` CLP05 is the payer's own figure and is not
    always the sum of the PR adjustments (point 13). ``parties`` are the NM1 in order, by role (QC patient, IL insured,
    74 corrected, 82 rendering, TT crossover, PR priority payer, GB other subscriber). ``inpatient`` and ``outpatient``
    are MIA and MOA, their elements in order from 1 at index 0. ``header`` is the LX number the claim stands under;
    ``summary_provider`` the provider number of that LX's TS3. ``start`` is the number of the CLP in its transaction.
    """

    patient_control_number: str
    status: str
    charge: Money
    paid: Money
    responsibility: Money
    claim_filing: str = ""
    payer_control_number: str = ""
    facility_code: str = ""
    frequency: str = ""
    drg: str = ""
    drg_weight: str = ""
    discharge_fraction: str = ""
    authorized: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    parties: tuple[Party, ...] = ()
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()
    contacts: tuple[Contact, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    lines: tuple[ServicePayment, ...] = ()
    kept: tuple[Kept, ...] = ()
    header: str = ""
    summary_provider: str = ""
    start: int = 0

    def party(self, role: str) -> Party | None:
        """The party in that role, if the claim names one."""
        return next((found for found in self.parties if found.role == role), None)

    def reference(self, qualifier: str) -> str:
        """REF02 of that qualifier, or nothing."""
        return next((found.value for found in self.references if found.qualifier == qualifier), "")

    def amount(self, qualifier: str) -> Money | None:
        """AMT02 of that qualifier (AU covered, I interest …), if given."""
        return next((found.amount for found in self.amounts if found.qualifier == qualifier), None)

    def day(self, qualifier: str) -> date | None:
        """DTM02 of that qualifier: 232 from, 233 to, 050 received, 036 coverage end."""
        return next((found.start for found in self.dates if found.qualifier == qualifier), None)

    @property
    def patient(self) -> Party | None:
        """NM1*QC."""
        return self.party("QC")

    @property
    def corrected_member_id(self) -> str:
        """The member number that NM1*74 says is right, to be offered for the chart (point 23)."""
        corrected = self.party("74")
        return corrected.id if corrected and corrected.id_qualifier == "C" else ""

    @property
    def forwarded_to(self) -> str:
        """Whom the payer sent the claim on to (NM1*TT); do not bill that payer by hand (point 14)."""
        carrier = self.party("TT")
        return carrier.name if carrier else ""

    @property
    def is_forwarded(self) -> bool:
        """Whether CLP02 says that the claim went on to another payer."""
        return self.status in FORWARDED

    @property
    def is_reversal(self) -> bool:
        """Whether this takes an earlier payment back: every amount has its sign turned (point 15)."""
        return self.status == REVERSAL

    @property
    def remarks(self) -> tuple[str, ...]:
        """Claim remark codes: MIA05 and MIA20-23, MOA03-07 (point 21)."""
        inpatient = [self.inpatient[index] for index in (4, 19, 20, 21, 22) if index < len(self.inpatient)]
        return tuple(code for code in (*inpatient, *self.outpatient[2:7]) if code)

    @property
    def difference(self) -> int:
        """CLP03 - all CAS (claim and lines) - CLP04 in cents: 0 when the claim balances (point 11)."""
        lines = sum(found.amount.cents for line in self.lines for found in line.adjustments)
        own = sum(found.amount.cents for found in self.adjustments)
        return self.charge.cents - own - lines - self.paid.cents

    @property
    def patient_adjustments(self) -> int:
        """The sum of all PR adjustments in cents, to be shown beside ``responsibility``, never instead of it."""
        found = [*self.adjustments, *(adjustment for line in self.lines for adjustment in line.adjustments)]
        return sum(adjustment.amount.cents for adjustment in found if adjustment.group == "PR")


class ProviderAdjustment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One pair of a PLB: money moved outside any claim (table ``plb``: WO takes back, FB carries forward, L6 interest).

    ``amount`` keeps the sign of the file: positive lowers the payment, negative raises it (point 10). ``reference``
    often holds the patient control number. ``segment`` numbers the PLB it stood in, from 0.
    """

    provider_id: str
    fiscal_period_end: str
    reason: str
    reference: str
    amount: Money
    segment: int = 0


class ProviderSummary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000: an LX and its provider subtotal, TS3 and TS2, as written (element 1 at index 0)."""

    number: str
    totals: tuple[str, ...] = ()
    supplement: tuple[str, ...] = ()
    start: int = 0

    @property
    def provider_id(self) -> str:
        """TS301: whose claims follow (point 24)."""
        return self.totals[0] if self.totals else ""


class Remittance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One ST…SE of an 835: one payment of one payer to one payee.

    ``handling`` BPR01 (I, C with data, D money, H notice, P, U, X), ``credit_debit`` BPR03, ``method`` BPR04
    (ACH, CHK, NON …), ``bank`` BPR05-15 and 17-21 as written. ``trace_number`` TRN02 with ``payer_id`` TRN03 identifies
    the payment (point 18). ``claims`` is empty where they are streamed apart.
    """

    control_number: str
    handling: str
    payment: Money
    credit_debit: str = ""
    method: str = ""
    bank: tuple[str, ...] = ()
    payment_date_text: str = ""
    trace_number: str = ""
    payer_id: str = ""
    trace_reference: str = ""
    currency: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()
    payer: Party = Party()
    payee: Party = Party()
    delivery: tuple[str, ...] = ()
    summaries: tuple[ProviderSummary, ...] = ()
    claims: tuple[ClaimPayment, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    kept: tuple[Kept, ...] = ()
    interchange_control: str = ""
    group_control: str = ""
    version: str = ""
    claim_count: int = 0
    claim_paid: Money = NO_MONEY

    @property
    def payment_date(self) -> date | None:
        """BPR16: the posting date; None where it is missing or impossible (point 25)."""
        return QualifiedDate("", "D8", self.payment_date_text).start

    @property
    def production_date(self) -> date | None:
        """DTM*405: when the payer made the file, not when it pays."""
        return next((found.start for found in self.dates if found.qualifier == "405"), None)

    @property
    def payee_npi(self) -> str:
        """The payee's NPI: N104 with XX; the letters of a payer's own number are kept as they are (point 24)."""
        return self.payee.npi

    @property
    def payee_tax_id(self) -> str:
        """The payee's tax number: REF*TJ, or N104 with FI."""
        return self.payee.reference("TJ") or (self.payee.id if self.payee.id_qualifier == "FI" else "")

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one payment from another, also when the same ERA comes again in another file (point 18)."""
        return (self.payer_id or self.payer.name, self.trace_number, self.payment_date_text)

    @property
    def provider_adjustment_total(self) -> int:
        """The sum of all PLB amounts in cents, with their sign."""
        return sum(found.amount.cents for found in self.provider_adjustments)

    @property
    def difference(self) -> int:
        """BPR02 - (sum of CLP04 - sum of PLB) in cents: 0 when the payment balances (point 10)."""
        return self.payment.cents - (self.claim_paid.cents - self.provider_adjustment_total)

    @property
    def moves_money(self) -> bool:
        """Whether money comes with it: not for a notice (H) nor for no payment (NON)."""
        return self.handling != "H" and self.method != "NON" and self.payment.cents != 0
