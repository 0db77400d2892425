from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from app.model.schedule import ProviderRow
from app.model.views import DayPart, FoundSlot, SlotSearch
from app.rules import rank, why
from app.rules.rank import History, OpenTimes, PastVisit, Slots
from app.rules.slots import mask_of, starts_of

TUESDAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)


def provider(key, name, title=""):
    return ProviderRow(provider_id=key, connection_id="c1", vendor_id=f"v{key}", source="OP", name=name, title=title)


PROVIDERS = {
    "h": provider("h", "Dr. Harrowgate"),
    "t": provider("t", "T. Vandermoss", "PA"),
    "o": provider("o", "Dr. Oakenfield"),
}
SLOTS = Slots(
    lengths=dict.fromkeys(PROVIDERS, 30),
    today=TUESDAY,
    now=NOW,
    zones=dict.fromkeys(PROVIDERS, "America/Chicago"),
    providers=PROVIDERS,
)


def times(key, day, *starts):
    return OpenTimes(provider_id=key, day=day, starts=mask_of(starts), as_of=NOW)


def days(*rows):
    return [(day, {t.provider_id: t for t in rows if t.day == day}) for day in sorted({t.day for t in rows})]


FOUND = days(
    times("h", TUESDAY, 660),
    times("t", TUESDAY, 630, 660),
    times("h", TUESDAY + timedelta(1), 510, 540),
    times("h", TUESDAY + timedelta(2), 540, 600),
    times("o", TUESDAY + timedelta(2), 560),
)
THURSDAYS = tuple(PastVisit(provider_id="h", day=date(2026, 2, 26) - timedelta(7 * n), start=540) for n in range(4))


def test_three_best_as_a_patient_with_a_habit_wants_them():
    best = rank.best_three(FOUND, PROVIDERS, SLOTS, History(past=THURSDAYS))
    assert [(m.title, m.slot.day, m.slot.start_minute, m.provider.provider_id) for m in best] == [
        ("Soonest", TUESDAY, 630, "t"),
        ("Soonest, usual provider", TUESDAY, 660, "h"),
        ("Fits “Thu mornings”", date(2026, 3, 12), 540, "h"),
    ]
    assert [m.when for m in best] == ["Today, in 47 min", "Today, in 77 min", "Thu, Mar 12"]
    assert [m.reason for m in best] == [
        "Has not met this provider",
        "Last seen Feb 26",
        "The last 4 visits were Thursdays",
    ]
    assert rank.script(best, TUESDAY) == (
        "“I have today at 10:30 with T. Vandermoss, PA, today at 11:00 with Dr. Harrowgate, "
        "or Thursday at 9:00 with Dr. Harrowgate.”"
    )


def test_without_a_patient_the_three_still_differ():
    best = rank.best_three(FOUND, PROVIDERS, SLOTS, History())
    assert [m.title for m in best] == ["Soonest", "Soonest on another day", "Soonest with another provider"]
    assert len({(m.slot.provider_id, m.slot.day, m.slot.start_minute) for m in best}) == 3
    assert all(m.reason == "" for m in best)


def test_one_time_is_one_match_and_none_is_none():
    assert len(rank.best_three(days(times("h", TUESDAY, 660)), PROVIDERS, SLOTS, History(past=THURSDAYS))) == 1
    assert rank.best_three([], PROVIDERS, SLOTS, History()) == ()
    assert rank.script([], TUESDAY) == ""


def test_usual_provider_is_the_one_on_record_else_the_one_seen_most():
    past = tuple(PastVisit(provider_id=who, day=TUESDAY, start=600) for who in ("t", "h", "h", "o"))
    assert rank.usual_provider(History(past=past)) == "h"
    assert rank.usual_provider(History(usual_provider_id="o", past=past)) == "o"
    assert rank.usual_provider(History()) == ""


def test_three_of_four_make_a_habit_two_do_not():
    odd = PastVisit(provider_id="h", day=TUESDAY, start=540)
    assert rank.habit(History(past=(odd, *THURSDAYS[:3]))) == (3, DayPart.MORNING)
    assert rank.habit(History(past=(odd, odd, *THURSDAYS[:2]))) is None


@pytest.mark.parametrize(
    ("search", "left"),
    [
        (SlotSearch(), [630, 720, 900]),
        (SlotSearch(day_parts=(DayPart.MORNING,)), [630]),
        (SlotSearch(day_parts=(DayPart.MIDDAY, DayPart.AFTERNOON)), [720, 900]),
        (SlotSearch(weekdays=(1,)), [630, 720, 900]),
        (SlotSearch(weekdays=(0, 2)), []),
    ],
)
def test_day_and_time_filters(search, left):
    assert list(starts_of(rank.filtered(search, times("h", TUESDAY, 630, 720, 900)))) == left


def test_search_never_looks_back_or_past_a_year():
    assert rank.search_days(SlotSearch(start=date(2026, 1, 1), days=2), TUESDAY) == (
        TUESDAY,
        TUESDAY + timedelta(1),
    )
    assert rank.search_days(SlotSearch(days=9999), TUESDAY)[1] == date(2027, 3, 10)


def test_nearest_prefers_the_same_provider():
    def slot(key, minute, day=TUESDAY):
        return FoundSlot(
            provider_id=key,
            connection_id="c1",
            provider_vendor_id="v",
            day=day,
            start_minute=minute,
            minutes=30,
            as_of=NOW,
        )

    wanted = slot("h", 660)
    near = rank.nearest(
        [slot("h", 690), slot("t", 660), slot("h", 760), wanted, slot("h", 690), slot("h", 660, date(2026, 3, 11))],
        wanted,
    )
    assert [(s.provider_id, s.start_minute) for s in near] == [("h", 690), ("h", 760), ("t", 660)]


def facts(**kw):
    known = why.SearchFacts(
        providers=3, connections=1, read=10, cannot_book=0, offered_by_vendor=0, left_by_rules=0, left_by_filters=0,
        no_type=0, next_date=None, visit_type="Follow-up", minutes=30, first_day=TUESDAY, last_day=date(2026, 3, 23),
    )  # fmt: skip
    return msgspec.structs.replace(known, **kw)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (facts(connections=0), "No system is connected yet"),
        (facts(providers=0), "No provider fits these filters"),
        (facts(cannot_book=3), "takes bookings from here"),
        (facts(no_type=3), "Nobody chosen does Follow-up visits"),
        (facts(read=0), "have not been read for these days yet"),
        (facts(next_date=date(2026, 4, 2)), "The next day with a time is Thu, Apr 2."),
        (facts(), "offer nothing for 30 minutes until Mon, Mar 23"),
        (facts(offered_by_vendor=1), "1 time is free in the system, but the practice's own rules take it out."),
        (facts(offered_by_vendor=5, left_by_rules=2), "2 times free until Mon, Mar 23, but none at the days"),
    ],
)
def test_an_empty_result_says_why_and_what_next(known, said):
    assert said in why.why_empty(known)


def test_where_no_rule_speaks_the_system_is_named():
    assert why.vendor_silent("OfficePro").words.startswith("OfficePro does not offer this time.")
