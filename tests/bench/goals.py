# SPDX-License-Identifier: GPL-2.0-only
"""What the engine is meant to reach, held against what it has."""

import results


class Goal:
    """A line of the table: @figure against @limit, met if no more, or no less."""

    def __init__(self, work, what, figure, limit, unit="", most=True):
        self.work, self.what, self.figure, self.limit = work, what, figure, limit
        self.unit, self.most = unit, most

    def met(self):
        """None where there is no figure."""
        if self.figure is None:
            return None
        return self.figure <= self.limit if self.most else self.figure >= self.limit

    def text(self, value):
        return f"{value:.{0 if value >= 1000 else 2}f}{self.unit}".strip()

    def aim(self):
        if self.limit is None:
            return "-"
        return ("≤ " if self.most else "≥ ") + self.text(self.limit)

    def verdict(self):
        if self.figure is None:
            return "not measured here"
        if self.met():
            return "met"
        off = self.figure / self.limit if self.most else self.limit / self.figure
        return f"missed by a factor of {off:.2f}"


def per(result, other):
    if not result or not other:
        return None
    return results.median(result) / results.median(other)


def nanoseconds(result, scale=1):
    return results.median(result) / scale if result else None


def mlp(found):
    one, many = found.best("mlp-b1"), found.best("mlp-b32")
    bandwidth = found.bandwidth("l2")
    share = 100 * one["bytes"] / results.median(one) / bandwidth if one and bandwidth else None
    yield Goal("int8 MLP 784-256-10, batch 1", "of oneDNN",
               per(one, found.peer("mlp-b1", "onednn")), 0.65)
    yield Goal("", "of the L2 bandwidth measured", share, 75, " %", most=False)
    yield Goal("the same, batch 32", "of oneDNN",
               per(many, found.peer("mlp-b32", "onednn")), 1)


def small(found):
    linnos = found.best("linnos")
    yield Goal("LinnOS 31-256-2", "whole predict", nanoseconds(linnos), 200, " ns")
    yield Goal("", "of oneDNN", per(linnos, found.peer("linnos", "onednn")), 0.25)
    yield Goal("MLLB 15-10-1", "whole predict", nanoseconds(found.best("mllb")), 60, " ns")


def products(found):
    for size in (256, 512):
        for level, share in (("avx512vnni", 75), ("avxvnni", 75), ("avx2", 70),
                             ("sse2", 70)):
            name = f"gemm-{size}"
            result, peak = found.get(name, level), found.peak(level)
            figure = 100 * results.gmacs(result) / peak if result and peak else None
            yield Goal(f"int8 GEMM {size}", f"of what {level} can do", figure, share, " %",
                       most=False)


def models(found):
    for name, most in (("kws", 30), ("ic", 75), ("ad", 2.2), ("micro_speech", 12)):
        yield Goal(f"whole model {name}", "one row",
                   nanoseconds(found.best(name), 1000), most, " µs")


def q16(found):
    ratio = per(found.get("q16-256", "generic"), found.best("q16-256"))
    yield Goal("Q16.16 dense 256 x 256", "times as fast as generic", ratio, 5, " x",
               most=False)


def kernel(found):
    of_kernel = found.data.get("kernel", {})
    overhead = [r for r in of_kernel.get("results", []) if r["name"] == "overhead"]
    yield Goal("prediction beyond the engine, in a kernel", "at most",
               results.median(overhead[0]) if overhead else None, 100, " ns")


def memory(found):
    f = found.data.get("footprint")
    most = (f["arena"] + f["weights"]) / 1024 + 64 if f else None
    yield Goal("engine and kws, most memory", "arena, weights and 64 KiB",
               f["peak"] / 1024 if f else None, most, " KiB")


def goals(data):
    found = results.Found(data)
    return [goal for part in (mlp, small, products, models, q16, kernel, memory)
            for goal in part(found)]


def lines(data):
    """The table as text."""
    all_of = goals(data)
    yield f"{'work':42} {'figure':27} {'aim':>12} {'found':>12}  verdict"
    for goal in all_of:
        found = "-" if goal.figure is None else goal.text(goal.figure)
        yield (f"{goal.work:42} {goal.what:27} {goal.aim():>12} {found:>12}  "
               f"{goal.verdict()}")
    met = sum(goal.met() is True for goal in all_of)
    missed = sum(goal.met() is False for goal in all_of)
    yield f"{met} met, {missed} missed, {len(all_of) - met - missed} not measured here"
