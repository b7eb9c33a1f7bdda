#!/usr/bin/env bash
# Give a learner the notebooks, then run what is asked for: start.sh jupyterhub-singleuser
#
# They are copied the first time only. What is there already is somebody's work, and stays as it is.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
home=${HOME:-~}

if [ ! -e "$home/notebooks" ]; then
    # Copied beside and then moved, so that a start which is broken off leaves no half of a course.
    half=$(mktemp -d "$home/.notebooks-XXXXXX") &&
        cp "$here"/notebooks/*.ipynb "$half" &&
        chmod 755 "$half" && chmod u+w "$half"/* &&
        mv -T "$half" "$home/notebooks" ||
        echo "The notebooks could not be copied to $home: is its disk full, or not the learner's own?" >&2
    if [ -n "${half:-}" ] && [ -d "$half" ]; then rm -r "$half"; fi
fi

exec "$@"
