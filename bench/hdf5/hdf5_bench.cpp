// What reading samples of ERA5 costs beside bare H5Dread: samples a second of one core for each way
// in which the fields may lie in their file, all in one run and in turns, so that a busy machine
// slows all of them alike. Prints a table in markdown.
#include "base/error.h"
#include "data/era5_years.h"
#include "data/feed.h"
#include "data/hdf5_file.h"
#include "data/hdf5_handle.h"
#include "data/hdf5_writer.h"
#include "data/made_weather.h"
#include "data/random_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// The published grid; a sample is an input and its target, 166 MB.
constexpr FieldShape kGrid{3, 20, 721, 1440};
constexpr std::int64_t kRows = 720;
constexpr std::int64_t kSamples = 4;

double seconds_now(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Form {
  const char* name;
  Hdf5Form form;
  fs::path file;
};

/// The shortest way: the file is opened once, each sample is one hyperslab.
class BareReader {
 public:
  explicit BareReader(const fs::path& file)
      : file_(hdf5().H5Fopen(file.c_str(), kHdf5ReadOnly, H5P_DEFAULT), hdf5().H5Fclose),
        fields_(hdf5().H5Dopen2(file_.id(), "fields", H5P_DEFAULT), hdf5().H5Dclose),
        space_(hdf5().H5Dget_space(fields_.id()), hdf5().H5Sclose) {}

  void read(std::int64_t first, std::vector<float>& out) const {
    const std::array<hsize_t, 4> from{static_cast<hsize_t>(first), 0, 0, 0};
    const std::array<hsize_t, 4> extent{
        2, static_cast<hsize_t>(kGrid.channels), kRows, static_cast<hsize_t>(kGrid.width)};
    const Hdf5Handle memory(hdf5().H5Screate_simple(4, extent.data(), nullptr), hdf5().H5Sclose);
    hdf5().H5Sselect_hyperslab(
        space_.id(), H5S_SELECT_SET, from.data(), nullptr, extent.data(), nullptr);
    if (hdf5().H5Dread(
            fields_.id(), hdf5().native_float, memory.id(), space_.id(), H5P_DEFAULT, out.data()) <
        0) {
      throw Error("cannot be read", "fields");
    }
  }

 private:
  Hdf5Handle file_;
  Hdf5Handle fields_;
  Hdf5Handle space_;
};

FieldSelection all_fields() {
  FieldSelection all{std::vector<int>(static_cast<std::size_t>(kGrid.channels)), kRows};
  std::iota(all.channels.begin(), all.channels.end(), 0);
  return all;
}

std::size_t sample_numbers() { return static_cast<std::size_t>(2 * all_fields().size(kGrid)); }

void read_bare(const fs::path& file, std::vector<float>& out) {
  const BareReader reader(file);
  for (std::int64_t i = 0; i < kSamples; ++i) {
    reader.read(i % 2, out);
  }
}

void read_ours(const fs::path& file, std::vector<float>& out) {
  const Hdf5File reader(file);
  const FieldSelection selection = all_fields();
  for (std::int64_t i = 0; i < kSamples; ++i) {
    reader.read(i % 2, 2, selection, out);
  }
}

void read_by_workers(const fs::path& file, int workers, std::vector<std::vector<float>>& memory) {
  Era5Years years({file}, all_fields(), 1);
  std::vector<std::int64_t> samples;
  for (std::int64_t i = 0; i < kSamples; ++i) {
    samples.push_back(i % 2);
  }
  std::vector<std::span<std::uint8_t>> slots;
  for (auto& slot : memory) {
    slots.emplace_back(reinterpret_cast<std::uint8_t*>(slot.data()), slot.size() * sizeof(float));
  }
  const SystemClock clock;
  Feed feed(years, 1, {.workers = workers, .depth = 4, .hold = 0}, slots, clock);
  feed.begin(samples);
  while (feed.next()) {
  }
}

/// The best of the turns, in seconds for all samples.
struct Times {
  double bare_cpu = 1e9;
  double ours_cpu = 1e9;
  double workers_cpu = 1e9;
  double workers_wall = 1e9;
};

template <typename Work>
void time_of(double& best_cpu, double& best_wall, const Work& work) {
  const double cpu = seconds_now(CLOCK_PROCESS_CPUTIME_ID);
  const double wall = seconds_now(CLOCK_MONOTONIC);
  work();
  best_cpu = std::min(best_cpu, seconds_now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  best_wall = std::min(best_wall, seconds_now(CLOCK_MONOTONIC) - wall);
}

void write_file(const Form& form) {
  const MadeWeather weather(kGrid, 1, 1979);
  std::vector<float> grids(static_cast<std::size_t>(kGrid.channels * kGrid.height * kGrid.width));
  Hdf5Writer writer(form.file, kGrid, form.form);
  SplitMix64 random(1);
  for (std::int64_t time = 0; time < kGrid.times; ++time) {
    weather.write(time, grids);
    for (float& value : grids) {
      // Digits that do not compress, as measured fields have them.
      value *= 1 + 1e-4F * static_cast<float>(random.below(1000)) / 1000;
    }
    writer.write(time, grids);
  }
  (void)writer.close();
}

void print_times(const std::vector<Form>& forms, const std::vector<Times>& times, int turns) {
  fmt::print(
      "samples of {:.0f} MB (input and target, 720 of 721 rows), files in the page cache, the "
      "best of {} turns\n\n",
      static_cast<double>(sample_numbers() * sizeof(float)) * 1e-6,
      turns);
  fmt::print(
      "| fields lie as | file, MB | samples/s of a core: H5Dread | Hdf5File | of "
      "H5Dread | "
      "Feed, 2 workers | samples/s of Feed |\n|---|---|---|---|---|---|---|\n");
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const Times& own = times[i];
    fmt::print("| {} | {:.0f} | {:.1f} | {:.1f} | {:.2f} | {:.1f} | {:.1f} |\n",
               forms[i].name,
               static_cast<double>(fs::file_size(forms[i].file)) * 1e-6,
               kSamples / own.bare_cpu,
               kSamples / own.ours_cpu,
               own.bare_cpu / own.ours_cpu,
               kSamples / own.workers_cpu,
               kSamples / own.workers_wall);
  }
}

void print_table(const fs::path& folder, int turns) {
  std::vector<Form> forms{
      {"contiguous", {}, folder / "a.h5"},
      {"chunks of a grid (1, 1, 721, 1440)", {{1, 1, 721, 1440}}, folder / "b.h5"},
      {"chunks of all channels (1, 20, 91, 180)", {{1, 20, 91, 180}}, folder / "c.h5"},
      {"grids, shuffled and deflated (level 1)", {{1, 1, 721, 1440}, 1, true}, folder / "d.h5"}};
  std::vector<float> out(sample_numbers());
  std::vector<float> bare(sample_numbers());
  std::vector<std::vector<float>> memory(4, out);
  std::vector<Times> times(forms.size());
  for (const Form& form : forms) {
    write_file(form);
    read_bare(form.file, bare);
    read_ours(form.file, out);
    if (out != bare) {
      throw Error("gives other numbers than the library", form.file.string());
    }
  }
  for (int turn = 0; turn < turns; ++turn) {
    for (std::size_t i = 0; i < forms.size(); ++i) {
      const fs::path& file = forms[i].file;
      double unused = 0;
      Times& own = times[i];
      time_of(own.bare_cpu, unused, [&] { read_bare(file, bare); });
      time_of(own.ours_cpu, unused, [&] { read_ours(file, out); });
      time_of(own.workers_cpu, own.workers_wall, [&] { read_by_workers(file, 2, memory); });
    }
  }
  print_times(forms, times, turns);
}

}  // namespace
}  // namespace gradwatt

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "hdf5_bench FOLDER [TURNS]\n");
    return 2;
  }
  try {
    gradwatt::print_table(argv[1], argc > 2 ? std::max(1, std::atoi(argv[2])) : 5);
    return 0;
  } catch (const gradwatt::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
