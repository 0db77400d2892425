"""Actions of the Audit page."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(
        id="audit.export", title="Export the audit lines shown", method="export", key="X", icon="save", status="Export"
    ),
    Action(
        id="audit.clear",
        title="Clear the audit filters",
        method="clear_filters",
        key="C",
        icon="x",
        status="Clear filters",
    ),
)

NOTES: tuple[KeyNote, ...] = (KeyNote(title="Next, previous line", keys="J K", status="Move"),)
