#!/bin/sh
# Runs a command inside a session bus of its own with a real Secret Service, unlocked, in a throw-away home.
# The daemon ends with its bus.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" XDG_RUNTIME_DIR="$home" \
QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" DAYBOOK_TEST_KEYRING=1 \
dbus-run-session -- sh -c '
    printf "a test session" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    exec "$@"' with-keyring "$@"
