"""What polmas costs, through its real web server and worker, beside what the database alone can do: `bin/bench`.

Times drift with the machine; the ratio to pgbench, measured in the same minute, and the milliseconds of CPU are what to compare.
"""

import argparse
import sys

import django

django.setup()

from patrol.models import Report  # noqa: E402
from tests.bench import commanding, filing, machine, mapping, minutes, painting, reading, scene  # noqa: E402
from tests.bench.table import missed, tell, title  # noqa: E402

PARTS = ("single", "photo", "sync", "read", "csv", "size", "memory", "mapping", "minutes", "dashboards", "summaries", "paint")
USUAL = PARTS[:-1]  # the last needs packages from the network and a browser
MOST_SLOWER = 10  # percent, at a million reports
MOST_READERS = 8
MOST_MEMORY = 600  # MB of web server, worker and beat together
MOST_BYTES = 2700  # of one report with its indexes


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement (default 10)")
    parser.add_argument("--clients", type=int, nargs="+", default=scene.CLIENTS, help="how many at once (default 1 8 32)")
    parser.add_argument(
        "--big",
        type=int,
        nargs="+",
        default=[],
        metavar="N",
        help="measure all again with N simulated reports in the database, e.g. 1000000 10000000",
    )
    parser.add_argument("--codes", metavar="FOLDER", help="the official codes, for a country of all villages (default: a made-up one)")
    parser.add_argument("--officers", type=int, default=scene.OFFICERS, help="of the made-up country (default %(default)s)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=USUAL, metavar="PART", help=f"of {', '.join(PARTS)}; all but the last without it")
    return parser.parse_args(words)


def measure(processes, options, label, crew, texts) -> dict:
    """All that was asked for, with the database as it is now; returns the rates of filing."""
    rates: dict[str, float] = {}
    usual = (processes, options.seconds, options.clients, label, crew, texts)
    if "single" in options.only:
        rates |= {f"one by one, {number} clients": rate for number, rate in filing.singles(*usual).items()}
    if "photo" in options.only:
        filing.photos(*usual)
    if "sync" in options.only:
        rates |= {f"sync, {number} clients": rate for number, rate in filing.syncs(*usual).items()}
    if "read" in options.only:
        reading.pages(processes, options.seconds / 2, [n for n in options.clients if n <= MOST_READERS], label, crew)
    if "csv" in options.only:
        reading.export(label)
    return rates


def command(processes, options, label) -> dict[str, float]:
    """What commanders wait for, at this size; returns the times of dashboards."""
    found: dict[str, float] = {}
    if "dashboards" in options.only:
        with processes.alone():
            found = commanding.dashboards(processes, options.seconds, label)
            commanding.lists(processes, options.seconds, label)
            commanding.recounts(label)
            commanding.export(label)
    if "summaries" in options.only:
        with processes.alone():
            commanding.summaries(label)
    return found


def compare(before: dict, after: dict) -> None:
    for name, rate in before.items():
        tell(f"slower than with an empty database: {name}", (1 - after[name] / rate) * 100, "%", at_most=MOST_SLOWER)


def main(words: list[str]) -> int:
    options = arguments(words)
    scene.make_country(options.officers, options.codes)
    crew, texts = scene.officers(options.officers), scene.Texts()
    with machine.running() as processes:
        title("An empty database")
        empty = measure(processes, options, "empty", crew, texts)
        if "size" in options.only:
            tell("database per report, indexes included", filing.size_of_a_report(), "bytes", at_most=MOST_BYTES)
        grown: list[dict[str, float]] = []
        for number, size in enumerate(sorted(options.big), 1):
            title(f"A database of {size} reports")
            scene.fill(size - Report.objects.count(), number)
            compare(empty, measure(processes, options, f"{size}", crew, texts))
            grown.append(command(processes, options, f"{size}"))
            commanding.compare(grown[0], grown[-1])
        if "memory" in options.only:
            parts = processes.memory()
            more = " ".join(f"{name} {value:.0f}" for name, value in parts.items())
            tell("web, worker and beat together (PSS)", sum(parts.values()), "MB", at_most=MOST_MEMORY, more=more)
        if "mapping" in options.only:
            title("The map, and 8,500 villages of a made-up province")
            mapping.maps(processes, options.seconds)
            mapping.areas(processes, options.seconds)
        if "minutes" in options.only:
            title("Minutes of a forum")
            minutes.pages(processes, options.seconds)
        if "paint" in options.only:
            title("Pages of the demo, to a phone on slow 4G")
            painting.paint(processes)
    return missed()


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
