"""Patients and their insurance policies: search, chart, edit, insurance."""

from __future__ import annotations

import sqlite3
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from vendors.officeally.sandbox.gate import FORM, Form
from vendors.officeally.sandbox.payers import BY_KEY, CLAIMS, PLANS
from vendors.officeally.sandbox.portal import Portal, found, paged, pager
from vendors.officeally.sandbox.schema import from_us, next_number, us
from vendors.officeally.sandbox.sessions import Session
from vendors.officeally.sandbox.webforms import Page
from vendors.sandboxkit.web import EFFECT

_SIZE = 50
_SEARCH = "/emr/PatientCharts/PatientSearch.aspx"
_CHART = "/emr/PatientCharts/PatientChart_Summary.aspx"
_EDIT = "/emr/PatientCharts/PatientEdit.aspx"
_INSURANCE = "/emr/PatientCharts/Insurance.aspx"
_ORDERS = ("Primary", "Secondary", "Tertiary")
_RELATIONSHIPS = ("Self", "Spouse", "Child", "Other")
#: Control → (label, column); the date and the choice are drawn apart.
_FIELDS = {
    "txtLast": ("Last Name", "last"),
    "txtFirst": ("First Name", "first"),
    "txtMiddle": ("Middle Name", "middle"),
    "txtDob": ("DOB", "birth"),
    "ddlSex": ("Sex", "sex"),
    "txtAddress": ("Address", "address"),
    "txtCity": ("City", "city"),
    "txtState": ("State", "state"),
    "txtZip": ("ZIP Code", "zip"),
    "txtHome": ("Home Phone", "home"),
    "txtCell": ("Cell Phone", "cell"),
    "txtEmail": ("Email", "email"),
    "txtAlt": ("Alternate Patient ID", "alt"),
}
_POLICY = {
    "txtSubscriber": ("Subscriber ID", "subscriber"),
    "txtGroup": ("Group Number", "grp"),
    "txtInsuredLast": ("Insured's Last Name", "insured_last"),
    "txtInsuredFirst": ("Insured's First Name", "insured_first"),
    "txtInsuredDob": ("Insured's DOB", "insured_birth"),
    "txtEffective": ("Effective Date", "effective"),
    "txtTermination": ("Termination Date", "termination"),
    "txtCopay": ("Copay", "copay"),
}
_DAYS = {"birth", "insured_birth", "effective", "termination"}
_LABELS = (
    ("lblPatientID", "Patient ID", "id"), ("lblAltID", "Alternate Patient ID", "alt"),
    ("lblAllyID", "Patient Ally ID", "ally"), ("lblLastName", "Last Name", "last"),
    ("lblFirstName", "First Name", "first"), ("lblMiddleName", "Middle Name", "middle"), ("lblSex", "Sex", "sex"),
    ("lblAddress", "Address", "address"), ("lblCity", "City", "city"), ("lblState", "State", "state"),
    ("lblZip", "ZIP Code", "zip"), ("lblHomePhone", "Home Phone", "home"), ("lblCellPhone", "Cell Phone", "cell"),
    ("lblEmail", "Email", "email"), ("lblPCP", "Primary Care Provider", "pcp"),
)  # fmt: skip


class PatientPages:
    """Pages about patients."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._db = portal.db

    def routes(self) -> list[web.RouteDef]:
        """Their paths."""
        inside = self._portal.signed_in
        return [
            web.get(_SEARCH, inside(self._search), name="patients_page"),
            web.post(_SEARCH, inside(self._search), name="search_patients"),
            web.get(_CHART, inside(self._chart), name="patient_page"),
            web.get(_EDIT, inside(self._edit_page), name="edit_page"),
            web.post(_EDIT, inside(self._save), name="save_patient"),
            web.get(_INSURANCE, inside(self._policy_page), name="policy_page"),
            web.post(_INSURANCE, inside(self._save_policy), name="save_policy"),
        ]

    # --- search ------------------------------------------------------------------------------------------------------

    async def _search(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        page = self._portal.page(request, session, "Patients")
        for key, label in (("txtLast", "Last Name"), ("txtFirst", "First Name"), ("txtDob", "DOB"),
                           ("txtPatientId", "Patient ID")):  # fmt: skip
            page.field(key, label, form.get(key))
        page.button("btnSearch", "Search")
        page.raw(f"<p>{page.link(_EDIT, 'Add New Patient')}</p>")
        if request.method == "GET":
            return page.response()
        day, number = form.get("txtDob"), form.get("txtPatientId")
        if day and not _is_day(day):
            page.error("Enter the DOB as MM/DD/YYYY.")
            return page.response()
        rows = self._db.execute(
            "SELECT p.*, o.plan FROM patients p LEFT JOIN policies o ON o.patient_id = p.id AND o.rank = 1"
            " WHERE fold(last) LIKE ? AND fold(first) LIKE ? AND (? = '' OR birth = ?) AND (? = '' OR p.id = ?)"
            " AND p.id >= ? ORDER BY last, first, p.id",
            (
                f"{_like(form.get('txtLast'))}%", f"{_like(form.get('txtFirst'))}%", day, from_us(day) if day else "",
                number, number, self._portal.first_patient,
            ),
        ).fetchall()  # fmt: skip
        turn, pages = paged(form, len(rows), _SIZE)
        page.text("found", f"{len(rows)} patients found.")
        listed = [
            (
                page_link(page, row["id"]), row["last"], row["first"], us(row["birth"]), row["sex"], row["home"],
                BY_KEY[row["plan"]].name if row["plan"] else "",
            )
            for row in rows[(turn - 1) * _SIZE : turn * _SIZE]
        ]  # fmt: skip
        page.table("gvPatients", ("Patient ID", "Last Name", "First Name", "DOB", "Sex", "Phone", "Insurance"), listed)
        pager(page, turn, pages)
        return page.response()

    # --- chart -------------------------------------------------------------------------------------------------------

    def _patient(self, number: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute("SELECT * FROM patients WHERE id = ?", (number,)).fetchone()
        return row

    async def _chart(self, request: web.Request, session: Session) -> web.Response:
        page = self._portal.page(request, session, "Patient Chart")
        row = self._patient(request.query.get("PID", ""))
        if row is None:
            page.error("Patient not found.")
            return page.response()
        for key, label, column in _LABELS:
            page.span(key, label, row[column])
        page.span("lblDOB", "Birth", f"DOB - Age: {us(row['birth'])} - {self._age(row['birth'])}")
        edit = page.link(f"{_EDIT}?PID={row['id']}", "Edit Patient")
        page.raw(f"<p>{edit}</p>")
        policies = self._db.execute(
            "SELECT * FROM policies WHERE patient_id = ? ORDER BY rank", (row["id"],)
        ).fetchall()
        headings = ("Order", "Payer", "Payer ID", "Subscriber ID", "Group", "Relationship", "Insured", "Insured DOB",
                    "Effective", "Termination", "Copay", "Action")  # fmt: skip
        page.table("gvInsurance", headings, [self._policy_row(page, policy) for policy in policies])
        if len(policies) < len(_ORDERS):
            taken = {policy["rank"] for policy in policies}
            free = next(order for place, order in enumerate(_ORDERS, 1) if place not in taken)
            page.raw(f"<p>{page.link(_policy_path(row['id'], free), 'Add Insurance')}</p>")
        return page.response()

    def _age(self, birth: str) -> int:
        today, born = self._portal.now.date(), date.fromisoformat(birth)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @staticmethod
    def _policy_row(page: Page, row: sqlite3.Row) -> tuple[object, ...]:
        plan, order = BY_KEY[row["plan"]], _ORDERS[row["rank"] - 1]
        return (
            order, plan.name, plan.ids.get(CLAIMS, ""), row["subscriber"], row["grp"], row["relationship"],
            f"{row['insured_last']},{row['insured_first']}", us(row["insured_birth"]), us(row["effective"]),
            us(row["termination"]), row["copay"], page.link(_policy_path(row["patient_id"], order), "Edit"),
        )  # fmt: skip

    # --- editing -----------------------------------------------------------------------------------------------------

    async def _edit_page(self, request: web.Request, session: Session) -> web.Response:
        row = self._patient(request.query.get("PID", ""))
        held = {"ddlSex": "U"}
        if row is not None:
            held = {key: us(row[name]) if name in _DAYS else str(row[name]) for key, (_, name) in _FIELDS.items()}
        return self._edit_form(request, session, held, [])

    def _edit_form(
        self, request: web.Request, session: Session, held: dict[str, str], problems: list[str], *, twin: str = ""
    ) -> web.Response:
        number = request.query.get("PID", "")
        page = self._portal.page(request, session, "Edit Patient" if number else "Add New Patient")
        if number and self._patient(number) is None:
            page.error("Patient not found.")
            return page.response()
        page.error(twin or problems)
        for key, (label, column) in _FIELDS.items():
            if column == "sex":
                page.select(key, label, ("F", "M", "U"), held.get(key, "U"))
            else:
                page.field(key, label, held.get(key, ""))
        page.button("btnSave", "Save")
        if twin:
            page.button("btnSaveAnyway", "Save Anyway")
        return page.response()

    async def _save(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        held = {key: form.get(key) for key in _FIELDS}
        number = request.query.get("PID", "")
        problems = [f"{_FIELDS[key][0]} is required" for key in ("txtLast", "txtFirst", "txtDob") if not held[key]]
        if held["txtDob"] and not _is_day(held["txtDob"]):
            problems.append("Enter the DOB as MM/DD/YYYY")
        if problems or (number and self._patient(number) is None):
            return self._edit_form(request, session, held, problems)
        values = {column: held[key] for key, (_, column) in _FIELDS.items()} | {"birth": from_us(held["txtDob"])}
        if not number and "btnSaveAnyway" not in form:
            same = self._db.execute(
                "SELECT id FROM patients WHERE fold(last) = ? AND fold(first) = ? AND birth = ?",
                (values["last"].casefold(), values["first"].casefold(), values["birth"]),
            ).fetchone()
            if same is not None:
                twin = f"A patient with this name and birth date exists: Patient ID {same['id']}."
                return self._edit_form(request, session, held, [], twin=twin)
        number = self._write(number, values)
        request[EFFECT] = {"patient_id": number}
        session.message = "Patient saved."
        return found(f"{_CHART}?PID={number}", 303)

    def _write(self, number: str, values: dict[str, str]) -> str:
        if not number:
            number = str(next_number(self._db, "patient"))
            self._db.execute(
                "INSERT INTO patients (id, ally, pcp) VALUES (?,?,'')", (number, f"PA{int(number) * 31:08d}")
            )
        self._db.execute(
            "UPDATE patients SET last = :last, first = :first, middle = :middle, birth = :birth, sex = :sex,"
            " address = :address, city = :city, state = :state, zip = :zip, home = :home, cell = :cell, email = :email,"
            " alt = :alt WHERE id = :id",
            {**values, "id": number},
        )
        self._db.commit()
        return number

    # --- insurance ---------------------------------------------------------------------------------------------------

    def _policy(self, request: web.Request) -> tuple[sqlite3.Row | None, int, sqlite3.Row | None]:
        """The patient, the place of the policy (0: none), the policy."""
        patient = self._patient(request.query.get("PID", ""))
        order = request.query.get("Order", "")
        rank = _ORDERS.index(order) + 1 if order in _ORDERS else 0
        row = self._db.execute(
            "SELECT * FROM policies WHERE patient_id = ? AND rank = ?", (patient["id"] if patient else 0, rank)
        ).fetchone()
        return patient, rank, row

    async def _policy_page(self, request: web.Request, session: Session) -> web.Response:
        patient, _, row = self._policy(request)
        if row is not None:
            held = {key: us(row[name]) if name in _DAYS else row[name] for key, (_, name) in _POLICY.items()}
            held |= {"ddlPayer": BY_KEY[row["plan"]].ids[CLAIMS], "ddlRelationship": row["relationship"]}
        elif patient is not None:
            held = {"txtInsuredLast": patient["last"], "txtInsuredFirst": patient["first"],
                    "txtInsuredDob": us(patient["birth"]), "ddlRelationship": "Self"}  # fmt: skip
        else:
            held = {}
        return self._policy_form(request, session, held, [])

    def _policy_form(
        self, request: web.Request, session: Session, held: dict[str, str], problems: list[str]
    ) -> web.Response:
        patient, rank, _ = self._policy(request)
        page = self._portal.page(request, session, "Insurance")
        if patient is None or not rank:
            page.error("Patient not found.")
            return page.response()
        page.facts(
            (
                ("patient-id", "Patient ID", str(patient["id"])),
                ("patient", "Patient", f"{patient['last']},{patient['first']}"),
                ("order", "Order", _ORDERS[rank - 1]),
            )
        )
        page.error(problems)
        payers = {plan.ids[CLAIMS]: plan.name for plan in PLANS}
        page.select("ddlPayer", "Payer", payers, held.get("ddlPayer", ""))
        page.select(
            "ddlRelationship", "Patient Relationship to Insured", _RELATIONSHIPS, held.get("ddlRelationship", "Self")
        )
        for key, (label, _) in _POLICY.items():
            page.field(key, label, held.get(key, ""))
        page.button("btnSave", "Save")
        return page.response()

    async def _save_policy(self, request: web.Request, session: Session) -> web.Response:
        form: Form = request[FORM]
        patient, rank, _ = self._policy(request)
        held = {key: form.get(key) for key in (*_POLICY, "ddlPayer", "ddlRelationship")}
        plan = next((one for one in PLANS if one.ids[CLAIMS] == held["ddlPayer"]), None)
        problems = [] if held["txtSubscriber"] else ["Subscriber ID is required"]
        if plan is None:
            problems.append("Payer is required")
        problems += [
            f"{label} is not a date: use MM/DD/YYYY"
            for key, (label, column) in _POLICY.items()
            if column in _DAYS and held[key] and not _is_day(held[key])
        ]
        if problems or plan is None or patient is None or not rank:
            return self._policy_form(request, session, held, problems)
        values = {
            column: from_us(held[key]) if column in _DAYS and held[key] else held[key]
            for key, (_, column) in _POLICY.items()
        }
        self._db.execute(
            "REPLACE INTO policies (patient_id, rank, plan, relationship, subscriber, grp, insured_last, insured_first,"
            " insured_birth, effective, termination, copay) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (patient["id"], rank, plan.key, held["ddlRelationship"] or "Self", *values.values()),
        )
        self._db.commit()
        request[EFFECT] = {"patient_id": str(patient["id"]), "rank": rank}
        session.message = "Insurance saved."
        return found(f"{_CHART}?PID={patient['id']}", 303)


def page_link(page: Page, number: int) -> object:
    """A patient's number as a link to the chart; its text never changes."""
    return page.link(f"{_CHART}?PID={number}", str(number)) if not page.look.relabel else number


def _policy_path(number: int, order: str) -> str:
    return f"{_INSURANCE}?{urlencode({'PID': number, 'Order': order})}"


def _like(text: str) -> str:
    return text.replace("%", "").replace("_", "").casefold()


def _is_day(text: str) -> bool:
    try:
        from_us(text)
    except ValueError:
        return False
    return True
