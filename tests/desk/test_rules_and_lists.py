from __future__ import annotations

import pytest

from app.desk.audit import AuditFilter
from app.model.accounts import AuditAction, Role
from app.model.errors import BadInput, NotPermitted
from app.model.rules import BlockRule, ProviderRules, VisitTypeRule, WorkingHours
from app.store import rules, visit_links
from tests.desk.conftest import DAY, HOURS, LUNCH, actor, visit


async def test_rules_are_entered_by_managers_and_audited(practice, rosa):
    desk, key = practice.desk.rules, practice.ids["2"]
    with pytest.raises(NotPermitted):
        await desk.save(rosa, key, ProviderRules(hours=HOURS))
    await desk.save(actor(Role.MANAGER), key, ProviderRules(hours=HOURS))
    assert (await desk.get(rosa, key)).hours == HOURS
    assert await practice.store.read(rules.get, key) == ProviderRules(hours=HOURS)
    (line,) = await practice.log(AuditAction.SETTING)
    assert line.subject == "Schedule rules of Noor Calderwick, NP"
    assert (await desk.get(rosa, "gone")) == ProviderRules()
    with pytest.raises(BadInput):
        await desk.save(actor(Role.MANAGER), "gone", ProviderRules())
    assert [row.vendor_id for row in await desk.providers(rosa)] == ["1", "2"]
    assert [row.visit_type.name for row in await desk.visit_types(rosa)] == ["Follow-up", "Procedure"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("hours", ProviderRules(hours=(WorkingHours(weekday=0, start=600, end=600),))),
        ("hours", ProviderRules(hours=(WorkingHours(weekday=7, start=0, end=600),))),
        ("blocks", ProviderRules(blocks=(BlockRule(label="Lunch", start=780, end=720, weekdays=(1,)),))),
        ("blocks", ProviderRules(blocks=(BlockRule(label=" ", start=720, end=780, weekdays=(1,)),))),
        ("blocks", ProviderRules(blocks=(BlockRule(label="Lunch", start=720, end=780),))),
        ("visit_types", ProviderRules(visit_types=(VisitTypeRule(visit_type="A"), VisitTypeRule(visit_type="A")))),
        ("visit_types", ProviderRules(visit_types=(VisitTypeRule(visit_type="A", buffer_before=-1),))),
        ("visit_types", ProviderRules(visit_types=(VisitTypeRule(visit_type="A", minutes=30, provider_minutes=40),))),
        ("lead_minutes", ProviderRules(lead_minutes=-1)),
        ("step", ProviderRules(step=7)),
    ],
)
async def test_rules_that_make_no_sense_are_refused(practice, field, wrong):
    with pytest.raises(BadInput) as refused:
        await practice.desk.rules.save(actor(Role.ADMIN), practice.ids["1"], wrong)
    assert refused.value.field == field


async def test_the_day_list_has_one_page_a_provider_with_phones_and_notes(practice, rosa):
    await practice.store.write(visit_links.link, "c1", "V2", practice.people["1001"], "rosa", "a person said so")
    pages = await practice.desk.day_lists.pages(rosa, DAY, how="saved as PDF")
    assert [page.provider.vendor_id for page in pages] == ["1", "2"]
    first, second = pages[0].lines
    assert (first.time, first.patient, first.phone) == ("8:00 AM", "Booked · FOLLOWUP", "")
    assert (second.time, second.patient, second.phone) == ("10:00 AM", "Marigold Fennimore", "(312) 555-0147")
    assert second.notes == "Needs an interpreter"
    assert pages[0].as_of == practice.clock.now()
    (line,) = await practice.log(AuditAction.PRINT)
    assert line.subject == "Day list of Tue, Mar 10 saved as PDF: Dr. Oakenfield, Noor Calderwick, NP"


async def test_the_day_list_carries_the_systems_own_notes(practice, rosa):
    booked = visit("1", 480, reason="Cough", notes="Wheelchair")
    await practice.read_day("1", DAY, [("V1", booked), ("V2", visit("1", 600))], set())
    pages = await practice.desk.day_lists.pages(rosa, DAY, [practice.ids["1"]])
    assert [line.notes for line in pages[0].lines] == ["Cough · Wheelchair", ""]


async def test_the_audit_log_is_read_by_managers_with_filters(practice, rosa):
    await practice.desk.patients.get(rosa, practice.people["1001"])
    await practice.desk.audit.note(rosa, AuditAction.COPY, "Phone number", practice.people["1001"])
    with pytest.raises(NotPermitted):
        await practice.desk.audit.entries(rosa, AuditFilter())
    boss = actor(Role.MANAGER, "boss")
    entries = await practice.desk.audit.entries(boss, AuditFilter(patient_id=practice.people["1001"]))
    assert [line.action for line in entries] == [AuditAction.COPY, AuditAction.VIEW]
    assert await practice.desk.audit.entries(boss, AuditFilter(action=AuditAction.WIPE)) == []
    denied = await practice.desk.audit.entries(boss, AuditFilter(action=AuditAction.DENIED, actor_id="rosa"))
    assert len(denied) == 1
    with pytest.raises(NotPermitted):
        await practice.desk.audit.note(rosa, AuditAction.EXPORT, "Audit log")
    with pytest.raises(ValueError, match="screens"):
        await practice.desk.audit.note(rosa, AuditAction.SIGN_IN, "x")


async def test_preferences_are_each_persons_own(practice, rosa):
    desk = practice.desk.preferences
    await desk.put(rosa, "schedule.columns", ["b", "a"])
    assert await desk.get(rosa, "schedule.columns", list[str], []) == ["b", "a"]
    assert await desk.get(actor(key="other"), "schedule.columns", list[str], []) == []
    assert await desk.get(rosa, "schedule.columns", int, 3) == 3


async def test_a_setting_of_the_practice_is_an_admins_and_audited(practice, rosa):
    desk = practice.desk.preferences
    with pytest.raises(NotPermitted):
        await desk.put_practice(rosa, "lock.minutes", 5)
    await desk.put_practice(actor(Role.ADMIN), "lock.minutes", 5)
    assert await desk.practice("lock.minutes", int, 10) == 5
    (line,) = await practice.log(AuditAction.SETTING)
    assert (line.before, line.after) == ("", "5")


async def test_lunch_shows_as_a_block(practice, rosa):
    assert (await practice.desk.rules.get(rosa, practice.ids["1"])).blocks == (LUNCH,)
