"""Geometry: what is painted and what is hit are the same, at every size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.rules.lanes import lay_out
from ui.grid.carry import Carry
from ui.grid.content import GridColumn, GridContent, GridItem, ItemKind
from ui.grid.cursor import Step, move, nearest, stops
from ui.grid.layout import Layout, gaps_of

spans = st.lists(
    st.tuples(st.integers(480, 1000), st.integers(1, 120)).map(lambda span: (span[0], min(1020, span[0] + span[1]))),
    max_size=12,
)
columns = st.lists(spans, min_size=1, max_size=6)


def content_of(days: list[list[tuple[int, int]]]) -> GridContent:
    made = []
    for number, day in enumerate(days):
        lanes = lay_out(day)
        items = tuple(
            GridItem(
                key=f"{number}-{at}",
                kind=ItemKind.VISIT,
                start=start,
                minutes=end - start,
                lane=lane.lane,
                lanes=lane.of,
            )
            for at, ((start, end), lane) in enumerate(zip(day, lanes, strict=True))
        )
        made.append(GridColumn(key=str(number), title=f"Provider {number}", items=items))
    return GridContent(columns=tuple(made), first=480, last=1020)


@given(columns, st.integers(0, 2000), st.sampled_from([0.9, 1.2, 1.6, 2.4]))
def test_every_item_is_hit_where_it_is_painted(
    days: list[list[tuple[int, int]]], width: int, per_minute: float
) -> None:
    content = content_of(days)
    layout = Layout(content, width=width, per_minute=per_minute, min_column=128)
    for at, column in enumerate(content.columns):
        left, wide = layout.column_span(at)
        assert wide >= 128
        for index in range(len(column.items)):
            box = layout.box(at, index)
            assert left <= box.x and box.x + box.width <= left + wide
            hit = layout.hit(box.x + box.width / 2, box.y + 1)
            assert hit.column == at
            # A tiny visit is drawn higher than it is long and may lie under the next one; else it is found itself.
            found = column.items[hit.item]
            assert hit.item == index or found.start <= column.items[index].end + 8


@given(columns)
def test_columns_share_the_width_without_gaps(days: list[list[tuple[int, int]]]) -> None:
    layout = Layout(content_of(days), width=1400, per_minute=1.2, min_column=128)
    at = 0
    for index in range(len(days)):
        left, wide = layout.column_span(index)
        assert left == at
        at = left + wide
        assert layout.column_at(left) == index and layout.column_at(left + wide - 1) == index
    assert at == layout.width == 1400
    assert layout.column_at(-1) == -1 and layout.column_at(1400) == -1


@given(st.integers(480, 1019), st.sampled_from([1, 5, 10, 15]))
def test_minutes_and_pixels_agree(minute: int, step: int) -> None:
    layout = Layout(GridContent(first=480, last=1020), width=100, per_minute=1.6, min_column=128)
    assert layout.minute_at(layout.y_of(minute) + 0.01, step) == minute // step * step
    assert layout.minute_at(-500) == 480 and layout.minute_at(99_999) == 1019


def test_only_columns_in_sight_are_asked_for() -> None:
    layout = Layout(content_of([[]] * 40), width=1000, per_minute=1.2, min_column=128)
    assert layout.columns_between(0, 1000) == range(8)
    assert layout.columns_between(129, 257) == range(1, 3)
    assert layout.columns_between(6000, 7000) == range(0)


def test_hours_that_are_not_open_are_the_gaps() -> None:
    assert gaps_of(((480, 720), (780, 1020)), 420, 1080) == [(420, 480), (720, 780), (1020, 1080)]
    assert gaps_of(((0, 1440),), 480, 1020) == []
    assert gaps_of(((0, 0),), 480, 1020) == [(480, 1020)]


def test_the_cursor_walks_in_order_of_time_and_keeps_the_time_of_day_sideways() -> None:
    content = content_of([[(540, 560), (480, 500)], [], [(500, 520), (545, 600)]])
    assert stops(content.columns[0]) == [1, 0]
    assert move(content, None, Step.DOWN, minute=550) == (0, 0)
    assert move(content, (0, 1), Step.DOWN, minute=480) == (0, 0)
    assert move(content, (0, 0), Step.DOWN, minute=540) == (0, 0)
    assert move(content, (0, 0), Step.RIGHT, minute=540) == (2, 1)
    assert move(content, (2, 1), Step.LEFT, minute=545) == (0, 0)
    assert move(content, (2, 0), Step.RIGHT, minute=500) == (2, 0)
    assert move(content, (0, 0), Step.FIRST, minute=0) == (0, 1) and move(content, (0, 1), Step.LAST, minute=0) == (
        0,
        0,
    )
    assert nearest(GridColumn(key="", title=""), 600) == -1
    assert move(GridContent(columns=(GridColumn(key="", title=""),)), None, Step.UP, minute=0) is None


@given(st.integers(-400, 1800), st.sampled_from([5, 10, 15]))
def test_a_carried_visit_snaps_and_names_what_it_overlaps(minute: int, snap: int) -> None:
    content = content_of([[(600, 630)], [(640, 700)]])
    carry = Carry(origin=(0, 0), item=content.columns[0].items[0], column=0, start=600, minutes=30, grabbed=7)
    moved = carry.to(1, minute, snap)
    assert moved.start % snap == 0 and moved.column == 1
    clashes = moved.clashes(content)
    assert bool(clashes) == (moved.start < 700 and moved.start + 30 > 640)
    assert not carry.moved and not carry.clashes(content)
    kept = carry.by(9, minute, content)
    assert content.first <= kept.start <= content.last - 30 and kept.column == 1
