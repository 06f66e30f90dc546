#include "measure/powermetrics_source.h"

#include <array>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace gradwatt {
namespace {

constexpr std::string_view kEnd = "</plist>";
/// A record has some kilobytes; what grows beyond this is no output of powermetrics.
constexpr std::size_t kLongestRecord = 16U << 20U;

}  // namespace

PowermetricsSource::PowermetricsSource(UniqueFd out,
                                       std::vector<ChannelInfo> channels,
                                       std::shared_ptr<void> process)
    : out_(std::move(out)), infos_(std::move(channels)), process_(std::move(process)) {
  ::fcntl(out_.get(), F_SETFL, ::fcntl(out_.get(), F_GETFL) | O_NONBLOCK);
}

void PowermetricsSource::read(std::span<ChannelReading> readings) noexcept {
  try {
    if (failure_.empty()) {
      drain();
    }
    if (std::exchange(is_first_, false)) {
      sums_.clear();  // Energy counts from the first reading on.
    }
    for (std::size_t i = 0; i < infos_.size(); ++i) {
      readings[i] = failure_.empty() ? ChannelReading(sums_[infos_[i].channel])
                                     : ChannelReading(ReadFailure{failure_});
    }
  } catch (const std::exception&) {
    // Out of memory: this reading has failed, the next one may not.
    for (ChannelReading& reading : readings) {
      reading = ReadFailure{"", ENOMEM};
    }
  }
}

void PowermetricsSource::forget_last() noexcept { text_.clear(); }

void PowermetricsSource::drain() {
  std::array<char, 16384> bytes{};
  while (true) {
    const auto count = ::read(out_.get(), bytes.data(), bytes.size());
    if (count > 0) {
      text_.append(bytes.data(), static_cast<std::size_t>(count));
      take_records();
      continue;
    }
    if (count == 0) {
      failure_ = "powermetrics has ended";
    } else if (errno != EAGAIN && errno != EINTR) {
      failure_ = "powermetrics cannot be read";
    }
    return;
  }
}

void PowermetricsSource::add(const PowermetricsLog& log) {
  for (const PowermetricsSample& sample : log.samples) {
    for (const auto& [channel, energy] : sample.energies) {
      sums_[channel] += energy;
    }
  }
}

void PowermetricsSource::take_records() {
  for (std::size_t end = 0; (end = text_.find(kEnd)) != std::string::npos;) {
    const std::size_t length = end + kEnd.size();
    try {
      add(parse_powermetrics(std::string_view(text_).substr(0, length), "powermetrics"));
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    text_.erase(0, length);
  }
  if (text_.size() > kLongestRecord) {
    failure_ = "powermetrics writes something else than records";
    text_.clear();
  }
}

}  // namespace gradwatt
