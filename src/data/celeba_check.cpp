#include "data/celeba_check.h"

#include "base/error.h"
#include "base/file.h"
#include "data/celeba_tables.h"
#include "data/jpeg_rows.h"
#include "data/parallel_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr int kUsualIdentities = 40;
/// An eighth of a CelebA image: its pixels cost little, its data are all read.
constexpr ImageShape kCheckedShape{.height = 27, .width = 22, .channels = 3};

/// What is wrong with one image. Empty when nothing is.
std::vector<std::string> image_problems(const CelebaTables& tables, const fs::path& root) {
  std::vector<fs::path> files;
  for (const CelebaTables::Image& image : tables.images) {
    files.push_back(root / "img_align_celeba" / image.name);
  }
  const JpegRows rows(files, kCheckedShape);
  std::vector<std::string> problems(files.size());
  const int workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for_pieces(rows.count(), workers, [&](std::int64_t first, std::int64_t last) {
    std::vector<std::uint8_t> row(rows.row_bytes());
    for (std::int64_t i = first; i < last; ++i) {
      const auto index = static_cast<std::size_t>(i);
      try {
        rows.write_row(i, row);
      } catch (const Error& error) {
        // "FILE: what is wrong\n  → what to do": the file is shown by itself.
        std::string text = error.what();
        text.resize(std::min(text.find('\n'), text.size()));
        const std::size_t named = files[index].native().size() + 2;
        problems[index] = text.substr(std::min(named, text.size()));
      }
    }
  });
  return problems;
}

void check_images(const CelebaTables& tables,
                  const std::set<std::size_t>& chosen,
                  const fs::path& root,
                  ProblemList& list) {
  const std::vector<std::string> problems = image_problems(tables, root);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (problems[i].empty()) {
      continue;
    }
    const CelebaTables::Image& image = tables.images[i];
    const bool is_chosen = chosen.contains(i);
    const fs::path file = root / "img_align_celeba" / image.name;
    if (std::error_code code; !fs::exists(file, code)) {
      list.add(is_chosen ? "absent" : "absent elsewhere",
               {fmt::format("{}:{}", (root / "identity_CelebA.txt").string(), image.line),
                fmt::format("names {}, which is not in img_align_celeba", image.name),
                !is_chosen});
    } else {
      list.add(is_chosen ? "damaged" : "damaged elsewhere",
               {file.string(), problems[i], !is_chosen});
    }
  }
}

/// Training makes its own parts; a wrong line here is only worth knowing.
void check_partition(const fs::path& file, std::size_t images, ProblemList& list) {
  const auto text = read_text(file);
  if (!text) {
    return;
  }
  std::size_t line = 0;
  for (std::string_view left = *text; !trimmed(left).empty();) {
    ++line;
    const auto length = std::min(left.find('\n'), left.size());
    const std::string_view words = trimmed(left.substr(0, length));
    left.remove_prefix(std::min(length + 1, left.size()));
    if (!words.ends_with(".jpg 0") && !words.ends_with(".jpg 1") && !words.ends_with(".jpg 2")) {
      list.add("partition",
               {fmt::format("{}:{}", file.string(), line), "is not an image and 0, 1 or 2", true});
    }
  }
  if (line != images) {
    list.add("partition",
             {file.string(), fmt::format("has {} lines for {} images", line, images), true});
  }
}

}  // namespace

DataCheck check_celeba(const fs::path& folder) {
  const fs::path root = celeba_root(folder);
  if (root.empty()) {
    throw Error("holds no identity_CelebA.txt and list_attr_celeba.txt, nor does its celeba/",
                folder.string());
  }
  DataCheck check;
  ProblemList list;
  const CelebaTables tables = read_celeba_tables(
      root, [&](const fs::path& file, std::int64_t line, const std::string& what) {
        list.add("tables", {fmt::format("{}:{}", file.string(), line), what, false});
      });
  const auto identities = most_represented(tables, kUsualIdentities);
  std::set<std::size_t> chosen;
  for (const CelebaIdentity& identity : identities) {
    chosen.insert(identity.images.begin(), identity.images.end());
  }
  if (identities.size() < kUsualIdentities) {
    list.add("identities",
             {(root / "identity_CelebA.txt").string(),
              fmt::format("has {} identities; training takes {} unless told otherwise",
                          identities.size(),
                          kUsualIdentities),
              false});
  }
  check_images(tables, chosen, root, list);
  check_partition(root / "list_eval_partition.txt", tables.images.size(), list);
  std::set<int> numbers;
  for (const CelebaTables::Image& image : tables.images) {
    numbers.insert(image.identity);
  }
  check.facts.push_back(fmt::format("{} images of {} identities, {} attributes",
                                    tables.images.size(),
                                    numbers.size(),
                                    tables.attribute_names.size()));
  check.facts.push_back(fmt::format("{} images of the {} most represented, {} to {} each",
                                    chosen.size(),
                                    identities.size(),
                                    identities.back().images.size(),
                                    identities.front().images.size()));
  list.write_to(check);
  return check;
}

}  // namespace gradwatt
