#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gradwatt {

// Values as bytes and back. Both classes have the same members, so that one function template says
// for both directions what a structure consists of:
//
//   template <typename Archive>
//   void visit_factor(Archive& archive, auto& factor) {
//     archive.text(factor.name);
//     archive.text(factor.value);
//   }
//
// Whole numbers are zigzag varints, texts and lists have their length in front, real numbers are
// their bits. It is for caches of this program on this machine: nothing says what a value is.

/// Appends values to `bytes`.
class ArchiveWriter {
 public:
  template <std::integral Number>
  void number(const Number& number) {
    const auto wide = static_cast<std::uint64_t>(static_cast<std::int64_t>(number));
    varint((wide << 1U) ^ (0 - (wide >> 63U)));
  }

  template <typename Enumeration>
  void choice(const Enumeration& value) {
    number(static_cast<int>(value));
  }

  void real(const double& value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes_.append(raw, sizeof value);
  }

  void text(const std::string& text) {
    varint(text.size());
    bytes_ += text;
  }

  template <typename Value, typename Visit>
  void optional(const std::optional<Value>& value, Visit visit) {
    bytes_.push_back(value ? '\1' : '\0');
    if (value) {
      visit(*value);
    }
  }

  template <typename Value, typename Visit>
  void list(const std::vector<Value>& values, Visit visit) {
    varint(values.size());
    for (const Value& value : values) {
      visit(value);
    }
  }

  template <typename Key, typename Value, typename Visit>
  void table(const std::map<Key, Value>& values, Visit visit) {
    varint(values.size());
    for (const auto& [key, value] : values) {
      visit(key, value);
    }
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) {
      bytes_.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
    }
    bytes_.push_back(static_cast<char>(value));
  }

  std::string bytes_;
};

/// Takes values from the front of `bytes`. Bytes that make no sense end it: is_good() says so, and
/// what was read is worth nothing.
class ArchiveReader {
 public:
  explicit ArchiveReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral Number>
  void number(Number& number) {
    const std::uint64_t wide = varint();
    number = static_cast<Number>(static_cast<std::int64_t>((wide >> 1U) ^ (0 - (wide & 1U))));
  }

  template <typename Enumeration>
  void choice(Enumeration& value) {
    int code = 0;
    number(code);
    value = static_cast<Enumeration>(code);
  }

  void real(double& value) {
    const std::string_view raw = take(sizeof value);
    if (!raw.empty()) {
      std::memcpy(&value, raw.data(), sizeof value);
    }
  }

  void text(std::string& text) { text = take(varint()); }

  template <typename Value, typename Visit>
  void optional(std::optional<Value>& value, Visit visit) {
    value.reset();
    if (const std::string_view has = take(1); !has.empty() && has.front() != '\0') {
      visit(value.emplace());
    }
  }

  template <typename Value, typename Visit>
  void list(std::vector<Value>& values, Visit visit) {
    const std::size_t count = size();
    values.clear();
    values.reserve(count);
    for (std::size_t i = 0; i < count && good_; ++i) {
      visit(values.emplace_back());
    }
  }

  template <typename Key, typename Value, typename Visit>
  void table(std::map<Key, Value>& values, Visit visit) {
    values.clear();
    for (std::size_t left = size(); left > 0 && good_; --left) {
      Key key{};
      Value value{};
      visit(key, value);
      values.emplace_hint(values.end(), std::move(key), std::move(value));
    }
  }

  /// All bytes were used, and made sense.
  [[nodiscard]] bool is_good() const { return good_ && bytes_.empty(); }

 private:
  std::uint64_t varint() {
    constexpr std::size_t kBytesMax = 10;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes_.size() && i < kBytesMax; ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[i]);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << (7U * i);
      if (byte < 0x80U) {
        bytes_.remove_prefix(i + 1);
        return value;
      }
    }
    good_ = false;
    return 0;
  }

  /// A number of things that follow; each takes a byte at least, so none can be made up.
  std::size_t size() {
    const std::uint64_t count = varint();
    good_ = good_ && count <= bytes_.size();
    return good_ ? count : 0;
  }

  std::string_view take(std::uint64_t count) {
    good_ = good_ && count <= bytes_.size();
    if (!good_) {
      return {};
    }
    const std::string_view front = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return front;
  }

  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace gradwatt
