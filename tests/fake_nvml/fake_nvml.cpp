// A stand-in for libnvidia-ml.so.1 that plays a script: the same functions, layouts, return codes
// and value types as NVIDIA's library (facts of nvml.h), over simulated boards.
#include "fake_board.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <signal.h>
#include <string>
#include <time.h>
#include <unistd.h>

namespace {

using gradwatt::fake_nvml::Board;
using gradwatt::fake_nvml::Fault;
using gradwatt::fake_nvml::Script;

constexpr int kOk = 0;
constexpr int kUninitialized = 1;
constexpr int kInvalid = 2;
constexpr int kNotSupported = 3;
constexpr int kNotFound = 6;
constexpr int kTooSmall = 7;
constexpr int kUnknown = 999;

struct FieldValue {
  unsigned field;
  unsigned scope;
  long long timestamp_us;
  long long latency_us;
  unsigned type;
  int code;
  unsigned long long value;
};

Script script;
std::deque<Board> slices;  // A deque does not move its members: handles stay.
int users = 0;
double given_s = NAN;

std::int64_t now_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

double now_s() {
  return std::isnan(given_s) ? static_cast<double>(now_ns(CLOCK_MONOTONIC) - script.zero_ns) * 1e-9
                             : given_s;
}

/// The board behind a handle, nullptr for anything else.
Board* board_of(void* handle) {
  for (Board& board : script.boards) {
    if (&board == handle) {
      return &board;
    }
  }
  for (Board& slice : slices) {
    if (&slice == handle) {
      return &slice;
    }
  }
  return nullptr;
}

/// What any call that asks the card goes through. Sets `board`.
int enter(void* handle, Board*& board) {
  if (users == 0) {
    return kUninitialized;
  }
  board = board_of(handle);
  if (board == nullptr) {
    return kInvalid;
  }
  const double now = now_s();
  if (board->latency_s > 0) {
    usleep(static_cast<useconds_t>(board->latency_s * 1e6));
  }
  while (board->fault(Fault::Kind::hang, now) != nullptr) {
    pause();
  }
  if (board->fault(Fault::Kind::crash, now) != nullptr) {
    std::abort();
  }
  if (board->fault(Fault::Kind::segv, now) != nullptr) {
    kill(::getpid(), SIGSEGV);
  }
  const Fault* error = board->fault(Fault::Kind::error, now);
  return error != nullptr ? static_cast<int>(error->by) : kOk;
}

int give(const std::string& text, char* buffer, unsigned size) {
  if (buffer == nullptr) {
    return kInvalid;
  }
  if (text.size() + 1 > size) {
    return kTooSmall;
  }
  std::memcpy(buffer, text.c_str(), text.size() + 1);
  return kOk;
}

int code_of_field(const Board& board, const FieldValue& field) {
  if (!board.uuid_of_slice.empty()) {
    return kNotSupported;
  }
  const bool is_energy = field.field == 191 || field.field == 83;
  const bool is_limit = field.field == 188 || field.field == 190;
  const bool known = (is_energy && board.energy_field) || (field.field == 186 && board.instant) ||
                     (field.field == 185 && board.average) || is_limit;
  switch (field.scope) {
    case 0:
      return known && board.gpu_scope ? kOk : kNotSupported;
    case 1:
      return known && board.module ? kOk : kNotSupported;
    case 2:
      return field.field == 185 && board.memory ? kOk : kNotSupported;
    default:
      return kNotSupported;
  }
}

void answer(const Board& board, FieldValue& field) {
  field.code = code_of_field(board, field);
  field.timestamp_us = now_ns(CLOCK_REALTIME) / 1000;
  field.latency_us = 40;
  field.type = 1;
  if (field.code != kOk) {
    return;
  }
  const double now = now_s();
  const bool of_module = field.scope == 1;
  std::int64_t value = 0;
  switch (field.field) {
    case 83:
    case 191:
      field.type = 3;
      value = board.energy_mj(now, of_module);
      break;
    case 186:
      value = board.instant_mw(now, of_module);
      break;
    case 185:
      value = board.average_mw(now,
                               field.scope == 2 ? *board.memory
                               : of_module      ? *board.module
                                                : board.power);
      break;
    default:
      value = std::llround(board.limit_w * 1000);
  }
  field.value = static_cast<unsigned long long>(value);
}

}  // namespace

#define FAKE extern "C" __attribute__((visibility("default"))) int
// What came with later drivers, an old library does not offer.
#ifdef FAKE_NVML_OLD
#define FAKE_LATER extern "C" __attribute__((visibility("hidden"))) int
#else
#define FAKE_LATER FAKE
#endif

/// For tests that own the clock: from now on it is `seconds` since the script's time zero.
extern "C" __attribute__((visibility("default"))) void fake_nvml_now_is(double seconds) {
  given_s = seconds;
}

FAKE nvmlInit_v2() {
  if (users == 0) {
    const char* file = std::getenv("GRADWATT_FAKE_NVML");
    try {
      script = gradwatt::fake_nvml::read_script(file != nullptr ? file : "");
    } catch (const std::exception& error) {
      std::fprintf(stderr, "fake NVML: %s\n", error.what());
      return kUnknown;
    }
    slices.clear();
  }
  if (script.init_code == kOk) {
    ++users;
  }
  return script.init_code;
}

FAKE nvmlShutdown() {
  if (users == 0) {
    return kUninitialized;
  }
  --users;
  return kOk;
}

FAKE nvmlSystemGetDriverVersion(char* buffer, unsigned size) {
  return users == 0 ? kUninitialized : give(script.driver, buffer, size);
}

FAKE nvmlDeviceGetCount_v2(unsigned* count) {
  if (users == 0 || count == nullptr) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  *count = static_cast<unsigned>(script.boards.size());
  return kOk;
}

FAKE nvmlDeviceGetHandleByIndex_v2(unsigned index, void** handle) {
  if (users == 0 || handle == nullptr || index >= script.boards.size()) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  Board* board = nullptr;
  const int code = enter(&script.boards[index], board);
  *handle = board;
  return code == 15 ? code : kOk;
}

FAKE nvmlDeviceGetHandleByUUID(const char* uuid, void** handle) {
  for (Board& board : script.boards) {
    if (users > 0 && board.uuid == uuid) {
      *handle = &board;
      return kOk;
    }
  }
  return users == 0 ? kUninitialized : kNotFound;
}

FAKE nvmlDeviceGetUUID(void* handle, char* buffer, unsigned size) {
  const Board* board = users > 0 ? board_of(handle) : nullptr;
  if (board == nullptr) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  return give(board->uuid_of_slice.empty() ? board->uuid : board->uuid_of_slice, buffer, size);
}

FAKE nvmlDeviceGetName(void* handle, char* buffer, unsigned size) {
  const Board* board = users > 0 ? board_of(handle) : nullptr;
  if (board == nullptr) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  return give(board->name, buffer, size);
}

FAKE nvmlDeviceGetPciInfo_v3(void* handle, void* info) {
  const Board* board = users > 0 ? board_of(handle) : nullptr;
  if (board == nullptr) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  std::array<char, 68> bytes{};
  std::strncpy(bytes.data() + 36, board->pci.c_str(), 31);
  std::memcpy(info, bytes.data(), bytes.size());
  return kOk;
}

FAKE nvmlDeviceGetPowerUsage(void* handle, unsigned* power) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  if (board->usage == "no" || !board->gpu_scope || !board->uuid_of_slice.empty()) {
    return kNotSupported;
  }
  const double now = now_s();
  *power = static_cast<unsigned>(board->usage == "instant" ? board->instant_mw(now)
                                                           : board->average_mw(now, board->power));
  return kOk;
}

FAKE nvmlDeviceGetUtilizationRates(void* handle, unsigned* rates) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  if (board->mig) {
    return kNotSupported;
  }
  rates[0] = static_cast<unsigned>(board->utilisation);
  rates[1] = rates[0] / 2;
  return kOk;
}

FAKE nvmlDeviceGetTemperature(void* handle, int sensor, unsigned* temperature) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  *temperature = board->temperature_c;
  return sensor == 0 ? kOk : kInvalid;
}

FAKE nvmlDeviceGetClockInfo(void* handle, int which, unsigned* clock) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  *clock = which == 2 ? 2619 : 1980;
  return which >= 0 && which < 4 ? kOk : kInvalid;
}

FAKE nvmlDeviceGetEnforcedPowerLimit(void* handle, unsigned* limit) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  *limit = static_cast<unsigned>(std::llround(board->limit_w * 1000));
  return board->limit_w > 0 ? kOk : kNotSupported;
}

FAKE nvmlDeviceGetPowerManagementLimitConstraints(void* handle, unsigned* least, unsigned* most) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  *least = static_cast<unsigned>(std::llround(board->limit_w * 500));
  *most = static_cast<unsigned>(std::llround(board->limit_w * 1000));
  return board->limit_w > 0 ? kOk : kNotSupported;
}

FAKE_LATER nvmlDeviceGetArchitecture(void* handle, unsigned* architecture) {
  const Board* board = users > 0 ? board_of(handle) : nullptr;
  if (board == nullptr) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  *architecture = board->architecture;
  return kOk;
}

FAKE_LATER nvmlDeviceGetMigMode(void* handle, unsigned* current, unsigned* pending) {
  const Board* board = users > 0 ? board_of(handle) : nullptr;
  if (board == nullptr) {
    return users == 0 ? kUninitialized : kInvalid;
  }
  *current = *pending = board->mig ? 1 : 0;
  return board->can_mig ? kOk : kNotSupported;
}

FAKE_LATER nvmlDeviceGetMaxMigDeviceCount(void* handle, unsigned* count) {
  const Board* board = board_of(handle);
  *count = board != nullptr && board->mig ? 7 : 0;
  return board != nullptr ? kOk : kInvalid;
}

FAKE_LATER nvmlDeviceGetMigDeviceHandleByIndex(void* handle, unsigned index, void** slice) {
  const Board* board = board_of(handle);
  if (board == nullptr) {
    return kInvalid;
  }
  if (index >= board->slices.size()) {
    return kNotFound;
  }
  for (Board& known : slices) {
    if (known.uuid_of_slice == board->slices[index]) {
      *slice = &known;
      return kOk;
    }
  }
  Board& made = slices.emplace_back(*board);
  made.uuid_of_slice = board->slices[index];
  *slice = &made;
  return kOk;
}

FAKE_LATER nvmlDeviceGetTotalEnergyConsumption(void* handle, unsigned long long* energy) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  if (!board->counter || !board->gpu_scope || !board->uuid_of_slice.empty()) {
    return kNotSupported;
  }
  *energy = static_cast<unsigned long long>(board->energy_mj(now_s()));
  return kOk;
}

FAKE_LATER nvmlDeviceGetFieldValues(void* handle, int count, FieldValue* values) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  if (count <= 0 || values == nullptr) {
    return kInvalid;
  }
  for (int i = 0; i < count; ++i) {
    answer(*board, values[i]);
  }
  return kOk;
}

FAKE_LATER nvmlDeviceGetCurrentClocksThrottleReasons(void* handle, unsigned long long* mask) {
  Board* board = nullptr;
  if (const int code = enter(handle, board); code != kOk) {
    return code;
  }
  *mask = board->throttle_reasons;
  return kOk;
}
