"""Actions of the Payer list page."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(
        id="payers.import",
        title="Import a payer list from a file",
        method="choose_file",
        key="I",
        icon="inbox",
        when="may_change",
        status="Import file",
    ),
    Action(
        id="payers.fetch",
        title="Fetch the payer list from the clearinghouse",
        method="fetch",
        key="R",
        icon="refresh",
        when="may_change",
        status="Fetch",
    ),
    Action(id="payers.copy", title="Copy the payer id", method="copy_id", key="C", icon="copy", when="on_payer"),
    Action(
        id="payers.enrollments",
        title="Enrollments with this payer",
        method="open_enrollments",
        key="E",
        icon="shield-check",
        when="on_payer",
    ),
)

NOTES: tuple[KeyNote, ...] = (KeyNote(title="Next, previous payer", keys="J K", status="Move"),)
