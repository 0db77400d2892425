"""Appointments (one day at a time, with check-in) and the time schedules of providers."""

from __future__ import annotations

import sqlite3
from datetime import date

from aiohttp import web

from vendors.officeally.sandbox.gate import FORM, Form
from vendors.officeally.sandbox.portal import Portal
from vendors.officeally.sandbox.schema import us
from vendors.officeally.sandbox.sessions import Session
from vendors.officeally.sandbox.webforms import Page
from vendors.sandboxkit.cast import Doctor, working_day
from vendors.sandboxkit.web import EFFECT

_DAY_PATH = "/emr/Appointments/ViewAppointments.aspx"
_SCHEDULES = "/ManageOffice/TimeSchedules.aspx"
_HEADINGS = (
    "Hour", "Minute", "Patient", "Patient ID", "Length", "DOB", "Home Phone", "Provider", "Reason", "Status", "Action",
)  # fmt: skip
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = [str(one) for one in range(1, 13)]
_MAY_ARRIVE = ("Scheduled", "Confirmed")


class VisitPages:
    """Pages about time."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._db = portal.db

    @property
    def _doctors(self) -> dict[str, Doctor]:
        """Those of the office, by number as pages write it."""
        return {str(one.number): one for one in self._portal.office.doctors}

    def routes(self) -> list[web.RouteDef]:
        """Their paths."""
        inside = self._portal.signed_in
        return [
            web.get(_DAY_PATH, inside(self._day), name="appointments_page"),
            web.post(_DAY_PATH, inside(self._day), name="appointments_day"),
            web.get(_SCHEDULES, inside(self._schedules), name="schedules_page"),
            web.post(_SCHEDULES, inside(self._schedules), name="show_schedule"),
        ]

    # --- the day -----------------------------------------------------------------------------------------------------

    async def _day(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        today = self._portal.now.date()
        page = self._portal.page(request, session, "Appointments")
        if "btnCheckIn" in form:
            self._check_in(request, page, form.get("btnCheckIn"))
        given = {
            "Month": form.get("NewAppointmentMonth") or str(today.month),
            "Day": form.get("NewAppointmentDay") or str(today.day),
            "Year": form.get("NewAppointmentYear") or str(today.year),
        }
        provider = form.get("lstProvider") or "All"
        self._controls(page, given, provider, form.get("lstTimeInterval") or "20", today)
        try:
            day = date(int(given["Year"]), int(given["Month"]), int(given["Day"]))
        except ValueError:
            page.error("This day does not exist.")
            return page.response()
        self._state(page, provider)
        page.text("day", f"{_WEEKDAYS[day.isoweekday() % 7]} {us(day)}", "h2")
        rows = sorted(self._rows(page, day, provider), key=lambda row: row[0])
        page.table("tblAppointments", _HEADINGS, [cells for _, _, cells in rows], [mark for _, mark, _ in rows])
        return page.response()

    def _controls(self, page: Page, given: dict[str, str], provider: str, interval: str, today: date) -> None:
        providers = {"All": "All"} | {number: one.name for number, one in self._doctors.items()}
        page.select("lstOffice", "Office", {"1": self._portal.office.location}, "1", "lstOffice")
        page.select("lstProvider", "Provider", providers, provider, "lstProvider")
        page.select("lstTimeInterval", "Time Interval", ("10", "15", "20", "30"), interval, "lstTimeInterval")
        days = [str(one) for one in range(1, 32)]
        years = [str(today.year + step) for step in range(-2, 3)]
        for label, options in (("Month", _MONTHS), ("Day", days), ("Year", years)):
            name = f"NewAppointment{label}"
            page.select(name, label, options, given[label], name)
        page.button("btnGo", "Go")

    def _state(self, page: Page, provider: str) -> None:
        """The hidden fields of the real page: working days from Sunday, two periods a weekday."""
        number = int(provider) if provider.isdigit() else self._portal.office.doctors[0].number
        hours = {row["weekday"]: row for row in self._hours(number)}
        page.hidden("PageAction", "")
        page.hidden("PatientID", "")
        page.hidden("Time", "")
        page.hidden("OperatingWeekDays", "".join("Y" if day in hours else "N" for day in range(7)))
        page.hidden("Use2ndSession", "Y" if any(row["start2"] for row in hours.values()) else "N")
        for day in range(7):
            row = hours.get(day)
            for name, column in (("Start", "start"), ("Stop", "stop")):
                first = _clock(row[column]) if row else ""
                second = _clock(row[f"{column}2"]) if row and row["start2"] else ""
                page.hidden(f"Appointment{name}Time{day + 1}", first)
                page.hidden(f"Appointment{name}Time2_{day + 1}", second)

    def _rows(self, page: Page, day: date, provider: str) -> list[tuple[tuple[int, int], str, tuple[object, ...]]]:
        found = self._db.execute(
            "SELECT a.*, p.last, p.first, p.birth, p.home FROM appointments a JOIN patients p ON p.id = a.patient_id"
            " WHERE a.day = ? ORDER BY a.start, a.provider_id",
            (day.isoformat(),),
        ).fetchall()
        shown = {number: one for number, one in self._doctors.items() if provider in {"All", number}}
        rows = [self._visit(page, row) for row in found if str(row["provider_id"]) in shown]
        if day.weekday() < 5:
            rows += [row for one in shown.values() for row in self._blocks(one, day)]
        return rows

    def _visit(self, page: Page, row: sqlite3.Row) -> tuple[tuple[int, int], str, tuple[object, ...]]:
        name = f"{row['last']},{row['first']}".upper()
        action: object = ""
        if row["status"] in _MAY_ARRIVE:
            action = page.row_button("btnCheckIn", str(row["id"]), "Check In", f"{name} {_clock(row['start'])}")
        hour, minute = _parts(row["start"])
        cells = (
            hour, minute, name, row["patient_id"], row["minutes"], us(row["birth"]), row["home"],
            self._doctors[str(row["provider_id"])].name, row["reason"], row["status"], action,
        )  # fmt: skip
        return (row["start"], row["provider_id"]), f'data-appointment="{row["id"]}"', cells

    def _blocks(self, doctor: Doctor, day: date) -> list[tuple[tuple[int, int], str, tuple[object, ...]]]:
        anchor = working_day(self._portal.now.date(), 0)
        once = [
            pause for (who, offset), pauses in self._portal.office.once.items() for pause in pauses
            if who == doctor.number and working_day(anchor, offset) == day
        ]  # fmt: skip
        rows: list[tuple[tuple[int, int], str, tuple[object, ...]]] = []
        for start, stop, why in (*doctor.pauses, *once):
            hour, minute = _parts(start)
            cells = (hour, minute, "BLOCK", "", stop - start, "", "", doctor.name, why, "", "")
            rows.append(((start, doctor.number), "", cells))
        return rows

    def _check_in(self, request: web.Request, page: Page, number: str) -> None:
        row = self._db.execute(
            "SELECT a.*, p.last, p.first FROM appointments a JOIN patients p ON p.id = a.patient_id WHERE a.id = ?",
            (number,),
        ).fetchone()
        if row is None:
            page.error("This visit does not exist any more.")
        elif row["status"] not in _MAY_ARRIVE:
            page.error(f"This visit is already {row['status'].lower()}.")
        else:
            self._db.execute("UPDATE appointments SET status = 'Checked In' WHERE id = ?", (number,))
            self._db.commit()
            request[EFFECT] = {"appointment_id": number, "patient_id": str(row["patient_id"])}
            page.status(f"{row['last']},{row['first']}".upper() + " was checked in.")

    # --- schedules ---------------------------------------------------------------------------------------------------

    def _hours(self, number: int) -> list[sqlite3.Row]:
        return self._db.execute("SELECT * FROM hours WHERE provider_id = ? ORDER BY weekday", (number,)).fetchall()

    async def _schedules(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        page = self._portal.page(request, session, "Time Schedules")
        doctors = self._doctors
        provider = form.get("lstProvider") or next(iter(doctors))
        page.select("lstOffice", "Office", {"1": self._portal.office.location}, "1", "lstOffice")
        names = {number: one.name for number, one in doctors.items()}
        page.select("lstProvider", "Provider", names, provider, "lstProvider")
        page.button("btnShow", "Show")
        hours = {row["weekday"]: row for row in self._hours(int(provider) if provider.isdigit() else 0)}
        interval = doctors[provider].step if provider in doctors else 0
        page.raw(f'<p>Default interval <span id="interval">{interval}</span></p>')
        rows = []
        for day in range(7):
            row = hours.get(day)
            times = [_clock(row[name]) if row and row[name] else "" for name in ("start", "stop", "start2", "stop2")]
            rows.append((_WEEKDAYS[day], "Y" if row else "N", *times))
        page.table("gvSchedule", ("Weekday", "Working", "Start", "Stop", "Start 2", "Stop 2"), rows)
        return page.response()


def _clock(minute: int) -> str:
    """560 → ``9:20 AM``."""
    hour, rest = divmod(minute, 60)
    return f"{(hour + 11) % 12 + 1}:{rest:02d} {'AM' if hour < 12 else 'PM'}"


def _parts(minute: int) -> tuple[str, str]:
    hour, _, rest = _clock(minute).partition(":")
    return hour, rest
