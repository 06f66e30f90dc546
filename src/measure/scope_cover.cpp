#include "measure/scope_cover.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace gradwatt {
namespace {

struct Scope {
  std::string_view name;
  std::vector<std::string_view> contains;
};

const std::array<Scope, 5>& containing_scopes() {
  // From the largest down: what is chosen first keeps what is inside it out.
  static const std::array<Scope, 5> kScopes{
      Scope{"node",
            {"module",
             "grace",
             "gpu-board",
             "cpu-package",
             "dram",
             "sysio",
             "rail-sum",
             "node-share"}},
      Scope{"module", {"grace", "gpu-board", "cpu-package", "dram", "sysio", "node-share"}},
      Scope{"grace", {"cpu-package", "dram", "sysio", "node-share"}},
      Scope{"rail-sum", {"node-share"}},
      Scope{"cpu-package", {"node-share"}}};
  return kScopes;
}

const std::map<std::string_view, std::string_view>& never_added() {
  static const std::map<std::string_view, std::string_view> kNever{
      {"platform", "its extent is not documented; packages and memory are counted themselves"},
      {"wall", "a meter's view of the whole node, shown beside the total"},
      {"run-above-idle", "a part of the estimate that is counted"},
      {"cpu-part", "a part of its package"},
      {"gpu-memory", "a part of its board"},
      {"gpu-package", "a part of its board"},
      {"rail", "a part of what the board takes in"},
      {"gpu-shared-board", "a whole board of which this run has only a slice"}};
  return kNever;
}

class Cover {
 public:
  explicit Cover(std::vector<SourceColumns>& sources) {
    for (SourceColumns& source : sources) {
      for (ChannelInfo& info : source.channels) {
        info.in_total = false;
        all_.push_back(&info);
      }
    }
  }

  std::vector<LeftOut> choose(CoverChoice choice) {
    for (ChannelInfo* info : all_) {
      if (const auto never = never_added().find(info->scope); never != never_added().end()) {
        leave_out(*info, std::string(never->second));
      }
    }
    leave_out_twins();
    if (choice == CoverChoice::node) {
      take_from_the_top();
    } else {
      take_components();
    }
    return std::move(left_out_);
  }

 private:
  [[nodiscard]] bool is_open(const ChannelInfo& info) const {
    return !info.in_total &&
           std::none_of(left_out_.begin(), left_out_.end(), [&](const LeftOut& left) {
             return left.channel == info.channel;
           });
  }

  void leave_out(const ChannelInfo& info, std::string why) {
    left_out_.push_back({info.channel, std::move(why)});
  }

  /// The same thing measured by two sources: the earlier in the catalog is the better. A source
  /// that calls the device "node" measures all of that kind in the node: its boards are among those
  /// that others know by their own names.
  void leave_out_twins() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const ChannelInfo& first = *all_[j];
        const ChannelInfo& second = *all_[i];
        const bool is_one_thing =
            first.scope == second.scope && first.source != second.source &&
            (first.device == second.device || first.device == "node" || second.device == "node" ||
             first.scope == "node" || first.scope == "cpu-package" || first.scope == "dram");
        if (is_one_thing && is_open(first) && is_open(second)) {
          leave_out(second, fmt::format("{} measures the same", first.channel));
        }
      }
    }
  }

  [[nodiscard]] std::vector<ChannelInfo*> open(std::string_view scope) const {
    std::vector<ChannelInfo*> found;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(found), [&](const ChannelInfo* info) {
      return info->scope == scope && is_open(*info);
    });
    return found;
  }

  /// The largest scope that is there, then what it does not contain.
  void take_from_the_top() {
    for (const Scope& scope : containing_scopes()) {
      const auto found = open(scope.name);
      if (found.empty()) {
        continue;
      }
      for (ChannelInfo* info : found) {
        info->in_total = true;
      }
      for (const std::string_view inside : scope.contains) {
        for (const ChannelInfo* info : open(inside)) {
          leave_out(*info, fmt::format("a part of {}, which is counted", found.front()->channel));
        }
      }
    }
    take_rest();
  }

  /// A node is counted only where no part of it is. A module and a Grace socket are more than the
  /// sum of the parts that have sensors (memory, regulators): they are counted instead of these.
  void take_components() {
    std::string parts;
    for (const std::string_view scope : {"module", "grace", "gpu-board", "cpu-package", "dram"}) {
      for (const ChannelInfo* info : open(scope)) {
        parts += (parts.empty() ? "" : ", ") + info->channel;
      }
    }
    if (!parts.empty()) {
      for (const ChannelInfo* info : open("node")) {
        leave_out(*info,
                  fmt::format("contains {}, counted themselves; --total node counts it "
                              "instead of them",
                              parts));
      }
    }
    take_from_the_top();
  }

  void take_rest() {
    for (ChannelInfo* info : all_) {
      if (is_open(*info)) {
        info->in_total = true;
      }
    }
  }

  std::vector<ChannelInfo*> all_;
  std::vector<LeftOut> left_out_;
};

}  // namespace

std::optional<CoverChoice> parse_cover_choice(std::string_view text) {
  if (text == "components") {
    return CoverChoice::components;
  }
  return text == "node" ? std::optional(CoverChoice::node) : std::nullopt;
}

std::vector<LeftOut> choose_cover(std::vector<SourceColumns>& sources, CoverChoice choice) {
  return Cover(sources).choose(choice);
}

}  // namespace gradwatt
