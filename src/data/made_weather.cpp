#include "data/made_weather.h"

#include "base/expects.h"
#include "data/random_order.h"

#include <array>
#include <cmath>
#include <numbers>

namespace gradwatt {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

struct ChannelForm {
  double mean;
  double deviation;
};

/// About what the published global_means.npy and global_stds.npy hold, in SI units; the last one,
/// which FourCastNet leaves out, is like the one before.
constexpr std::array<ChannelForm, 21> kChannelForms{
    {{-0.05, 5.5}, {0.19, 4.8},  {278.5, 21.3}, {96650, 9590}, {100957, 1330}, {274.5, 15.6},
     {-0.03, 6.1}, {0.19, 5.3},  {737, 1070},   {1.4, 8.2},    {0.14, 6.3},    {13746, 1470},
     {6.5, 12},    {-0.02, 9.2}, {54115, 3355}, {252.9, 13.1}, {199420, 5890}, {50.3, 33.5},
     {69, 26.1},   {18.3, 16.4}, {18.3, 16.4}}};

const ChannelForm& form_of(std::size_t channel) {
  return kChannelForms[channel % kChannelForms.size()];
}

double random_phase(std::uint64_t key) {
  return kTurn * static_cast<double>(SplitMix64(key).next() >> 11U) * 0x1p-53;
}

}  // namespace

MadeWeather::MadeWeather(const FieldShape& grid, std::uint64_t seed, int year) : grid_(grid) {
  expects(grid.height > 1 && grid.width > 0 && grid.channels > 0, "a grid");
  for (std::int64_t y = 0; y < grid.height; ++y) {
    const double latitude =
        std::numbers::pi * (0.5 - static_cast<double>(y) / static_cast<double>(grid.height - 1));
    const double cosine = std::max(0.0, std::cos(latitude));
    rows_.push_back({cosine, 0.03 + 0.09 * cosine * cosine});
  }
  const std::uint64_t own = SplitMix64(seed ^ static_cast<std::uint64_t>(year) << 32U).next();
  for (std::int64_t channel = 0; channel < grid.channels; ++channel) {
    for (int k = 0; k < kWaves; ++k) {
      const double of_year = random_phase(own + static_cast<std::uint64_t>(k));
      phases_.push_back(of_year + 0.7 * static_cast<double>(channel));
    }
  }
  for (int k = 1; k <= kWaves; ++k) {
    for (std::int64_t x = 0; x < grid.width; ++x) {
      const double angle = k * kTurn * static_cast<double>(x) / static_cast<double>(grid.width);
      cosines_.push_back(std::cos(angle));
      sines_.push_back(std::sin(angle));
    }
  }
}

void MadeWeather::write(std::int64_t time, std::span<float> grids) const {
  expects(static_cast<std::int64_t>(grids.size()) == grid_.channels * grid_.height * grid_.width,
          "one time");
  const auto width = static_cast<std::size_t>(grid_.width);
  std::size_t done = 0;
  for (int channel = 0; channel < grid_.channels; ++channel) {
    for (const Row& row : rows_) {
      write_row(channel, row, static_cast<double>(time), grids.subspan(done, width));
      done += width;
    }
  }
}

void MadeWeather::write_row(int channel, const Row& row, double time, std::span<float> out) const {
  const auto index = static_cast<std::size_t>(channel);
  const ChannelForm& form = form_of(index);
  const double wind = row.wind * (1 + 0.5 * channel / static_cast<double>(grid_.channels));
  std::array<double, kWaves> of_cosine{};
  std::array<double, kWaves> of_sine{};
  for (std::size_t k = 0; k < kWaves; ++k) {
    const auto number = static_cast<double>(k + 1);
    const double angle = phases_[index * kWaves + k] - number * wind * time;
    of_cosine[k] = 0.8 / (number + 1) * row.cosine * std::cos(angle);
    of_sine[k] = -0.8 / (number + 1) * row.cosine * std::sin(angle);
  }
  const double westwards = 0.05 * time + 0.4 * channel;
  of_cosine[1] += 0.3 * row.cosine * std::cos(westwards);
  of_sine[1] -= 0.3 * row.cosine * std::sin(westwards);
  const double profile = 0.8 * (row.cosine * row.cosine - 0.5);
  for (std::size_t x = 0; x < out.size(); ++x) {
    double sum = profile;
    for (std::size_t k = 0; k < kWaves; ++k) {
      sum += of_cosine[k] * cosines_[k * out.size() + x] + of_sine[k] * sines_[k * out.size() + x];
    }
    out[x] = static_cast<float>(form.mean + form.deviation * sum);
  }
}

}  // namespace gradwatt
