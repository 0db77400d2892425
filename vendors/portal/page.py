"""Page objects: one class a portal page, its locators in one place, its methods named as people say them."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import msgspec

from app.model.errors import VendorError
from vendors.portal.landmarks import Landmark, digest, place
from vendors.portal.tab import Tab

P = TypeVar("P", bound="PortalPage")

_READ_TABLES = """(tables) => tables.map((table) => {
  const line = (node) => (node.innerText || '').replace(/\\s+/g, ' ').trim();
  const heads = [...table.querySelectorAll('th')].map(line);
  const rows = [...table.querySelectorAll('tr')].filter((row) => row.querySelector('td'));
  return {heads, rows: rows.map((row) => {
    const cells = [...row.querySelectorAll(':scope > td')];
    const link = (cell) => (cell.querySelector('a[href]') || {getAttribute: () => ''}).getAttribute('href');
    return {texts: cells.map(line), links: cells.map(link), data: {...row.dataset}};
  })};
})"""

_READ_FORM = """() => {
  const line = (text) => (text || '').replace(/\\s+/g, ' ').trim();
  const found = [];
  for (const node of document.querySelectorAll('input,select,textarea')) {
    const type = node.tagName === 'SELECT' ? 'select' : (node.type || 'text');
    if (['hidden', 'submit', 'button', 'reset', 'image'].includes(type)) continue;
    const label = node.labels && node.labels[0] ? node.labels[0].innerText : (node.getAttribute('aria-label') || '');
    const chosen = type === 'select' ? node.selectedOptions[0] : null;
    found.push({label: line(label), type, required: node.required, shown: node.checkVisibility(),
      in_row: !!node.closest('td'),
      value: type === 'checkbox' || type === 'radio' ? (node.checked ? 'yes' : '') : node.value,
      words: chosen ? line(chosen.innerText) : node.value,
      options: type === 'select' ? [...node.options].map((one) => [one.value, line(one.innerText)]) : []});
  }
  return found;
}"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a table: texts and link addresses by column, and the row's ``data-`` attributes."""

    texts: dict[str, str]
    links: dict[str, str]
    data: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a form. ``value`` is what would be sent, ``words`` what people see there.

    ``in_row``: it stands in a table, so its label may name a patient.
    """

    label: str
    type: str
    required: bool
    shown: bool
    value: str
    words: str
    in_row: bool = False
    options: tuple[tuple[str, str], ...] = ()


class PortalPage:
    """A page: its ``name`` for people and quarantine, the ``app`` it belongs to, its ``landmarks``.

    ``path`` is where it is found, for pages that always are at the same place. ``signed_in`` is false for the pages
    of signing in, which name no account.
    """

    name: ClassVar[str]
    app: ClassVar[str]
    path: ClassVar[str] = ""
    signed_in: ClassVar[bool] = True
    landmarks: ClassVar[tuple[Landmark, ...]]

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.page = tab.page

    @classmethod
    async def open(cls: type[P], tab: Tab, address: str = "") -> P:
        """Go there and make sure of it. Raises AuthExpired, Drifted, NotFound, Unreachable."""
        await tab.go(cls.app, address or cls.path)
        return await cls.on(tab)

    @classmethod
    async def on(cls: type[P], tab: Tab) -> P:
        """This page, if it is what the tab shows."""
        page = cls(tab)
        await tab.arrive(page)
        return page

    @classmethod
    def digest(cls) -> str:
        """Changes when what is expected of the page changes."""
        return digest(cls.landmarks)

    async def instead(self) -> VendorError | None:
        """What the portal shows in this page's place and means something by ("not found"), as an error; else None."""
        return None

    async def read_table(self, selector: str, columns: tuple[str, ...]) -> list[Row]:
        """All rows of a table, in one question. Raises Drifted where it, a column or a cell is missing."""
        found: list[dict[str, Any]] = await self.page.locator(selector).evaluate_all(_READ_TABLES)
        if len(found) != 1:
            raise await self.tab.drifted(self, (place(selector).words(),))
        told = found[0]
        heads: list[str] = told["heads"]
        missing = tuple(f"column “{name}”" for name in columns if name not in heads)
        if missing or len(set(heads)) != len(heads):
            raise await self.tab.drifted(self, missing or ("columns of the same name",))
        rows = []
        for row in told["rows"]:
            if len(row["texts"]) != len(heads):
                raise await self.tab.drifted(self, ("rows as wide as the table",))
            texts = dict(zip(heads, row["texts"], strict=True))
            rows.append(Row(texts=texts, links=dict(zip(heads, row["links"], strict=True)), data=row["data"]))
        return rows

    async def read_form(self) -> dict[str, Control]:
        """Every visible field of the page by its label, in one question."""
        told = msgspec.convert(await self.page.evaluate(_READ_FORM), type=list[Control])
        return {control.label: control for control in told if control.shown}

    async def fill(self, label: str, value: str) -> None:
        """Type into a field."""
        await self.tab.step()
        await self.page.get_by_label(label, exact=True).fill(value)

    async def select(self, label: str, value: str) -> None:
        """Choose in a list, by the words people see or by the value that is sent."""
        await self.tab.step()
        await self.page.get_by_label(label, exact=True).select_option(value)

    async def press(self, name: str) -> None:
        """Press a button that loads a page and changes nothing there."""
        await self.tab.press(self.page.get_by_role("button", name=name, exact=True))

    async def refusal(self) -> str:
        """What the page says in an alert, on one line; empty where there is none."""
        return await self.tab.said("[role=alert]:visible")

    async def notice(self) -> str:
        """What the page says in a status, on one line; empty where there is none."""
        return await self.tab.said("[role=status]:visible")
