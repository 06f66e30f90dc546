#include "data/pamap2_cache.h"

#include "base/error.h"
#include "base/file.h"
#include "data/crc32.h"
#include "data/random_order.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <limits>
#include <string_view>

namespace gradwatt {
namespace {

constexpr std::string_view kCacheMagic = "gradwatt windows 1\n";

template <typename Number>
void put_number(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

template <typename Item>
void put_items(std::string& bytes, const Item& items) {
  put_number<std::uint64_t>(bytes, items.size());
  bytes.append(reinterpret_cast<const char*>(items.data()),
               items.size() * sizeof(typename Item::value_type));
}

void put_texts(std::string& bytes, const std::vector<std::string>& texts) {
  put_number<std::uint64_t>(bytes, texts.size());
  for (const std::string& text : texts) {
    put_items(bytes, text);
  }
}

void put_windows(std::string& bytes, const SensorWindows& windows) {
  put_number(bytes, windows.channels);
  put_number(bytes, windows.length);
  put_items(bytes, windows.values);
  put_items(bytes, windows.labels);
}

/// Takes from the front of some bytes; `is_whole` turns false when they end too early.
struct CacheBytes {
  std::string_view left;
  bool is_whole = true;

  template <typename Number>
  Number take_number() {
    Number number{};
    if (left.size() < sizeof(number)) {
      is_whole = false;
      return number;
    }
    std::memcpy(&number, left.data(), sizeof(number));
    left.remove_prefix(sizeof(number));
    return number;
  }

  template <typename Items>
  Items take_items() {
    const auto count = take_number<std::uint64_t>();
    constexpr std::size_t kSize = sizeof(typename Items::value_type);
    if (!is_whole || count > left.size() / kSize) {
      is_whole = false;
      return {};
    }
    Items items;
    items.resize(count);
    if (count > 0) {
      std::memcpy(items.data(), left.data(), count * kSize);
    }
    left.remove_prefix(count * kSize);
    return items;
  }

  std::vector<std::string> take_texts() {
    const auto count = take_number<std::uint64_t>();
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; is_whole && i < count; ++i) {
      texts.push_back(take_items<std::string>());
    }
    return texts;
  }

  SensorWindows take_windows() {
    SensorWindows windows;
    windows.channels = take_number<std::int64_t>();
    windows.length = take_number<std::int64_t>();
    windows.values = take_items<std::vector<float>>();
    windows.labels = take_items<std::vector<std::uint8_t>>();
    return windows;
  }
};

}  // namespace

std::string pamap2_key(const Pamap2Options& options, const std::vector<Pamap2Source>& sources) {
  std::string key = fmt::format("activities {} keep {} window {} step {} test_step {} label {}",
                                fmt::join(options.activities, ","),
                                options.keep_every,
                                options.window,
                                options.step,
                                options.test_step,
                                static_cast<int>(options.label));
  for (const Pamap2Channel& channel : pamap2_channels(options)) {
    key += " " + channel.name;
  }
  key += fmt::format(" split {} validation {} test {} share {} gap {} seed {}",
                     static_cast<int>(options.split),
                     fmt::join(options.validation_subjects, ","),
                     fmt::join(options.test_subjects, ","),
                     options.validation_share,
                     options.gap_max_s,
                     options.seed);
  for (const Pamap2Source& source : sources) {
    std::error_code unknown;
    key += fmt::format(
        "\n{} {} {}",
        std::filesystem::absolute(source.file).string(),
        std::filesystem::file_size(source.file, unknown),
        std::filesystem::last_write_time(source.file, unknown).time_since_epoch().count());
  }
  return key;
}

std::filesystem::path window_cache_file(const std::filesystem::path& cache,
                                        const std::string& key) {
  std::uint64_t hash = 0;
  for (const char c : key) {
    hash = SplitMix64(hash ^ static_cast<unsigned char>(c)).next();
  }
  return cache / fmt::format("pamap2-{:016x}.windows", hash);
}

std::optional<WindowData> read_window_cache(const std::filesystem::path& file,
                                            const std::string& key) {
  const std::optional<std::string> text = read_text(file);
  if (!text || !text->starts_with(kCacheMagic) ||
      text->size() < kCacheMagic.size() + sizeof(std::uint32_t)) {
    return std::nullopt;
  }
  const std::string_view whole(*text);
  const std::size_t body = whole.size() - sizeof(std::uint32_t);
  CacheBytes stored_crc{whole.substr(body)};
  if (stored_crc.take_number<std::uint32_t>() != crc32_of(whole.substr(0, body))) {
    return std::nullopt;
  }
  CacheBytes bytes{whole.substr(kCacheMagic.size(), body - kCacheMagic.size())};
  if (bytes.take_items<std::string>() != key) {
    return std::nullopt;
  }
  WindowData data;
  data.train = bytes.take_windows();
  data.validation = bytes.take_windows();
  data.test = bytes.take_windows();
  data.class_names = bytes.take_texts();
  data.channel_names = bytes.take_texts();
  data.mean = bytes.take_items<std::vector<float>>();
  data.deviation = bytes.take_items<std::vector<float>>();
  data.notes = bytes.take_texts();
  return bytes.is_whole && bytes.left.empty() ? std::optional(std::move(data)) : std::nullopt;
}

void write_window_cache(const std::filesystem::path& file,
                        const std::string& key,
                        const WindowData& data) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    throw system_error("cannot make the folder",
                       file.parent_path().string(),
                       error.value(),
                       "choose another folder to keep windows in");
  }
  std::string bytes(kCacheMagic);
  put_items(bytes, key);
  put_windows(bytes, data.train);
  put_windows(bytes, data.validation);
  put_windows(bytes, data.test);
  put_texts(bytes, data.class_names);
  put_texts(bytes, data.channel_names);
  put_items(bytes, data.mean);
  put_items(bytes, data.deviation);
  put_texts(bytes, data.notes);
  put_number(bytes, crc32_of(bytes));
  write_text_atomically(file, bytes, WaitForDisk::no);
}

}  // namespace gradwatt
