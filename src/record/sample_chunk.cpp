#include "record/sample_chunk.h"

#include "base/expects.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace gradwatt {
namespace {

constexpr std::uint64_t kFormat = 1;
/// More than any chunk holds: bytes that say more are damaged, not worth the memory.
constexpr std::uint64_t kCellsMax = 1U << 22U;

/// How a column says which of its readings are known.
constexpr std::uint64_t kNone = 0;
constexpr std::uint64_t kAll = 1;
constexpr std::uint64_t kBitmap = 2;

/// How often differences are taken.
enum class Order { first, second };

using Values = std::vector<std::int64_t>;

// Differences wrap around on purpose, in unsigned arithmetic: any 64-bit values come back.
std::uint64_t bits_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

std::uint64_t zigzag(std::uint64_t value) { return (value << 1U) ^ (0 - (value >> 63U)); }

std::uint64_t unzigzag(std::uint64_t value) { return (value >> 1U) ^ (0 - (value & 1U)); }

void put_varint(std::string& bytes, std::uint64_t value) {
  while (value >= 0x80U) {
    bytes.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
    value >>= 7U;
  }
  bytes.push_back(static_cast<char>(value));
}

/// The greatest number that divides all differences; 1 where they have none or wrap around.
std::uint64_t common_step(const Values& values) {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max() / 4;
  std::int64_t step = 0;
  for (std::size_t i = 1; i < values.size() && step != 1; ++i) {
    if (values[i] > kFar || values[i] < -kFar || values[i - 1] > kFar || values[i - 1] < -kFar) {
      return 1;
    }
    const std::int64_t difference = values[i] - values[i - 1];
    if (step == 0 || difference % step != 0) {
      step = std::gcd(step, difference);
    }
  }
  return step == 0 ? 1 : bits_of(step);
}

void put_values(std::string& bytes, const Values& values, Order order) {
  const std::uint64_t step = common_step(values);
  put_varint(bytes, step);
  put_varint(bytes, zigzag(bits_of(values.front())));
  std::uint64_t before = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    // The steps divide exactly, so dividing signed numbers is enough; a step of 1 never divides.
    const std::uint64_t wrapped = bits_of(values[i]) - bits_of(values[i - 1]);
    const std::uint64_t difference =
        step == 1 ? wrapped
                  : bits_of(static_cast<std::int64_t>(wrapped) / static_cast<std::int64_t>(step));
    put_varint(bytes, zigzag(order == Order::second ? difference - before : difference));
    before = difference;
  }
}

void put_column(std::string& bytes, const SampleChunk::Column& column, Order order) {
  Values known;
  known.reserve(column.size());
  std::string bitmap((column.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column[i]) {
      known.push_back(*column[i]);
      bitmap[i / 8] = static_cast<char>(static_cast<unsigned char>(bitmap[i / 8]) | 1U << (i % 8));
    }
  }
  if (known.empty()) {
    put_varint(bytes, kNone);
    return;
  }
  const bool all = known.size() == column.size();
  put_varint(bytes, all ? kAll : kBitmap);
  if (!all) {
    bytes += bitmap;
  }
  put_values(bytes, known, order);
}

/// Reads what encode_chunk wrote; every step says whether the bytes made sense.
class ChunkParser {
 public:
  explicit ChunkParser(std::string_view bytes) : bytes_(bytes) {}

  std::optional<SampleChunk> parse() {
    std::uint64_t format = 0;
    std::uint64_t count = 0;
    std::uint64_t channels = 0;
    std::uint64_t has_powers = 0;
    // Each reading's time and each column take at least a byte, so no size can be made up.
    const bool begins_well = varint(format) && format == kFormat && varint(count) && count > 0 &&
                             count <= bytes_.size() && varint(channels) &&
                             channels <= bytes_.size() && count * channels <= kCellsMax &&
                             varint(has_powers) && has_powers <= 1;
    SampleChunk chunk;
    if (!begins_well || !values(chunk.times_us, count, Order::second) || !rises(chunk.times_us)) {
      return std::nullopt;
    }
    if (!columns(chunk.energies_uj, channels, count, Order::second) ||
        (has_powers == 1 && !columns(chunk.powers_mw, channels, count, Order::first)) ||
        !bytes_.empty()) {
      return std::nullopt;
    }
    return chunk;
  }

 private:
  static bool rises(const Values& times) {
    for (std::size_t i = 1; i < times.size(); ++i) {
      if (times[i - 1] >= times[i]) {
        return false;
      }
    }
    return true;
  }

  bool varint(std::uint64_t& value) {
    value = 0;
    for (std::size_t i = 0; i < bytes_.size() && i < 10; ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[i]);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << (7U * i);
      if (byte < 0x80U) {
        bytes_.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  }

  bool values(Values& into, std::uint64_t count, Order order) {
    std::uint64_t step = 0;
    std::uint64_t value = 0;
    if (count > bytes_.size() || !varint(step) || !varint(value)) {
      return false;
    }
    value = unzigzag(value);
    into.reserve(count);
    into.push_back(static_cast<std::int64_t>(value));
    std::uint64_t before = 0;
    for (std::uint64_t i = 1; i < count; ++i) {
      std::uint64_t difference = 0;
      if (!varint(difference)) {
        return false;
      }
      difference = unzigzag(difference) + (order == Order::second ? before : 0);
      before = difference;
      value += step * difference;
      into.push_back(static_cast<std::int64_t>(value));
    }
    return true;
  }

  bool column(SampleChunk::Column& into, std::uint64_t count, Order order) {
    std::uint64_t presence = 0;
    if (!varint(presence) || presence > kBitmap) {
      return false;
    }
    into.resize(count);
    if (presence == kNone) {
      return true;
    }
    std::string_view bitmap;
    std::uint64_t known = count;
    if (presence == kBitmap) {
      bitmap = bytes_.substr(0, (count + 7) / 8);
      bytes_.remove_prefix(bitmap.size());
      known = 0;
      for (std::uint64_t i = 0; i < count; ++i) {
        known += is_known(bitmap, i) ? 1U : 0U;
      }
    }
    scratch_.clear();
    if (known == 0 || !values(scratch_, known, order)) {
      return false;
    }
    std::size_t next = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (presence == kAll || is_known(bitmap, i)) {
        into[i] = scratch_[next++];
      }
    }
    return true;
  }

  static bool is_known(std::string_view bitmap, std::uint64_t i) {
    return i / 8 < bitmap.size() &&
           ((static_cast<unsigned char>(bitmap[i / 8]) >> (i % 8)) & 1U) != 0;
  }

  bool columns(std::vector<SampleChunk::Column>& into,
               std::uint64_t channels,
               std::uint64_t count,
               Order order) {
    if (channels > bytes_.size()) {
      return false;
    }
    for (std::uint64_t c = 0; c < channels; ++c) {
      if (!column(into.emplace_back(), count, order)) {
        return false;
      }
    }
    return true;
  }

  std::string_view bytes_;
  Values scratch_;
};

/// Whole milliwatts. A sensor that says no number has said nothing.
std::optional<std::int64_t> milliwatts(const std::optional<Power>& power) {
  constexpr double kMost = 1e15;
  if (!power || !(std::abs(power->watts) < kMost)) {
    return std::nullopt;
  }
  return std::llround(power->watts * 1e3);
}

}  // namespace

void add_reading(SampleChunk& chunk, std::int64_t time_us, const SampleRow& row) {
  if (chunk.size() > 0 && time_us < chunk.times_us.back()) {
    return;
  }
  if (chunk.size() > 0 && time_us == chunk.times_us.back()) {
    chunk.times_us.pop_back();
    for (auto* columns : {&chunk.energies_uj, &chunk.powers_mw}) {
      for (SampleChunk::Column& column : *columns) {
        column.pop_back();
      }
    }
  }
  const std::size_t channels = row.channels.size();
  expects(chunk.size() == 0 || chunk.energies_uj.size() == channels, "as many channels as before");
  chunk.energies_uj.resize(channels);
  if (chunk.powers_mw.empty() && !row.powers.empty()) {
    chunk.powers_mw.resize(channels, SampleChunk::Column(chunk.size()));
  }
  chunk.times_us.push_back(time_us);
  for (std::size_t c = 0; c < channels; ++c) {
    chunk.energies_uj[c].push_back(row.channels[c] ? std::optional(row.channels[c]->microjoules)
                                                   : std::nullopt);
  }
  for (std::size_t c = 0; c < chunk.powers_mw.size(); ++c) {
    chunk.powers_mw[c].push_back(c < row.powers.size() ? milliwatts(row.powers[c]) : std::nullopt);
  }
}

std::string encode_chunk(const SampleChunk& chunk) {
  expects(chunk.size() > 0, "a chunk with a reading");
  std::string bytes;
  bytes.reserve(chunk.size() * (2 + 3 * chunk.energies_uj.size() + 2 * chunk.powers_mw.size()));
  put_varint(bytes, kFormat);
  put_varint(bytes, chunk.size());
  put_varint(bytes, chunk.energies_uj.size());
  put_varint(bytes, chunk.powers_mw.empty() ? 0 : 1);
  put_values(bytes, chunk.times_us, Order::second);
  for (const SampleChunk::Column& column : chunk.energies_uj) {
    put_column(bytes, column, Order::second);
  }
  for (const SampleChunk::Column& column : chunk.powers_mw) {
    put_column(bytes, column, Order::first);
  }
  return bytes;
}

std::optional<SampleChunk> decode_chunk(std::string_view bytes) {
  return ChunkParser(bytes).parse();
}

}  // namespace gradwatt
