#pragma once

/// libtorch's tensors, for .cpp files alone: it takes seconds to compile. To be included before any
/// other header of libtorch.

// clang 14 cannot parse libtorch 1.13 in C++20 unless IValue is complete first.
// clang-format off
#include <ATen/core/ivalue.h>
#include <ATen/ATen.h>
// clang-format on
