"""What tools/recommended_setup.py makes of a recommendation."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import recommended_setup  # noqa: E402  the path has to be known first


class RecommendedSetup(unittest.TestCase):
    def test_is_the_factors_of_the_best_setup(self):
        self.assertEqual("batch=1024 lr=1e-3",
                         recommended_setup.setup_line({"best": {"batch": "1024", "lr": "1e-3"}}))

    def test_is_none_when_no_setup_reached_the_goal(self):
        self.assertEqual("none: no setup reached the goal",
                         recommended_setup.setup_line({"best": None}))


if __name__ == "__main__":
    unittest.main()
