#pragma once

#include "units/instant.h"

#include <string>

namespace gradwatt {

/// How the power sensor of a kind of NVIDIA board behaves. Source, unless said otherwise: Yang,
/// Adamek, Armour, "Part-time Power Measurements: nvidia-smi's Lack of Attention", SC 2024
/// (arXiv 2312.02741), and the data published with it.
struct NvmlSensor {
  Duration refresh{};         ///< Between two updates of the power,
  Duration window{};          ///< over how much of which it is the mean.
  bool window_known = true;   ///< false: not published; the least that any board looks at.
  bool mean_by_call = false;  ///< nvmlDeviceGetPowerUsage gives the mean over one second.
  double gain = 0.1;          ///< Largest relative error of the scale, k = 2.
  const char* board = "";     ///< "data-centre board", for people.
};

/// `architecture`: what nvmlDeviceGetArchitecture says (5 Volta, 6 Turing, 7 Ampere, 8 Ada,
/// 9 Hopper); `name`: nvmlDeviceGetName. Both kinds of Ampere have the same number: the A100's chip
/// (GA100) is known by the board's name.
/// Example: "NVIDIA A100-SXM4-40GB", 7: looks 25 ms of every 100 ms, 5 %, no mean.
///          "NVIDIA GeForce RTX 3090", 7: looks all the time, 10 %, a mean over one second.
[[nodiscard]] NvmlSensor nvml_sensor(unsigned architecture, const std::string& name);

}  // namespace gradwatt
