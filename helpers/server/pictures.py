"""Keep the picture of a lab, and not the link to its widget, in a notebook that is saved.

What a cell shows is stored in several forms: a widget is a link to a model in the kernel, and beside it
stands a picture with its words. When the notebook is opened again that kernel has gone. JupyterLab prefers
the widget, and shows "Error displaying widget: model not found"; without the link it shows the picture, as
GitHub does. The notebook that is open stays as it is: only what is written to the disk is changed. If the
state of the widget is saved too (JupyterLab's *Save Widget State Automatically*), the link leads somewhere,
and stays.

This is an extension of the Jupyter server; `run.py lab` and deploy/ switch it on:
`--ServerApp.jpserver_extensions=helpers.server.pictures=True`.
"""

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def keep_pictures(model, **_):
    """Leave out the link to a widget where a picture stands beside it; called before anything is saved.

    Parameters
    ----------
    model : dict
        What is about to be written, as the server's contents manager has it; a notebook is changed in place.
    """
    if model["type"] != "notebook":
        return
    notebook = model["content"]
    saved = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if WIDGET in data and has_picture(data) and data[WIDGET].get("model_id") not in saved:
                del data[WIDGET]
                output.get("metadata", {}).pop(WIDGET, None)


def has_picture(data):
    """Whether one of the forms of an output is a picture."""
    return any(kind.startswith("image/") for kind in data)


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(server):
    server.contents_manager.register_pre_save_hook(keep_pictures)
