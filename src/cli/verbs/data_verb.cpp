#include "base/closest_name.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "data/made_folder.h"
#include "data/sets/catalog.h"
#include "units/show.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace gradwatt {
namespace {

constexpr int kDamaged = 1;

struct MakeFlags {
  std::string set;
  std::string out;
  double scale = 0.1;
  std::uint64_t seed = 0;
};

struct CheckFlags {
  std::string folder;
  bool json = false;
};

std::vector<std::string> set_names() {
  std::vector<std::string> names;
  for (const PublishedSet& set : published_sets()) {
    names.emplace_back(set.name);
  }
  return names;
}

const PublishedSet& set_named(const std::string& name) {
  for (const PublishedSet& set : published_sets()) {
    if (name == set.name) {
      return set;
    }
  }
  const auto meant = closest_name(name, set_names());
  throw UsageError(
      fmt::format("no data set '{}'", name),
      "data make",
      meant ? fmt::format("did you mean: {}", *meant) : "gradwatt data make --help lists them");
}

/// All sets in the folder, which are one or more.
std::vector<PublishedSet> sets_in(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw Error("is no folder", folder.string(), "name the folder that holds a data set");
  }
  std::vector<PublishedSet> here;
  for (const PublishedSet& set : published_sets()) {
    if (set.is_here(folder)) {
      here.push_back(set);
    }
  }
  if (here.empty()) {
    throw Error(
        fmt::format("holds no data set that gradwatt knows: {}", fmt::join(set_names(), ", ")),
        folder.string(),
        "docs/data.md shows which files each has");
  }
  return here;
}

int make_data(const MakeFlags& flags) {
  const PublishedSet& set = set_named(flags.set);
  if (set.make == nullptr) {
    throw UsageError(fmt::format("gradwatt cannot make a set like {}", set.name),
                     "data make",
                     "fetch the published one: docs/data.md says where");
  }
  const MadeData made = make_folder(flags.out, [&](const std::filesystem::path& folder) {
    return set.make(folder, flags.scale, flags.seed);
  });
  for (const std::string& fact : made.facts) {
    fmt::print("{}\n", fact);
  }
  fmt::print("{} files, {:.1f} MB in {}: made data in the form of {}, no measurements\n",
             made.files,
             static_cast<double>(made.bytes) / 1e6,
             flags.out,
             set.name);
  return 0;
}

nlohmann::ordered_json check_json(const PublishedSet& set, const DataCheck& check) {
  nlohmann::ordered_json json{{"schema", 1},
                              {"set", set.name},
                              {"usable", check.usable()},
                              {"facts", check.facts},
                              {"problems", nlohmann::ordered_json::array()},
                              {"problems_not_listed", check.problems_not_listed}};
  for (const DataProblem& problem : check.problems) {
    json["problems"].push_back(
        {{"where", problem.where}, {"what", problem.what}, {"skipped", problem.skipped}});
  }
  return json;
}

/// One set is an object, several are an array of them.
void print_checks_json(const std::vector<PublishedSet>& sets,
                       const std::vector<DataCheck>& checks) {
  auto json = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < sets.size(); ++i) {
    json.push_back(check_json(sets[i], checks[i]));
  }
  const nlohmann::ordered_json answer = sets.size() == 1 ? json.front() : json;
  fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_problems(const DataCheck& check, bool skipped, const char* title) {
  bool is_first = true;
  for (const DataProblem& problem : check.problems) {
    if (problem.skipped != skipped) {
      continue;
    }
    fmt::print("{}", is_first ? fmt::format("\n{}\n", title) : "");
    is_first = false;
    fmt::print("  {}: {}\n", printable(problem.where), printable(problem.what));
  }
}

void print_check(const PublishedSet& set, const DataCheck& check) {
  fmt::print("{}: {}\n", set.name, set.description);
  for (const std::string& fact : check.facts) {
    fmt::print("  {}\n", printable(fact));
  }
  print_problems(check, true, "left out by training:");
  print_problems(check, false, "damaged, training refuses:");
  if (check.problems_not_listed > 0) {
    fmt::print("  and {} more of the same kinds\n", check.problems_not_listed);
  }
  fmt::print("\n{}\n", check.usable() ? "usable" : "not usable as it is: fetch these files again");
}

int check_data(const CheckFlags& flags) {
  const std::vector<PublishedSet> sets = sets_in(flags.folder);
  std::vector<DataCheck> checks;
  for (const PublishedSet& set : sets) {
    checks.push_back(set.check(flags.folder));
  }
  if (flags.json) {
    print_checks_json(sets, checks);
  } else {
    for (std::size_t i = 0; i < sets.size(); ++i) {
      fmt::print("{}", i == 0 ? "" : "\n");
      print_check(sets[i], checks[i]);
    }
  }
  const bool usable = std::all_of(
      checks.begin(), checks.end(), [](const DataCheck& check) { return check.usable(); });
  return usable ? 0 : kDamaged;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  const auto make_flags = std::make_shared<MakeFlags>();
  CLI::App* make = app.add_subcommand("make", "Write made data in the form of a published set");
  std::string sets = "Which one:";
  for (const PublishedSet& set : published_sets()) {
    sets += fmt::format("\n{}  {}{}", set.name, set.description, set.make ? "" : " (check only)");
  }
  make->add_option("set", make_flags->set, sets)->required()->type_name("");
  make->add_option("--out", make_flags->out, "A folder that is new or empty")
      ->required()
      ->type_name("DIR")
      ->envname("GRADWATT_OUT");
  make->add_option("--scale", make_flags->scale, "Share of the published size [0.1]")
      ->type_name("")
      ->envname("GRADWATT_SCALE");
  make->add_option("--seed", make_flags->seed, "Other seeds make other data [0]")
      ->type_name("")
      ->envname("GRADWATT_SEED");
  const auto check_flags = std::make_shared<CheckFlags>();
  CLI::App* check = app.add_subcommand("check", "What a data set holds, and what is damaged");
  check->add_option("folder", check_flags->folder, "Where it lies")->required()->type_name("DIR");
  check->add_flag("--json", check_flags->json, "As JSON")->envname("GRADWATT_JSON");
  app.require_subcommand(1);
  return [=] { return make->parsed() ? make_data(*make_flags) : check_data(*check_flags); };
}

}  // namespace

Verb data_verb() { return {"data", "Check a data set's files, or make some to try out", declare}; }

}  // namespace gradwatt
