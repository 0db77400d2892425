"""Actions of the Enrollments page."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(
        id="enrollments.ask",
        title="Ask the clearinghouse again",
        method="ask_again",
        key="R",
        icon="refresh",
        when="may_change",
        status="Ask again",
    ),
    Action(
        id="enrollments.note",
        title="Note a state",
        method="note_state",
        key="N",
        icon="note",
        when="on_cell",
        status="Note a state",
    ),
    Action(
        id="enrollments.enroll",
        title="Send the enrollment form",
        method="send_enrollment",
        key="S",
        icon="send",
        when="may_send",
        status="Send form",
    ),
    Action(
        id="enrollments.letter",
        title="Copy a letter that asks again",
        method="copy_letter",
        key="L",
        icon="copy",
        when="has_letter",
        status="Copy letter",
    ),
    Action(
        id="enrollments.payer",
        title="Open this payer in the payer list",
        method="open_payer",
        key="Y",
        icon="list",
        when="on_row",
    ),
    Action(
        id="enrollments.ours", title="Show only where we must act, or all", method="toggle_ours", key="U", icon="filter"
    ),
)

NOTES: tuple[KeyNote, ...] = (
    KeyNote(title="Next, previous payer", keys="J K", status="Move"),
    KeyNote(title="Next, previous transaction", keys="Right Left"),
)
