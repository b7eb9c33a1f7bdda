"""The lessons in JupyterLite, where a browser runs Python itself: `site/live/`, made by `python run.py site`.

    tooling    the environment in which JupyterLite is built, .venv-site
    wheels     the packages that go to the page
    lessons    a stored notebook as the page has it: its kernel, and a first cell that fetches the packages
    pyodide    a copy of Pyodide with what the lessons use, and nothing else
    build      all of it, with JupyterLite's own settings

`extension.js` and `unrolled_live.py` run on the page: the first in JupyterLite, the second in Python.
"""
