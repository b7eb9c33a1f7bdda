"""A panel: a question, its controls and a live figure, as one widget of a page. Knows nothing of networks."""

from helpers.page.panel.widget import Panel

__all__ = ["Panel"]
