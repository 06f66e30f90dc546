#pragma once

#include "base/unique_fd.h"
#include "supervise/job_identity.h"

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace gradwatt {

/// The process that measures its node for all processes of a job there. It holds a lock which the
/// kernel lets go with it, however it ends; the others of the node hold a connection to it for as
/// long as they run. Thread-safe.
class NodeLead {
 public:
  /// Where the lead stands towards the others of its node.
  struct Standing {
    int connected = 0;  ///< Running under it now.
    int missing = 0;    ///< Should run here, as the launcher said, and have not come yet.
  };

  NodeLead(UniqueFd lock, const std::filesystem::path& socket, JobIdentity job);
  ~NodeLead();
  NodeLead(const NodeLead&) = delete;
  NodeLead& operator=(const NodeLead&) = delete;

  [[nodiscard]] const JobIdentity& job() const { return job_; }
  /// Tells all that have come and will come which run it is and where their marks go.
  void announce(const std::string& run_id, const std::string& marks);
  /// Becomes readable when the standing changes.
  [[nodiscard]] int changed_fd() const { return changed_.get(); }
  /// Reads changed_fd() empty.
  [[nodiscard]] Standing standing();
  /// Nobody is let in any more: who comes now begins the job's next run.
  void close();
  /// Exit status of the others, by rank; empty while one runs, or when it went without a word.
  [[nodiscard]] std::map<int, std::optional<int>> ranks();
  /// CPU time of the commands of those that have ended.
  [[nodiscard]] double cpu_s();

 private:
  struct Guest {
    UniqueFd connection;
    std::optional<int> rank;
    bool told = false;
  };
  void run();
  void welcome();
  void hear(Guest& guest);
  void tell(Guest& guest);
  void note_change() const;

  UniqueFd lock_;
  std::filesystem::path path_;
  JobIdentity job_;
  UniqueFd listener_;
  UniqueFd changed_;
  UniqueFd wake_;
  std::mutex mutex_;
  std::string announcement_;
  std::vector<Guest> guests_;
  std::map<int, std::optional<int>> ranks_;
  double cpu_s_ = 0;
  int arrived_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

/// A process whose node another one measures.
class NodeFollower {
 public:
  NodeFollower(UniqueFd connection, std::string run_id, std::string marks)
      : connection_(std::move(connection)), run_id_(std::move(run_id)), marks_(std::move(marks)) {}

  [[nodiscard]] const std::string& run_id() const { return run_id_; }
  /// The socket where the lead takes marks.
  [[nodiscard]] const std::string& marks() const { return marks_; }
  /// Tells how this process's command ended. false: the lead is gone, and did not measure to here.
  [[nodiscard]] bool tell_end(int exit_status, double cpu_s);

 private:
  UniqueFd connection_;
  std::string run_id_;
  std::string marks_;
};

using NodeSeat = std::variant<std::unique_ptr<NodeLead>, NodeFollower>;

/// Becomes the lead of this node for the job or, while another process is, its follower. A process
/// whose rank the lead knows already is in the job's next run: it waits until the present one ends.
/// Throws Error when there is no folder for the lock that is this user's alone.
[[nodiscard]] NodeSeat take_seat(const JobIdentity& job);

}  // namespace gradwatt
