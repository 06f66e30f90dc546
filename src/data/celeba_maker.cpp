#include "data/celeba_maker.h"

#include "base/error.h"
#include "data/face_drawing.h"
#include "data/jpeg_encoder.h"
#include "data/random_order.h"
#include "data/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr double kPublishedImages = 202'599;
constexpr double kPublishedIdentities = 10'177;
constexpr int kMostRepresented = 40;
constexpr int kMadeQuality = 88;
constexpr std::size_t kImagesAtOnce = 64;

std::string made_name(std::size_t image) { return fmt::format("{:06}.jpg", image + 1); }

/// Who is on each image, from 1.
std::vector<int> made_identities(double scale, std::uint64_t seed) {
  const std::vector<int> counts = made_celeba_counts(scale);
  const auto numbers = random_order(static_cast<std::int64_t>(counts.size()), seed, 1);
  std::vector<int> people;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    people.insert(
        people.end(), static_cast<std::size_t>(counts[i]), static_cast<int>(numbers[i]) + 1);
  }
  std::vector<int> mixed;
  for (const std::int64_t at : random_order(static_cast<std::int64_t>(people.size()), seed, 2)) {
    mixed.push_back(people[static_cast<std::size_t>(at)]);
  }
  return mixed;
}

/// The photographs' tables, written line by line.
class CelebaTableMaker {
 public:
  CelebaTableMaker(const fs::path& root, std::size_t images)
      : attributes_(root / "list_attr_celeba.txt"),
        identities_(root / "identity_CelebA.txt"),
        partition_(root / "list_eval_partition.txt"),
        boxes_(root / "list_bbox_celeba.txt"),
        landmarks_(root / "list_landmarks_align_celeba.txt") {
    attributes_.write(fmt::format("{}\n", images));
    for (const std::string_view name : face_attribute_names()) {
      attributes_.write(fmt::format("{} ", name));
    }
    attributes_.write("\n");
    boxes_.write(fmt::format("{}\nimage_id x_1 y_1 width height\n", images));
    landmarks_.write(
        fmt::format("{}\n"
                    "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y "
                    "leftmouth_x leftmouth_y rightmouth_x rightmouth_y\n",
                    images));
  }

  void write(const std::string& name, int identity, int part, const FaceShot& shot) {
    attributes_.write(name);
    for (const bool value : shot.attributes) {
      attributes_.write(value ? "  1" : " -1");
    }
    attributes_.write("\n");
    identities_.write(fmt::format("{} {}\n", name, identity));
    partition_.write(fmt::format("{} {}\n", name, part));
  }

  void write(const std::string& name, const FacePlaces& places) {
    boxes_.write(fmt::format("{}    {:3} {:3} {:3} {:3}\n",
                             name,
                             places.box.x,
                             places.box.y,
                             places.box_width,
                             places.box_height));
    landmarks_.write(name);
    for (const FacePlaces::Point& point : places.landmarks) {
      landmarks_.write(fmt::format(" {:3} {:4} ", point.x, point.y));
    }
    landmarks_.write("\n");
  }

  std::int64_t close() {
    return attributes_.close() + identities_.close() + partition_.close() + boxes_.close() +
           landmarks_.close();
  }

  static constexpr std::int64_t kFiles = 5;

 private:
  MadeFile attributes_;
  MadeFile identities_;
  MadeFile partition_;
  MadeFile boxes_;
  MadeFile landmarks_;
};

FaceShot made_shot(const FaceTraits& person, std::uint64_t seed, std::size_t image) {
  return face_shot(person, seed, static_cast<std::int64_t>(image));
}

std::int64_t make_images(const fs::path& folder,
                         const std::vector<int>& people,
                         std::uint64_t seed) {
  std::atomic<std::int64_t> bytes{0};
  const std::size_t pieces = (people.size() + kImagesAtOnce - 1) / kImagesAtOnce;
  side_by_side(pieces, [&](std::size_t piece) {
    const std::size_t end = std::min(people.size(), (piece + 1) * kImagesAtOnce);
    for (std::size_t i = piece * kImagesAtOnce; i < end; ++i) {
      const FaceTraits person = face_traits(seed, people[i]);
      const auto pixels = face_pixels(person, made_shot(person, seed, i), seed + i);
      const auto jpeg = jpeg_of(kFaceShape, pixels, kMadeQuality);
      write_made_image(folder / made_name(i), jpeg);
      bytes += static_cast<std::int64_t>(jpeg.size());
    }
  });
  return bytes;
}

}  // namespace

std::vector<int> made_celeba_counts(double scale) {
  const auto identities =
      static_cast<int>(std::max<long>(kMostRepresented, std::lround(scale * kPublishedIdentities)));
  const auto images = static_cast<int>(
      std::max<long>(8L * kMostRepresented, std::lround(scale * kPublishedImages)));
  const int others = identities - kMostRepresented;
  std::vector<int> counts;
  int left = images;
  if (others > 0) {
    // The others have two each before the most represented have more than eight.
    constexpr int kEnough = 1302;  // 35 to 30 of each.
    const int most = std::clamp(images - 2 * others, 8 * kMostRepresented, kEnough);
    for (int i = 0; i < kMostRepresented; ++i) {
      const int even = most / kMostRepresented + (i < most % kMostRepresented ? 1 : 0);
      counts.push_back(most == kEnough ? 35 - i * 6 / kMostRepresented : even);
    }
    left -= most;
  }
  const int sharing = others > 0 ? others : kMostRepresented;
  for (int i = 0; i < sharing; ++i) {
    counts.push_back(left / sharing + (i < left % sharing ? 1 : 0));
  }
  return counts;
}

MadeData make_celeba(const fs::path& folder, double scale, std::uint64_t seed) {
  if (!(scale >= 0.001 && scale <= 10)) {
    throw UsageError(fmt::format("the scale is {}, and not between 0.001 and 10", scale),
                     "CelebA",
                     "1 is the size of the published set, 2.4 GB");
  }
  const fs::path root = folder / "celeba";
  fs::create_directories(root / "img_align_celeba");
  const std::vector<int> people = made_identities(scale, seed);
  const int identities = *std::max_element(people.begin(), people.end());
  CelebaTableMaker tables(root, people.size());
  for (std::size_t i = 0; i < people.size(); ++i) {
    const FaceTraits person = face_traits(seed, people[i]);
    const FaceShot shot = made_shot(person, seed, i);
    // As published, each identity is in one part only; four fifths of them are to train on.
    const int tenth = people[i] * 10 / (identities + 1);
    tables.write(made_name(i), people[i], std::max(0, tenth - 7), shot);
    tables.write(made_name(i), face_places(person, shot));
  }
  MadeData made;
  made.bytes = tables.close() + make_images(root / "img_align_celeba", people, seed);
  made.files = static_cast<std::int64_t>(people.size()) + CelebaTableMaker::kFiles;
  made.facts.push_back(
      fmt::format("img_align_celeba  {} images of {} identities", people.size(), identities));
  return made;
}

}  // namespace gradwatt
