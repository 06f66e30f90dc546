#include "data/row_scaler.h"

#include "base/expects.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gradwatt {
namespace {

constexpr std::uint32_t kOne = 256;

/// Sixteen bytes. GCC and clang turn arithmetic on such types into the vector code of the machine,
/// which is several times as fast as one channel after the other.
using Words = std::uint16_t __attribute__((vector_size(16)));
using Halves = std::uint64_t __attribute__((vector_size(16)));

template <typename To>
To loaded(const void* from) {
  To value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// In the low word pair of each half: the sum of its two pixels.
Words neighbours_added(Words words) {
  return words + std::bit_cast<Words>(std::bit_cast<Halves>(words) >> 32U);
}

void mix_rows(std::span<const std::uint8_t> upper,
              const std::uint8_t* lower,
              std::uint32_t weight,
              std::uint8_t* out) {
  const auto down = static_cast<std::uint16_t>(weight);
  const auto up = static_cast<std::uint16_t>(kOne - weight);
  const std::uint8_t* above = upper.data();
  for (std::size_t i = 0; i < upper.size(); ++i) {
    out[i] = static_cast<std::uint8_t>((above[i] * up + lower[i] * down + 128) >> 8);
  }
}

}  // namespace

std::vector<RowScaler::Position> RowScaler::positions(std::int64_t source, std::int64_t target) {
  std::vector<Position> all(static_cast<std::size_t>(target));
  for (std::int64_t i = 0; i < target; ++i) {
    const std::int64_t centre = (2 * i + 1) * source * (kOne / 2) / target - kOne / 2;
    const std::int64_t inside = std::clamp<std::int64_t>(centre, 0, (source - 1) * kOne);
    all[static_cast<std::size_t>(i)] = {.at = static_cast<std::uint32_t>(inside / kOne),
                                        .weight = static_cast<std::uint32_t>(inside % kOne)};
  }
  return all;
}

std::vector<RowScaler::ColumnPair> RowScaler::paired(const std::vector<Position>& columns) {
  std::vector<ColumnPair> pairs((columns.size() + 1) / 2);
  for (std::size_t i = 0; i < pairs.size() * 2; ++i) {
    const Position column = columns[std::min(i, columns.size() - 1)];
    ColumnPair& pair = pairs[i / 2];
    (i % 2 == 0 ? pair.first : pair.second) = column.at * 4;
    auto* weights = pair.weights.data() + i % 2 * 4;
    std::fill_n(weights, 2, static_cast<std::uint16_t>(kOne - column.weight));
    std::fill_n(weights + 2, 2, static_cast<std::uint16_t>(column.weight));
  }
  return pairs;
}

/// In whole blocks, so that nothing of the box is left over.
ImageBox RowScaler::middle_of(ImageShape source, ImageShape target) {
  std::int64_t width = source.width;
  std::int64_t height = source.height;
  if (width * target.height > height * target.width) {
    width = std::max<std::int64_t>(1, height * target.width / target.height);
  } else {
    height = std::max<std::int64_t>(1, width * target.height / target.width);
  }
  const std::int64_t block =
      std::max<std::int64_t>(1, std::min(width / target.width, height / target.height));
  width -= width % block;
  height -= height % block;
  return {.top = (source.height - height) / 2,
          .left = (source.width - width) / 2,
          .height = height,
          .width = width};
}

void RowScaler::plan(ImageBox box) {
  block_ =
      std::max<std::int64_t>(1, std::min(box.width / target_.width, box.height / target_.height));
  width_ = box.width / block_;
  height_ = box.height / block_;
  left_ = box.left + (box.width - width_ * block_) / 2;
  top_ = box.top + (box.height - height_ * block_) / 2;
  columns_ = paired(positions(width_, target_.width));
  rows_ = positions(height_, target_.height);
  for (auto& line : lines_) {
    line.assign(columns_.size() * 6 + 1, 0);
  }
  sums_.assign(static_cast<std::size_t>(width_ * 4), 0);
  averaged_.assign(static_cast<std::size_t>((width_ + 1) * 4), 0);
}

void RowScaler::begin(ImageShape source, ImageShape target, std::span<std::uint8_t> out) {
  expects(source.height > 0 && source.width > 0, "an image of at least one pixel");
  expects(target.height > 0 && target.width > 0 && target.channels == 3, "a target of RGB pixels");
  begin(source, middle_of(source, target), target, out);
}

void RowScaler::begin(ImageShape source,
                      ImageBox box,
                      ImageShape target,
                      std::span<std::uint8_t> out) {
  expects(box.height > 0 && box.width > 0 && box.top >= 0 && box.left >= 0 &&
              box.top + box.height <= source.height && box.left + box.width <= source.width,
          "a box inside the image");
  expects(target.height > 0 && target.width > 0 && target.channels == 3, "a target of RGB pixels");
  expects(out.size() == static_cast<std::size_t>(target.size()), "room for the target's pixels");
  if (source != source_ || box != box_ || target != target_) {
    source_ = source;
    box_ = box;
    target_ = target;
    plan(box);
  }
  out_ = out;
  seen_ = 0;
  in_block_ = 0;
  written_ = 0;
  std::fill(sums_.begin(), sums_.end(), 0U);
}

void RowScaler::add(const std::uint8_t* row) {
  const std::uint8_t* used = row + left_ * 4;
  if (block_ == 1) {
    take(used);
  } else {
    average(used);
  }
}

void RowScaler::average(const std::uint8_t* row) {
  for (std::size_t column = 0; column < sums_.size(); column += 4) {
    for (std::int64_t i = 0; i < block_; ++i, row += 4) {
      for (std::size_t channel = 0; channel < 4; ++channel) {
        sums_[column + channel] += row[channel];
      }
    }
  }
  if (++in_block_ < block_) {
    return;
  }
  const auto pixels = static_cast<std::uint32_t>(block_ * block_);
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    averaged_[i] = static_cast<std::uint8_t>((sums_[i] + pixels / 2) / pixels);
    sums_[i] = 0;
  }
  in_block_ = 0;
  take(averaged_.data());
}

void RowScaler::take(const std::uint8_t* row) {
  const std::int64_t index = seen_++;
  if (written_ == target_.height || index < rows_[static_cast<std::size_t>(written_)].at) {
    return;
  }
  squeeze(row, lines_[index % 2].data());
  while (written_ < target_.height) {
    const Position place = rows_[static_cast<std::size_t>(written_)];
    if (place.at + (place.weight > 0 ? 1 : 0) > index) {
      return;
    }
    emit();
  }
}

void RowScaler::squeeze(const std::uint8_t* row, std::uint8_t* line) const {
  for (const ColumnPair& pair : columns_) {
    // Each half is a pixel and its right neighbour; each word of it two channels.
    const auto pixels = std::bit_cast<Words>(
        Halves{loaded<std::uint64_t>(row + pair.first), loaded<std::uint64_t>(row + pair.second)});
    const auto weights = loaded<Words>(pair.weights.data());
    const Words even = neighbours_added((pixels & 0xff) * weights) + 128;
    const Words odd = neighbours_added((pixels >> 8) * weights) + 128;
    const auto mixed = std::bit_cast<Halves>((even >> 8) | (odd & 0xff00));
    // The fourth byte of a pixel is written over by the next one.
    const auto first = static_cast<std::uint32_t>(mixed[0]);
    const auto second = static_cast<std::uint32_t>(mixed[1]);
    std::memcpy(line, &first, sizeof first);
    std::memcpy(line + 3, &second, sizeof second);
    line += 6;
  }
}

void RowScaler::emit() {
  const Position place = rows_[static_cast<std::size_t>(written_)];
  const auto bytes = static_cast<std::size_t>(target_.width * 3);
  std::uint8_t* out = out_.data() + static_cast<std::size_t>(written_) * bytes;
  const std::span<const std::uint8_t> upper = std::span(lines_[place.at % 2]).first(bytes);
  if (place.weight == 0) {
    std::memcpy(out, upper.data(), bytes);
  } else {
    mix_rows(upper, lines_[(place.at + 1) % 2].data(), place.weight, out);
  }
  ++written_;
}

}  // namespace gradwatt
