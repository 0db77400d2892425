"""Lists that come in parts: the same foot on every page that has them."""

from __future__ import annotations

import re

from vendors.portal.page import PortalPage, Row

#: No practice turns more pages by hand; a list that is longer is asked for in smaller parts.
MOST_PAGES = 200


class ListPage(PortalPage):
    """A page with a table and, where it is long, buttons that turn it."""

    async def part(self, table: str, columns: tuple[str, ...]) -> tuple[list[Row], int, int]:
        """The rows shown, which part this is, and how many there are."""
        rows = await self.read_table(table, columns)
        match = re.fullmatch(r"Page (\d+) of (\d+)", await self.tab.said("#page"))
        return rows, int(match[1]) if match else 1, int(match[2]) if match else 1

    async def whole(self, table: str, columns: tuple[str, ...]) -> list[Row]:
        """All parts, turned one by one. Raises Drifted where turning does not turn."""
        rows, number, parts = await self.part(table, columns)
        while number < min(parts, MOST_PAGES):
            await self.press("Next page")
            await self.tab.arrive(self)
            more, at, parts = await self.part(table, columns)
            if at != number + 1:
                raise await self.tab.drifted(self, ("pages that turn",))
            rows, number = rows + more, at
        return rows
