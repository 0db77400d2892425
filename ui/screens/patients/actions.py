"""What can be done with patients (DESIGN.md, section 6; FEATURES B1 to B5)."""

from ui.actions.action import Action, KeyNote


def _act(
    name: str, title: str, method: str, key: str = "", icon: str = "", *, status: str = "", when: str = ""
) -> Action:
    return Action(id=f"patients.{name}", title=title, method=method, key=key, icon=icon, status=status, when=when)


ACTIONS: tuple[Action, ...] = (
    _act("search", "Search patients", "find_in_page", "", "search"),
    _act("book", "Book a visit for this patient", "book", "N", "plus", status="Book", when="has_patient"),
    _act("edit", "Change this patient's details", "edit", "E", "edit", status="Edit", when="can_edit"),
    _act("new", "New patient", "new_patient", "Ctrl+N", "plus", status="New patient"),
    _act("recent", "Recent patients", "show_recent", "R", "clock"),
    _act("today", "Today's patients", "show_today", "T", "calendar"),
    _act("everywhere", "Search every system", "search_everywhere", "Ctrl+Shift+F", "search"),
    _act("link", "Link another record of this patient", "link_record", "", "link", when="has_patient"),
    _act("overview", "Overview", "tab_1", "1", when="has_patient"),
    _act("visits", "Visits", "tab_2", "2", when="has_patient"),
    _act("details", "Details", "tab_3", "3", when="has_patient"),
)

#: Keys the list and the status bar tell of.
NOTES: tuple[KeyNote, ...] = (
    KeyNote(title="Search", keys="/", status="Search"),
    KeyNote(title="Next, previous patient", keys="J K", status="Move"),
    KeyNote(title="Tabs", keys="1 2 3", status="Tabs"),
)
