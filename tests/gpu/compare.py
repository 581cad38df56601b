"""Compares the losses of two trainings, for tests/gpu/run; prints a row of its table.

compare.py TASK WHERE EARLY ALL CPU.csv OTHER_ORDER.csv GPU.csv

EARLY and ALL are the largest relative differences that are allowed, of the first 20 losses and of all. OTHER_ORDER is
the CPU's training again with sums in another order: what float32 itself makes of it, printed as a measure.
Exit status: 0 they agree, 1 they do not.
"""
import csv
import math
import sys

EARLY_STEPS = 20
WIDTHS = [9, 22, 6, 10, 10, 10, 13, 15, 0]


def row(*cells):
    print("  ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS)).rstrip())


def read(file):
    """Losses by step, and the examples or tokens a second of the last epoch."""
    losses = {}
    rate = math.nan
    with open(file, newline="") as lines:
        for point in csv.DictReader(lines):
            if point["name"] == "train/loss":
                losses[int(point["step"])] = float(point["value"])
            elif point["name"] in ("train/examples_per_second", "train/tokens_per_second"):
                rate = float(point["value"])
    return losses, rate


def largest(ours, theirs, steps):
    """The largest relative difference; infinite where one is not a finite number."""
    worst = 0.0
    for step in steps:
        a, b = ours[step], theirs[step]
        if not (math.isfinite(a) and math.isfinite(b)):
            return math.inf
        worst = max(worst, abs(a - b) / max(abs(a), abs(b), 1e-30))
    return worst


def main(task, where, early, all_steps, cpu_file, order_file, gpu_file):
    cpu, cpu_rate = read(cpu_file)
    order, _ = read(order_file)
    gpu, gpu_rate = read(gpu_file)
    if not cpu or cpu.keys() != gpu.keys() or cpu.keys() != order.keys():
        row(task, where, "", "", "", "", "", "", f"NOT COMPARABLE: {len(cpu)}, {len(order)} and {len(gpu)} losses")
        return 1
    steps = sorted(cpu)
    first = largest(cpu, gpu, steps[:EARLY_STEPS])
    whole = largest(cpu, gpu, steps)
    measure = largest(cpu, order, steps)
    agree = first <= float(early) and whole <= float(all_steps)
    rates = f"{cpu_rate:.0f}", f"{gpu_rate:.0f}"
    verdict = "agree" if agree else f"DIFFER: allowed are {early} and {all_steps}"
    row(task, where, len(steps), f"{first:.1e}", f"{whole:.1e}", f"{measure:.1e}", *rates, verdict)
    return 0 if agree else 1


if __name__ == "__main__":
    if sys.argv[1] == "head":
        row("task", "against the CPU", "steps", "first 20", "all", "float32", "CPU, a second", "there, a second", "verdict")
        sys.exit(0)
    sys.exit(main(*sys.argv[1:]))
