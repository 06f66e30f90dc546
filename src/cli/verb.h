#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gradwatt {

/// What every verb is given.
struct VerbContext {
  std::vector<std::string> child;  ///< What followed the first "--" on the command line.
  bool has_child = false;          ///< Whether there was a "--".
};

/// A verb of the command line: its own file under cli/verbs, one line in the catalog.
struct Verb {
  const char* name = nullptr;
  const char* summary = nullptr;
  /// Declares the verb's flags on `app` and returns what runs it; that returns the exit status.
  /// Flags live in the returned closure (a shared_ptr to a struct).
  std::function<int()> (*declare)(CLI::App& app, const VerbContext& context) = nullptr;
  bool is_hidden = false;  ///< For gradwatt itself: no help shows it.
};

}  // namespace gradwatt
