"""The payer list."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from tests.ui.conftest import Desk, seen
from tests.ui.loop import until
from tests.ui.office import clearinghouse, office
from ui.screens.enrollments.screen import EnrollmentsScreen
from ui.screens.payers.screen import PayersScreen
from ui.screens.payers.whose import WhoseListSheet

__all__ = ["office"]


async def payer_list(office: Desk, text: str = "") -> PayersScreen:
    screen = await office.open("payers", text=text)
    assert isinstance(screen, PayersScreen)
    return screen


async def test_a_payer_is_found_by_an_id_of_another_transaction(office: Desk) -> None:
    screen = await payer_list(office, "hlelig")
    payer = screen.current()
    assert payer is not None and payer.name == "HARBORLIGHT PPO"
    words = seen(screen)
    assert "Its id differs by transaction" in words
    assert "Enrollment needed first" in words and "Ready to use" in words


async def test_a_list_with_rows_left_out_says_so(office: Desk) -> None:
    screen = await payer_list(office)
    assert "1 row was left out of Office Ally's list." in seen(screen)


async def test_the_id_is_copied_and_enrollments_are_near(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(office.window, "copy", lambda text, _what: copied.append(text))
    screen = await payer_list(office, "harbor")
    screen._transaction.set_key("270")
    await office.settle()
    screen.copy_id()
    assert copied == ["HLELIG"]
    screen.open_enrollments()
    await office.settle()
    opened = office.window.current_screen()
    assert isinstance(opened, EnrollmentsScreen) and opened._find.text() == "HARBORLIGHT PPO"


def drop(screen: PayersScreen, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    screen.dropEvent(event)


async def test_a_dropped_file_is_imported_and_one_that_cannot_be_read_is_told(office: Desk, tmp_path: Path) -> None:
    screen = await payer_list(office)
    export = tmp_path / "export.csv"
    export.write_text("Payer Name,Payer ID\n", "utf-8")
    drop(screen, export)
    await office.settle()
    assert office.clearing.asked == [("import", "export.csv")]
    drop(screen, tmp_path / "gone.csv")
    await office.settle()
    assert "gone.csv cannot be read." in office.texts()
    office.window.sheets.close_all()


async def test_nobody_is_called_that(office: Desk) -> None:
    screen = await payer_list(office, "zzz")
    assert "No payer is called that" in seen(screen)


async def test_where_there_are_several_clearinghouses_a_person_says_whose_list_it_is(
    office: Desk, tmp_path: Path
) -> None:
    await office.practice.store.write(clearinghouse, "ch2", "Harborlight Clearing")
    screen = await payer_list(office)
    export = tmp_path / "export.csv"
    export.write_text("Payer Name,Payer ID\n", "utf-8")
    for answer, asked in (("", []), ("import", ["ch2"])):
        screen.import_file(str(export))
        await until(lambda: isinstance(office.window.sheets.top(), WhoseListSheet))
        sheet = office.window.sheets.top()
        assert isinstance(sheet, WhoseListSheet) and "export.csv" in seen(sheet)
        sheet._whose.set_key("ch2")
        sheet.close_with(answer)
        await office.settle()
        assert office.clearing.imported_for == asked
    assert "export.csv is now Harborlight Clearing's payer list." in office.texts()
    office.window.toasts.clear()
