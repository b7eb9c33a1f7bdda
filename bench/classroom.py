"""A class that drags: `python run.py bench classroom`; it takes two to three minutes.

One student, then 8, then 16, who all drag. Each has a kernel of its own, in one JupyterLab server that is
started by `deploy/start.sh` with the settings in `deploy/`; with `--own` each has a server too, as from a
hub, and the start of all takes twice as long. Hub, proxy and browser are missing. The students are one
process of this computer, and take their share of it. Who has come stays for the next row.

"on": from the start of those who come now, all at once, until the lab is on, of the median one and the last.
"memory": of a server and a kernel, as each counts alone (RSS), and as they share with the others (PSS). A
first sweep moves the hand from end to end in a second, sixty times a second, each time with nothing kept:
"made" are the frames that came, "pictures" those shown, a nearby one standing in for one that is not there
yet, and "answer" is the median time from a request to its frames. A later sweep goes where the page has been,
once it has fetched the "rest". "CPU": in cores, of all kernels, all servers, all students, and of what else
the computer was doing meanwhile.
"""

import argparse
import asyncio
import math
import os
import pathlib
import platform
import statistics
import sys
import tempfile
import time

import psutil

from bench._student import Server, Student

HZ = 60
ROWS = 11  # that a round of ten seconds may sweep
MOST = 175  # seconds, of all there is
IDLE = ("idle", "iowait", "guest", "guest_nice")  # guests are counted with the rest
HEAD = (
    "students",
    "on, s: median, last",
    "memory, MB: server + kernel (PSS)",
    "first sweep, each: made/s, pictures/s",
    "answer, ms",
    "rest, s",
    "later sweep, each: pictures/s",
    "asked",
    "CPU of the first: kernels + servers + students + other",
    "ms a frame: kernel + server",
)


def main():
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--students", default="1,8,16", help="how many, one run each")
    options.add_argument("--seconds", type=float, default=6, help="of the first sweeps")
    options.add_argument("--later", type=float, default=2, help="seconds of the later sweep")
    options.add_argument("--own", action="store_true", help="a server for each")
    options = options.parse_args()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, {processor()}, load before {load}\n")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            asyncio.run(measure(pathlib.Path(folder), options))
        except TimeoutError:
            sys.exit(f"Stopped after {MOST} s: this computer is too slow, or too busy, for the next row.")


def processor():
    """The name of the processor, where the system tells it."""
    info = pathlib.Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


async def measure(folder, options):
    """All rows; a time limit ends the last that has begun."""
    students, counts = [], [int(count) for count in options.students.split(",")]
    servers = [Server(folder / f"home-{k}") for k in range(max(counts) if options.own else 1)]
    try:
        async with asyncio.timeout(MOST):
            for number, count in enumerate(counts):
                come = [Student(servers[k % len(servers)]) for k in range(len(students), count)]
                students += come
                on = await asyncio.gather(*(student.open() for student in come))
                await asyncio.sleep(1)  # what a start leaves to do
                first = await sweep(students, options.seconds, ROWS * number)
                rest = await at_rest(students)
                later = await sweep(students, options.later)
                print(f"| {' | '.join(row(on, memory(students), first, rest, later))} |", flush=True)
    finally:
        await asyncio.gather(*(server.close() for server in servers))


async def sweep(students, seconds, begin=None):
    """All drag for so long; what each saw, and what it took of the processor.

    With `begin`, nothing is kept: it is the first of the rows that are swept, one a second.
    """
    before, made = cpu(students), [student.page.made for student in students]
    for student in students:
        student.page.trips.clear()
    start = time.perf_counter()
    pictures = await asyncio.gather(
        *(drag(student, start, 0.618 * k % 1, seconds, begin) for k, student in enumerate(students))
    )
    took = time.perf_counter() - start
    return {
        "pictures": statistics.mean(pictures) / took,
        "students": len(students),
        "made": sum(student.page.made - m for student, m in zip(students, made, strict=True)),
        "trips": [1000 * trip for student in students for trip in student.page.trips],
        "cpu": [now - then for now, then in zip(cpu(students), before, strict=True)],
        "took": took,
    }


async def drag(student, start, ahead, seconds, begin):
    """One hand, which is a part of a second ahead of the others; returns how many pictures it saw."""
    page, pictures, ticks = student.page, 0, 0
    while (now := time.perf_counter() - start) < seconds:
        before = page.shown
        if begin is not None and page.row != begin + int(now + ahead):
            page.turn(begin + int(now + ahead))
        page.move(round(page.last * (0.5 - 0.45 * math.cos(math.pi * (now + ahead)))))
        ticks = max(ticks + 1, math.ceil(now * HZ))
        await asyncio.sleep(max(0, start + ticks / HZ - time.perf_counter()))
        pictures += page.shown != before
        student.check()
    return pictures


async def at_rest(students):
    """Wait until the pages have fetched all of the sweep that they are in; returns how long that took."""
    start = time.perf_counter()
    while not all(student.page.rests for student in students):
        await asyncio.sleep(0.02)
    return time.perf_counter() - start


def cpu(students):
    """Seconds of the processor that kernels, servers, students and the whole computer have taken."""
    kernels, servers = [student.kernel for student in students], servers_of(students)
    taken = [[sum(process.cpu_times()[:2]) for process in those] for those in (kernels, servers)]
    all_of_it = sum(psutil.cpu_times()) - sum(getattr(psutil.cpu_times(), idle, 0) for idle in IDLE)
    return [*map(sum, taken), time.process_time(), all_of_it]


def servers_of(students):
    """Their processes, each once."""
    return list({student.server.process for student in students})


def memory(students):
    """MB of the median server and kernel, each as it counts alone (RSS), then with what is shared (PSS)."""
    groups = servers_of(students), [student.kernel for student in students]
    infos = [[process.memory_full_info() for process in group] for group in groups]
    return [
        statistics.median(getattr(info, kind, math.nan) / 1e6 for info in group)
        for kind in ("rss", "pss")
        for group in infos
    ]


def row(on, sizes, first, rest, later):
    """The measurements as the cells of a row."""
    count, frames = first["students"], max(first["made"], 1)
    *ours, all_of_it = (taken / first["took"] for taken in first["cpu"])
    return (
        str(count),
        f"{statistics.median(on):.1f}, {max(on):.1f}",
        "{:.0f} + {:.0f} ({:.0f} + {:.0f})".format(*sizes),
        f"{first['made'] / first['took'] / count:.1f}, {first['pictures']:.1f}",
        f"{statistics.median(first['trips']):.0f}",
        f"{rest:.1f}",
        f"{later['pictures']:.1f}",
        str(later["made"]),
        " + ".join(f"{cores:.2f}" for cores in (*ours, all_of_it - sum(ours))),
        f"{1000 * first['cpu'][0] / frames:.1f} + {1000 * first['cpu'][1] / frames:.1f}",
    )


if __name__ == "__main__":
    main()
