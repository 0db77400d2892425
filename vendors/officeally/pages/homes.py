"""The first pages of both applications."""

from __future__ import annotations

from typing import ClassVar

from vendors.portal.landmarks import Landmark, heading, link
from vendors.portal.page import PortalPage


class ServiceCenter(PortalPage):
    """Service Center: claims, reports, enrollment."""

    name, app, path = "Service Center", "portal", "/home"
    landmarks: ClassVar[tuple[Landmark, ...]] = (heading("Service Center"), link("Manage Claims"), link("Log Out"))


class PracticeMate(PortalPage):
    """Practice Mate: patients, appointments, posting."""

    name, app, path = "Practice Mate", "pm", "/emr/Home.aspx"
    landmarks: ClassVar[tuple[Landmark, ...]] = (heading("Practice Mate"), link("Patients"), link("Log Out"))
