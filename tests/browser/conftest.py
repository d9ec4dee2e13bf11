"""A browser on a real server; the tests are skipped where no Chromium is installed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from threading import Thread
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# A browser that phones home while a test runs makes the test depend on the network.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# How long a page takes says how busy the machine is, and nothing else.
expect.set_options(timeout=30_000)


class _Server(ThreadingMixIn, WSGIServer):
    """Serves pages while the test looks at them."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Keeps the test's output clean."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: a failing page fails its test."""


@dataclass(frozen=True, slots=True)
class Site:
    """The running site with one well-filled administration and its owner's password."""

    address: str
    slug: str
    email: str
    link_token: str
    waiting_message_id: UUID
    released_message_id: UUID
    import_id: UUID

    def at(self, path: str) -> str:
        """The full address of a page of the administration."""
        return f"{self.address}/{self.slug}/{path}"


@pytest.fixture(scope="module")
def site(database: None) -> Iterator[Site]:
    """The site on a port of its own.

    Per module, with its browser: the browser's event loop must have ended before other tests ask
    the database. All that these tests ask it they ask here, before that loop starts.
    """
    from tests.browser.office import fill_office, find_import_id, find_message_id
    from tests.integration.people import make_person, slug_of

    from tijdig.config.translations import compile_translations
    from tijdig.tenants.actions import make_sign_in_link
    from tijdig.web.clock import moment_now

    compile_translations()
    administration_id = fill_office()
    owner = make_person(administration_id)
    with serving() as address:
        yield Site(
            address=address,
            slug=slug_of(administration_id),
            email=owner.email,
            link_token=make_sign_in_link(owner.id, now=moment_now()),
            waiting_message_id=find_message_id(administration_id, is_released=False),
            released_message_id=find_message_id(administration_id, is_released=True),
            import_id=find_import_id(administration_id),
        )


@contextmanager
def serving() -> Iterator[str]:
    """The site on a port of its own, and its address."""
    from django.core.wsgi import get_wsgi_application

    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet
    )
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium: `make browser` installs it where that is possible")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def signed_in_state(site: Site, browser: Browser) -> dict[str, object]:
    """The cookies of the owner, signed in with a password as everybody does."""
    from tests.integration.people import PASSWORD

    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.address}/{site.slug}/vandaag/")
    page.get_by_label("E-mailadres").fill(site.email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_url(f"**/{site.slug}/vandaag/")
    state: dict[str, object] = dict(context.storage_state())
    context.close()
    return state


@dataclass(frozen=True, slots=True)
class Watched:
    """A page, with every breach of the content policy and every script error it had."""

    page: Page
    complaints: list[str]


def watch(context: BrowserContext) -> Watched:
    """A page on which nothing goes wrong unseen."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text}") if message.type == "error" else None
        ),
    )
    page.on(
        "response",
        lambda response: (
            complaints.append(f"{response.status} {response.url}")
            if response.status >= 500
            else None
        ),
    )
    return Watched(page, complaints)


@pytest.fixture
def desk(browser: Browser, signed_in_state: dict[str, object]) -> Iterator[Watched]:
    """The owner at the desk, on a wide screen; complaints fail the test."""
    context = browser.new_context(
        storage_state=signed_in_state,  # type: ignore[arg-type]
        viewport={"width": 1280, "height": 900},
        locale="nl-NL",
    )
    watched = watch(context)
    yield watched
    context.close()
    assert watched.complaints == []
