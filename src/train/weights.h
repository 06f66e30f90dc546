#pragma once

#include "train/task.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace gradwatt {

/// What became of the tensors of a file of weights.
struct AdoptedWeights {
  std::size_t adopted = 0;
  std::vector<std::string> left_over;  ///< In the file, and nothing here has that name and shape.
};

/// Copies the tensors of `file` (safetensors or .pth) into the part, by name. Names may begin with
/// "encoder.", "backbone.", "module." or "model.", which frameworks put before them.
///
/// Throws Error that lists what the file lacks or has in another shape; counts of batches that a
/// normalisation has seen may be absent.
AdoptedWeights adopt_weights(const Part& part, const std::filesystem::path& file);

/// Writes the encoder alone, or all parts, as safetensors under the names that the model's header
/// gives. `facts` become its metadata.
void save_encoder(Task& task,
                  const std::filesystem::path& file,
                  const std::map<std::string, std::string>& facts);
void save_all_weights(Task& task,
                      const std::filesystem::path& file,
                      const std::map<std::string, std::string>& facts);

}  // namespace gradwatt
