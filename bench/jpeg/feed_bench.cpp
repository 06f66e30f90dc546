// Files of photographs through JpegRows and Feed, as a training takes them:
//   feed_bench FOLDER SIZE BATCH WORKERS EPOCHS PACE
// PACE: images a second that the consumer can take, waiting in between as for a GPU; 0: all there
// are. Prints `images N wall_s T cpu_s T starved_s T`, without the first epoch.
#include "base/error.h"
#include "data/feed.h"
#include "data/jpeg_rows.h"
#include "data/random_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>

namespace gradwatt {
namespace {

struct FeedCase {
  std::filesystem::path folder;
  std::int64_t size = 0;
  std::int64_t batch = 0;
  int workers = 0;
  int epochs = 0;
  double pace = 0;
};

double process_cpu_s() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<std::filesystem::path> photographs(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".jpg") {
      files.push_back(entry.path());
    }
  }
  if (files.empty()) {
    throw Error("has no .jpg files", folder.string(), "make some: gradwatt data make celeba");
  }
  std::sort(files.begin(), files.end());
  return files;
}

void consume(Feed& feed, double pace) {
  while (const auto batch = feed.next()) {
    if (pace > 0) {
      std::this_thread::sleep_for(
          std::chrono::duration<double>(static_cast<double>(batch->indices.size()) / pace));
    }
  }
}

void run_case(const FeedCase& plan) {
  const JpegRows rows(photographs(plan.folder),
                      {.height = plan.size, .width = plan.size, .channels = 3});
  const FeedOptions options{.workers = plan.workers};
  std::vector<std::vector<std::uint8_t>> memory(static_cast<std::size_t>(options.depth));
  for (auto& slot : memory) {
    slot.resize(static_cast<std::size_t>(plan.batch) * rows.row_bytes());
  }
  const SystemClock clock;
  Feed feed(rows, plan.batch, options, {memory.begin(), memory.end()}, clock);
  Duration wall{};
  Duration starved{};
  double cpu_s = 0;
  for (int epoch = 0; epoch <= plan.epochs; ++epoch) {
    const Instant begin = clock.now();
    const double cpu_before = process_cpu_s();
    feed.begin(random_order(rows.count(), 0, static_cast<std::uint64_t>(epoch)));
    consume(feed, plan.pace);
    if (epoch > 0) {
      wall += clock.now() - begin;
      starved += feed.starved();
      cpu_s += process_cpu_s() - cpu_before;
    }
  }
  fmt::print("images {} wall_s {:.4f} cpu_s {:.4f} starved_s {:.4f}\n",
             rows.count() * plan.epochs,
             seconds(wall),
             cpu_s,
             seconds(starved));
}

}  // namespace
}  // namespace gradwatt

int main(int argc, char** argv) {
  try {
    if (argc != 7) {
      throw gradwatt::Error("takes FOLDER SIZE BATCH WORKERS EPOCHS PACE", argv[0]);
    }
    gradwatt::run_case({argv[1],
                        std::stoll(argv[2]),
                        std::stoll(argv[3]),
                        std::stoi(argv[4]),
                        std::stoi(argv[5]),
                        std::stod(argv[6])});
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
