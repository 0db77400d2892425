#!/bin/sh
# Brings the Debian packages that Daybook needs to run and to be tested, where they are missing.
# Does nothing (and asks for nothing) when all are there; says plainly what to do where it may not install.
set -eu

required="python3-venv
libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
fonts-inter fonts-jetbrains-mono
dbus gnome-keyring libsecret-1-0
libatomic1 libstdc++6 binutils"
# Wanted, but Daybook starts without them: Ubuntu has no Chromium deb, and a desk with a screen needs no Xvfb.
wanted="chromium-headless-shell openssh-sftp-server xvfb xauth"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not Debian or Ubuntu: install these packages' equivalents by hand, then run make again:"
    echo $required $wanted
    echo "Going on, in case they are there already."
    exit 0
fi

missing_of() {
    for package in $1; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done
}

# A Python that brings its own venv (built from source, say) needs no python3-venv.
if python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
    required=$(printf '%s\n' "$required" | sed 's/^python3-venv$//')
fi

missing=$(missing_of "$required")
missing_wanted=$(missing_of "$wanted")
if [ -z "$missing" ] && { [ -z "$missing_wanted" ] || [ -e .setup-wanted-tried ]; }; then
    exit 0
fi

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root="sudo"
elif [ -z "$missing" ]; then
    echo "Not installed, and not needed for the start:" $missing_wanted
    exit 0
else
    echo "These system packages are missing, and this account may not install them:"
    echo "   " $missing
    echo "Ask somebody who may to run:  apt-get install" $missing $missing_wanted
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "Installing system packages:" $missing $missing_wanted
$as_root apt-get update -qq
if [ -n "$missing" ]; then
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
for package in $missing_wanted; do
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
        echo "Not to be had as a package here: $package (Daybook starts without it)."
done
touch .setup-wanted-tried
