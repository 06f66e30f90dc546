#pragma once

#include "base/error.h"
#include "data/pickle_reader.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// The values of a pickle that is being read, and the stack and marks on which its opcodes work.
/// Throws   Error naming `where` beyond 2 million values, beyond 1 million values or marks on the
///          stack, and for what is not there.
/// Example  push a, mark, push b, push c: pop_to_mark() is [b, c], then top() is a.
class PickleStack {
 public:
  explicit PickleStack(std::string where) : where_(std::move(where)) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(
        why, where_, "save the weights alone in Python: torch.save(net.state_dict(), FILE)");
  }

  PickleNode* node(PickleKind kind) {
    if (out_.nodes.size() >= kNodesMax) {
      refuse(fmt::format("holds more than {} Python values", kNodesMax));
    }
    PickleNode& made = out_.nodes.emplace_back();
    made.kind = kind;
    return &made;
  }
  void push(PickleNode* made) {
    if (stack_.size() >= kDepthMax) {
      refuse(fmt::format("needs a pickle stack of more than {}", kDepthMax));
    }
    stack_.push_back(made);
  }
  PickleNode* top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
      refuse("has a damaged pickle: its stack is empty");
    }
    return stack_.back();
  }
  PickleNode* pop() {
    PickleNode* const last = top();
    stack_.pop_back();
    return last;
  }
  std::vector<const PickleNode*> pop_to_mark() {
    if (marks_.empty()) {
      refuse("has a damaged pickle: no mark is set");
    }
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<const PickleNode*> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }

  void mark() {
    if (marks_.size() >= kDepthMax) {
      refuse("has a pickle with too many marks");
    }
    marks_.push_back(stack_.size());
  }

  /// All values, with the one on top as their root.
  Pickle finished() {
    if (!marks_.empty()) {
      refuse("has a damaged pickle: it ends inside of a container");
    }
    out_.root = pop();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kNodesMax = 2'000'000;
  static constexpr std::size_t kDepthMax = 1'000'000;

  std::string where_;
  Pickle out_;
  std::vector<PickleNode*> stack_;
  std::vector<std::size_t> marks_;
};

}  // namespace gradwatt
