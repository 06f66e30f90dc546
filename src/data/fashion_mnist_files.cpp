#include "data/fashion_mnist_files.h"

#include "base/error.h"
#include "data/idx_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr int kFashionClasses = 10;

/// `name` in `folder`, compressed or not.
std::filesystem::path fashion_file(const std::filesystem::path& folder, std::string_view name) {
  for (const std::string_view ending : {".gz", ""}) {
    auto file = folder / fmt::format("{}{}", name, ending);
    if (std::filesystem::exists(file)) {
      return file;
    }
  }
  throw Error(fmt::format("Fashion-MNIST is not here: no {}.gz and no {}", name, name),
              folder.string(),
              "on Debian and Ubuntu: apt-get install dataset-fashion-mnist\n"
              "    elsewhere: fetch the four files of Zalando Research's fashion-mnist repository "
              "and pass --data FOLDER");
}

ImageSet fashion_part(const std::filesystem::path& folder, std::string_view part) {
  const auto images_file = fashion_file(folder, fmt::format("{}-images-idx3-ubyte", part));
  const auto labels_file = fashion_file(folder, fmt::format("{}-labels-idx1-ubyte", part));
  IdxArray images = read_idx(images_file);
  IdxArray labels = read_idx(labels_file);
  if (images.shape.size() != 3 || images.shape[1] != 28 || images.shape[2] != 28) {
    throw Error("does not hold images of 28 x 28 pixels", images_file.string(), "check --data");
  }
  if (labels.shape.size() != 1 || labels.shape[0] != images.shape[0]) {
    throw Error(fmt::format("does not hold one label for each of the {} images", images.shape[0]),
                labels_file.string(),
                "the two files belong to different sets; fetch both again");
  }
  const auto most = *std::max_element(labels.values.begin(), labels.values.end());
  if (most >= kFashionClasses) {
    throw Error(fmt::format("holds label {}; Fashion-MNIST has 0 to 9", most),
                labels_file.string(),
                "check --data");
  }
  return {{28, 28, 1}, std::move(images.values), std::move(labels.values)};
}

}  // namespace

ImageData load_fashion_mnist(const std::filesystem::path& folder) {
  // Mean and deviation of the 60 000 training images' pixels, scaled to 0..1; a test recomputes.
  return {fashion_part(folder, "train"),
          fashion_part(folder, "t10k"),
          kFashionClasses,
          0.2860F,
          0.3530F};
}

}  // namespace gradwatt
