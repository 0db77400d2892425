"""The benchmark measures work that was done right; figures are shown, never asserted."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from app.main.bench import x12, x12_measures
from app.main.bench import x12_files as files
from app.x12 import collector
from tests.x12 import judges


@pytest.fixture
def small(tmp_path: Path) -> dict[str, Path]:
    made = {"835": files.remittances(250_000), "837": files.claims(250_000)}
    paths = {name: tmp_path / f"{name}.x12" for name in made}
    for name, data in made.items():
        paths[name].write_bytes(data)
    return paths


@pytest.mark.parametrize(
    ("name", "kind"),
    [("segments", "835"), ("glance", "835"), ("typed", "835"), ("claims", "837"), ("written", "837")],
)
def test_a_measure_answers_with_floor_and_figure(name: str, kind: str, small: dict[str, Path]) -> None:
    found = getattr(x12_measures, name)(str(small[kind]))
    assert found["ratio"] == pytest.approx(found["floor"] / found["seconds"], rel=0.9)
    assert found["megabytes"] == pytest.approx(0.25, rel=0.6)


def test_a_fresh_process_answers(small: dict[str, Path]) -> None:
    assert x12._apart("first_screen", str(small["835"]))["seconds"] > 0
    assert x12._apart("memory", str(small["835"]))["above"] > 0
    found = x12._apart("imported")
    assert 0 < found["package"] < found["reader"]


def test_work_that_went_wrong_is_no_figure(tmp_path: Path) -> None:
    (path := tmp_path / "odd.x12").write_bytes(files.remittances(20_000).replace(b"BPR*I*", b"BPR*I*1"))
    with pytest.raises(RuntimeError):
        x12_measures.glance(str(path))
    with pytest.raises(RuntimeError, match="without an answer"):
        x12._apart("glance", str(path))


@pytest.mark.slow
def test_the_files_of_the_benchmark_are_valid(small: dict[str, Path]) -> None:
    judges.need("pyx12")
    judges.need("oxedi")
    assert judges.pyx12_errors(small["835"]) == []
    assert judges.oxedi_errors(small["835"]) == []
    assert judges.pyx12_errors(small["837"]) == []


def test_the_collector_is_given_back_whatever_happens() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), collector.held():
        assert gc.get_threshold() != before
        raise KeyError
    assert gc.get_threshold() == before
