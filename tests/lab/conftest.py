"""What the tests of labs share."""

import pytest

from helpers.page.panel import Panel


@pytest.fixture
def sent(monkeypatch):
    """What the panels of a test send: pairs of content and buffers."""
    messages = []
    send = lambda panel, content, buffers=(): messages.append((content, list(buffers)))  # noqa: E731
    monkeypatch.setattr(Panel, "send", send)
    return messages
