#include "train/parallel/meeting.h"

#include "base/error.h"
#include "train/parallel/c10d_tensors.h"
#include "train/parallel/comm.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <netdb.h>
#include <thread>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{1500};
constexpr milliseconds kPause{20};
constexpr std::chrono::seconds kNameKnown{30};

std::string key_of(const char* kind, int rank) { return fmt::format("{}/{}", kind, rank); }

std::string where_of(const Place& place) {
  return place.file.empty() ? fmt::format("{}:{}", place.address, place.port) : place.file;
}

bool is_known(const std::string& host) {
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, nullptr, &found);
  if (error == 0) {
    ::freeaddrinfo(found);
  }
  return error == 0;
}

/// The address of rank 0 that this machine can make something of. Names of nodes that are emulated
/// on one machine are known to Slurm alone; names of services may take a moment to be known.
std::string usable_address(const Place& place, int timeout_s) {
  const auto end = std::chrono::steady_clock::now() +
                   std::min<std::chrono::seconds>(kNameKnown, std::chrono::seconds(timeout_s));
  while (!is_known(place.address)) {
    if (!place.launch_address.empty() && is_known(place.launch_address)) {
      return place.launch_address;
    }
    if (std::chrono::steady_clock::now() > end) {
      throw Error("no address is known for this name",
                  place.address,
                  "set MASTER_ADDR to the address of rank 0's node");
    }
    std::this_thread::sleep_for(kPatience);
  }
  return place.address;
}

c10::intrusive_ptr<c10d::Store> open_store(const Place& place, int timeout_s) {
  if (!place.file.empty()) {
    return c10::make_intrusive<c10d::FileStore>(place.file, place.world);
  }
  c10d::TCPStoreOptions options = plain_tcp_options();
  options.port = static_cast<std::uint16_t>(place.port);
  options.isServer = place.rank == 0 && !place.is_hosted;
  options.numWorkers = static_cast<std::size_t>(place.world);
  options.waitWorkers = false;
  options.timeout = std::chrono::seconds(timeout_s);
  return c10::make_intrusive<c10d::TCPStore>(place.address, options);
}

}  // namespace

Meeting::Meeting(const Place& place, int timeout_s)
    : place_(place), timeout_s_(timeout_s), store_(std::make_unique<MeetingStore>()) {
  if (place_.file.empty()) {
    place_.address = usable_address(place, timeout_s);
  }
  try {
    auto store = open_store(place_, timeout_s);
    store->setTimeout(std::chrono::seconds(timeout_s));
    store_->c10d =
        c10::make_intrusive<c10d::PrefixStore>("gradwatt-" + place.attempt, std::move(store));
    set(key_of("here", place.rank), "1");
  } catch (const std::exception& error) {
    throw Error(fmt::format("rank {} of {} ({}) cannot meet the others: {}",
                            place.rank,
                            place.world,
                            place.launcher,
                            error.what()),
                where_of(place_),
                place.rank == 0 ? "give a free port in MASTER_PORT, the same for all ranks"
                                : "is rank 0 running there? MASTER_ADDR and MASTER_PORT say where");
  }
}

Meeting::~Meeting() = default;

void Meeting::set(const std::string& key, const std::string& value) {
  store_->c10d->set(key, {value.begin(), value.end()});
}

std::string Meeting::get(const std::string& key) {
  const std::vector<std::uint8_t> value = store_->c10d->get(key);
  return {value.begin(), value.end()};
}

bool Meeting::has(const std::string& key) { return store_->c10d->check({key}); }

std::string Meeting::silent_ranks(const char* kind) {
  std::string list;
  for (int rank = 0; rank < place_.world; ++rank) {
    if (!has(key_of(kind, rank))) {
      list += fmt::format("{}{}", list.empty() ? "" : ", ", rank);
    }
  }
  return list;
}

void Meeting::wait_for_all() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(timeout_s_);
  while (true) {
    const std::string silent = [&] {
      try {
        return silent_ranks("here");
      } catch (const std::exception& error) {
        throw RankLost(fmt::format("rank 0 ended while the ranks were meeting: {}", error.what()),
                       where_of(place_),
                       "the message of the rank that ended first says why");
      }
    }();
    if (silent.empty()) {
      return;
    }
    if (std::chrono::steady_clock::now() > end) {
      throw Error(
          fmt::format(
              "after {} s these of {} ranks are not here: {}", timeout_s_, place_.world, silent),
          where_of(place_),
          fmt::format("start them all ({}), or add --alone to train without them",
                      place_.launcher));
    }
    std::this_thread::sleep_for(kPause);
  }
}

/// How long this rank listens for why others ended. Those at a port take the longest way to notice,
/// and rank 0, whose port it is, has to be there until all have read.
milliseconds Meeting::patience() const {
  if (!place_.file.empty()) {
    return kPatience;
  }
  return is_host() ? 4 * kPatience : 2 * kPatience;
}

bool Meeting::is_host() const {
  return place_.rank == 0 && place_.file.empty() && !place_.is_hosted;
}

void Meeting::say_failed(const std::string& why) noexcept {
  try {
    set(key_of("failed", place_.rank), why);
    set("failed", "1");
    if (is_host()) {
      std::this_thread::sleep_for(patience());
    }
  } catch (const std::exception&) {
    // The board is gone; the launcher will see our exit status.
  }
}

bool Meeting::someone_failed() noexcept {
  try {
    return has("failed");
  } catch (const std::exception&) {
    return true;
  }
}

std::optional<std::string> Meeting::why_others_ended() noexcept {
  try {
    set(key_of("heard", place_.rank), "1");
    const auto end = std::chrono::steady_clock::now() + patience();
    while (true) {
      const Heard heard = listen();
      const bool is_over = std::chrono::steady_clock::now() > end;
      if (is_over || heard.silent.empty() || (!heard.said.empty() && !is_host())) {
        const std::string all = heard.said + (is_over ? heard.silent : "");
        return all.empty() ? std::nullopt : std::optional(all.substr(2));
      }
      std::this_thread::sleep_for(kPause);
    }
  } catch (const std::exception&) {
    return "rank 0 does not answer, it ended or was killed";
  }
}

Meeting::Heard Meeting::listen() {
  Heard heard;
  for (int rank = 0; rank < place_.world; ++rank) {
    if (has(key_of("failed", rank))) {
      heard.said += fmt::format("; rank {} failed: {}", rank, get(key_of("failed", rank)));
    } else if (!has(key_of("heard", rank))) {
      heard.silent += fmt::format("; rank {} does not answer, it ended or was killed", rank);
    }
  }
  return heard;
}

}  // namespace gradwatt
