#include "train/afno_size.h"

#include "base/error.h"

#include <fmt/format.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kLargeGridRows = 180;

}  // namespace

std::int64_t suitable_patch(std::int64_t rows) { return rows >= kLargeGridRows ? 8 : 4; }

AfnoSize suited_to(const InputShape& grid, AfnoSize asked) {
  const bool is_large = grid.height >= kLargeGridRows;
  const auto or_else = [](std::int64_t value, std::int64_t standard) {
    return value > 0 ? value : standard;
  };
  const AfnoSize size{or_else(asked.width, is_large ? 768 : 128),
                      or_else(asked.depth, is_large ? 12 : 4),
                      or_else(asked.blocks, 8)};
  if (size.width % size.blocks != 0) {
    throw UsageError(
        fmt::format("{} numbers of a token do not make {} blocks", size.width, size.blocks),
        "--afno-blocks",
        "take a number that divides --width");
  }
  return size;
}

}  // namespace gradwatt
