// What decoding for a network costs beside bare libjpeg-turbo: images a second of one core, all in
// one run and in turns, so that a busy machine slows all of them alike. Prints a table in markdown;
// exit status 1 where one thread has less than 0.9 of bare libjpeg-turbo's images a second.
#include "base/error.h"
#include "data/face_drawing.h"
#include "data/feed.h"
#include "data/jpeg_decoder.h"
#include "data/jpeg_encoder.h"
#include "data/random_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <jpeglib.h>
#include <optional>

namespace gradwatt {
namespace {

using Files = std::vector<std::vector<std::uint8_t>>;

constexpr int kImages = 200;
constexpr double kGoal = 0.9;

double thread_cpu_s(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Files drawn_files() {
  Files files;
  for (int i = 0; i < kImages; ++i) {
    const FaceTraits person = face_traits(1, i / 10);
    const auto pixels = face_pixels(person, face_shot(person, 1, i), static_cast<std::uint64_t>(i));
    files.push_back(jpeg_of(kFaceShape, pixels, 88));
  }
  return files;
}

/// Decodes as the shortest program would: all rows at full size, libjpeg's defaults.
void decode_bare(const Files& files) {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = ::jpeg_std_error(&errors);
  jpeg_create_decompress(&jpeg);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(kFaceShape.size()));
  for (const auto& file : files) {
    ::jpeg_mem_src(&jpeg, file.data(), file.size());
    ::jpeg_read_header(&jpeg, TRUE);
    ::jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = pixels.data() + jpeg.output_scanline * kFaceShape.width * 3;
      ::jpeg_read_scanlines(&jpeg, &row, 1);
    }
    ::jpeg_finish_decompress(&jpeg);
  }
  ::jpeg_destroy_decompress(&jpeg);
}

class FilesInMemory final : public RowSource {
 public:
  FilesInMemory(const Files& files, std::int64_t side)
      : files_(files), shape_{.height = side, .width = side, .channels = 3} {}
  [[nodiscard]] std::int64_t count() const override {
    return static_cast<std::int64_t>(files_.size());
  }
  [[nodiscard]] std::size_t row_bytes() const override {
    return static_cast<std::size_t>(shape_.size());
  }
  void write_row(std::int64_t index, std::span<std::uint8_t> row) const override {
    thread_local JpegDecoder decoder;
    decoder.decode(files_[static_cast<std::size_t>(index)], "a drawn face", shape_, row);
  }

 private:
  const Files& files_;
  ImageShape shape_;
};

void decode_to(const Files& files, std::int64_t side) {
  const FilesInMemory source(files, side);
  std::vector<std::uint8_t> row(source.row_bytes());
  for (std::int64_t i = 0; i < source.count(); ++i) {
    source.write_row(i, row);
  }
}

/// Its memory stays, as in a training.
class FeedRun {
 public:
  FeedRun(const Files& files, int workers)
      : source_(files, 128), memory_(options_.depth, slot_memory()) {
    options_.workers = workers;
    feed_.emplace(source_,
                  kBatch,
                  options_,
                  std::vector<std::span<std::uint8_t>>(memory_.begin(), memory_.end()),
                  clock_);
  }
  void operator()() {
    feed_->begin(random_order(source_.count(), 1, 0));
    while (feed_->next()) {
    }
  }

 private:
  static constexpr std::int64_t kBatch = 32;
  [[nodiscard]] std::vector<std::uint8_t> slot_memory() const {
    return std::vector<std::uint8_t>(static_cast<std::size_t>(kBatch) * source_.row_bytes());
  }
  FilesInMemory source_;
  FeedOptions options_;
  std::vector<std::vector<std::uint8_t>> memory_;
  SystemClock clock_;
  std::optional<Feed> feed_;
};

struct Way {
  const char* name;
  std::function<void()> decode;
  bool has_goal = false;
  double best_cpu_s = 1e9;   ///< For all images, of the whole process.
  double best_wall_s = 1e9;  ///<
};

void measure(Way& way) {
  const double cpu = thread_cpu_s(CLOCK_PROCESS_CPUTIME_ID);
  const double wall = thread_cpu_s(CLOCK_MONOTONIC);
  way.decode();
  way.best_cpu_s = std::min(way.best_cpu_s, thread_cpu_s(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  way.best_wall_s = std::min(way.best_wall_s, thread_cpu_s(CLOCK_MONOTONIC) - wall);
}

/// Whether all that have a goal reach it.
bool print_table(int turns) {
  const Files files = drawn_files();
  std::size_t bytes = 0;
  for (const auto& file : files) {
    bytes += file.size();
  }
  FeedRun one_worker(files, 1);
  FeedRun two_workers(files, 2);
  std::vector<Way> ways{
      {"bare libjpeg-turbo, 178 x 218", [&] { decode_bare(files); }},
      {"JpegDecoder to 64 x 64", [&] { decode_to(files, 64); }, true},
      {"JpegDecoder to 128 x 128", [&] { decode_to(files, 128); }, true},
      {"JpegDecoder to 224 x 224", [&] { decode_to(files, 224); }, true},
      {"Feed to 128 x 128, 1 worker", std::ref(one_worker), true},
      {"Feed to 128 x 128, 2 workers", std::ref(two_workers)},
  };
  for (int turn = 0; turn < turns; ++turn) {
    for (Way& way : ways) {
      measure(way);
    }
  }
  fmt::print("{} drawn faces, {:.1f} KiB each; the best of {} turns\n\n",
             files.size(),
             static_cast<double>(bytes) / 1024 / static_cast<double>(files.size()),
             turns);
  fmt::print("| | images/s of a core | of bare | images/s |\n|---|---|---|---|\n");
  bool reached = true;
  for (const Way& way : ways) {
    const double of_bare = ways.front().best_cpu_s / way.best_cpu_s;
    reached = reached && (!way.has_goal || of_bare >= kGoal);
    fmt::print("| {} | {:.0f} | {:.2f} | {:.0f} |\n",
               way.name,
               kImages / way.best_cpu_s,
               of_bare,
               kImages / way.best_wall_s);
  }
  return reached;
}

}  // namespace
}  // namespace gradwatt

int main(int argc, char** argv) {
  try {
    return gradwatt::print_table(argc > 1 ? std::atoi(argv[1]) : 50) ? 0 : 1;
  } catch (const gradwatt::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
