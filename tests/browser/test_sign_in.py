"""Signing in as people do: with passkeys, codes, and the strict policy on every page."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Trouble, context_of
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "violin cement ginger"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna", password=PASSWORD)


@pytest.fixture
def page(chromium, live_server, trouble) -> Iterator[Page]:
    """At an address that passkeys can be bound to."""
    url = live_server.url.replace("127.0.0.1", "localhost")
    context = context_of(chromium, url, SIZES["phone"])
    page = context.new_page()
    Trouble.watch(trouble, page, url)
    yield page
    context.close()
    assert trouble == []


def give_key(page: Page) -> None:
    """A security key that knows its owner's finger, as the browser's developer tools make one."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, name: str = "anna", password: str = PASSWORD) -> None:
    page.goto("/login/")
    page.get_by_label("User name or e-mail").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(page, anna):
    give_key(page)
    sign_in(page)
    page.goto("/account/factors/")
    assert violations(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Laptop")
    assert violations(page) == []
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert violations(page) == []
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Galleries")).to_be_visible()
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Galleries")).to_be_visible()


def test_a_code_of_an_app_is_the_second_step(page, anna):
    sign_in(page)
    page.goto("/account/factors/totp/activate/")
    expect(page.locator(".qr svg")).to_be_visible()
    assert violations(page) == []
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Galleries")).to_be_visible()


def code(secret: str) -> str:
    """What the app shows now; the service forgets that it was used."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
