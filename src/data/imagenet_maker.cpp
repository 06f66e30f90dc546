#include "data/imagenet_maker.h"

#include "base/error.h"
#include "data/jpeg_encoder.h"
#include "data/made_photograph.h"
#include "data/side_by_side.h"
#include "data/tar_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr int kMadePhotographQuality = 85;
constexpr std::int64_t kPhotographsAtOnce = 64;
constexpr std::int64_t kPhotographsInShard = 1000;

/// A part of the set: photographs in the order of their classes and numbers.
struct MadeImagenetPart {
  const char* name = nullptr;  ///< "train"
  const char* stem = nullptr;  ///< Of a photograph's name, where the class does not name it.
  std::int64_t count = 0;
  int classes = 0;
  std::uint64_t seed = 0;
  std::int64_t first = 0;  ///< Number of its first photograph among those of both parts.

  /// Equal shares, the first classes one more.
  [[nodiscard]] int kind_of(std::int64_t photograph) const {
    const std::int64_t each = count / classes;
    const std::int64_t longer = count % classes;
    const std::int64_t in_longer = longer * (each + 1);
    return static_cast<int>(photograph < in_longer ? photograph / (each + 1)
                                                   : longer + (photograph - in_longer) / each);
  }
  [[nodiscard]] std::string class_name(std::int64_t photograph) const {
    return fmt::format("n{:08}", kind_of(photograph) + 1);
  }
  [[nodiscard]] std::string key(std::int64_t photograph) const {
    return stem != nullptr ? fmt::format("{}_{:08}", stem, photograph + 1)
                           : fmt::format("{}_{:07}", class_name(photograph), photograph + 1);
  }
  [[nodiscard]] std::vector<std::uint8_t> jpeg(std::int64_t photograph) const {
    const MadePhotograph made = made_photograph(seed, kind_of(photograph), first + photograph);
    return jpeg_of(made.shape, made.pixels, kMadePhotographQuality);
  }
};

std::vector<MadeImagenetPart> made_parts(double scale, std::uint64_t seed) {
  if (!(scale >= 0.0001 && scale <= 10)) {
    throw UsageError(fmt::format("the scale is {}, and not between 0.0001 and 10", scale),
                     "ImageNet",
                     "1 is the size of the published set, about 140 GB");
  }
  const MadeImagenetSize size = made_imagenet_size(scale);
  return {{"train", nullptr, size.train, size.classes, seed, 0},
          {"val", "ILSVRC2012_val", size.validation, size.classes, seed, size.train}};
}

/// Draws the photographs from `begin` on, a few at a time on all processors, and hands them over
/// in their order.
void each_jpeg(const MadeImagenetPart& part,
               std::int64_t begin,
               std::int64_t end,
               const std::function<void(std::int64_t, const std::vector<std::uint8_t>&)>& take) {
  for (std::int64_t first = begin; first < end; first += kPhotographsAtOnce) {
    const std::int64_t count = std::min(kPhotographsAtOnce, end - first);
    std::vector<std::vector<std::uint8_t>> files(static_cast<std::size_t>(count));
    side_by_side(files.size(), [&](std::size_t i) {
      files[i] = part.jpeg(first + static_cast<std::int64_t>(i));
    });
    for (std::int64_t i = 0; i < count; ++i) {
      take(first + i, files[static_cast<std::size_t>(i)]);
    }
  }
}

std::string part_fact(const MadeImagenetPart& part) {
  return fmt::format("{:<5}  {} photographs of {} classes", part.name, part.count, part.classes);
}

}  // namespace

MadeImagenetSize made_imagenet_size(double scale) {
  MadeImagenetSize size;
  size.classes =
      static_cast<int>(std::max(4L, std::lround(1000 * std::sqrt(std::min(1.0, scale)))));
  size.train = std::max<std::int64_t>(4L * size.classes, std::lround(1'281'167 * scale));
  size.validation = std::max<std::int64_t>(2L * size.classes, std::lround(50'000 * scale));
  return size;
}

MadeData make_imagenet(const fs::path& folder, double scale, std::uint64_t seed) {
  MadeData made;
  for (const MadeImagenetPart& part : made_parts(scale, seed)) {
    each_jpeg(part, 0, part.count, [&](std::int64_t i, const std::vector<std::uint8_t>& jpeg) {
      const fs::path of_class = folder / part.name / part.class_name(i);
      fs::create_directories(of_class);
      write_made_image(of_class / (part.key(i) + ".JPEG"), jpeg);
      made.bytes += static_cast<std::int64_t>(jpeg.size());
      ++made.files;
    });
    made.facts.push_back(part_fact(part));
  }
  return made;
}

MadeData make_imagenet_shards(const fs::path& folder, double scale, std::uint64_t seed) {
  MadeData made;
  for (const MadeImagenetPart& part : made_parts(scale, seed)) {
    fs::create_directories(folder / part.name);
    for (std::int64_t begin = 0; begin < part.count; begin += kPhotographsInShard) {
      const std::int64_t end = std::min(begin + kPhotographsInShard, part.count);
      TarWriter shard(folder / part.name /
                      fmt::format("{}-{:04}.tar", part.name, begin / kPhotographsInShard));
      each_jpeg(part, begin, end, [&](std::int64_t i, const std::vector<std::uint8_t>& jpeg) {
        shard.add(part.key(i) + ".jpg", jpeg);
        shard.add(part.key(i) + ".cls", fmt::format("{}", part.kind_of(i)));
      });
      made.bytes += shard.close();
      ++made.files;
    }
    made.facts.push_back(part_fact(part));
  }
  return made;
}

}  // namespace gradwatt
