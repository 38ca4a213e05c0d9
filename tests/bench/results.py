# SPDX-License-Identifier: GPL-2.0-only
"""What a benchmark has found, as a file that is the same for everyone who makes one."""

import datetime
import json
import os
import platform

LEVELS = ("generic", "sse2", "avx2", "avxvnni", "avx512", "avx512vnni")
OURS = "neural"


class Wrong(Exception):
    """Not a file of results; says why."""


def system():
    """The machine, as far as it says anything."""
    cpu = ""
    memory = 0
    flags = set()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            for line in f:
                key, _, value = line.partition(":")
                if key.strip() == "model name" and not cpu:
                    cpu = value.strip()
                elif key.strip() == "flags" and not flags:
                    flags = set(value.split())
        with open("/proc/meminfo", encoding="utf-8") as f:
            memory = int(f.readline().split()[1]) * 1024
    except OSError:
        pass
    wanted = ("sse2", "avx2", "avx_vnni", "avx512bw", "avx512_vnni", "amx_int8")
    return {
        "cpu": cpu or platform.processor() or platform.machine(),
        "cpus": os.cpu_count(),
        "memory": memory,
        "os": f"{platform.system()} {platform.release()}",
        "isa": [name for name in wanted if name in flags],
    }


def make(results, kind="user", model="", **more):
    """@kind: user or kernel, where it was measured."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        "benchmark_info": {
            "model": model, "type": kind,
            "timestamp": now.isoformat(timespec="seconds"), "system": system(),
        },
        "results": results, **more,
    }


def key(result):
    return result["engine"], result["name"], result["level"]


def check(data, path):
    if not isinstance(data, dict):
        raise Wrong(f"{path}: not an object")
    for member, kind in (("benchmark_info", dict), ("results", list)):
        if not isinstance(data.get(member), kind):
            raise Wrong(f"{path}: no {member}")
    for number, result in enumerate(data["results"]):
        for member in ("engine", "name", "level"):
            if not isinstance(result.get(member), str):
                raise Wrong(f"{path}: result {number} has no {member}")
        for member in ("latency", "throughput", "memory"):
            if not isinstance(result.get(member), dict):
                raise Wrong(f"{path}: result {number} has no {member}")
        median = result["latency"].get("p50")
        if not isinstance(median, (int, float)) or not median > 0:
            raise Wrong(f"{path}: result {number} has no median")
    return data


def load(path):
    try:
        with open(path, encoding="utf-8") as f:
            return check(json.load(f), path)
    except (OSError, ValueError) as e:
        raise Wrong(f"{path}: {e}") from None


def save(data, path):
    with open(path + ".new", "w", encoding="utf-8") as f:
        json.dump(data, f, indent=1)
        f.write("\n")
    os.replace(path + ".new", path)


def median(result):
    return result["latency"]["p50"]


class Found:
    """Results by what they are of."""

    def __init__(self, data):
        self.data = data
        self.by_key = {key(r): r for r in data["results"]}
        self.peaks = {p["name"]: p for p in data.get("peaks", [])}

    def names(self):
        """Of what has been measured, in that order."""
        return list(dict.fromkeys(r["name"] for r in self.data["results"]))

    def get(self, name, level, engine=OURS):
        return self.by_key.get((engine, name, level))

    def levels(self, name, engine=OURS):
        present = {r["level"] for r in self.data["results"]
                   if r["name"] == name and r["engine"] == engine}
        return [level for level in LEVELS if level in present] + \
            sorted(present - set(LEVELS))

    def best(self, name, engine=OURS):
        """At the highest level there is: what a user gets."""
        levels = self.levels(name, engine)
        return self.get(name, levels[-1], engine) if levels else None

    def peers(self):
        engines = dict.fromkeys(r["engine"] for r in self.data["results"])
        return [e for e in engines if e != OURS]

    def peer(self, name, library):
        """The fastest there is of @library, whatever its numbers and its level."""
        all_of = [r for r in self.data["results"]
                  if r["name"] == name and r["engine"].startswith(library)]
        return min(all_of, key=median, default=None)

    def peak(self, level):
        """GMAC/s of bytes that @level could do."""
        upto = LEVELS[:LEVELS.index(level) + 1] if level in LEVELS else ()
        kinds = ("imul-s8", "pmaddwd", "vpdpbusd")
        return max((p["gmacs"] for p in self.peaks.values()
                    if p["level"] in upto and p["name"].startswith(kinds)), default=None)

    def bandwidth(self, cache):
        """GB/s of reading @cache, "l2" or "l3"."""
        return max((p["gbytes"] for p in self.peaks.values()
                    if p["name"].startswith(f"read-{cache}")), default=None)


def of_bytes(result):
    """Is it work that the peaks of bytes are peaks of?"""
    return not result["name"].startswith(("q16", "mllb", "linnos"))


def gmacs(result):
    return result["macs"] / median(result) if result.get("macs") else None


def add_ratios(data):
    """How long we take beside each other library: at the same level, else at its best."""
    found = Found(data)
    for result in data["results"]:
        if result["engine"] != OURS:
            continue
        peers = {}
        for engine in found.peers():
            other = found.get(result["name"], result["level"], engine) or \
                (found.best(result["name"], engine) if result["level"] != "generic" else None)
            if other:
                peers[engine] = {"level": other["level"],
                                 "ratio": median(result) / median(other)}
        result["peers"] = peers
    return data
