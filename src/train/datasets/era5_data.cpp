#include "base/error.h"
#include "data/era5_layout.h"
#include "data/era5_statistics.h"
#include "data/era5_years.h"
#include "data/parallel_rows.h"
#include "data/random_order.h"
#include "train/afno_size.h"
#include "train/datasets/catalog.h"

#include <fmt/format.h>

#include <numeric>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// The part of each time that is trained on.
FieldSelection selected_fields(const FieldShape& grid, const Era5Plan& plan, std::int64_t patch) {
  const std::int64_t rows = cropped_rows(grid.height, patch);
  if (rows == 0 || grid.width % patch != 0) {
    throw UsageError(
        fmt::format("{} x {} points do not make patches of {}", grid.height, grid.width, patch),
        "--patch",
        "take a number that divides the columns and is not above the rows");
  }
  return {plan.channels.empty() ? usual_era5_channels(grid.channels)
                                : era5_channels_named(plan.channels, grid.channels),
          rows};
}

/// `count` samples to train on, chosen by `seed`: a smaller choice is part of a larger one.
void keep_training_samples(Era5Years& years, std::int64_t count, std::uint64_t seed) {
  if (count > years.count()) {
    throw UsageError(
        fmt::format("{} are more than the {} samples to train on", count, years.count()),
        "--train-samples");
  }
  auto order = random_order(years.count(), seed, 0);
  order.resize(static_cast<std::size_t>(count));
  years.keep(std::move(order));
}

/// At most `count` samples, spread evenly over the years.
void keep_evaluation_samples(Era5Years& years, std::int64_t count) {
  const std::int64_t all = years.count();
  if (count >= all) {
    return;
  }
  std::vector<std::int64_t> samples;
  for (std::int64_t i = 0; i < count; ++i) {
    samples.push_back(i * all / count);
  }
  years.keep(std::move(samples));
}

DataPart field_part(std::shared_ptr<Era5Years> years, const DataPlan& plan) {
  DataPart part;
  part.samples = years->count();
  if (plan.mode == InputMode::streamed) {
    part.inputs = std::shared_ptr<const RowSource>(std::move(years));
    return part;
  }
  const std::size_t row_bytes = years->row_bytes();
  std::vector<float> numbers(static_cast<std::size_t>(part.samples) * row_bytes / sizeof(float));
  const std::span<std::uint8_t> bytes{reinterpret_cast<std::uint8_t*>(numbers.data()),
                                      numbers.size() * sizeof(float)};
  for_pieces(part.samples, plan.workers, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      years->write_row(i, bytes.subspan(static_cast<std::size_t>(i) * row_bytes, row_bytes));
    }
  });
  part.inputs = std::move(numbers);
  return part;
}

ForecastForm forecast_form(const Era5Statistics& statistics,
                           const FieldSelection& selection,
                           std::int64_t patch,
                           int steps) {
  ForecastForm form{steps, patch, {}, statistics.time_mean};
  const std::size_t grid = form.climatology.size() / selection.channels.size();
  for (std::size_t i = 0; i < form.climatology.size(); ++i) {
    const std::size_t channel = i / grid;
    form.climatology[i] =
        (form.climatology[i] - statistics.mean[channel]) / statistics.deviation[channel];
  }
  for (const int channel : selection.channels) {
    form.channels.push_back(era5_channel_name(channel));
  }
  return form;
}

TrainingData load_era5_data(const DataPlan& plan) {
  const Era5Files files = require_era5(plan.folder);
  const FieldShape grid = Hdf5File(files.train.front()).shape();
  const std::int64_t patch = plan.era5.patch > 0 ? plan.era5.patch : suitable_patch(grid.height);
  const FieldSelection selection = selected_fields(grid, plan.era5, patch);
  const auto years_of = [&](const std::vector<fs::path>& part) {
    return std::make_shared<Era5Years>(part, selection, plan.era5.steps);
  };
  const auto train = years_of(files.train);
  if (plan.train_samples) {
    keep_training_samples(*train, *plan.train_samples, plan.seed);
  }
  const auto validation = years_of(files.validation);
  keep_evaluation_samples(*validation, plan.val_samples);

  TrainingData data;
  Era5Statistics statistics = read_era5_statistics(files.root, grid, selection);
  data.shape = {static_cast<std::int64_t>(selection.channels.size()), selection.rows, grid.width};
  data.forecast = forecast_form(statistics, selection, patch, plan.era5.steps);
  data.mean = std::move(statistics.mean);
  data.deviation = std::move(statistics.deviation);
  data.train = field_part(train, plan);
  data.validation = field_part(validation, plan);
  if (!files.test.empty()) {
    data.test = field_part(years_of(files.test), plan);
  }
  if (selection.rows < grid.height) {
    data.notes.push_back(fmt::format(
        "{} of {} rows are used, whole patches of {}", selection.rows, grid.height, patch));
  }
  return data;
}

}  // namespace

Dataset era5_data() {
  return {"era5",
          "the weather every six hours, 20 channels on a grid of the globe, as FourCastNet's files",
          "era5",
          load_era5_data};
}

}  // namespace gradwatt
