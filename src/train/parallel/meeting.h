#pragma once

#include "train/parallel/place.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace gradwatt {

struct MeetingStore;

/// The board on which ranks find each other, and say why they end: a file on one machine, else a
/// port of rank 0 (torch's stores).
class Meeting {
 public:
  /// Throws Error when rank 0's host does not answer within `timeout_s`, or its port is taken.
  Meeting(const Place& place, int timeout_s);
  ~Meeting();
  Meeting(const Meeting&) = delete;
  Meeting& operator=(const Meeting&) = delete;

  void set(const std::string& key, const std::string& value);
  /// Waits for the key. Throws what the store throws when nobody sets it in time.
  [[nodiscard]] std::string get(const std::string& key);
  [[nodiscard]] bool has(const std::string& key);

  /// Returns when all ranks are here. Throws Error naming those that are not, in time.
  void wait_for_all();

  /// Tells the others why this rank ends. Rank 0 stays a moment, for the others read it here.
  void say_failed(const std::string& why) noexcept;
  /// Whether a rank said so.
  [[nodiscard]] bool someone_failed() noexcept;
  /// Why other ranks ended: what they said, and who is silent; nullopt: nobody did.
  /// Waits a few seconds for all to be heard.
  [[nodiscard]] std::optional<std::string> why_others_ended() noexcept;

  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] MeetingStore& store() const { return *store_; }

 private:
  struct Heard {
    std::string said;
    std::string silent;
  };
  [[nodiscard]] Heard listen();
  [[nodiscard]] bool is_host() const;
  [[nodiscard]] std::chrono::milliseconds patience() const;
  [[nodiscard]] std::string silent_ranks(const char* kind);

  Place place_;
  int timeout_s_;
  std::unique_ptr<MeetingStore> store_;
};

}  // namespace gradwatt
