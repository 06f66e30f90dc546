#include "base/error.h"
#include "data/classed_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolderRemedy =
    "the form is one folder for each class with its photographs in it; see docs/imagenet.md";

/// Names of the folders, or of the JPEG files, in `folder`, in order; hidden ones are left out.
std::vector<std::string> names_in(const fs::path& folder, bool of_folders) {
  std::vector<std::string> names;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      std::string name = entry.path().filename().string();
      const bool is_wanted = of_folders ? !name.starts_with(".") && entry.is_directory()
                                        : !name.starts_with(".") && is_jpeg_name(name);
      if (is_wanted) {
        names.push_back(std::move(name));
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw system_error("cannot be listed", folder.string(), error.code().value());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

bool is_jpeg_name(std::string_view name) {
  const std::size_t point = name.rfind('.');
  if (point == std::string_view::npos) {
    return false;
  }
  std::string end(name.substr(point + 1));
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return end == "jpg" || end == "jpeg";
}

void ClassedImages::keep(std::span<const std::int64_t> indices) {
  images.keep(indices);
  std::vector<std::uint16_t> kept;
  for (const std::int64_t index : indices) {
    kept.push_back(classes[static_cast<std::size_t>(index)]);
  }
  classes = std::move(kept);
}

ClassedImages image_folder(const fs::path& folder) {
  ClassedImages all;
  all.class_names = names_in(folder, true);
  if (all.class_names.empty()) {
    throw Error("holds no folder", folder.string(), kFolderRemedy);
  }
  if (all.class_names.size() > 65535) {
    throw Error(fmt::format("holds {} folders; at most 65535 classes can be told apart",
                            all.class_names.size()),
                folder.string());
  }
  for (std::size_t c = 0; c < all.class_names.size(); ++c) {
    const fs::path of_class = folder / all.class_names[c];
    const std::vector<std::string> files = names_in(of_class, false);
    if (files.empty()) {
      throw Error("holds no JPEG photograph", of_class.string(), kFolderRemedy);
    }
    all.images.open_folder(of_class);
    for (const std::string& file : files) {
      all.images.add_file(file);
    }
    all.classes.insert(all.classes.end(), files.size(), static_cast<std::uint16_t>(c));
  }
  return all;
}

}  // namespace gradwatt
