"""The painted grid: what screen readers, keys and the mouse find in it, and what is painted again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.model.schedule import VisitStatus
from tests.ui_schedule.shell import press
from ui.grid.agenda import AgendaList
from ui.grid.compose import Frame, paint_bodies, paint_frozen
from ui.grid.content import GridColumn, GridContent, GridItem, ItemKind, Notice, Proposal
from ui.grid.grid import Refused, ScheduleGrid
from ui.grid.inks import inks_for
from ui.grid.layout import Layout
from ui.grid.strips import Strips
from ui.tasks import TaskOwner
from ui.theme import LookSettings, ThemeChoice, apply, theme

HOSTILE = ("<b>x</b>", "\u202eevil\u202c name", "👩‍👩‍👧 Emoji 💊", "L" * 300, "&amp; <img src=x>")


def item(key: str, kind: ItemKind, start: int, minutes: int = 30, **more: Any) -> GridItem:
    given: dict[str, Any] = {"title": key} if kind is not ItemKind.FREE else {}
    return GridItem(key=key, kind=kind, start=start, minutes=minutes, **(given | more))


CONTENT = GridContent(
    columns=(
        GridColumn(
            key="oak",
            title="Dr. Oakenfield",
            tag="OP",
            right="1 free",
            spoken="Dr. Oakenfield, OfficePro, 1 free",
            load=0.5,
            open_hours=((480, 720), (780, 1020)),
            items=(
                item("sybil", ItemKind.VISIT, 560, 20, title="Sybil Marchbank", status=VisitStatus.BOOKED),
                item("free", ItemKind.FREE, 600),
                item("lunch", ItemKind.BLOCK, 720, 60, title="Lunch"),
            ),
        ),
        GridColumn(
            key="cal",
            title="Noor Calderwick, NP",
            tag="OP",
            notice=Notice(words="as of 8:58 AM", icon="key", family="amber"),
            items=(
                item(
                    "unknown",
                    ItemKind.VISIT,
                    560,
                    title="Booked · Follow-up",
                    subtitle="patient not shown by OfficePro",
                    status=VisitStatus.BOOKED,
                    patient_known=False,
                ),
                item("old", ItemKind.FREE, 660, bookable=False),
                *(
                    item(f"s{at}", ItemKind.VISIT, 700 + 30 * at, status=status, subtitle="Follow-up")
                    for at, status in enumerate(VisitStatus)
                ),
                item("job", ItemKind.PENDING, 960, title="Marigold", subtitle="being booked"),
            ),
        ),
    ),
    first=480,
    last=1020,
    now=583,
)


@pytest.fixture
def grid(qtbot: QtBot) -> Iterator[ScheduleGrid]:
    window = QWidget()
    made = ScheduleGrid(window)
    window.resize(700, 600)
    made.resize(700, 600)
    made.set_content(CONTENT)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield made
    window.close()
    window.deleteLater()


def test_a_screen_reader_finds_a_table_with_names_places_and_heads(grid: ScheduleGrid) -> None:
    table = QAccessible.queryAccessibleInterface(grid)
    assert table.role() == QAccessible.Role.Table
    assert "Address 0x0," not in str(table.interface_cast(QAccessible.InterfaceType.TableInterface))
    found = grid.indexAt(grid.place_rect((0, 0)).center())
    assert grid.visualRect(found) == grid.place_rect((0, 0))
    spot = grid.viewport().mapToGlobal(grid.place_rect((0, 0)).center())
    cell = table.childAt(spot.x(), spot.y())
    assert cell.role() == QAccessible.Role.Cell
    assert cell.text(QAccessible.Text.Name) == "Sybil Marchbank, 9:20 AM, booked"
    place = cell.tableCellInterface()
    assert (place.rowIndex(), place.columnIndex()) == (0, 0)
    assert place.columnHeaderCells()[0].text(QAccessible.Text.Name) == "Dr. Oakenfield, OfficePro, 1 free"
    assert cell.rect().contains(spot)


def test_an_unknown_patient_is_said_to_be_unknown(grid: ScheduleGrid) -> None:
    spoken = grid.model().data(grid.indexAt(grid.place_rect((1, 0)).center()), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Booked · Follow-up, 9:20 AM, patient not shown by OfficePro"


def test_keys_walk_and_enter_does_what_the_item_is_for(grid: ScheduleGrid, qtbot: QtBot) -> None:
    grid.clearFocus()
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    assert grid.current_key() == ("oak", "free")  # the nearest to now
    press(grid, Qt.Key.Key_Up)
    assert grid.current_key() == ("oak", "sybil")
    focused = QAccessible.queryAccessibleInterface(grid).focusChild()
    assert focused.text(QAccessible.Text.Name) == "Sybil Marchbank, 9:20 AM, booked"
    with qtbot.waitSignal(grid.opened) as opened:
        press(grid, Qt.Key.Key_Return)
    assert opened.args == ["oak", "sybil"]
    press(grid, Qt.Key.Key_Down)
    with qtbot.waitSignal(grid.chosen) as chosen:
        press(grid, Qt.Key.Key_Return)
    assert chosen.args == ["oak", 600, 30]
    press(grid, Qt.Key.Key_Down)
    with qtbot.waitSignal(grid.asked) as asked:
        press(grid, Qt.Key.Key_Return)
    assert asked.args == ["oak", 720]
    press(grid, Qt.Key.Key_Right)
    assert grid.current_key()[0] == "cal"  # type: ignore[index]
    press(grid, Qt.Key.Key_Home)
    press(grid, Qt.Key.Key_Down)
    assert grid.current_key() == ("cal", "old")
    with qtbot.waitSignal(grid.asked):
        press(grid, Qt.Key.Key_Return)


def test_a_click_on_free_time_takes_it_and_one_on_old_free_time_does_not(grid: ScheduleGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.chosen) as chosen:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.place_rect((0, 1)).center())
    assert chosen.args == ["oak", 600, 30]
    with qtbot.assertNotEmitted(grid.chosen):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.place_rect((1, 1)).center())


def test_moving_is_refused_in_words_where_it_is_not_offered(grid: ScheduleGrid, qtbot: QtBot) -> None:
    grid.refusal = lambda _column, _item, act: Refused("Not moved", f"{act}: do it in OfficePro, then press Ctrl+R.")
    grid.select("oak", "sybil")
    with qtbot.waitSignal(grid.refused) as refused:
        grid.begin_move()
    assert grid.carrying() is None
    assert refused.args == ["Not moved. move: do it in OfficePro, then press Ctrl+R."]
    assert "do it in OfficePro" in grid._card.words()
    start = grid.place_rect((0, 0)).center()
    with qtbot.waitSignal(grid.refused) as by_mouse:
        _drag(grid, start, start + QPoint(0, 90))
    assert "move:" in by_mouse.args[0] and grid.carrying() is None
    edge = QPoint(grid.place_rect((0, 0)).center().x(), grid.place_rect((0, 0)).bottom() - 1)
    with qtbot.waitSignal(grid.refused) as resized:
        _drag(grid, edge, edge + QPoint(0, 60))
    assert "resize:" in resized.args[0]


def _drag(grid: ScheduleGrid, start: QPoint, end: QPoint) -> None:
    view, left = grid.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(view, start + (end - start) * step / 5)
    QTest.mouseRelease(view, left, pos=end)


def test_where_it_is_offered_a_visit_is_carried_by_keys_and_esc_puts_it_back(grid: ScheduleGrid, qtbot: QtBot) -> None:
    grid.setFocus()
    grid.select("oak", "sybil")
    grid.begin_move()
    press(grid, Qt.Key.Key_Right)
    press(grid, Qt.Key.Key_Down)
    carry = grid.carrying()
    assert carry is not None and (carry.column, carry.start) == (1, 565) and carry.clashes(CONTENT)
    grid.viewport().repaint()
    press(grid, Qt.Key.Key_Escape)
    assert grid.carrying() is None
    grid.begin_move()
    press(grid, Qt.Key.Key_Down)
    with qtbot.waitSignal(grid.carried) as carried:
        press(grid, Qt.Key.Key_Return)
    assert carried.args == ["oak", "sybil", "oak", 565, 20]


def test_what_did_not_change_is_not_painted_again(grid: ScheduleGrid) -> None:
    grid.viewport().repaint()
    painted = grid._strips.painted
    grid.show_now(590)
    grid.set_proposal(Proposal(column_key="oak", start=600, minutes=30, title="Marigold", subtitle="10:00 – 10:30"))
    grid.viewport().repaint()
    assert grid._strips.painted == painted
    changed = msgspec.structs.replace(CONTENT.columns[0], items=CONTENT.columns[0].items[1:])
    grid.set_content(msgspec.structs.replace(CONTENT, columns=(changed, CONTENT.columns[1])))
    grid.viewport().repaint()
    assert grid._strips.painted == painted + 1


def test_the_cursor_stays_on_its_visit_when_the_day_is_read_again(grid: ScheduleGrid) -> None:
    grid.select("oak", "free")
    earlier = item("new", ItemKind.VISIT, 500, status=VisitStatus.BOOKED)
    column = msgspec.structs.replace(CONTENT.columns[0], items=(earlier, *CONTENT.columns[0].items))
    grid.set_content(msgspec.structs.replace(CONTENT, columns=(column, CONTENT.columns[1])))
    assert grid.current_key() == ("oak", "free")


@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("percent", [90, 150])
def test_every_kind_of_block_paints_in_both_themes_and_all_sizes(
    grid: ScheduleGrid, theme: ThemeChoice, percent: int
) -> None:
    apply(LookSettings(choice=theme, text_percent=percent))
    for zoom in range(4):
        grid.set_zoom(zoom)
        grid.viewport().repaint()
    assert not grid.grab().toImage().isNull()


@pytest.mark.parametrize("ratio", [1.25, 1.5, 1.75])
def test_no_pixel_is_left_unpainted_between_columns_at_a_broken_scale(qapp: QApplication, ratio: float) -> None:
    columns = tuple(msgspec.structs.replace(CONTENT.columns[0], key=f"c{at}") for at in range(5))
    layout = Layout(GridContent(columns=columns, first=480, last=540), width=5 * 101 + 2, per_minute=1.2, min_column=90)
    inks, strips = inks_for(theme(), ratio), Strips()
    strips.aim(layout, inks, 30)
    area = QRect(0, 0, 51 + layout.width, 201)
    drawn = QImage(round(area.width() * ratio), round(area.height() * ratio), QImage.Format.Format_RGB32)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(QColor("magenta"))
    painter = QPainter(drawn)
    frame = Frame(area, 53, 51, 0, 0, area)
    paint_bodies(painter, frame, layout, strips, inks, all_now=True)
    paint_frozen(painter, frame, layout, strips, inks)
    painter.end()
    bare = QColor("magenta").rgb()
    inside = (range(drawn.width() - 1), range(drawn.height() - 1))
    assert not [(x, y) for y in inside[1] for x in inside[0] if drawn.pixel(x, y) == bare]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_plain_text_inside_their_block(grid: ScheduleGrid, name: str) -> None:
    column = msgspec.structs.replace(
        CONTENT.columns[0],
        items=(item("x", ItemKind.VISIT, 560, title=name, subtitle=name, status=VisitStatus.BOOKED),),
    )
    grid.set_details(lambda _column, found: (found.title, found.title))
    grid.set_content(msgspec.structs.replace(CONTENT, columns=(column, CONTENT.columns[1])))
    beside = grid.grab(grid.viewport().rect().adjusted(grid.place_rect((1, 0)).left(), 0, 0, 0)).toImage()
    plain = msgspec.structs.replace(column, items=())
    grid.select("oak", "x")
    grid._open_card()
    assert name.split(maxsplit=1)[0] in grid._card.words()
    grid.hide_card()
    grid.clear_cursor()
    grid.set_content(msgspec.structs.replace(CONTENT, columns=(plain, CONTENT.columns[1])))
    assert grid.grab(grid.viewport().rect().adjusted(grid.place_rect((1, 0)).left(), 0, 0, 0)).toImage() == beside


def test_the_list_says_the_same_and_opens_the_same(qtbot: QtBot) -> None:
    agenda = AgendaList(TaskOwner("list", lambda _error: None))
    qtbot.addWidget(agenda)
    agenda.set_content(CONTENT)
    agenda.select("cal", "unknown")
    index = agenda.currentIndex()
    spoken = agenda.model().data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Booked · Follow-up, 9:20 AM, patient not shown by OfficePro, Noor Calderwick, NP"
    with qtbot.waitSignal(agenda.opened) as opened:
        press(agenda, Qt.Key.Key_Return)
    assert opened.args == ["cal", "unknown"]
    assert agenda.model().rowCount() == sum(len(column.items) for column in CONTENT.columns)
