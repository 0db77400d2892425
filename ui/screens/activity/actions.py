"""Actions of the Activity page."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(
        id="activity.yes",
        title="Give the first answer",
        method="first_answer",
        key="Y",
        when="asks",
        status="First answer",
    ),
    Action(id="activity.no", title="Give the second answer", method="second_answer", key="N", when="asks"),
    Action(
        id="activity.undo",
        title="Undo this change",
        method="undo_job",
        key="Z",
        icon="undo",
        when="may_undo",
        status="Undo",
    ),
    Action(
        id="activity.retry",
        title="Try this change again",
        method="retry_job",
        key="E",
        icon="refresh",
        when="may_retry",
        status="Try again",
    ),
    Action(
        id="activity.dismiss",
        title="I have dealt with this notice",
        method="dismiss_notice",
        key="D",
        icon="check",
        when="may_dismiss",
        status="Dealt with",
    ),
    Action(
        id="activity.cancel",
        title="Give this change up",
        method="cancel_job",
        key="Del",
        icon="x",
        when="may_cancel",
        status="Give up",
    ),
    Action(
        id="activity.first",
        title="Send this change before the others",
        method="send_first",
        key="F",
        icon="chev-u",
        when="may_reorder",
    ),
    Action(
        id="activity.last",
        title="Send this change after the others",
        method="send_last",
        key="L",
        icon="chev-d",
        when="may_reorder",
    ),
    Action(id="activity.open", title="Show only what is open, or all", method="toggle_open", key="O", icon="filter"),
)

NOTES: tuple[KeyNote, ...] = (KeyNote(title="Next, previous change", keys="J K", status="Move"),)
