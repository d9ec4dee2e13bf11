"""What is in the repository: no addresses it should not have, no paths of a machine, live links."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT

# Hosts that may stand in a file: what documents are defined by, and names that exist for examples.
KNOWN_HOSTS = re.compile(
    r"(localhost|127\.0\.0\.1|\[::1\]|www\.w3\.org|schemas\.openxmlformats\.org|www\.apache\.org|semver\.org|"
    r"([\w-]+\.)*example(\.(com|net|org|nl))?|([\w-]+\.)*(test|invalid|localhost))"
)
ADDRESS = re.compile(r"https?://([^/\s\"'`<>()\\{}:,;]+)")
HOME_OF_SOMEBODY = re.compile(r"/(?:home|Users)/[a-z]\w*/|(?<![\w.])/[r]oot/")
# How an installer is told where to fetch packages: a lock names packages and hashes only.
INDEX_OPTION = re.compile(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b")


@cache
def list_tracked() -> tuple[Path, ...]:
    """Every file that git keeps, from the root of the checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing tells which files are kept")
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    return tuple(Path(name) for name in done.stdout.split("\0") if (ROOT / name).is_file())


def find_lines(pattern: re.Pattern[str], *, suffix: str = "") -> dict[str, list[re.Match[str]]]:
    """Every match of a pattern in every kept text, by file and line."""
    found = {}
    for path in list_tracked():
        if not path.name.endswith(suffix):
            continue
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if matches := list(pattern.finditer(line)):
                found[f"{path}:{number}"] = matches
    return found


def test_every_address_is_of_a_host_that_we_know() -> None:
    strange = {
        f"{place} {match.group(1)}"
        for place, matches in find_lines(ADDRESS).items()
        for match in matches
        if not KNOWN_HOSTS.fullmatch(match.group(1))
    }
    assert sorted(strange) == []


def test_no_requirement_says_where_packages_come_from() -> None:
    assert len([path for path in list_tracked() if path.suffix == ".lock"]) >= 2
    for suffix in (".lock", ".in", "requirements.txt"):
        assert find_lines(INDEX_OPTION, suffix=suffix) == {}


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    here = re.compile(re.escape(f"{ROOT}/") if len(ROOT.parts) > 2 else r"(?!)")
    assert sorted(find_lines(here)) == []
    assert sorted(find_lines(HOME_OF_SOMEBODY)) == []


def test_the_look_for_addresses_finds_them() -> None:
    # Put together here, so that this file does not find itself.
    found = ADDRESS.search("url = https:" + "//packages.somewhere.dev/simple")
    assert found is not None
    assert not KNOWN_HOSTS.fullmatch(found.group(1))
    assert HOME_OF_SOMEBODY.search("see " + "/".join(["", "home", "sanne", "tijdig"])) is not None
    assert KNOWN_HOSTS.fullmatch("db.example.nl")


def test_the_readme_shows_the_two_commands_and_they_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {"demo", "test"} <= targets
    shown = set(re.findall(r"\bmake ([a-z]+)\b", readme))
    assert {"demo", "test"} <= shown <= targets


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_of_a_page_at_the_top_leads_somewhere(page: str) -> None:
    assert find_dead_links(ROOT / page) == []


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    assert len(pages) > 10
    assert [one for page in pages for one in find_dead_links(page)] == []


def find_dead_links(page: Path) -> list[str]:
    """Links between pages whose file, or whose heading on the same page, is not there.

    Pictures are made from the running site, so a page may be ahead of them.
    """
    text = page.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    dead = []
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            is_there = target[1:] in headings
        else:
            is_there = "://" in target or (page.parent / target.partition("#")[0]).exists()
        if not is_there:
            dead.append(f"{page.name}: {target}")
    return dead
