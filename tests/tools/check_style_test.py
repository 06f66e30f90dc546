"""What tools/check_style.py lets pass and what it catches."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import check_style  # noqa: E402  the path has to be known first


def problems(path, text):
    """What the checker says about one file."""
    return list(check_style.problems_of_file(path, text.splitlines()))


class CheckStyle(unittest.TestCase):
    def test_counts_columns_in_characters(self):
        self.assertEqual([], problems("src/units/show.cpp", "µ" * 100))
        self.assertEqual(["src/units/show.cpp:1: 101 columns; at most 100"],
                         problems("src/units/show.cpp", "µ" * 101))

    def test_lets_tables_and_addresses_be_long(self):
        self.assertEqual([], problems("docs/x.md", "| " + "a" * 120))
        self.assertEqual([], problems("src/x.cpp", "// https://example.org/" + "a" * 120))
        self.assertEqual(1, len(problems("docs/x.md", "a" * 120)))

    def test_lets_printed_output_be_long_but_not_the_text_behind_it(self):
        output = "```\n" + "a" * 120 + "\n```\n"
        self.assertEqual([], problems("README.md", output))
        self.assertEqual(["README.md:4: 120 columns; at most 100"],
                         problems("README.md", output + "a" * 120))

    def test_catches_a_file_with_too_many_lines(self):
        self.assertEqual([], problems("src/x.cpp", "\n" * 500))
        self.assertEqual(1, len(problems("src/x.cpp", "\n" * 501)))

    def test_names_what_to_write_instead_of_a_banned_word(self):
        self.assertEqual(["src/cli/x.cpp:1: printf(: fmt::print and fmt::format"],
                         problems("src/cli/x.cpp", 'printf("x");'))

    def test_lets_a_banned_word_stand_where_it_belongs(self):
        self.assertEqual([], problems("src/base/expects.h", "std::fprintf(stderr, claim);"))
        self.assertEqual([], problems("src/units/clock.cpp", "std::chrono::system_clock::now()"))
        self.assertEqual(1, len(problems("src/cli/x.cpp", "std::chrono::system_clock::now()")))

    def test_catches_a_sleeping_test(self):
        line = "std::this_thread::sleep_for(1ms);"
        self.assertEqual(1, len(problems("src/measure/sampler_test.cpp", line)))
        self.assertEqual([], problems("src/measure/sampler.cpp", line))

    def test_catches_unfinished_work(self):
        self.assertEqual(1, len(problems("src/x.cpp", "// TODO: later")))
        self.assertEqual([], problems("src/x.cpp", "// a to-do list is a task"))

    def test_catches_a_path_of_one_machine(self):
        self.assertEqual(1, len(problems("docs/x.md", "see /root/notes")))
        self.assertEqual([], problems("docs/x.md", "see docs/work/notes and /sys/class"))

    def test_catches_one_file_name_in_two_places(self):
        paths = ["src/a/name.h", "src/b/name.h", "tests/name.h",
                 "src/a/catalog.h", "src/b/catalog.h"]
        self.assertEqual(["name.h: one name, one place, but src/a/name.h and src/b/name.h"],
                         list(check_style.duplicate_names(paths)))

    def test_catches_one_type_in_two_headers_of_a_program(self):
        files = [("src/a/x.h", ["struct Row {", "  int n;", "};", "struct Later;"]),
                 ("src/b/y.h", ["class Row final : public Base {", "struct Later {"]),
                 ("src/train/z.h", ["class Row {"]), ("src/c/w.cpp", ["struct Row {"])]
        self.assertEqual(["Row: one name, one type, but src/a/x.h and src/b/y.h"],
                         list(check_style.duplicate_types(files)))

    def test_reads_a_whole_tree(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "src/a").mkdir(parents=True)
            (root / "src/a/good.cpp").write_text("int x;\n", encoding="utf-8")
            self.assertEqual([], check_style.problems_in(root))
            (root / "src/a/bad.cpp").write_text("// FIXME\n", encoding="utf-8")
            self.assertEqual(1, len(check_style.problems_in(root)))


if __name__ == "__main__":
    unittest.main()
