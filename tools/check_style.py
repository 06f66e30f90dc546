#!/usr/bin/env python3
"""Fails on what docs/style.md forbids and neither the compiler nor clang-tidy sees."""

import re
import sys
from collections import defaultdict
from pathlib import Path

COLUMNS_MAX = 100
LINES_MAX = 500
FOLDERS = ("src", "include", "tests", "bench", "cmake", "tools", "python", "docs", "experiments",
           ".ci")
SUFFIXES = {".h", ".cpp", ".c", ".py", ".md", ".cmake", ".txt", ".toml", ".sh", ".sql", ""}

# Where a rule holds (path from the root), what it forbids, and what to write instead.
BANNED = [(re.compile(where), re.compile(what), instead) for where, what, instead in [
    (r"^src/(?!units/).*\.(h|cpp)$", r"\bsystem_clock\b",
     "time comes from units/clock.h, so that tests own it"),
    (r"^src/(?!units/|train/).*\.(h|cpp)$", r"\bsteady_clock\b",
     "time comes from units/clock.h, so that tests own it"),
    (r"_test\.cpp$", r"\bsleep_for\b|\bsleep_until\b|\busleep\b|\bnanosleep\b|\bsleep\(",
     "a test owns its clock and never sleeps"),
    (r"^src/(?!base/expects\.h).*\.(h|cpp)$", r"\bf?printf\(|\bsn?printf\(|\bstd::cout\b",
     "fmt::print and fmt::format"),
    (r"^src/.*\.(h|cpp)$", r"\bstd::format\b|\bstd::expected\b|<source_location>|<print>",
     "not in GCC 12: fmt, values of our own, __builtin_FILE()"),
    (r"^src/.*\.(h|cpp)$", r"^\s*using namespace std\b", "name what is used"),
    (r"^(src|include)/.*\.(h|cpp)$", r"\bassert\(", "expects(), which holds in every build"),
    (r".", r"\b(TODO|FIXME|XXX|HACK)\b", "do it, or leave it out"),
    (r".", r"(?<![\w.])/(work|root|home/\w+)/", "no path of one machine"),
]]
# The checker and its test have to name what they forbid.
EXEMPT = re.compile(r"check_style(_test)?\.py$")
# Tables and addresses cannot be wrapped; nor can what a program printed, data in .txt, and the
# table of layers in CMakeLists.txt.
UNWRAPPABLE = re.compile(r"^\s*\||https?://\S{30}")


TYPE = re.compile(r"(?:class|struct|enum class) (\w+)(?: final)?(?: :| \{)")


def text_files(root):
    """The files that people write, as (path from the root, lines)."""
    found = [f for f in root.iterdir() if f.is_file() and f.name not in ("LICENSE", ".git")]
    for folder in FOLDERS:
        found += [f for f in (root / folder).rglob("*") if f.is_file()]
    for file in sorted(found):
        if file.suffix in SUFFIXES and "__pycache__" not in file.parts:
            path = file.relative_to(root).as_posix()
            yield path, file.read_text(encoding="utf-8", errors="replace").splitlines()


def problems_of_file(path, lines):
    """What is wrong with one file, one line each."""
    if len(lines) > LINES_MAX:
        yield f"{path}: {len(lines)} lines; at most {LINES_MAX}: which second idea is in it?"
    quoted = False
    for number, line in enumerate(lines, 1):
        if path.endswith(".md"):
            quoted ^= line.lstrip().startswith("```")
            wrappable = not quoted and not UNWRAPPABLE.search(line)
        else:
            wrappable = "://" not in line and not path.endswith(".txt")
        if len(line) > COLUMNS_MAX and wrappable:
            yield f"{path}:{number}: {len(line)} columns; at most {COLUMNS_MAX}"
        for where, what, instead in BANNED:
            if where.search(path) and what.search(line) and not EXEMPT.search(path):
                yield f"{path}:{number}: {what.search(line).group(0).strip()}: {instead}"


def duplicate_names(paths):
    """File names that occur twice in src/: `catalog.*` may, one per growing folder, and
    files of settings for one folder, whose names begin with a point."""
    places = defaultdict(list)
    for path in paths:
        name = path.rsplit("/", 1)[-1]
        if path.startswith("src/") and not name.startswith(("catalog", ".")):
            places[name].append(path)
    for name, where in sorted(places.items()):
        if len(where) > 1 and name != "main.cpp":
            yield f"{name}: one name, one place, but {' and '.join(where)}"


def duplicate_types(files):
    """Types that two headers define: all of src/ is one namespace, and where both come into one
    program the linker takes either's functions for both. gradwatt-train is a program of its own."""
    places = defaultdict(list)
    for path, lines in files:
        if path.startswith("src/") and path.endswith(".h") and not path.startswith("src/train/"):
            for line in lines:
                if defined := TYPE.match(line):
                    places[defined.group(1)].append(path)
    for name, where in sorted(places.items()):
        if len(where) > 1:
            yield f"{name}: one name, one type, but {' and '.join(where)}"


def problems_in(root):
    """Every violation below `root`, one line each."""
    files = list(text_files(root))
    problems = [p for path, lines in files for p in problems_of_file(path, lines)]
    return (problems + list(duplicate_names(path for path, _ in files))
            + list(duplicate_types(files)))


def main():
    problems = problems_in(Path(__file__).resolve().parent.parent)
    print("\n".join(problems) or "style: nothing to say")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
