#pragma once

#include "base/unique_fd.h"

#include <filesystem>
#include <optional>
#include <string>

namespace gradwatt {

/// The receiving end of the mark protocol: a datagram socket in a folder only its owner can enter.
/// The folder and the socket are removed with the object.
class MarkSocket {
 public:
  /// Makes a private folder under $XDG_RUNTIME_DIR, else $TMPDIR, else /tmp. Throws Error.
  MarkSocket();
  ~MarkSocket();
  MarkSocket(const MarkSocket&) = delete;
  MarkSocket& operator=(const MarkSocket&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// The next datagram, without waiting. nullopt when there is none.
  [[nodiscard]] std::optional<std::string> receive();

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
  std::string block_;
};

}  // namespace gradwatt
