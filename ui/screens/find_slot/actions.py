"""What can be done while finding a slot (DESIGN.md, section 6)."""

from ui.actions.action import Action, KeyNote


def _act(
    name: str, title: str, method: str, key: str = "", icon: str = "", *, status: str = "", when: str = ""
) -> Action:
    return Action(id=f"find_slot.{name}", title=title, method=method, key=key, icon=icon, status=status, when=when)


ACTIONS: tuple[Action, ...] = (
    _act("best1", "Choose the best time", "pick_best_1", "1", "slot", when="has_best"),
    _act("best2", "Choose the second best time", "pick_best_2", "2", "slot", when="has_best"),
    _act("best3", "Choose the third best time", "pick_best_3", "3", "slot", when="has_best"),
    _act("book", "Book the time chosen", "book", "N", "plus", status="Book", when="has_choice"),
    _act(
        "copy", "Copy what to read to the patient", "copy_script", "C", "copy", status="Copy script", when="has_script"
    ),
    _act("recheck", "Recheck these times live", "recheck_now", "R", "refresh", status="Recheck"),
    _act("why", "Why is a time not offered?", "ask_why", "Y", "help", status="Why not?"),
    _act("schedule", "See the time on the schedule", "show_on_schedule", "S", "calendar", when="has_choice"),
    _act("clear", "Clear the search", "clear_search", "", "x"),
)

#: Keys the list handles itself.
NOTES: tuple[KeyNote, ...] = (
    KeyNote(title="Pick best match", keys="1 2 3", status="Pick best match"),
    KeyNote(title="Move through times", keys="J K", status="Move"),
    KeyNote(title="Book", keys="Return", status="Book"),
)
