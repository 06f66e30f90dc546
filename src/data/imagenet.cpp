#include "data/imagenet.h"

#include "base/error.h"
#include "data/class_subset.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

bool has_class_folders(const fs::path& part) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(part, code)) {
    std::error_code ignored;
    if (entry.is_directory(ignored) && !entry.path().filename().string().starts_with(".")) {
      return true;
    }
  }
  return false;
}

/// The *.tar in `folder` whose names contain `word`, by name.
std::vector<fs::path> shards_in(const fs::path& folder, std::string_view word) {
  std::vector<fs::path> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".tar") && name.find(word) != std::string::npos) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

void keep_share(ClassedImages& part, const ImagenetOptions& options, std::string_view name) {
  const std::vector<std::int64_t> kept = class_subset(
      part.classes, static_cast<int>(part.class_names.size()), options.subset, options.seed);
  if (kept.empty()) {
    throw UsageError(fmt::format("leaves none of the {} photographs {}", part.count(), name),
                     fmt::format("a subset of {}", options.subset),
                     "choose a larger one");
  }
  part.keep(kept);
}

/// Both parts must number the classes alike. The last ones may have no photograph to validate on:
/// numbered shards know only the highest class that they hold.
void join_classes(ImagenetData& data, const fs::path& folder) {
  const auto& train = data.train.class_names;
  auto& validation = data.validation.class_names;
  if (validation.size() <= train.size() &&
      std::equal(validation.begin(), validation.end(), train.begin())) {
    validation = train;
    return;
  }
  const auto lacks = [](const auto& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) == names.end();
  };
  std::string what = fmt::format(
      "has {} classes to train on and {} to validate on", train.size(), validation.size());
  for (const std::string& name : validation) {
    if (lacks(train, name)) {
      what += fmt::format("; {} is only among the latter", name);
      break;
    }
  }
  for (const std::string& name : train) {
    if (lacks(validation, name)) {
      what += fmt::format("; {} is only among the former", name);
      break;
    }
  }
  throw Error(what, folder.string(), "both parts need the same classes, named alike");
}

}  // namespace

ImagenetPlaces imagenet_places(const fs::path& folder) {
  ImagenetPlaces places;
  for (const fs::path& root : {folder, folder / "CLS-LOC", folder / "Data" / "CLS-LOC"}) {
    if (has_class_folders(root / "train") && has_class_folders(root / "val")) {
      places.train_folder = root / "train";
      places.validation_folder = root / "val";
      return places;
    }
  }
  places.train_shards = shards_in(folder / "train", "");
  places.validation_shards = shards_in(folder / "val", "");
  if (places.train_shards.empty()) {
    places.train_shards = shards_in(folder, "train");
    places.validation_shards = shards_in(folder, "val");
  }
  if (places.validation_shards.empty()) {
    places.train_shards.clear();
  }
  return places;
}

ImagenetData all_of_imagenet(const fs::path& folder) {
  const ImagenetPlaces places = imagenet_places(folder);
  if (!places.are_here()) {
    throw Error(
        "holds no photographs in the form of ImageNet: train/ and val/ with a folder for "
        "each class, or tar archives of both parts",
        folder.string(),
        "see docs/imagenet.md, or make a set of that form: gradwatt data make imagenet");
  }
  ImagenetData data;
  if (places.are_folders()) {
    data.train = image_folder(places.train_folder);
    data.validation = image_folder(places.validation_folder);
  } else {
    data.train = image_shards(places.train_shards);
    data.validation = image_shards(places.validation_shards);
  }
  join_classes(data, folder);
  return data;
}

ImagenetData load_imagenet(const ImagenetOptions& options) {
  if (!(options.subset > 0 && options.subset <= 1)) {
    throw UsageError("must be above 0 and at most 1",
                     fmt::format("a subset of {}", options.subset));
  }
  ImagenetData data = all_of_imagenet(options.folder);
  if (options.subset < 1) {
    const std::int64_t all = data.train.count();
    keep_share(data.train, options, "to train on");
    keep_share(data.validation, options, "to validate on");
    data.notes.push_back(fmt::format(
        "{} of {} photographs to train on, each class with its share", data.train.count(), all));
  }
  return data;
}

}  // namespace gradwatt
