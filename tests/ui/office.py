"""A practice with a clearinghouse: its enrollments, its payers, and a plan of what would be typed into its pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.enrollment import Enrollment, EnrollmentState, Step
from app.model.payer_list import PayerEntry, PayerList
from app.model.portal import PlannedEntry, WritePlan
from app.store import connections, enrollments, payers
from app.store.store import Tx
from tests.desk.conftest import OFFERS, system
from tests.ui.conftest import Desk

NPI = "1234567893"


def clearinghouse(tx: Tx, key: str = "oa", name: str = "Office Ally") -> None:
    """Connect one."""
    knows = CapabilityOffer(capability=Capability.READ_ENROLLMENTS, standing=Standing.YES)
    connections.save(tx, system(key, vendor="officeally", source="OA", name=name, offers=(*OFFERS, knows)))


def row(payer: str, transaction: str, state: EnrollmentState, **more: Any) -> Enrollment:
    given: dict[str, Any] = {"payer_name": payer, "since": date(2026, 3, 2), **more}
    return Enrollment(
        provider_npi=NPI, payer_id=given.pop("payer_id", "HL100"), transaction=transaction, state=state, **given
    )


ROWS = (
    row("Harborlight", "837P", EnrollmentState.APPROVED, since=date(2025, 1, 3)),
    row("Harborlight", "270", EnrollmentState.NOT_NEEDED, payer_id="HLELIG"),
    row("Harborlight", "835", EnrollmentState.WITH_PAYER, since=date(2026, 1, 20), words="Received by the payer."),
    row(
        "Northgate <b>Mutual</b>",
        "837P",
        EnrollmentState.REFUSED,
        payer_id="NGM1",
        words="The tax id does not match.",
        history=(Step(on=date(2026, 2, 1), state=EnrollmentState.SENT, words="By mail."),),
    ),
    row("Northgate <b>Mutual</b>", "835", EnrollmentState.NOT_STARTED, payer_id="NGM1", since=None),
)
LIST = PayerList(
    entries=(
        PayerEntry(name="HARBORLIGHT PPO", payer_id="HL100", transaction="837P"),
        PayerEntry(name="HARBORLIGHT PPO", payer_id="HLELIG", transaction="270"),
        PayerEntry(name="HARBORLIGHT PPO", payer_id="HL100", transaction="835", enrollment_needed=True),
        PayerEntry(name="LANTERN", payer_id="LNT", transaction="837P", non_par=True),
    ),
    doubts=("Row 88 was left out: no id.",),
)


def plan_of(**changes: Any) -> WritePlan:
    """An enrollment as it would be typed, or what ``changes`` make of it."""
    made = WritePlan(
        operation="enroll",
        system="Office Ally",
        page="Enrollment Form",
        record="",
        address="",
        summary="Enroll for 835",
        entries=(PlannedEntry(field="Contact Name", before="", after="Rosa Mallow"),),
        button="Submit Enrollment",
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
async def office(desk: Desk) -> Desk:
    """The desk with a clearinghouse, its enrollments and its payers."""
    await desk.practice.store.write(clearinghouse)
    await desk.practice.store.write(enrollments.save_all, "oa", ROWS)
    await desk.practice.store.write(payers.save_list, "oa", LIST, "payers.csv")
    await desk.settle()
    return desk


def press(desk: Desk, words: str) -> None:
    found = [one for one in desk.window.findChildren(QAbstractButton) if one.text() == words and one.isVisible()]
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def key(desk: Desk, which: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk.window, which)
