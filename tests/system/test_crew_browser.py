"""Who is asked to work answers in a browser: one says yes, another no, and both are shown so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roadcase.api.v1 import planning_crew_pb2 as crew
from tests.system.site import Site, running
from tests.system.test_crew import ACCEPTED, Boss, crew_cleared
from tests.system.test_page import browser, elsewhere, opens  # noqa: F401 - fixtures

OPEN = crew.CREW_POSITION_STATE_OPEN


@pytest.fixture(scope="module")
def site(browser, tmp_path_factory) -> Iterator[Site]:  # noqa: F811
    with running(tmp_path_factory.mktemp("answers") / "data") as found:
        yield found


class Asked:
    """An event whose people are asked; everything but their answers is done elsewhere."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.links: dict[str, str] = {}

    def ask(self, **positions: str) -> None:
        """Each by their name, for a position."""

        async def work() -> None:
            boss = Boss(self.site)
            await boss.needs("answers")
            for person, position in positions.items():
                await boss.hire(person)
                path = await boss.invite("answers", position, person)
                self.links[person] = f"http://{self.site.http}{path}"
            await boss.channel.close()

        elsewhere(work())

    def positions(self) -> dict[str, Any]:
        found: dict[str, Any] = {}

        async def work() -> None:
            boss = Boss(self.site)
            found.update(await boss.positions("answers"))
            await boss.channel.close()

        elsewhere(work())
        return found

    def lacks(self, *roles: str) -> None:
        """These are missing still, by the clearance of the event."""

        async def work() -> None:
            boss = Boss(self.site)
            await crew_cleared(boss, "answers", [*roles])
            await boss.channel.close()

        elsewhere(work())


def says(page: Page, button: str, becomes: str) -> None:
    """Click it; the page says what became of it, and does so when it is opened again."""
    expect(page.get_by_text("Will you be there?")).to_be_visible()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(becomes)).to_be_visible()
    page.reload()
    expect(page.get_by_text(becomes)).to_be_visible()


def test_one_says_yes_and_another_no_and_the_page_and_the_crew_say_so(site, opens):  # noqa: F811
    night = Asked(site)
    night.ask(ana="door-1", ben="sound-1")
    yes, no = (opens(night.links[person], width=400) for person in ("ana", "ben"))
    expect(yes.get_by_role("heading", level=1)).to_have_text("Nosferatu")
    says(yes, "Yes, I will be there", "You are there.")
    expect(yes.get_by_role("link", name="Call sheet")).to_be_visible()
    says(no, "No, I cannot", "You said no.")
    expect(no.get_by_role("button")).to_have_count(0)
    expect(no.get_by_role("link", name="Call sheet")).to_have_count(0)
    found = night.positions()
    assert (found["door-1"].state, found["door-1"].person) == (ACCEPTED, "ana")
    assert (found["sound-1"].state, found["sound-1"].person) == (OPEN, "")
    assert list(found["sound-1"].declined) == ["ben"]
    night.lacks("sound")
    yes.get_by_role("link", name="Call sheet").click()
    expect(yes.get_by_text("Ana Secret")).to_be_visible()
