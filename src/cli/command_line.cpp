#include "cli/command_line.h"

#include "base/closest_name.h"
#include "base/error.h"
#include "cli/catalog.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace gradwatt {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

constexpr const char* kFooter = R"(Examples:
  gradwatt run -n resnet -- python train.py     measure one training, as it is
  gradwatt sweep experiments/quickstart.toml    measure a grid of setups
  gradwatt recommend quickstart                 which setup to use, and what it saves
  gradwatt show @last                           look at the newest run
A run is named by a unique prefix of its id, its name, @last, @-2, tag:NAME or a path.)";

void print_error(const std::string& text) { fmt::print(stderr, "gradwatt: {}\n", text); }

/// "--max-energy" may also be given as GRADWATT_MAX_ENERGY; the flag wins.
void name_environment_variables(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") {
      continue;
    }
    std::string name = "GRADWATT_" + option->get_lnames().front();
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    option->envname(name);
  }
  for (CLI::App* nested : app.get_subcommands([](const CLI::App* /*any*/) { return true; })) {
    name_environment_variables(*nested);
  }
}

/// What did the user mean by a word that is no verb?
void explain_unknown_verb(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front().starts_with("-")) {
    return;
  }
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) {
    names.emplace_back(verb.name);
  }
  if (std::find(names.begin(), names.end(), arguments.front()) != names.end()) {
    return;
  }
  const auto meant = closest_name(arguments.front(), names);
  throw UsageError(fmt::format("no verb '{}'", arguments.front()),
                   "",
                   !meant ? "gradwatt --help lists the verbs"
                          : fmt::format("did you mean: gradwatt {}", *meant));
}

int parse_and_run(std::vector<std::string> own, const VerbContext& context) {
  explain_unknown_verb(own);
  CLI::App app{"gradwatt finds out which way of training a network needs the least energy."};
  app.name("gradwatt");
  app.set_version_flag("--version", std::string("gradwatt ") + GRADWATT_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, std::function<int()>>> actions;
  for (const Verb& verb : verbs()) {
    CLI::App* sub = app.add_subcommand(verb.name, verb.summary);
    if (verb.is_hidden) {
      sub->group("");
    }
    actions.emplace_back(sub, verb.declare(*sub, context));
    name_environment_variables(*sub);
  }
  if (own.empty()) {
    fmt::print("{}", app.help());
    return kWrongUsage;
  }
  std::reverse(own.begin(), own.end());  // CLI11 takes them from the back.
  try {
    app.parse(own);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what(), "", "gradwatt VERB --help shows the flags of a verb");
  }
  for (const auto& [sub, action] : actions) {
    if (sub->parsed()) {
      return action();
    }
  }
  return kWrongUsage;
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments) {
  // Everything behind the first "--" is the child's: CLI11 would take flags out of it.
  const auto split = std::find(arguments.begin(), arguments.end(), "--");
  VerbContext context;
  context.has_child = split != arguments.end();
  if (context.has_child) {
    context.child.assign(split + 1, arguments.end());
  }
  try {
    return parse_and_run(std::vector<std::string>(arguments.begin(), split), context);
  } catch (const UsageError& error) {
    print_error(error.what());
    return kWrongUsage;
  } catch (const std::exception& error) {
    print_error(error.what());
    return kFailed;
  }
}

}  // namespace gradwatt
