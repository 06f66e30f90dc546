#pragma once

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

namespace gradwatt {

// Checks for CLI11: what is wrong with a text, or nothing.

[[nodiscard]] inline std::string number_above_zero(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return std::isfinite(value) && value > 0 ? "" : fmt::format("{} is not a number above 0", text);
}

[[nodiscard]] inline std::string number_from_zero(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return std::isfinite(value) && value >= 0 ? "" : fmt::format("{} is not 0 or more", text);
}

[[nodiscard]] inline std::string number_below_one(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return value >= 0 && value < 1 ? "" : fmt::format("{} is not from 0 to below 1", text);
}

/// Adds flags to a parser, each with its group and, in help, the value it has now.
struct FlagAdder {
  CLI::App& app;

  template <typename Value>
  CLI::Option* add(const char* names, Value& value, const char* text, const char* group) const {
    return app.add_option(names, value, text)->group(group)->capture_default_str();
  }

  /// A flag that takes one of `words`.
  template <typename Enum>
  void choice(const char* names,
              Enum& value,
              const std::map<std::string, Enum>& words,
              std::pair<const char*, const char*> text_and_group) const {
    std::string list;
    std::string now;
    for (const auto& [word, meaning] : words) {
      list += (list.empty() ? "" : "|") + word;
      now = meaning == value ? word : now;
    }
    auto take = [&value, words, list, name = std::string(names)](const std::string& word) {
      const auto found = words.find(word);
      if (found == words.end()) {
        throw CLI::ValidationError(name, fmt::format("{} is not one of {}", word, list));
      }
      value = found->second;
    };
    app.add_option_function<std::string>(
           names, take, fmt::format("{} [{}]", text_and_group.first, now))
        ->type_name(list)
        ->group(text_and_group.second);
  }
};

}  // namespace gradwatt
