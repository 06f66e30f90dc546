#include "base/error.h"
#include "data/all_rows.h"
#include "data/celeba.h"
#include "data/jpeg_rows.h"
#include "data/random_order.h"
#include "data/row_cache.h"
#include "train/datasets/catalog.h"

#include <fmt/format.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kColours = 3;

/// Takes the samples at `damaged` (ascending) out of a part.
void leave_out(const std::vector<std::pair<std::int64_t, std::string>>& damaged,
               CelebaPart& part,
               std::size_t attributes) {
  for (auto it = damaged.rbegin(); it != damaged.rend(); ++it) {
    part.files.erase(part.files.begin() + it->first);
    part.identities.erase(part.identities.begin() + it->first);
    const auto first =
        part.attributes.begin() + it->first * static_cast<std::ptrdiff_t>(attributes);
    part.attributes.erase(first, first + static_cast<std::ptrdiff_t>(attributes));
  }
}

/// Keeps `count` photographs, chosen by `seed`: a smaller choice is part of a larger one.
void keep_some(CelebaPart& part, std::int64_t count, std::uint64_t seed, std::size_t attributes) {
  if (count > part.count()) {
    throw UsageError(
        fmt::format("{} are more than the {} photographs to train on", count, part.count()),
        "--train-samples");
  }
  CelebaPart kept;
  auto order = random_order(part.count(), seed, 0);
  order.resize(static_cast<std::size_t>(count));
  for (const std::int64_t index : order) {
    const auto i = static_cast<std::size_t>(index);
    kept.files.push_back(std::move(part.files[i]));
    kept.identities.push_back(part.identities[i]);
    const auto first = part.attributes.begin() + static_cast<std::ptrdiff_t>(i * attributes);
    kept.attributes.insert(
        kept.attributes.end(), first, first + static_cast<std::ptrdiff_t>(attributes));
  }
  part = std::move(kept);
}

struct PartLoader {
  const DataPlan& plan;
  ImageShape shape;
  std::size_t attributes = 0;
  std::vector<std::string>& notes;

  [[nodiscard]] DataPart load(CelebaPart part, std::string_view name) const {
    const bool skips = plan.damaged == DamagedFiles::skip;
    auto rows = std::make_shared<JpegRows>(
        part.files, shape, skips ? "" : "or leave such photographs out: --damaged skip");
    if (skips) {
      const AllRows all = all_rows_reporting(*rows, plan.workers);
      for (const auto& [index, why] : all.damaged) {
        notes.push_back(fmt::format("left out: {}", why));
      }
      leave_out(all.damaged, part, attributes);
      rows = std::make_shared<JpegRows>(part.files, shape);
    }
    DataPart result;
    result.inputs = inputs_of(rows, name);
    result.classes.assign(part.identities.begin(), part.identities.end());
    result.attributes = std::move(part.attributes);
    return result;
  }

 private:
  [[nodiscard]] Inputs inputs_of(const std::shared_ptr<JpegRows>& rows,
                                 std::string_view name) const {
    std::shared_ptr<const RowSource> source = rows;
    if (!plan.cache.empty()) {
      std::filesystem::create_directories(plan.cache);
      const auto file =
          std::filesystem::path(plan.cache) / fmt::format("celeba-{}-{}.rows", name, shape.height);
      source = cached_rows(*rows, file, rows->key(), plan.workers);
    }
    if (plan.mode == InputMode::streamed) {
      return source;
    }
    return all_rows(*source, plan.workers);
  }
};

TrainingData load_celeba_data(const DataPlan& plan) {
  CelebaData faces = load_celeba({plan.folder, plan.identities, 0.15, 0.15, plan.seed});
  TrainingData data;
  data.shape = {kColours, plan.size, plan.size};
  data.classes = static_cast<int>(faces.identity_numbers.size());
  data.attributes = static_cast<int>(faces.attribute_names.size());
  // ImageNet's, as the weights that training starts from expect.
  data.mean = {0.485F, 0.456F, 0.406F};
  data.deviation = {0.229F, 0.224F, 0.225F};
  data.mirrors = plan.mirror;
  data.notes = std::move(faces.notes);
  if (plan.train_samples) {
    keep_some(faces.train, *plan.train_samples, plan.seed, faces.attribute_names.size());
  }
  const PartLoader loader{
      plan, {plan.size, plan.size, kColours}, faces.attribute_names.size(), data.notes};
  data.train = loader.load(std::move(faces.train), "train");
  data.validation = loader.load(std::move(faces.validation), "validation");
  data.test = loader.load(std::move(faces.test), "test");
  return data;
}

}  // namespace

Dataset celeba_data() {
  return {"celeba",
          "photographs of celebrities, 178 x 218 pixels, identities and 40 attributes (Liu et al.)",
          "celeba",
          load_celeba_data};
}

}  // namespace gradwatt
