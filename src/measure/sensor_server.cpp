#include "measure/sensor_server.h"

#include "measure/reading_interval.h"
#include "measure/row_backlog.h"
#include "measure/sampler.h"

#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gradwatt {
namespace {

/// Kept here while the pipe is full: minutes of rows, and never more memory than that.
constexpr std::size_t kBacklogMax = std::size_t{16} << 20U;

/// Writes lines to a pipe that may be full, without ever waiting for its reader.
class LineWriter {
 public:
  explicit LineWriter(int out) : out_(out) {
    ::fcntl(out_, F_SETFL, ::fcntl(out_, F_GETFL) | O_NONBLOCK);
#ifdef F_SETPIPE_SZ
    constexpr int kPipeBytes = 1 << 20;
    ::fcntl(out_, F_SETPIPE_SZ, kPipeBytes);
#endif
  }

  void write(const HostMessage& message) {
    const std::lock_guard lock(mutex_);
    backlog_.add(message);
    flush();
  }

  /// Waits for the reader: only for what is worth it.
  void write_all() {
    const std::lock_guard lock(mutex_);
    while (!backlog_.text().empty()) {
      flush();
      pollfd ready{out_, POLLOUT, 0};
      if (!backlog_.text().empty() &&
          (::poll(&ready, 1, -1) <= 0 || (ready.revents & POLLERR) != 0)) {
        return;
      }
    }
  }

  [[nodiscard]] std::int64_t dropped() const {
    const std::lock_guard lock(mutex_);
    return backlog_.dropped();
  }

 private:
  void flush() {
    const std::string_view text = backlog_.text();
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t size = ::write(out_, text.data() + done, text.size() - done);
      if (size <= 0) {
        break;
      }
      done += static_cast<std::size_t>(size);
    }
    backlog_.sent(done);
  }

  int out_;
  mutable std::mutex mutex_;
  RowBacklog backlog_{kBacklogMax};
};

Discovery discover(const SourceFamily& family, const Machine& machine) {
  try {
    return family.discover(machine, {});
  } catch (const std::exception& error) {
    Discovery discovery;
    discovery.findings.push_back({family.name, Finding::Status::denied, error.what(), ""});
    return discovery;
  }
}

/// The next order; 'q' when there will be none.
char next_order(int in) {
  while (true) {
    char order = 'q';
    const ssize_t size = ::read(in, &order, 1);
    if (size == 1) {
      return order;
    }
    if (size < 0 && errno == EINTR) {
      continue;
    }
    // The other side is gone. A reading may hang for ever in another thread: no tidying up.
    ::_exit(0);
  }
}

Duration cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

int serve_sensors(const SourceFamily& family,
                  const Machine& machine,
                  std::optional<Duration> asked_interval,
                  int in,
                  int out) {
  std::signal(SIGPIPE, SIG_IGN);
  LineWriter writer(out);
  Discovery discovery = discover(family, machine);
  Duration shortest{};
  for (const auto& source : discovery.sources) {
    shortest = std::max(shortest, source->shortest_interval());
  }
  Poller poller(std::move(discovery.sources),
                *machine.clock,
                {[&](SampleRow row) { writer.write(std::move(row)); },
                 [&](GapRow row) { writer.write(std::move(row)); },
                 [&](StateRow row) { writer.write(std::move(row)); }});
  writer.write(HostFound{std::move(discovery.findings), poller.columns()});
  if (next_order(in) != 's' || poller.columns().empty()) {
    return 0;
  }
  poller.poll();
  writer.write(HostStarted{});
  const Duration interval = std::max(shortest, reading_interval(poller.columns(), asked_interval));
  Sampler sampler(poller, *machine.clock, interval);
  while (next_order(in) != 'q') {
    sampler.nudge();
  }
  sampler.stop();
  writer.write(HostEnded{
      cpu_time(), poller.reading_time(), poller.readings(), sampler.late(), writer.dropped()});
  writer.write_all();
  return 0;
}

}  // namespace gradwatt
