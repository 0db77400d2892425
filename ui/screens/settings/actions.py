"""Actions of the Settings page."""

from ui.actions.action import Action, KeyNote

ACTIONS: tuple[Action, ...] = (
    Action(id="settings.look", title="Settings: look", method="show_look", icon="settings"),
    Action(id="settings.keys", title="Settings: keys", method="show_keys", icon="keyboard"),
    Action(id="settings.lock", title="Settings: lock and privacy", method="show_lock", icon="lock"),
    Action(id="settings.account", title="Settings: your passphrase", method="show_own_account", icon="user"),
    Action(
        id="settings.accounts",
        title="Settings: accounts",
        method="show_accounts",
        icon="users",
        when="may_manage_accounts",
    ),
    Action(id="settings.rules", title="Settings: hours and schedule rules", method="show_rules", icon="calendar"),
    Action(
        id="settings.upkeep",
        title="Settings: backup, restore, wipe",
        method="show_upkeep",
        icon="save",
        when="may_look_after",
    ),
)

NOTES: tuple[KeyNote, ...] = (
    KeyNote(title="Next section", keys="Up Down", status="Section"),
    KeyNote(title="Into the section", keys="F6", status="Into it"),
)
