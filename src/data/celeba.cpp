#include "data/celeba.h"

#include "base/error.h"
#include "data/celeba_tables.h"
#include "data/random_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

struct PartSizes {
  std::size_t validation = 0;
  std::size_t test = 0;
};

PartSizes part_sizes(std::size_t images, const CelebaOptions& options) {
  if (images < 3) {
    return {};
  }
  const auto share = [&](double of) {
    const auto rounded = std::lround(of * static_cast<double>(images));
    return of > 0 ? static_cast<std::size_t>(std::max(1L, rounded)) : 0;
  };
  PartSizes sizes{.validation = share(options.validation_share), .test = share(options.test_share)};
  while (sizes.validation + sizes.test >= images) {
    --(sizes.validation > sizes.test ? sizes.validation : sizes.test);
  }
  return sizes;
}

/// An image of the choice and its class.
struct ChosenImage {
  std::size_t image = 0;
  std::uint8_t identity = 0;
};

CelebaPart part_of(std::vector<ChosenImage> chosen,
                   const CelebaTables& tables,
                   const fs::path& root) {
  std::sort(chosen.begin(), chosen.end(), [&](const ChosenImage& a, const ChosenImage& b) {
    return tables.images[a.image].name < tables.images[b.image].name;
  });
  CelebaPart part;
  for (const ChosenImage& choice : chosen) {
    const CelebaTables::Image& image = tables.images[choice.image];
    fs::path file = root / "img_align_celeba" / image.name;
    if (std::error_code code; !fs::exists(file, code)) {
      throw Error(fmt::format("names {}, which is not in img_align_celeba", image.name),
                  fmt::format("{}:{}", (root / "identity_CelebA.txt").string(), image.line),
                  "unpack img_align_celeba.zip there, all of it");
    }
    part.files.push_back(std::move(file));
    part.identities.push_back(choice.identity);
    const auto first = tables.attributes.begin() + static_cast<std::ptrdiff_t>(image.attributes);
    part.attributes.insert(part.attributes.end(),
                           first,
                           first + static_cast<std::ptrdiff_t>(tables.attribute_names.size()));
  }
  return part;
}

void check_options(const CelebaOptions& options) {
  if (options.identities < 1 || options.identities > 256) {
    throw UsageError("must be from 1 to 256", fmt::format("{} identities", options.identities));
  }
  for (const double share : {options.validation_share, options.test_share}) {
    if (!(share >= 0 && share < 1)) {
      throw UsageError("must be at least 0 and below 1", fmt::format("a share of {}", share));
    }
  }
}

fs::path root_or_error(const fs::path& folder) {
  fs::path root = celeba_root(folder);
  if (root.empty()) {
    throw Error("holds no identity_CelebA.txt and list_attr_celeba.txt, nor does its celeba/",
                folder.string(),
                "name the folder of CelebA's files, or make a set of that form: "
                "gradwatt data make celeba");
  }
  return root;
}

std::string choice_note(const std::vector<CelebaIdentity>& identities, const CelebaTables& tables) {
  std::size_t images = 0;
  for (const CelebaIdentity& identity : identities) {
    images += identity.images.size();
  }
  return fmt::format("{} of {} images: the {} most represented identities, with {} to {} each",
                     images,
                     tables.images.size(),
                     identities.size(),
                     identities.back().images.size(),
                     identities.front().images.size());
}

}  // namespace

CelebaData load_celeba(const CelebaOptions& options) {
  check_options(options);
  const fs::path root = root_or_error(options.folder);
  const CelebaTables tables = read_celeba_tables(
      root, [](const fs::path& file, std::int64_t line, const std::string& what) {
        throw Error(what,
                    fmt::format("{}:{}", file.string(), line),
                    "fetch the file again; gradwatt data check lists all that is wrong with it");
      });
  const auto identities = most_represented(tables, options.identities);
  if (identities.size() < static_cast<std::size_t>(options.identities)) {
    throw Error(
        fmt::format("has {} identities; {} were asked for", identities.size(), options.identities),
        (root / "identity_CelebA.txt").string(),
        "ask for fewer");
  }
  CelebaData data;
  data.attribute_names = tables.attribute_names;
  std::vector<ChosenImage> train;
  std::vector<ChosenImage> validation;
  std::vector<ChosenImage> test;
  std::size_t undivided = 0;
  for (const CelebaIdentity& identity : identities) {
    const auto label = static_cast<std::uint8_t>(data.identity_numbers.size());
    data.identity_numbers.push_back(identity.number);
    const std::size_t count = identity.images.size();
    undivided += count < 3 ? 1 : 0;
    const PartSizes sizes = part_sizes(count, options);
    const auto order = random_order(static_cast<std::int64_t>(count),
                                    options.seed,
                                    static_cast<std::uint64_t>(identity.number));
    for (std::size_t i = 0; i < count; ++i) {
      auto& part = i < sizes.validation                ? validation
                   : i < sizes.validation + sizes.test ? test
                                                       : train;
      part.push_back({identity.images[static_cast<std::size_t>(order[i])], label});
    }
  }
  data.train = part_of(std::move(train), tables, root);
  data.validation = part_of(std::move(validation), tables, root);
  data.test = part_of(std::move(test), tables, root);
  data.notes.push_back(choice_note(identities, tables));
  if (undivided > 0) {
    data.notes.push_back(
        fmt::format("{} identities have fewer than 3 images: all are trained on", undivided));
  }
  return data;
}

}  // namespace gradwatt
