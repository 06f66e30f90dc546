#include "train/weights.h"

#include "base/error.h"
#include "data/tensor_file.h"
#include "train/file_tensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

namespace gradwatt {
namespace {

constexpr std::array<std::string_view, 4> kPrefixes{"module.", "model.", "encoder.", "backbone."};
constexpr std::size_t kNamesShown = 5;

std::string without_prefixes(std::string name) {
  for (const std::string_view prefix : kPrefixes) {
    if (name.starts_with(prefix)) {
      name.erase(0, prefix.size());
    }
  }
  return name;
}

std::string first_names(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kNamesShown);
  std::string text = fmt::format(
      "{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (names.size() > shown) {
    text += fmt::format(" and {} more", names.size() - shown);
  }
  return text;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ","));
}

}  // namespace

AdoptedWeights adopt_weights(const Part& part, const std::filesystem::path& file) {
  const TensorFile stored = read_weights(file);
  std::map<std::string, const TensorView*> by_name;
  for (const auto& [name, view] : stored.tensors()) {
    by_name.emplace(without_prefixes(name), &view);
  }
  const std::vector<NamedTensor> wanted = tensors_of(part);
  std::vector<std::string> problems;
  AdoptedWeights result;
  std::set<std::string> used;
  for (const NamedTensor& named : wanted) {
    const auto found = by_name.find(named.name);
    if (found == by_name.end()) {
      if (!named.name.ends_with("num_batches_tracked")) {
        problems.push_back(named.name + " is missing");
      }
    } else if (!same_shape(*found->second, named.tensor)) {
      problems.push_back(fmt::format("{} is {} instead of {}",
                                     named.name,
                                     shape_text(found->second->shape),
                                     shape_text(named.tensor.sizes().vec())));
    } else {
      used.insert(named.name);
    }
  }
  if (!problems.empty()) {
    throw Error(fmt::format("these weights do not fit: {}", first_names(problems)),
                file.string(),
                "they belong to another model, or to inputs of another shape");
  }
  for (const NamedTensor& named : wanted) {
    if (used.contains(named.name)) {
      copy_stored(*by_name.at(named.name), named.tensor);
    }
  }
  result.adopted = used.size();
  for (const auto& [name, view] : by_name) {
    if (!used.contains(name)) {
      result.left_over.push_back(name);
    }
  }
  return result;
}

void save_encoder(Task& task,
                  const std::filesystem::path& file,
                  const std::map<std::string, std::string>& facts) {
  save_tensors(file, tensors_of(task.encoder()), facts);
}

void save_all_weights(Task& task,
                      const std::filesystem::path& file,
                      const std::map<std::string, std::string>& facts) {
  std::vector<NamedTensor> all;
  for (const Part& part : task.parts()) {
    for (const NamedTensor& named : tensors_of(part)) {
      all.push_back(named);
    }
  }
  save_tensors(file, all, facts);
}

}  // namespace gradwatt
