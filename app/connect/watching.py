"""Who is looking at what: only what is looked at is kept fresh often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from app.model.connection import Topic


class Watches:
    """Counts the screens that look at a topic and at its days. ``on_look`` hears of every new look."""

    def __init__(self, on_look: Callable[[Topic], None]) -> None:
        self._on_look = on_look
        self._topics: Counter[Topic] = Counter()
        self._days: dict[Topic, Counter[date]] = {topic: Counter() for topic in Topic}

    def watch(self, topic: Topic, days: Iterable[date] = ()) -> Callable[[], None]:
        """Count one more look; the returned function ends it, once."""
        looked = tuple(days)
        self._topics[topic] += 1
        self._days[topic].update(looked)
        ended = False

        def end() -> None:
            nonlocal ended
            if ended:
                return
            ended = True
            self._topics[topic] -= 1
            self._days[topic].subtract(looked)
            self._days[topic] += Counter()

        self._on_look(topic)
        return end

    def watched(self, topic: Topic) -> bool:
        """Somebody is looking."""
        return self._topics[topic] > 0

    def days(self, topic: Topic) -> tuple[date, ...]:
        """The days looked at, earliest first."""
        return tuple(sorted(self._days[topic]))
