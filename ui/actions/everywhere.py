"""Actions of the window itself: they hold on every page (DESIGN.md, section 6)."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(
        id="window.palette",
        title="Search and commands",
        method="open_palette",
        key="Ctrl+K",
        icon="search",
        palette=False,
    ),
    Action(
        id="window.practice",
        title="Open another practice",
        method="open_practice_switcher",
        key="Ctrl+O",
        icon="building",
    ),
    Action(id="window.undo", title="Undo last change", method="undo_last", key="Ctrl+Z", icon="undo", when="can_undo"),
    Action(
        id="window.refresh",
        title="Refresh this page",
        method="refresh_page",
        key="Ctrl+R",
        also=("F5",),
        icon="refresh",
    ),
    Action(
        id="window.print", title="Print this page", method="print_page", key="Ctrl+P", icon="print", when="can_print"
    ),
    Action(id="window.sync", title="Sync everything", method="sync_everything", key="Ctrl+Shift+R", icon="refresh"),
    Action(id="window.next_pane", title="Next pane", method="next_pane", key="F6", palette=False),
    Action(id="window.previous_pane", title="Previous pane", method="previous_pane", key="Shift+F6", palette=False),
    Action(id="window.menu", title="Show or hide menu", method="toggle_menu", key="Ctrl+B", icon="columns"),
    Action(id="window.lock", title="Lock now", method="lock", key="Ctrl+L", icon="lock"),
    Action(id="window.switch_user", title="Switch user", method="switch_user", icon="users"),
    Action(id="window.settings", title="Settings", method="open_settings", key="Ctrl+,", icon="settings"),
    Action(id="window.find", title="Find in list", method="find_in_page", key="/", icon="search", palette=False),
    Action(id="window.tray", title="Running jobs", method="open_tray", key="Ctrl+J", icon="outbox"),
    Action(id="window.privacy", title="Privacy mode", method="toggle_privacy", key="Ctrl+Shift+H", icon="eye"),
    Action(
        id="window.help", title="Keyboard help", method="open_keyboard_help", key="?", also=("F1",), icon="keyboard"
    ),
    Action(id="window.quit", title="Close Daybook", method="close_window", key="Ctrl+Q", icon="x"),
)

#: Keys that work over an open sheet too: whoever is called away locks at once, whatever stands there.
ALWAYS = frozenset({"Ctrl+L"})

#: Keys that sheets, forms and lists handle themselves.
SHEETS: tuple[KeyNote, ...] = (
    KeyNote(title="Confirm", keys="Ctrl+Return"),
    KeyNote(title="Close or cancel", keys="Esc"),
    KeyNote(title="Save draft", keys="Ctrl+S"),
    KeyNote(title="Next problem", keys="F8"),
)
LISTS: tuple[KeyNote, ...] = (
    KeyNote(title="Down, up", keys="J K"),
    KeyNote(title="Open", keys="Return"),
    KeyNote(title="First, last", keys="Home End"),
    KeyNote(title="Actions for this row", keys="."),
    KeyNote(title="Find in list", keys="/"),
)
