"""Which of OpenBLAS's kernels this processor can run, found by running them.

NumPy's OpenBLAS holds one kernel for each family of processors and picks its own. OPENBLAS_CORETYPE asks
for another; what then happens is not always what was asked for: a name that this build does not know
falls back, and a kernel with instructions that the processor lacks kills the process.
"""

import json
import platform
import subprocess

from tools import environment

X86 = ["Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"]
ARM = ["ARMV8", "CORTEXA57", "NEOVERSEN1", "NEOVERSEV1", "NEOVERSEN2", "VORTEX"]
NAMES = {"x86_64": X86, "AMD64": X86, "aarch64": ARM, "arm64": ARM}
# Large enough products that a kernel shows what it needs; then what threadpoolctl says has run.
USE = """
import json
import numpy as np
from threadpoolctl import threadpool_info
for dtype in (np.float32, np.float64):
    a = np.random.default_rng(0).standard_normal((300, 300)).astype(dtype)
    (a @ a).sum(), (a @ a[0]).sum(), np.linalg.svd(a[:50, :50])
loaded = [one["architecture"] for one in threadpool_info() if one["internal_api"] == "openblas"]
print(json.dumps([*loaded, "not OpenBLAS"][0]))
"""


def that_runs(python, asked=None):
    """The kernel that NumPy really computes with when `asked` is asked for.

    Parameters
    ----------
    python : str
        The Python whose NumPy is meant.
    asked : str or None
        A name for OPENBLAS_CORETYPE; None leaves the choice to OpenBLAS.

    Returns
    -------
    str or None
        Its name ("not OpenBLAS" where NumPy computes with another library); None if the process died.
    """
    done = subprocess.run([python, "-c", USE], capture_output=True, env=asking_for(asked))
    return json.loads(done.stdout) if done.returncode == 0 else None


def asking_for(kernel):
    """The environment variables of a process that shall use this kernel, or with None the machine's own."""
    variables = environment.variables()
    variables.pop("OPENBLAS_CORETYPE", None)
    return {**variables, "OPENBLAS_CORETYPE": kernel} if kernel else variables


def survey(python, names=None):
    """Every kernel that can be had, each once, and sentences about the names that do not count.

    Returns
    -------
    found : dict
        From the kernel that runs to the name to ask for it by; the machine's own comes first, with None.
    notes : list of str
    """
    found, notes = {that_runs(python): None}, []
    for name in names if names is not None else NAMES.get(platform.machine(), []):
        ran = that_runs(python, name)
        if ran is None:
            notes.append(f"{name}: this processor cannot run it.")
        elif ran in found and ran != name:
            notes.append(f"{name}: {ran} runs in its place, so it is not counted.")
        elif ran not in found:
            found[ran] = name
    return found, notes
