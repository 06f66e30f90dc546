#include "data/imagenet_check.h"

#include "base/error.h"
#include "data/imagenet.h"
#include "data/jpeg_decoder.h"
#include "data/parallel_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>

namespace gradwatt {
namespace {

/// About an eighth of a usual photograph: its pixels cost little, its data are all read.
constexpr ImageShape kLookedAtShape{.height = 46, .width = 62, .channels = 3};

/// What is wrong with each photograph; empty where nothing is.
std::vector<std::string> photograph_problems(const StoredImages& images) {
  std::vector<std::string> problems(static_cast<std::size_t>(images.count()));
  const int workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for_pieces(images.count(), workers, [&](std::int64_t first, std::int64_t last) {
    JpegDecoder decoder;
    std::vector<std::uint8_t> memory;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(kLookedAtShape.size()));
    for (std::int64_t i = first; i < last; ++i) {
      const std::string name = images.name(i);
      try {
        decoder.decode(images.read(i, memory), name, kLookedAtShape, row);
      } catch (const Error& error) {
        // "NAME: what is wrong\n  → what to do": the name is shown by itself.
        std::string text = error.what();
        text.resize(std::min(text.find('\n'), text.size()));
        problems[static_cast<std::size_t>(i)] = text.substr(std::min(name.size() + 2, text.size()));
      }
    }
  });
  return problems;
}

void check_photographs(const ClassedImages& part, std::string_view name, DataCheck& check) {
  ProblemList list;
  const std::vector<std::string> problems = photograph_problems(part.images);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (!problems[i].empty()) {
      list.add("damaged", {part.images.name(static_cast<std::int64_t>(i)), problems[i], false});
    }
  }
  list.write_to(check);
  std::vector<std::int64_t> of_class(part.class_names.size());
  for (const std::uint16_t c : part.classes) {
    ++of_class[c];
  }
  const auto [fewest, most] = std::minmax_element(of_class.begin(), of_class.end());
  check.facts.push_back(fmt::format("{}  {} photographs of {} classes, {} to {} of each",
                                    name,
                                    part.count(),
                                    part.class_names.size(),
                                    *fewest,
                                    *most));
}

}  // namespace

DataCheck check_imagenet(const std::filesystem::path& folder) {
  const ImagenetData data = all_of_imagenet(folder);
  DataCheck check;
  check_photographs(data.train, "to train on", check);
  check_photographs(data.validation, "to validate on", check);
  return check;
}

}  // namespace gradwatt
