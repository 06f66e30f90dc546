#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace gradwatt {

/// The gradwatt-train beside this program, else the one in PATH; nullopt when there is none.
[[nodiscard]] std::optional<std::filesystem::path> find_train_program();

/// What `gradwatt-train --about` says: "libtorch", "blas", "threads", "matmul_gflops", ... Empty
/// with `failure` set when it cannot be run.
struct TrainProgramFacts {
  std::map<std::string, std::string> facts;
  std::string failure;
};
[[nodiscard]] TrainProgramFacts ask_train_program(const std::filesystem::path& program);

/// Asks gradwatt-train whether it can compute on `device` here, before many trainings find out that
/// it cannot. Asks nothing for "" and "cpu"; a program that does not answer is left to say more.
/// Throws Error.
void require_device(const std::string& device);

}  // namespace gradwatt
