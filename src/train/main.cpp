#include "base/error.h"
#include "gradwatt/mark.h"
#include "train/about.h"
#include "train/allocator.h"
#include "train/available_cpus.h"
#include "train/parallel/cpus_of_rank.h"
#include "train/train_command.h"
#include "train/train_together.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace {

constexpr int kMarksMayWaitMs = 500;

/// The processors of this rank; needed before the command line is parsed, for its defaults.
int cpus_here(int argc, char** argv) {
  const bool is_ours = gradwatt::environment_variable("GRADWATT_WORLD").has_value();
  const bool is_alone =
      !is_ours && std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
        return argument == "--alone";
      });
  return gradwatt::cpus_of_rank(
      gradwatt::available_cpus(),
      is_alone ? gradwatt::Place{} : gradwatt::place_from(gradwatt::environment_variable),
      gradwatt::environment_variable);
}

}  // namespace

/// gradwatt-train WORKLOAD [flags]: exit status 0 done (also when the training diverged, which is
/// a result), 1 failed, 2 usage.
int main(int argc, char** argv) {
  try {
    const gradwatt::TrainCommand command =
        gradwatt::parse_train_command({argv + 1, argv + argc}, cpus_here(argc, argv));
    if (const auto* text = std::get_if<std::string>(&command)) {
      fmt::print("{}", *text);
      return 0;
    }
    if (const auto* about = std::get_if<gradwatt::AboutRequest>(&command)) {
      fmt::print("{}", gradwatt::about_text(about->threads));
      return 0;
    }
    gradwatt::keep_freed_memory();
    const auto& request = std::get<gradwatt::TrainRequest>(command);
    const int status =
        gradwatt::train_together(*request.workload, request.plan, {argv + 1, argv + argc});
    gradwatt_flush(kMarksMayWaitMs);
    return status;
  } catch (const gradwatt::UsageError& error) {
    fmt::print(stderr, "gradwatt-train: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    gradwatt_flush(kMarksMayWaitMs);
    // libtorch's errors go on with the addresses of its functions.
    const std::string_view text = error.what();
    fmt::print(
        stderr, "gradwatt-train: {}\n", text.substr(0, text.find("\nException raised from")));
    return 1;
  }
}
