#include "data/npy_file.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/byte_reader.h"
#include "data/mapped_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cstring>
#include <numeric>

namespace gradwatt {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr std::size_t kNpyAlignment = 64;
constexpr const char* kSaveAgain = "save it with numpy.save as float32 or float64, in C order";

/// What stands behind 'key': in the header's dictionary, up to its end.
std::string_view npy_entry(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}'", key));
  if (at == std::string_view::npos) {
    return {};
  }
  std::string_view rest = header.substr(at + key.size() + 2);
  const std::size_t begin = rest.find_first_not_of(" :");
  return begin == std::string_view::npos ? std::string_view() : rest.substr(begin);
}

/// "(1, 21, 1, 1)", "(3,)" or "()"; false for anything else.
bool parse_npy_shape(std::string_view text, std::vector<std::int64_t>& shape) {
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) {
    return false;
  }
  const char* at = text.data() + 1;
  const char* const last = text.data() + end;
  while (at < last) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    std::int64_t size = 0;
    const auto [next, error] = std::from_chars(at, last, size);
    if (error != std::errc{} || size < 0) {
      return false;
    }
    shape.push_back(size);
    at = next;
  }
  return true;
}

std::string_view npy_header(ByteReader& reader) {
  const bool is_npy =
      reader.left() > kNpyMagic.size() + 4 && reader.text(kNpyMagic.size()) == kNpyMagic;
  const int version = is_npy ? reader.u8() : 0;
  if (version < 1 || version > 3) {
    return {};
  }
  (void)reader.u8();
  return reader.text(version == 1 ? reader.u16() : reader.u32());
}

template <typename Stored>
void append_numbers(std::span<const std::uint8_t> bytes, std::vector<float>& values) {
  values.resize(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored = 0;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<float>(stored);
  }
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  ByteReader reader(mapped.bytes(), file.string());
  const std::string_view header = npy_header(reader);
  if (header.empty()) {
    throw Error("is no .npy file", file.string(), kSaveAgain);
  }
  const std::string_view type = npy_entry(header, "descr");
  const bool is_double = type.starts_with("'<f8'");
  NpyArray array;
  if ((!is_double && !type.starts_with("'<f4'")) ||
      !npy_entry(header, "fortran_order").starts_with("False") ||
      !parse_npy_shape(npy_entry(header, "shape"), array.shape)) {
    throw Error(
        fmt::format("has a header that cannot be used: {}", header), file.string(), kSaveAgain);
  }
  std::uint64_t count = 1;
  for (const std::int64_t size : array.shape) {
    if (size > 0 && count > reader.left() / static_cast<std::uint64_t>(size)) {
      count = reader.left() + 1;  // more than there are
      break;
    }
    count *= static_cast<std::uint64_t>(size);
  }
  const auto bytes = reader.take(count * (is_double ? sizeof(double) : sizeof(float)));
  if (is_double) {
    append_numbers<double>(bytes, array.values);
  } else {
    append_numbers<float>(bytes, array.values);
  }
  return array;
}

std::string npy_bytes(const NpyArray& array) {
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}{}), }}",
                                   fmt::join(array.shape, ", "),
                                   array.shape.size() == 1 ? "," : "");
  const std::size_t before = kNpyMagic.size() + 4;
  const std::size_t size =
      (before + header.size() + 1 + kNpyAlignment - 1) / kNpyAlignment * kNpyAlignment;
  header.resize(size - before - 1, ' ');
  header += '\n';
  expects(header.size() < 65536, "a short header");
  std::string bytes(kNpyMagic);
  bytes += {'\x01', '\x00'};
  bytes += static_cast<char>(header.size() & 0xFFU);
  bytes += static_cast<char>(header.size() >> 8U);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(array.values.data()),
               array.values.size() * sizeof(float));
  return bytes;
}

}  // namespace gradwatt
