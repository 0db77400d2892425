"""The portal engine on a real Chromium, against a small portal of its own and against the sandboxes' portals."""
