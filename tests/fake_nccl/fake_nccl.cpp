// Stands in for libnccl and libcudart where there is no GPU: sums and broadcasts in host memory,
// through a file that the ranks map. Streams are threads with a queue and events are places in it,
// so that calls return before they are done, as the real ones do.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr int kNotReady = 600;
constexpr int kRanksMax = 16;
constexpr std::size_t kSlotBytes = std::size_t{1} << 16;

struct Event {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t recorded = 0;
  std::uint64_t done = 0;
};

class Stream {
 public:
  Stream() : thread_([this] { work(); }) {}
  ~Stream() {
    push({});
    thread_.join();
  }
  void push(std::function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    changed_.notify_one();
  }

 private:
  void work() {
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !tasks_.empty(); });
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      if (!task) {
        return;
      }
      task();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::thread thread_;
};

struct Shared {
  std::atomic<std::uint64_t> arrived;
  unsigned char slots[kRanksMax][kSlotBytes];
};

struct Communicator {
  int ranks = 0;
  int rank = 0;
  Shared* shared = nullptr;
  std::uint64_t meetings = 0;
  std::atomic<bool> aborted{false};

  void meet() {
    ++meetings;
    shared->arrived.fetch_add(1);
    while (shared->arrived.load() < meetings * static_cast<std::uint64_t>(ranks) && !aborted) {
      std::this_thread::yield();
    }
  }
};

std::size_t bytes_of(int type) {
  switch (type) {
    case 1:
      return 1;
    case 7:
      return 4;
    default:
      return 8;
  }
}

template <typename Number>
void add_slots(const Communicator& comm, unsigned char* out, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += sizeof(Number)) {
    Number sum{};
    for (int rank = 0; rank < comm.ranks; ++rank) {
      Number value;
      std::memcpy(&value, comm.shared->slots[rank] + at, sizeof(Number));
      sum = static_cast<Number>(sum + value);
    }
    std::memcpy(out + at, &sum, sizeof(Number));
  }
}

void sum_slots(const Communicator& comm, int type, unsigned char* out, std::size_t bytes) {
  switch (type) {
    case 1:
      return add_slots<std::uint8_t>(comm, out, bytes);
    case 4:
      return add_slots<std::int64_t>(comm, out, bytes);
    case 7:
      return add_slots<float>(comm, out, bytes);
    default:
      return add_slots<double>(comm, out, bytes);
  }
}

/// Passes the data through the slots, a slot at a time; `root` < 0: the sum.
void exchange(Communicator& comm, unsigned char* data, std::size_t bytes, int type, int root) {
  for (std::size_t at = 0; at < bytes; at += kSlotBytes) {
    const std::size_t size = std::min(kSlotBytes, bytes - at);
    std::memcpy(comm.shared->slots[comm.rank], data + at, size);
    comm.meet();
    if (root < 0) {
      sum_slots(comm, type, data + at, size);
    } else {
      std::memcpy(data + at, comm.shared->slots[root], size);
    }
    comm.meet();
  }
}

}  // namespace

extern "C" {

struct ncclUniqueId {
  char internal[128];
};

const char* ncclGetErrorString(int status) { return status == 0 ? "no error" : "fake failure"; }

int ncclGetUniqueId(ncclUniqueId* id) {
  std::memset(id->internal, 0, sizeof(id->internal));
  std::strcpy(id->internal, "/tmp/fake-nccl-XXXXXX");
  const int file = ::mkstemp(id->internal);
  if (file < 0 || ::ftruncate(file, sizeof(Shared)) != 0) {
    return 1;
  }
  return ::close(file);
}

int ncclCommInitRank(void** comm, int ranks, ncclUniqueId id, int rank) {
  const int file = ::open(id.internal, O_RDWR | O_CLOEXEC);
  if (file < 0 || ranks > kRanksMax) {
    return 1;
  }
  auto made = std::make_unique<Communicator>();
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) {
    return 1;
  }
  made->ranks = ranks;
  made->rank = rank;
  made->shared = static_cast<Shared*>(memory);
  made->meet();
  if (rank == 0) {
    ::unlink(id.internal);
  }
  *comm = made.release();
  return 0;
}

int ncclAllReduce(
    const void* from, void* to, std::size_t count, int type, int /*op*/, void* comm, void* stream) {
  if (from != to) {
    return 1;
  }
  static_cast<Stream*>(stream)->push([=] {
    exchange(*static_cast<Communicator*>(comm),
             static_cast<unsigned char*>(to),
             count * bytes_of(type),
             type,
             -1);
  });
  return 0;
}

int ncclBroadcast(const void* /*from*/,
                  void* to,
                  std::size_t count,
                  int type,
                  int root,
                  void* comm,
                  void* stream) {
  static_cast<Stream*>(stream)->push([=] {
    exchange(*static_cast<Communicator*>(comm),
             static_cast<unsigned char*>(to),
             count * bytes_of(type),
             type,
             root);
  });
  return 0;
}

int ncclCommGetAsyncError(void* /*comm*/, int* error) {
  *error = 0;
  return 0;
}

int ncclCommAbort(void* comm) {
  static_cast<Communicator*>(comm)->aborted = true;
  return 0;
}

int ncclCommDestroy(void* comm) {
  delete static_cast<Communicator*>(comm);
  return 0;
}

const char* cudaGetErrorString(int status) { return status == 0 ? "no error" : "fake failure"; }

int cudaStreamCreateWithFlags(void** stream, unsigned /*flags*/) {
  *stream = new Stream;
  return 0;
}

int cudaStreamDestroy(void* stream) {
  delete static_cast<Stream*>(stream);
  return 0;
}

int cudaEventCreateWithFlags(void** event, unsigned /*flags*/) {
  *event = new Event;
  return 0;
}

int cudaEventDestroy(void* event) {
  delete static_cast<Event*>(event);
  return 0;
}

int cudaEventRecord(void* event, void* stream) {
  auto* const e = static_cast<Event*>(event);
  std::unique_lock lock(e->mutex);
  const std::uint64_t number = ++e->recorded;
  if (stream == nullptr) {  // The host computes at once.
    e->done = number;
    return 0;
  }
  lock.unlock();
  static_cast<Stream*>(stream)->push([e, number] {
    const std::lock_guard inner(e->mutex);
    e->done = number;
    e->changed.notify_all();
  });
  return 0;
}

int cudaStreamWaitEvent(void* stream, void* event, unsigned /*flags*/) {
  auto* const e = static_cast<Event*>(event);
  const std::lock_guard lock(e->mutex);
  const std::uint64_t number = e->recorded;
  static_cast<Stream*>(stream)->push([e, number] {
    std::unique_lock inner(e->mutex);
    e->changed.wait(inner, [&] { return e->done >= number; });
  });
  return 0;
}

int cudaEventQuery(void* event) {
  auto* const e = static_cast<Event*>(event);
  const std::lock_guard lock(e->mutex);
  return e->done == e->recorded ? 0 : kNotReady;
}
}
