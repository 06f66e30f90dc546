#pragma once

#include "base/unique_fd.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <sys/mman.h>

namespace gradwatt {

/// A file that no disk ever sees, for tests that read thousands of them.
class FileInMemory {
 public:
  explicit FileInMemory(const std::string& bytes) : fd_(::memfd_create("test", MFD_CLOEXEC)) {
    EXPECT_EQ(::write(fd_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  [[nodiscard]] std::filesystem::path path() const {
    return "/proc/self/fd/" + std::to_string(fd_.get());
  }

 private:
  UniqueFd fd_;
};

}  // namespace gradwatt
