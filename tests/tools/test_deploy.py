"""deploy/: none of its files holds a secret, and its page is found and leads somewhere."""

import re

import pytest

from tests.tools.deploy import DEPLOY, README, ROOT

# What must not be in a file --------------------------------------------------------------------------

GIVEN = re.compile(r"(?i)(?:password|passwd|secret|token|api_?key)\w*[\"']?[ \t]*[:=][ \t]*[\"']?[\w+/-]{4,}")
RANDOM = re.compile(r"\b(?=\w*\d)(?=\w*[a-zA-Z])[A-Za-z0-9]{24,}\b")


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_no_file_holds_a_secret(path):
    words = path.read_text(encoding="utf-8")
    assert GIVEN.findall(words) + RANDOM.findall(words) == []
    assert not re.search(r"https?://(?!YOUR-HOST/|z2jh\.jupyter\.org)", words), "nor a host by its name"


@pytest.mark.parametrize(
    "words",
    [
        "client_secret: abcd1234",
        'proxy_auth_token = "0a1b2c3d"',
        "PASSWORD=letmein",
        "id 0123456789abcdef0123456789abcdef",
    ],
)
def test_a_secret_would_be_seen(words):
    assert GIVEN.search(words) or RANDOM.search(words)


# The words ------------------------------------------------------------------------------------------


def test_its_page_is_found_and_leads_somewhere():
    for name in ("README.md", "docs/running.md"):
        words = (ROOT / name).read_text(encoding="utf-8")
        (link,) = set(re.findall(r"\(((?:\.\./)?deploy/README\.md)\)", words))
        assert ((ROOT / name).parent / link).resolve() == DEPLOY / "README.md"
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", README)
    assert [link for link in links if not (DEPLOY / link).exists()] == []
    assert [
        path.name for path in DEPLOY.iterdir() if path.name not in README and path.name != "README.md"
    ] == []
