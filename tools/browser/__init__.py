"""A real browser, driven by tests, tools and bench alike."""
