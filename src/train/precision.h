#pragma once

#include <string_view>

namespace gradwatt {

/// fp32: all in single precision. bf16, fp16: layers that profit compute in half precision, with
/// weights, sums and the optimizer in single precision (autocast).
enum class Precision { fp32, bf16, fp16 };

[[nodiscard]] constexpr std::string_view precision_name(Precision precision) {
  switch (precision) {
    case Precision::bf16:
      return "bf16";
    case Precision::fp16:
      return "fp16";
    case Precision::fp32:
      break;
  }
  return "fp32";
}

}  // namespace gradwatt
