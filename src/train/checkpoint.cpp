#include "train/checkpoint.h"

#include "base/error.h"
#include "train/best_tensors.h"
#include "train/file_tensors.h"
#include "train/flat_parameters.h"
#include "train/optimizer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace gradwatt {
namespace {

constexpr const char* kFormat = "gradwatt-checkpoint-1";

/// Every tensor of the state under the name that the file gives it: views, to write or to fill.
std::vector<NamedTensor> state_tensors(const TrainingState& state, bool with_best) {
  const std::vector<NamedTensor> parameters = trained_parameters(state.task);
  std::vector<NamedTensor> all;
  const auto add_flat = [&](const std::string& prefix, const at::Tensor& flat) {
    const std::vector<at::Tensor> views = state.parameters.shaped(flat);
    for (std::size_t i = 0; i < views.size(); ++i) {
      all.push_back({prefix + parameters[i].name, views[i]});
    }
  };
  add_flat("model.", state.parameters.values());
  for (const auto& [name, flat] : state.optimizer.memory()) {
    add_flat("optimizer." + name + ".", flat);
  }
  const std::vector<NamedTensor> buffers = trained_buffers(state.task);
  for (const NamedTensor& buffer : buffers) {
    all.push_back({"model." + buffer.name, buffer.tensor});
  }
  if (with_best) {
    const BestWeights::Copies& best = state.best.copies();
    add_flat("best.", best.parameters);
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      all.push_back({"best." + buffers[i].name, best.buffers[i]});
    }
  }
  return all;
}

template <typename Value>
void put(nlohmann::json& json, const char* name, const std::optional<Value>& value) {
  if (value) {
    json[name] = *value;
  }
}

template <typename Value>
std::optional<Value> taken(const nlohmann::json& json, const char* name) {
  return json.contains(name) ? std::optional<Value>(json.at(name).get<Value>()) : std::nullopt;
}

/// JSON keeps a double to its last bit.
std::string progress_text(const LoopProgress& progress, const Optimizer& optimizer) {
  nlohmann::json json{{"epoch", progress.epoch},
                      {"step", progress.step},
                      {"loss_sum", progress.loss_sum},
                      {"micro_batch", progress.micro_batch},
                      {"loss_scale", progress.loss_scale.factor},
                      {"good_steps", progress.loss_scale.good_steps},
                      {"epochs_without_progress", progress.stopping.epochs_without_progress},
                      {"ended", progress.ended},
                      {"plateau_epochs", progress.plateau.epochs_without_progress},
                      {"plateau_scale", progress.plateau.scale},
                      {"optimizer_steps", optimizer.steps()}};
  put(json, "best", progress.stopping.best);
  put(json, "best_epoch", progress.stopping.best_epoch);
  put(json, "bar", progress.stopping.bar);
  put(json, "plateau_best", progress.plateau.best);
  return json.dump();
}

void read_progress(const std::string& text, LoopProgress& progress, Optimizer& optimizer) {
  const auto json = nlohmann::json::parse(text);
  progress.epoch = json.at("epoch").get<int>();
  progress.step = json.at("step").get<std::int64_t>();
  progress.loss_sum = json.at("loss_sum").get<double>();
  progress.micro_batch = json.at("micro_batch").get<std::int64_t>();
  progress.loss_scale = {json.at("loss_scale").get<double>(), json.at("good_steps").get<int>()};
  progress.stopping = {taken<double>(json, "best"),
                       taken<int>(json, "best_epoch"),
                       taken<double>(json, "bar"),
                       json.at("epochs_without_progress").get<int>()};
  // Absent in files of versions that had no such schedule.
  progress.plateau = {taken<double>(json, "plateau_best"),
                      taken<int>(json, "plateau_epochs").value_or(0),
                      taken<double>(json, "plateau_scale").value_or(1)};
  progress.ended = json.at("ended").get<std::string>();
  optimizer.set_steps(json.at("optimizer_steps").get<std::int64_t>());
}

/// "lr=0.1 in the file, lr=0.2 now" for the first line that differs.
std::string first_difference(const std::string& stored, const std::string& now) {
  std::istringstream left(stored);
  std::istringstream right(now);
  std::string a;
  std::string b;
  while (true) {
    const bool more_left = static_cast<bool>(std::getline(left, a));
    const bool more_right = static_cast<bool>(std::getline(right, b));
    if (!more_left && !more_right) {
      return "nothing that is known";
    }
    if (a != b || more_left != more_right) {
      return fmt::format(
          "{} in the file, {} now", more_left ? a : "nothing", more_right ? b : "nothing");
    }
  }
}

const std::string& fact(const TensorFile& file, const char* name, const std::string& where) {
  const auto found = file.metadata().find(name);
  if (found == file.metadata().end()) {
    throw Error("is no checkpoint of gradwatt-train", where, "name another --checkpoint");
  }
  return found->second;
}

}  // namespace

void save_checkpoint(const TrainingState& state,
                     const std::filesystem::path& file,
                     const std::string& settings) {
  const bool has_best = state.best.copies().parameters.defined();
  save_tensors(file,
               state_tensors(state, has_best),
               {{"format", kFormat},
                {"settings", settings},
                {"progress", progress_text(state.progress, state.optimizer)},
                {"has_best", has_best ? "yes" : "no"}});
}

void load_checkpoint(const TrainingState& state,
                     const std::filesystem::path& file,
                     const std::string& settings) {
  const TensorFile stored = read_safetensors(file);
  if (fact(stored, "format", file.string()) != kFormat) {
    throw Error("is a checkpoint of another version", file.string(), "start anew without it");
  }
  const std::string& before = fact(stored, "settings", file.string());
  if (before != settings) {
    throw Error(fmt::format("belongs to a training with other settings: {}",
                            first_difference(before, settings)),
                file.string(),
                "give the same flags, or another --checkpoint");
  }
  const bool has_best = fact(stored, "has_best", file.string()) == "yes";
  if (has_best) {
    state.best.remember();  // memory of the right shapes to copy into
  }
  for (const NamedTensor& named : state_tensors(state, has_best)) {
    const auto found = stored.tensors().find(named.name);
    if (found == stored.tensors().end() || !same_shape(found->second, named.tensor)) {
      throw Error(fmt::format("lacks {} in the shape it has here", named.name),
                  file.string(),
                  "it belongs to another network");
    }
    copy_stored(found->second, named.tensor);
  }
  try {
    read_progress(fact(stored, "progress", file.string()), state.progress, state.optimizer);
  } catch (const nlohmann::json::exception& error) {
    throw Error(fmt::format("its progress cannot be read: {}", error.what()),
                file.string(),
                "start anew without it");
  }
}

}  // namespace gradwatt
