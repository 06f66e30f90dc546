#pragma once

#include "base/unique_fd.h"
#include "measure/powermetrics.h"
#include "measure/source.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gradwatt {

/// Reads what a running `powermetrics -f plist` writes into a pipe, and adds its records up. Each
/// record is the energy of one interval, so nothing is lost between readings.
class PowermetricsSource final : public PowerSource {
 public:
  /// `out`: the pipe's reading end, made non-blocking. `process` is kept as long as the source.
  PowermetricsSource(UniqueFd out,
                     std::vector<ChannelInfo> channels,
                     std::shared_ptr<void> process = nullptr);

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  /// What powermetrics has in its pipe was consumed before the machine slept, or while it woke.
  void forget_last() noexcept override;

 private:
  void drain();
  void take_records();
  void add(const PowermetricsLog& log);

  UniqueFd out_;
  std::vector<ChannelInfo> infos_;
  std::shared_ptr<void> process_;
  std::string text_;  ///< Of the record that is not whole yet.
  std::map<std::string, Energy> sums_;
  bool is_first_ = true;
  std::string failure_;  ///< Why nothing more comes; empty: it does.
};

}  // namespace gradwatt
