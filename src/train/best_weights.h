#pragma once

#include <memory>

namespace gradwatt {

class FlatParameters;
class Task;

/// The parameters and running means of the best epoch so far.
class BestWeights {
 public:
  BestWeights(Task& task, FlatParameters& parameters);
  ~BestWeights();
  BestWeights(const BestWeights&) = delete;
  BestWeights& operator=(const BestWeights&) = delete;

  void remember();  ///< Copies those of now aside ...
  void recall();    ///< ... and back. Nothing happens when none were copied.

  struct Copies;
  /// The copies, for checkpoints; empty when there are none.
  [[nodiscard]] Copies& copies() { return *copies_; }

 private:
  Task& task_;
  FlatParameters& parameters_;
  std::unique_ptr<Copies> copies_;
};

}  // namespace gradwatt
