#pragma once

#include "data/crop_rows.h"
#include "data/pamap2.h"
#include "train/afno_size.h"
#include "train/early_stopping.h"
#include "train/learning_rate.h"
#include "train/optimizer.h"
#include "train/parallel/comm.h"
#include "train/parallel/gradient_sync.h"
#include "train/precision.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// resident: decoded once, kept in the device's memory. streamed: made by threads in every epoch.
enum class InputMode { resident, streamed };

/// keep: every sample once an epoch. truncate: an epoch is as long as the same number of samples
/// for each rank allows.
enum class LastBatch { keep, truncate };

/// Over whose samples normalisations take their means: this rank's, or all ranks'.
enum class NormStatistics { local, synced };

enum class DamagedFiles { refuse, skip };

/// What is chosen of the weather's fields.
struct Era5Plan {
  std::vector<std::string> channels;  ///< Names or numbers; empty: those that FourCastNet takes.
  std::int64_t patch = 0;             ///< Rows beyond its multiple are left out; 0: by the grid.
  int steps = 1;                      ///< Targets of a sample; the paradigm decides.
};

/// Which part of a photograph an evaluation sees: drawn or not as in training, or the middle.
enum class EvalCrop { as_training, middle };

struct DataPlan {
  std::string folder;                         ///< Empty: the data set's default folder.
  std::optional<std::int64_t> train_samples;  ///< None: all that validation leaves.
  std::int64_t val_samples = 5000;  ///< Taken from the training part, never the test part.
  std::uint64_t seed = 0;           ///< Chooses and splits samples; not the weights or batches.
  InputMode mode = InputMode::resident;
  int workers = 2;          ///< Threads that read and decode.
  std::string cache;        ///< Folder for decoded inputs; empty: none.
  std::int64_t size = 224;  ///< Height and width of decoded photographs.
  int identities = 40;      ///< The most represented ones of CelebA.
  DamagedFiles damaged = DamagedFiles::refuse;
  bool mirror = true;                     ///< Flip training photographs by chance.
  double subset = 1;                      ///< Of ImageNet: the share of each class, of both parts.
  CropKind train_crop = CropKind::drawn;  ///< Of ImageNet.
  EvalCrop eval_crop = EvalCrop::as_training;  ///< Of ImageNet.
  Era5Plan era5;
  Pamap2Options pamap2;     ///< Its folder, seed and cache come from above.
  std::string fingerprint;  ///< Of what was loaded (train/fingerprint.h); empty before.
};

/// The loop over epochs. Each part below gets what it needs of it, no more.
struct LoopPlan {
  std::int64_t batch = 256;      ///< Samples of a step, over all ranks: the global batch.
  std::int64_t local_batch = 0;  ///< Samples that a rank computes at once; 0: its share of `batch`.
  std::int64_t micro_batch = 0;  ///< Samples at a time; 0: the whole batch, or what memory holds.
  int max_epochs = 20;
  OptimizerSpec optimizer;
  LearningRate learning_rate;
  StopRule stop;
  bool restore_best = true;  ///< End with the best epoch's weights, not the last one's.
  std::uint64_t seed = 0;    ///< Of the initial weights, the order of the batches and dropout.
  Precision precision = Precision::fp32;
  LastBatch last_batch = LastBatch::keep;
  NormStatistics norms = NormStatistics::local;
  std::int64_t eval_batch = 1024;  ///< Samples at a time in an evaluation.
  bool eval_train = false;         ///< After each epoch also evaluate what was trained on.
};

struct MachinePlan {
  std::string device = "cpu";
  int threads = 1;
  int blas_threads = 1;
  bool channels_last = true;
  bool deterministic = false;
};

/// The ranks of a data-parallel training, and what each does for the others.
struct ParallelPlan {
  int ranks = 0;       ///< That a launcher has to have started, or else are; 0: what it says.
  bool alone = false;  ///< Whatever a launcher says.
  CommKind comm = CommKind::automatic;
  SyncOptions sync;
  int timeout_s = 300;                       ///< Until a silent rank counts as lost.
  std::optional<std::int64_t> global_batch;  ///< As asked for; the loop has what follows.
  std::optional<std::int64_t> local_batch;
};

/// Weights in and out.
struct WeightsPlan {
  std::string encoder;       ///< File the encoder starts from.
  std::string save_encoder;  ///< Where the encoder goes at the end.
  std::string save_weights;  ///< Where everything goes at the end.
  std::string fingerprint;   ///< Of the file that was started from; empty: none was.
};

struct CheckpointPlan {
  std::string file;        ///< Empty: none.
  std::int64_t steps = 0;  ///< Also after so many steps; 0: after epochs only.
  bool resume = false;     ///< Go on from the file when it is there.
};

/// Everything a workload's command line can set.
struct TrainingPlan {
  std::string model;
  DataPlan data;
  LoopPlan loop;
  MachinePlan machine;
  ParallelPlan parallel;
  WeightsPlan weights;
  CheckpointPlan checkpoint;
  AfnoSize afno;               ///< Forecasts: how large the network is.
  double alpha = 0.5;          ///< Multitask: the identity's share of the loss.
  double label_smoothing = 0;  ///< Share of a label that all classes get; 0: none.
  bool cache_latents = false;  ///< Frozen: encode everything once, before the first epoch.
  bool test = false;           ///< Score the final weights on the test part at the end.
  bool profile = false;        ///< Mark the phases of each step.
  bool quiet = false;          ///< No line per epoch.
};

}  // namespace gradwatt
