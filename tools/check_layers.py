#!/usr/bin/env python3
"""Fails on an #include that the layer graph at the top of CMakeLists.txt does not allow."""

import re
import sys
from pathlib import Path

LAYER = re.compile(r"^gradwatt_layer\((\w+)(.*)\)", re.MULTILINE)
DEPS = re.compile(r"\bDEPS((?:\s+[a-z_]+\b)*)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TORCH = ("torch/", "ATen/", "c10/")
# The headers that hold tensors; train/tensors.h includes libtorch's in the order that every
# compiler can parse.
TORCH_DOOR = re.compile(r"^train/(parallel/)?(\w+_)?tensors\.h$")


def read_graph(cmake):
    """The layers of CMakeLists.txt, each with those it may use, and what is wrong with them."""
    graph, problems = {}, []
    for name, rest in LAYER.findall(cmake):
        deps = DEPS.search(rest)
        names = deps.group(1).split() if deps else []
        for dep in names:
            if dep not in graph:
                problems.append(f"CMakeLists.txt: {name} uses {dep}, which no line above declares")
        graph[name] = set(names)
    return graph, problems


def why_forbidden(path, quoted, header, graph):
    """Why `path` (relative to src/) may not include `header`, or None."""
    layer, is_test = path.parts[0], path.name.endswith("_test.cpp")
    sees_torch = header.startswith(TORCH) or TORCH_DOOR.match(header)
    may_see_torch = layer == "train" and path.suffix == ".cpp" or TORCH_DOOR.match(path.as_posix())
    if sees_torch and not may_see_torch:
        return f"only the .cpp files of train and its *tensors.h see libtorch"
    if header == "sqlite3.h" and path.as_posix() != "record/database.cpp":
        return "only record/database.cpp sees SQLite; use record/database.h"
    if header == "gradwatt/mark.h":
        return None if layer == "train" or is_test else "the mark client is for measured programs"
    if not quoted:
        return None
    target = header.split("/")[0]
    if "/" not in header or target not in graph:
        return "write the path from src/, beginning with a layer"
    if target != layer and target not in graph[layer]:
        return f"{layer} may use {', '.join(sorted(graph[layer])) or 'no other layer'}"
    return None


def problems_in(root):
    """Every violation below `root`, one line each."""
    graph, problems = read_graph((root / "CMakeLists.txt").read_text(encoding="utf-8"))
    src = root / "src"
    for file in sorted(f for f in src.rglob("*") if f.suffix in (".h", ".cpp")):
        path = file.relative_to(src)
        if path.parts[0] not in graph:
            problems.append(f"src/{path}: {path.parts[0]} is no layer of CMakeLists.txt")
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            why = found and why_forbidden(path, found.group(1) == '"', found.group(2), graph)
            if why:
                problems.append(f"src/{path}:{number}: includes {found.group(2)}: {why}")
    return problems


def main():
    problems = problems_in(Path(__file__).resolve().parent.parent)
    print("\n".join(problems) or "layers: every include is allowed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
