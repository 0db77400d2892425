from hypothesis import given
from hypothesis import strategies as st

from app.rules.lanes import lay_out

WINDOWS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 90)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=40
)


def _real(window):
    return window[0], max(window[1], window[0] + 1)


@given(WINDOWS)
def test_windows_that_overlap_never_share_a_lane(windows):
    lanes = lay_out(windows)
    assert len(lanes) == len(windows)
    for i, one in enumerate(windows):
        assert 0 <= lanes[i].lane < lanes[i].of
        for j in range(i):
            (a, b), (c, d) = _real(one), _real(windows[j])
            if a < d and c < b:
                assert lanes[i].lane != lanes[j].lane
                assert lanes[i].of == lanes[j].of


@given(WINDOWS)
def test_no_more_lanes_than_stand_at_once_in_the_cluster(windows):
    lanes = lay_out(windows)
    real = [_real(window) for window in windows]
    deepest = max((sum(a <= at < b for a, b in real) for at, _ in real), default=0)
    assert max((lane.of for lane in lanes), default=0) == deepest


def test_a_visit_that_begins_as_another_ends_stands_below_it():
    assert lay_out([(540, 570), (570, 600)]) == [(0, 1), (0, 1)]


def test_three_at_once_then_one_alone():
    lanes = lay_out([(540, 600), (550, 580), (580, 620), (700, 710)])
    assert lanes == [(0, 2), (1, 2), (1, 2), (0, 1)]
