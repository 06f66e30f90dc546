#include "data/row_scaler.h"

#include "base/expects.h"

#include <algorithm>
#include <cstring>

namespace gradwatt {
namespace {

constexpr std::uint32_t kOne = 256;

}  // namespace

std::vector<Between> RowScaler::places(std::int64_t source, std::int64_t target) {
  std::vector<Between> all(static_cast<std::size_t>(target));
  for (std::int64_t i = 0; i < target; ++i) {
    const std::int64_t centre = (2 * i + 1) * source * (kOne / 2) / target - kOne / 2;
    const std::int64_t inside = std::clamp<std::int64_t>(centre, 0, (source - 1) * kOne);
    all[static_cast<std::size_t>(i)] = {.at = static_cast<std::uint32_t>(inside / kOne),
                                        .weight = static_cast<std::uint32_t>(inside % kOne)};
  }
  return all;
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
  columns_ = ColumnMixer(places(width_, target_.width), width_);
  rows_ = places(height_, target_.height);
  for (auto& line : lines_) {
    line.assign(columns_.line_bytes(), 0);
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
  columns_.mix(row, lines_[index % 2].data());
  while (written_ < target_.height) {
    const Between place = rows_[static_cast<std::size_t>(written_)];
    if (place.at + (place.weight > 0 ? 1 : 0) > index) {
      return;
    }
    emit();
  }
}

void RowScaler::emit() {
  const Between place = rows_[static_cast<std::size_t>(written_)];
  const auto bytes = static_cast<std::size_t>(target_.width * 3);
  const auto out = out_.subspan(static_cast<std::size_t>(written_) * bytes, bytes);
  const std::uint8_t* upper = lines_[place.at % 2].data();
  if (place.weight == 0) {
    std::memcpy(out.data(), upper, bytes);
  } else {
    mix_rows(upper, lines_[(place.at + 1) % 2].data(), place.weight, out);
  }
  ++written_;
}

}  // namespace gradwatt
