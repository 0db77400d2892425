"""The README's vendor table, made from the manifests: ``python -m tests.guards.vendor_table`` writes it anew."""

from __future__ import annotations

from app.model.capabilities import Capability, Standing
from tests.guards import source
from vendors import load
from vendors.quality import quality

BEGIN, END = "<!-- vendors: made from the manifests -->", "<!-- end of vendors -->"
_PLANNED = ("athenahealth", "eClinicalWorks / healow", "Tebra", "Office Ally")
_MARKS = {Standing.YES: "yes", Standing.PARTLY: "partly", Standing.NOT_OFFERED: "–"}


def table() -> str:
    """Rows are what can be asked of a system, columns the systems."""
    known = [load.manifest(name) for name in load.names()]
    titles = [manifest.title for manifest in known]
    later = [title for title in _PLANNED if title not in titles]
    lines = [
        "| | " + " | ".join([*titles, *later]) + " |",
        "|---|" + "---|" * (len(titles) + len(later)),
        "| level | "
        + " | ".join([*(quality(manifest.name).earned() for manifest in known), *("not yet" for _ in later)])
        + " |",
    ]
    offers = [{offer.capability: offer.standing for offer in manifest.offers} for manifest in known]
    for capability in Capability:
        cells = [_MARKS.get(one[capability], one[capability].value) for one in offers]
        lines.append(f"| {capability.value.replace('_', ' ')} | " + " | ".join([*cells, *("" for _ in later)]) + " |")
    return "\n".join(lines)


def with_table(text: str) -> str:
    """``text`` with the table between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    readme = source.ROOT / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8")), "utf-8")
