"""What can be done on the schedule (DESIGN.md, section 6; FEATURES A25–A27, B12, B30)."""

from ui.actions.action import Action, KeyNote
from ui.screens.schedule.settings import MOST_VIEWS, view_keys


def _act(
    name: str, title: str, method: str, key: str = "", icon: str = "", *, status: str = "", when: str = ""
) -> Action:
    return Action(id=f"schedule.{name}", title=title, method=method, key=key, icon=icon, status=status, when=when)


def _jump(name: str, words: str, key: str) -> tuple[Action, Action]:
    return (
        _act(f"later-{name}", f"{words} later", f"later_{name}", f"{key}PageDown"),
        _act(f"earlier-{name}", f"{words} earlier", f"earlier_{name}", f"{key}PageUp"),
    )


ACTIONS: tuple[Action, ...] = (
    _act("book", "Book visit", "book", "N", "plus", status="Book"),
    _act("find", "Find a slot", "find_slot", "F", "slot", status="Find a slot"),
    _act("today", "Go to today", "go_today", "T", "calendar", status="Today"),
    _act("day", "Day view", "show_day_view", "D", "columns", status="Day", when="in_week"),
    _act("week", "Week view", "show_week_view", "W", "calendar", status="Week", when="in_day"),
    _act("list", "Show as list or as grid", "toggle_list", "L", "list", status="List"),
    _act("next", "Next day or week", "next_day", "PageDown", "chev-r"),
    _act("previous", "Day or week before", "previous_day", "PageUp", "chev-l"),
    *_jump("1w", "One week", "Ctrl+"),
    *_jump("2w", "Two weeks", "Shift+"),
    *_jump("4w", "Four weeks", "Ctrl+Shift+"),
    *_jump("3m", "Three months", "Alt+"),
    *_jump("6m", "Six months", "Alt+Shift+"),
    _act("goto", "Go to a date…", "go_to_date", "Ctrl+D", "calendar"),
    _act("provider-next", "Next provider", "next_provider", "]"),
    _act("provider-before", "Provider before", "previous_provider", "["),
    _act("open", "Visit details, and whose visit it is", "open_current", "", "info", when="on_visit"),
    _act("why", "Why is this time not offered?", "ask_why", "Y", "help", when="has_columns"),
    _act("move", "Move visit", "move_visit", "M", "swap", when="on_visit"),
    _act("confirmed", "Mark confirmed", "mark_confirmed", "C", "pie-1", when="on_visit"),
    _act("arrived", "Check in", "mark_arrived", "A", "pie-2", when="on_visit"),
    _act("room", "Mark in room", "mark_in_room", "R", "pie-3", when="on_visit"),
    _act("out", "Check out", "mark_out", "O", "check-solid", when="on_visit"),
    _act("noshow", "Mark no-show", "mark_no_show", "Shift+N", "slash-circle", when="on_visit"),
    _act("cancel", "Cancel visit", "cancel_visit", "Delete", "x-ring", when="on_visit"),
    Action(
        id="schedule.zoom-in", title="Larger grid", method="zoom_in", key="+", also=("=",), icon="plus", palette=True
    ),
    _act("zoom-out", "Smaller grid", "zoom_out", "-", "minus"),
    _act("unit", "Grid unit: next of 5, 10, 15, 20, 30 minutes", "next_increment", "", "grid4"),
    _act("hide", "Hide or show cancelled visits and no-shows", "toggle_cancelled", "H", "eye"),
    _act("cards", "Hover cards on or off", "toggle_hover_cards", "", "info"),
    _act("columns", "Providers and views…", "choose_columns", "V", "columns"),
    *(
        Action(
            id=f"schedule.view-{number}",
            title=f"Named view {number}",
            method=f"open_view_{number}",
            key=view_keys(number)[0],
            also=view_keys(number)[1:],
            icon="bookmark",
            palette=False,
        )
        for number in range(1, MOST_VIEWS + 1)
    ),
    _act("pdf", "Save day list as PDF…", "save_day_list", "", "save"),
)

#: Keys the grid handles itself.
NOTES: tuple[KeyNote, ...] = (
    KeyNote(title="Walk through visits and free times", keys="Up Down Left Right"),
    KeyNote(title="Book the free time, open the visit", keys="Return"),
    KeyNote(title="First, last of the column", keys="Home End"),
)
