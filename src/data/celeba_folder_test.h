#pragma once

#include "data/jpeg_encoder.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace gradwatt {

/// A small set in CelebA's form whose files a test writes and spoils; removed at the end.
class CelebaFolder {
 public:
  CelebaFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "gradwatt-celeba-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directories(images());
  }
  CelebaFolder(const CelebaFolder&) = delete;
  CelebaFolder& operator=(const CelebaFolder&) = delete;
  ~CelebaFolder() { std::filesystem::remove_all(folder_); }

  /// Writes the tables, and the images that are not there yet. Identity 100 + i has counts[i] of
  /// them; attributes Even and Third belong to the image's number.
  void write(const std::vector<int>& counts) const {
    std::string identities;
    std::string attributes;
    int image = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      for (int k = 0; k < counts[i]; ++k) {
        const std::string name = image_name(++image);
        identities += name + " " + std::to_string(100 + i) + "\n";
        attributes +=
            name + (image % 2 == 0 ? "  1" : " -1") + (image % 3 == 0 ? "  1" : " -1") + "\n";
        if (!std::filesystem::exists(images() / name)) {
          write_bytes(images() / name, jpeg());
        }
      }
    }
    write_text("identity_CelebA.txt", identities);
    write_text("list_attr_celeba.txt", std::to_string(image) + "\nEven Third \n" + attributes);
  }

  static std::string image_name(int image) {
    const std::string digits = std::to_string(image);
    return std::string(6 - digits.size(), '0') + digits + ".jpg";
  }

  /// Replaces the only `before` in one of the tables.
  void replace(const std::string& name, const std::string& before, const std::string& after) const {
    std::ifstream stream(root() / name);
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    text.replace(text.find(before), before.size(), after);
    write_text(name, text);
  }

  void write_text(const std::string& name, const std::string& text) const {
    std::ofstream(root() / name) << text;
  }

  [[nodiscard]] std::filesystem::path folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path root() const { return folder_ / "celeba"; }
  [[nodiscard]] std::filesystem::path images() const { return root() / "img_align_celeba"; }

 private:
  static std::vector<std::uint8_t> jpeg() {
    const ImageShape shape{.height = 24, .width = 16, .channels = 3};
    return jpeg_of(shape, std::vector<std::uint8_t>(static_cast<std::size_t>(shape.size())), 80);
  }
  static void write_bytes(const std::filesystem::path& file,
                          const std::vector<std::uint8_t>& bytes) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  std::filesystem::path folder_;
};

}  // namespace gradwatt
