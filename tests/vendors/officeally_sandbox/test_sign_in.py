"""Point 27, first half: the bridge, all three second factors, trusted devices, lock-outs, ended sessions."""

from __future__ import annotations

import re

import pytest

from tests.vendors.officeally_sandbox.browser import Browser, Page
from vendors.officeally.sandbox import OfficeAllySandbox
from vendors.officeally.sandbox.sessions import PASSWORD, TOTP_SECRET, totp

WRONG = "Wrong username or password."


async def password(
    browser: Browser, user: str, typed: str = PASSWORD, path: str = "/home", app: str = "portal"
) -> Page:
    page = await browser.get(path, app)
    assert page.title == "Log in to Office Ally" and "/u/login" in page.url
    return await browser.send(page, {"username": user, "password": typed})


async def newest(box: OfficeAllySandbox, way: str) -> str:
    return str((await box.actions["codes"]({}))[way][-1]["code"])


def test_totp_is_the_one_of_the_standard() -> None:
    """RFC 6238, appendix B, with six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [totp(secret, moment // 30) for moment in (59, 1111111109, 2000000000)] == ["287082", "081804", "279037"]


@pytest.mark.parametrize("app", ["portal", "pm"])
async def test_without_a_second_factor_it_leads_where_one_wanted_to_go(browser: Browser, app: str) -> None:
    path = "/claims/manage" if app == "portal" else "/ManageOffice/TimeSchedules.aspx"
    page = await browser.sign_in(path, app)
    assert page.url == browser.urls[app] + path and page.ids["user"] == "larkspur.plain"
    assert page.ids["account"] == "Larkspur Family Medicine · Account LARKSPUR"


async def test_a_password_with_every_special_character(box: OfficeAllySandbox, browser: Browser) -> None:
    assert (await browser.sign_in(user="larkspur.special")).title == "Service Center"


async def test_totp(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await password(browser, "larkspur.front")
    assert page.ids["mfa-words"] == "Enter the 6-digit code from your authenticator app."
    assert (await browser.send(page, {"code": "000000"})).error == "That code is not right."
    step = int(box.clock.now().timestamp()) // 30
    assert (await browser.send(page, {"code": totp(TOTP_SECRET, step - 20)})).error == "That code is not right."
    assert (await browser.send(page, {"code": totp(TOTP_SECRET, step)})).title == "Service Center"
    assert (await box.actions["codes"]({}))["totp"]["larkspur.front"] == totp(TOTP_SECRET, step)


@pytest.mark.parametrize(("way", "to"), [("sms", "(***) ***-0147"), ("email", "r***@mail.example")])
async def test_codes_by_message(box: OfficeAllySandbox, browser: Browser, way: str, to: str) -> None:
    page = await password(browser, f"larkspur.{way}")
    assert to in page.ids["mfa-words"]
    old = await newest(box, way)
    page = await browser.send(page, press="btn-resend")
    code = await newest(box, way)
    if old != code:
        assert (await browser.send(page, {"code": old})).error == "That code is not right."
    box.clock.skew = box.clock.skew.__class__(minutes=11)
    assert (await browser.send(page, {"code": code})).error == "That code has expired. Send a new code."
    page = await browser.send(page, press="btn-resend")
    assert (await browser.send(page, {"code": await newest(box, way)})).title == "Service Center"


async def test_choosing_among_three_ways(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await password(browser, "larkspur.all")
    assert page.title == "Choose how to get your code"
    assert set(page.labels) == {"Authenticator app", "Text message to (***) ***-0147", "Email to r***@mail.example"}
    page = await browser.send(page, {"way": "email"})
    assert page.links["Try another way"].startswith("/u/mfa-options")
    page = await browser.send(page, {"code": await newest(box, "email")})
    assert page.title == "Service Center"


async def test_a_trusted_device_needs_no_code_until_it_is_forgotten(box: OfficeAllySandbox, browser: Browser) -> None:
    page = await password(browser, "larkspur.sms")
    await browser.send(page, {"code": await newest(box, "sms"), "trust": "on"})
    await box.actions["sign_out"]({})
    assert (await password(browser, "larkspur.sms")).title == "Service Center"
    assert (await password(browser, "larkspur.sms", path="/emr/Home.aspx", app="pm")).title == "Practice Mate"
    await box.actions["sign_out"]({"devices": True})
    assert (await password(browser, "larkspur.sms")).title == "Verify your identity"


async def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(box: OfficeAllySandbox, browser: Browser) -> None:
    said = [(await password(browser, "larkspur.plain", "no")).error for _ in range(5)]
    assert said[:4] == [WRONG] * 4 and said[4].startswith("Your account is locked for 15 minutes")
    assert (await password(browser, "larkspur.plain")).error.startswith("Your account is locked")
    box.clock.skew = box.clock.skew.__class__(minutes=16)
    assert (await password(browser, "larkspur.plain")).title == "Service Center"


async def test_five_wrong_codes_lock_too_and_an_administrator_lifts_it(
    box: OfficeAllySandbox, browser: Browser
) -> None:
    page = await password(browser, "larkspur.front")
    said = [(await browser.send(page, {"code": "000000"})).error for _ in range(5)]
    assert said[4].startswith("Your account is locked")
    await box.actions["lock"]({"user": "larkspur.front", "minutes": 0})
    assert (await password(browser, "larkspur.front")).title == "Verify your identity"


async def test_nobody_learns_whether_a_user_exists(browser: Browser) -> None:
    assert (await password(browser, "nobody")).error == WRONG
    page = await browser.get("/home")
    for label in ("Retrieve your password", "Retrieve your username"):
        bridge = page.url.partition("/u/")[0]
        assert "If the address is the one on file" in (await browser.get(bridge + page.links[label])).text


async def test_an_idle_session_ends_and_says_so(box: OfficeAllySandbox, browser: Browser) -> None:
    await browser.sign_in()
    await box.actions["switches"]({"idle_s": 0.0})
    page = await browser.get("/claims/manage")
    assert page.error == "Your session has ended. Log in again." and page.title == "Log in to Office Ally"
    await box.actions["switches"]({"idle_s": 1200})
    page = await browser.send(page, {"username": "larkspur.plain", "password": PASSWORD})
    assert page.url.endswith("/claims/manage")


async def test_an_expired_password_asks_for_a_person(box: OfficeAllySandbox, browser: Browser) -> None:
    await box.actions["switches"]({"password_expired": True})
    assert (await password(browser, "larkspur.plain")).title == "Change your password"


async def test_one_session_for_each_application(browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.get("/emr/Home.aspx", "pm")).title == "Log in to Office Ally"
    assert (await browser.get("/logout")).title == "Log in to Office Ally"
    assert (await browser.get("/home")).title == "Log in to Office Ally"


async def test_the_guide_stands_until_it_is_closed(browser: Browser) -> None:
    page = await browser.sign_in()
    assert re.search(r'role="dialog" aria-label="What\'s new"', page.text)
    await browser.send(Page(browser.urls["portal"] + "/guide/close", ""))
    assert "dialog" not in (await browser.get("/home")).text.partition("<body>")[2]


async def test_state_fields_must_come_back_unchanged(browser: Browser) -> None:
    page = await browser.sign_in("/claims/manage")
    assert "claims found" in (await browser.send(page, press="btnSearch")).text
    page.fields["__VIEWSTATE"] = page.fields["__VIEWSTATE"][:-1] + "x"
    broken = await browser.send(page, press="btnSearch")
    assert broken.title == "Server Error in '/' Application."


async def test_another_place_to_return_to_is_not_followed(browser: Browser) -> None:
    page = await browser.get("/sLogin.aspx?ReturnUrl=//elsewhere.example/")
    page = await browser.send(page, {"username": "larkspur.plain", "password": PASSWORD})
    assert page.url == browser.urls["portal"] + "/home"
