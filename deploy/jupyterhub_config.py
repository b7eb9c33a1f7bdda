"""JupyterHub on one machine: `jupyterhub -f /opt/unrolled/deploy/jupyterhub_config.py`, as root.

Learners are users of the machine, in its group `students`, and log in as they do there (PAM). Each server is
a unit of systemd, which holds it to its memory. README.md, beside this file, says what to install.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = HERE.parent / ".venv/bin"  # made by run.py, with jupyterhub installed besides

c = get_config()  # noqa: F821  (JupyterHub provides it)

# Who may come in. Another way to log in is another class here, and the rest stays.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"students", "teachers"}
c.PAMAuthenticator.admin_groups = {"teachers"}

# What each gets. start.sh copies the notebooks as the learner it is for, not as root.
c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
c.Spawner.cmd = [str(HERE / "start.sh"), str(PYTHON / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab/tree/notebooks/01_rnn_unrolling.ipynb"
c.Spawner.mem_limit = "1.5G"
c.Spawner.cpu_limit = 1.0
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.disable_user_sudo = True
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": str(HERE),  # where jupyter_server_config.json is
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}

# How many at once: a start takes some seconds of a core.
c.JupyterHub.concurrent_spawn_limit = 10

# A server is closed after an hour without a sign of life; the notebooks stay.
c.JupyterHub.services = [
    {"name": "cull", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
]
c.JupyterHub.load_roles = [
    {
        "name": "cull",
        "services": ["cull"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
