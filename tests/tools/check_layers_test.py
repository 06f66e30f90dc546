"""What tools/check_layers.py lets pass and what it catches, on small trees of its own."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import check_layers  # noqa: E402  the path has to be known first

GRAPH = """\
gradwatt_layer(base)
gradwatt_layer(units  DEPS base)
gradwatt_layer(record DEPS units base  LIBS SQLite::SQLite3)
gradwatt_layer(train  DEPS base        LIBS ZLIB::ZLIB  TORCH)
"""


def problems(files, graph=GRAPH):
    """What the checker says about a tree of {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "CMakeLists.txt").write_text(graph, encoding="utf-8")
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return check_layers.problems_in(root)


class CheckLayers(unittest.TestCase):
    def test_lets_a_layer_use_itself_and_what_its_line_names(self):
        self.assertEqual([], problems({
            "src/units/show.cpp": '#include "units/show.h"\n#include "base/error.h"\n',
            "src/record/database.cpp": "#include <sqlite3.h>\n",
            "src/train/trainer.cpp": "#include <torch/nn.h>\n#include <gradwatt/mark.h>\n",
        }))

    def test_catches_a_layer_that_the_line_does_not_name(self):
        found = problems({"src/base/error.cpp": '// why\n#include "units/show.h"\n'})
        self.assertEqual(1, len(found))
        self.assertIn("src/base/error.cpp:2: includes units/show.h", found[0])
        self.assertIn("base may use no other layer", found[0])

    def test_takes_no_layer_from_the_libraries_of_a_line(self):
        graph, _ = check_layers.read_graph(GRAPH)
        self.assertEqual({"units", "base"}, graph["record"])
        self.assertEqual({"base"}, graph["train"])

    def test_catches_a_layer_used_above_its_own_line(self):
        found = problems({}, "gradwatt_layer(base DEPS units)\ngradwatt_layer(units)\n")
        self.assertEqual(["CMakeLists.txt: base uses units, which no line above declares"], found)

    def test_catches_a_folder_that_is_no_layer(self):
        self.assertEqual(["src/misc/x.cpp: misc is no layer of CMakeLists.txt"],
                         problems({"src/misc/x.cpp": ""}))

    def test_catches_a_path_that_does_not_begin_with_a_layer(self):
        self.assertEqual(1, len(problems({"src/units/show.cpp": '#include "show.h"\n'})))

    def test_catches_torch_in_a_header_and_in_another_layer(self):
        self.assertEqual(3, len(problems({
            "src/train/network.h": "#include <torch/nn.h>\n",
            "src/train/trainer.h": '#include "train/tensors.h"\n',
            "src/record/x.cpp": "#include <ATen/ATen.h>\n",
        })))

    def test_knows_the_one_door_to_torch(self):
        self.assertEqual([], problems({
            "src/train/tensors.h": "#include <ATen/ATen.h>\n",
            "src/train/trainer.cpp": '#include "train/tensors.h"\n',
        }))

    def test_catches_sqlite_outside_the_one_file_that_may(self):
        self.assertEqual(1, len(problems({"src/record/store.cpp": "#include <sqlite3.h>\n"})))

    def test_catches_the_mark_client_in_the_monitor_but_not_in_its_tests(self):
        found = problems({
            "src/record/x.cpp": "#include <gradwatt/mark.h>\n",
            "src/record/x_test.cpp": "#include <gradwatt/mark.h>\n",
        })
        self.assertEqual(1, len(found))
        self.assertIn("src/record/x.cpp:1", found[0])


if __name__ == "__main__":
    unittest.main()
