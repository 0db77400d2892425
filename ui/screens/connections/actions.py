"""Actions of the Connections page."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(
        id="connections.connect",
        title="Connect a system",
        method="connect_system",
        key="N",
        icon="plug",
        when="may_manage",
        status="Connect a system",
    ),
    Action(
        id="connections.code",
        title="Enter the sign-in code",
        method="enter_code",
        key="C",
        icon="key",
        when="code_wanted",
        status="Enter code",
    ),
    Action(
        id="connections.test", title="Test this system again", method="test_current", key="E", icon="check", when="any"
    ),
    Action(
        id="connections.sync_one",
        title="Read this system again now",
        method="sync_current",
        key="Y",
        icon="refresh",
        when="any",
        status="Sync now",
    ),
    Action(
        id="connections.watch",
        title="Watch this system's page",
        method="watch_page",
        key="W",
        icon="eye",
        when="may_watch",
        status="Watch page",
    ),
    Action(
        id="connections.pages",
        title="What its web pages tell",
        method="open_pages",
        key="P",
        icon="drift",
        when="has_pages",
    ),
    Action(id="connections.next", title="Next system", method="next_system", key="]", when="any", palette=False),
    Action(
        id="connections.previous", title="Previous system", method="previous_system", key="[", when="any", palette=False
    ),
    Action(
        id="connections.menu", title="More about this system", method="open_menu", key=".", when="any", palette=False
    ),
)

NOTES: tuple[KeyNote, ...] = (
    KeyNote(title="Sync everything", keys="Ctrl+Shift+R", status="Sync everything"),
    KeyNote(title="Leave a watched page", keys="Shift+Esc"),
    KeyNote(title="Walk the table", keys="Up Down Left Right"),
)
