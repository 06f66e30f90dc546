#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace gradwatt {

/// A temporary folder with recordings that a test writes.
class Pamap2Folder {
 public:
  Pamap2Folder() {
    std::string pattern = testing::TempDir() + "gradwatt-pamap2-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~Pamap2Folder() { std::filesystem::remove_all(root_); }
  Pamap2Folder(const Pamap2Folder&) = delete;
  Pamap2Folder& operator=(const Pamap2Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  /// A row with `text` in column `special` (counted from 0) and `other` in those behind column 1.
  static std::string row(double time_s,
                         int activity,
                         const std::string& other,
                         int special = -1,
                         const std::string& text = "") {
    std::string line;
    for (int column = 0; column < 54; ++column) {
      const std::string usual = column == 0   ? fmt::format("{:.2f}", time_s)
                                : column == 1 ? std::to_string(activity)
                                              : other;
      line += (column > 0 ? " " : "") + (column == special ? text : usual);
    }
    return line + "\n";
  }

  std::filesystem::path write(int subject, const std::string& text) {
    auto file = root_ / fmt::format("subject{}.dat", subject);
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  /// `rows` rows, whose activity and value are functions of the row's number.
  std::filesystem::path write_rows(int subject,
                                   int rows,
                                   const std::function<int(int)>& activity,
                                   const std::function<std::string(int)>& value) {
    std::string text;
    for (int i = 0; i < rows; ++i) {
      text += row(0.01 * i, activity(i), value(i));
    }
    return write(subject, text);
  }

 private:
  std::filesystem::path root_;
};

}  // namespace gradwatt
