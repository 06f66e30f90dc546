#include "data/fashion_files.h"

#include "base/error.h"
#include "data/idx_file.h"
#include "data/made_movement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace gradwatt {
namespace {

constexpr int kFashionSide = 28;
constexpr int kFashionKinds = 10;
constexpr const char* kImages = "images-idx3-ubyte";
constexpr const char* kLabels = "labels-idx1-ubyte";

struct FashionPart {
  const char* name;
  double published_images;
};
constexpr std::array<FashionPart, 2> kFashionParts{{{"train", 60000}, {"t10k", 10000}}};

/// The file of that name in `folder`, compressed or not; empty when it is in neither form.
std::filesystem::path find_part(const std::filesystem::path& folder, const std::string& name) {
  for (const char* ending : {".gz", ""}) {
    std::filesystem::path file = folder / (name + ending);
    if (std::filesystem::exists(file)) {
      return file;
    }
  }
  return {};
}

std::optional<IdxArray> read_part(const std::filesystem::path& folder,
                                  const std::string& name,
                                  DataCheck& check) {
  const std::filesystem::path file = find_part(folder, name);
  if (file.empty()) {
    check.problems.push_back({(folder / name).string(), "is not there", false});
    return std::nullopt;
  }
  try {
    return read_idx(file);
  } catch (const Error& error) {
    check.problems.push_back({file.string(), error.what(), false});
    return std::nullopt;
  }
}

void check_part(const std::filesystem::path& folder, const std::string& part, DataCheck& check) {
  const std::string images_name = fmt::format("{}-{}", part, kImages);
  const std::string labels_name = fmt::format("{}-{}", part, kLabels);
  const auto images = read_part(folder, images_name, check);
  const auto labels = read_part(folder, labels_name, check);
  if (!images || !labels) {
    return;
  }
  const auto refuse = [&](const std::string& name, const std::string& what) {
    check.problems.push_back({find_part(folder, name).string(), what, false});
  };
  if (images->shape.size() != 3 || images->shape[1] != kFashionSide ||
      images->shape[2] != kFashionSide) {
    refuse(images_name, "does not hold images of 28 x 28 pixels");
  } else if (labels->shape.size() != 1 || labels->shape[0] != images->shape[0]) {
    refuse(labels_name,
           fmt::format("does not hold one label for each of the {} images", images->shape[0]));
  } else if (*std::max_element(labels->values.begin(), labels->values.end()) >= kFashionKinds) {
    refuse(labels_name, "holds a label above 9");
  }
  check.facts.push_back(fmt::format("{}  {} images", images_name, images->shape[0]));
}

void write_header(MadeFile& file, std::uint8_t dimensions, std::uint32_t images) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(dimensions)};
  for (int i = 0; i < dimensions; ++i) {
    const std::uint32_t size = i == 0 ? images : kFashionSide;
    for (const std::uint32_t shift : {24U, 16U, 8U, 0U}) {
      bytes += static_cast<char>((size >> shift) & 0xffU);
    }
  }
  file.write(bytes);
}

/// A ring or a bar, whose form says its kind, somewhere near the middle.
std::string made_image(int kind, MadeNoise& noise) {
  const double x0 = 13.5 + 2.5 * noise.normal();
  const double y0 = 13.5 + 2.5 * noise.normal();
  const double size = (4 + kind % 5) * (1 + 0.1 * noise.normal());
  const double bright = 150 + 30 * noise.normal();
  std::string pixels;
  for (int y = 0; y < kFashionSide; ++y) {
    for (int x = 0; x < kFashionSide; ++x) {
      const double dx = (x - x0) / size;
      const double dy = (y - y0) / size;
      const double away = kind < 5 ? std::abs(std::hypot(dx, dy) - 1)
                                   : std::max(std::abs(dx) - 0.4, std::abs(dy) - 1);
      const double light = bright / (1 + std::exp(6 * (away - 0.2))) + 25 * noise.normal();
      pixels += static_cast<char>(static_cast<std::uint8_t>(std::clamp(light, 0.0, 255.0)));
    }
  }
  return pixels;
}

}  // namespace

bool has_fashion_files(const std::filesystem::path& folder) {
  return std::any_of(kFashionParts.begin(), kFashionParts.end(), [&](const FashionPart& part) {
    return !find_part(folder, fmt::format("{}-{}", part.name, kImages)).empty() ||
           !find_part(folder, fmt::format("{}-{}", part.name, kLabels)).empty();
  });
}

DataCheck check_fashion(const std::filesystem::path& folder) {
  DataCheck check;
  for (const FashionPart& part : kFashionParts) {
    check_part(folder, part.name, check);
  }
  return check;
}

MadeData make_fashion(const std::filesystem::path& folder, double scale, std::uint64_t seed) {
  if (!(scale >= 0.001 && scale <= 10)) {
    throw UsageError(fmt::format("the scale is {}, and not between 0.001 and 10", scale),
                     "Fashion-MNIST",
                     "1 is the size of the published set, 55 MB");
  }
  std::filesystem::create_directories(folder);
  MadeData made;
  MadeNoise noise(seed);
  for (const FashionPart& part : kFashionParts) {
    const auto count = static_cast<std::uint32_t>(std::lround(scale * part.published_images));
    MadeFile images(folder / fmt::format("{}-{}", part.name, kImages));
    MadeFile labels(folder / fmt::format("{}-{}", part.name, kLabels));
    write_header(images, 3, count);
    write_header(labels, 1, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const int kind = static_cast<int>(i % kFashionKinds);
      images.write(made_image(kind, noise));
      labels.write(std::string(1, static_cast<char>(kind)));
    }
    made.bytes += images.close() + labels.close();
    made.files += 2;
    made.facts.push_back(fmt::format("{}-{}  {} images", part.name, kImages, count));
  }
  return made;
}

}  // namespace gradwatt
