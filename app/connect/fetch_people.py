"""Reading who there is: providers, visit types, patients; and a patient's insurance, when somebody asks."""

from __future__ import annotations

import msgspec

from app.connect.offering import reads_coverage, reads_providers, reads_visit_types, searches_patients
from app.connect.refresh import Reading
from app.connect.source import Source
from app.model.capabilities import Capability
from app.model.coverage import CoverageRecord
from app.model.people import Patient
from app.model.sourced import Sourced
from app.store import coverage, patients, providers, sealed
from app.store.tx import Tx
from vendors.contract import Adapter, Page, ReadsCharts

#: A list that never ends is the vendor's fault, not a practice.
MOST_PAGES = 50_000
_MARK = "sync:patients"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """How far the list of patients has been read: the next page (empty: from the start) and how many were seen."""

    page: str = ""
    seen: int = 0
    pages: int = 0


class ProvidersFetch:
    """The whole list, each time."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def __call__(self, whole: bool) -> Reading:
        """Read and replace. An empty list where providers were known is reported, not believed."""
        source = self._source
        found = await source.read(Capability.READ_PROVIDERS, lambda adapter: reads_providers(adapter).providers())
        if not found and await source.providers():
            return Reading(whole=False, hid=(f"{source.session.title} named no providers. The known ones are kept.",))
        await source.store.write(providers.save_all, source.connection_id, found)
        return Reading(whole=True)


class VisitTypesFetch:
    """The whole list, each time, with those that are not active any more."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def __call__(self, whole: bool) -> Reading:
        """Read and replace."""
        source = self._source
        found = await source.read(
            Capability.READ_VISIT_TYPES, lambda adapter: reads_visit_types(adapter).visit_types(include_inactive=True)
        )
        await source.store.write(providers.save_visit_types, source.connection_id, found)
        return Reading(whole=True)


class PatientsFetch:
    """All pages, one after another, each kept as it comes; interrupted, it goes on where it was."""

    def __init__(self, source: Source) -> None:
        self._source = source
        #: Pages of the last whole reading, to judge how often it may be repeated.
        self.pages = 0

    async def __call__(self, whole: bool) -> Reading:
        """Read to the end of the list. A list shorter than the vendor's own count is reported, and so is one that
        shows the same page again and again."""
        source = self._source
        mark = await self._mark()
        before: tuple[str, ...] = ()
        while True:
            page = await self._page(mark.page)
            shown = tuple(item.vendor_id for item in page.items)
            if shown and shown == before:
                after = mark
                break
            before = shown
            after = Mark(page=page.next_page, seen=mark.seen + len(page.items), pages=mark.pages + 1)
            thin = source.session.manifest.limits.thin_lists
            await source.store.write(_keep_page, source.connection_id, page.items, after, thin)
            if not after.page or after.pages >= MOST_PAGES:
                break
            mark = after
        await source.store.write(sealed.remove, source.connection_id, _MARK)
        self.pages = after.pages
        hid: tuple[str, ...] = ()
        if page.total is not None and page.total > after.seen:
            hid = (f"{source.session.title} counts {page.total} patients and showed {after.seen}.",)
        elif after.page and len(before) <= source.session.manifest.limits.page_size:
            hid = (f"{source.session.title} did not end its list of patients; {after.seen} were read.",)
        return Reading(whole=not hid, hid=hid)

    async def _mark(self) -> Mark:
        kept = await self._source.store.read(sealed.get, self._source.connection_id, _MARK)
        return msgspec.json.decode(kept, type=Mark) if kept else Mark()

    async def _page(self, page: str) -> Page[Sourced[Patient]]:
        return await self._source.read(
            Capability.SEARCH_PATIENTS, lambda adapter: searches_patients(adapter).search_patients(page=page)
        )


def _keep_page(tx: Tx, connection_id: str, found: tuple[Sourced[Patient], ...], mark: Mark, thin: bool) -> None:
    keep_found(tx, connection_id, found, thin)
    sealed.put(tx, connection_id, _MARK, msgspec.json.encode(mark))


async def read_coverage(source: Source, patient_vendor_id: str) -> list[Sourced[CoverageRecord]]:
    """Ask for a patient's insurance policies now, primary first, and keep the answer; the record with it, where the
    system tells both together."""
    as_of = source.clock.now()

    async def ask(adapter: Adapter) -> tuple[tuple[Sourced[Patient], ...], list[Sourced[CoverageRecord]]]:
        if isinstance(adapter, ReadsCharts):
            patient, policies = await adapter.chart(patient_vendor_id)
            return (patient,), policies
        return (), await reads_coverage(adapter).coverage(patient_vendor_id)

    told, found = await source.session.call(Capability.READ_COVERAGE, ask)

    def keep(tx: Tx) -> None:
        patients.save_all(tx, source.connection_id, told)
        coverage.keep(tx, source.connection_id, patient_vendor_id, found, as_of)

    await source.store.write(keep)
    return found


def keep_found(tx: Tx, connection_id: str, found: tuple[Sourced[Patient], ...], thin: bool) -> None:
    """Keep patients as a list told them; from a ``thin`` one, what it left empty stays as it was known."""
    if thin:
        found = tuple(_filled(tx, connection_id, item) for item in found)
    patients.save_all(tx, connection_id, found)


def _filled(tx: Tx, connection_id: str, item: Sourced[Patient]) -> Sourced[Patient]:
    row = patients.by_vendor(tx.connection, connection_id, item.vendor_id)
    known = patients.get(tx.connection, row.local_id) if row is not None else None
    if known is None:
        return item
    told = {name: value for name in Patient.__struct_fields__ if (value := getattr(item.value, name)) != _EMPTY[name]}
    return msgspec.structs.replace(item, value=msgspec.structs.replace(known.value, **told))


_EMPTY = {name: getattr(Patient(), name) for name in Patient.__struct_fields__}
