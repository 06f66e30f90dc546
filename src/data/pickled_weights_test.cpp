#include "data/pickled_weights.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The Python value {"t": a tensor of bytes}, built by hand.
class OneTensor {
 public:
  using Counts = std::vector<std::int64_t>;

  OneTensor(std::int64_t offset, const Counts& shape, const Counts& strides) {
    PickleNode& byte_storage = *add(PickleKind::global, {});
    byte_storage.text = "torch.ByteStorage";
    const PickleNode* pid = add(PickleKind::sequence,
                                {text("storage"), &byte_storage, text("0"), text("cpu"), count(5)});
    const PickleNode* arguments =
        add(PickleKind::sequence,
            {add(PickleKind::persistent, {pid}), count(offset), counts(shape), counts(strides)});
    PickleNode& call = *add(PickleKind::call, {arguments});
    call.text = "torch._utils._rebuild_tensor_v2";
    pickle_.root = add(PickleKind::dict, {text("t"), &call});
  }

  [[nodiscard]] TensorFile weights() const {
    static const std::vector<std::uint8_t> kNumbers{0, 1, 2, 3, 4};
    TensorFile out;
    const auto find = [](const PickledStorage&) { return std::span(kNumbers); };
    add_weights(*pickle_.root, find, 5, "x.pth", out);
    return out;
  }
  [[nodiscard]] std::string failure() const {
    try {
      (void)weights();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  PickleNode* add(PickleKind kind, std::vector<const PickleNode*> items) {
    PickleNode& node = pickle_.nodes.emplace_back();
    node.kind = kind;
    node.items = std::move(items);
    return &node;
  }
  const PickleNode* text(const std::string& value) {
    PickleNode* const node = add(PickleKind::text, {});
    node->text = value;
    return node;
  }
  const PickleNode* count(std::int64_t value) {
    PickleNode* const node = add(PickleKind::integer, {});
    node->integer = value;
    return node;
  }
  const PickleNode* counts(const Counts& values) {
    PickleNode* const node = add(PickleKind::sequence, {});
    for (const std::int64_t value : values) {
      node->items.push_back(count(value));
    }
    return node;
  }

  Pickle pickle_;
};

constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

TEST(PickledWeights, CopyAWindowIntoRowMajorOrder) {
  const TensorFile file = OneTensor(1, {2, 2}, {1, 2}).weights();
  EXPECT_THAT(file.tensors().at("t").bytes, ElementsAre(1, 3, 2, 4));
}

TEST(PickledWeights, KeepContiguousWindowsWhereTheyAre) {
  EXPECT_THAT(OneTensor(0, {5}, {1}).weights().tensors().at("t").bytes, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(OneTensor(3, {}, {}).weights().tensors().at("t").bytes, ElementsAre(3));
  EXPECT_THAT(OneTensor(3, {1, 2, 1}, {kHuge, 1, kHuge}).weights().tensors().at("t").bytes,
              ElementsAre(3, 4));
}

TEST(PickledWeights, ADimensionOfOneElementHasAnyStride) {
  EXPECT_THAT(OneTensor(0, {2, 1, 2}, {1, kHuge, 3}).weights().tensors().at("t").bytes,
              ElementsAre(0, 3, 1, 4));
}

TEST(PickledWeights, AnEmptyTensorNeedsNoNumbers) {
  EXPECT_EQ(OneTensor(kHuge, {3, 0}, {kHuge, 1}).failure(), "no error");
}

TEST(PickledWeights, RefuseToReachBeyondTheStorage) {
  for (const OneTensor& tensor : {OneTensor(5, {}, {}),
                                  OneTensor(1, {5}, {1}),
                                  OneTensor(0, {3}, {3}),
                                  OneTensor(kHuge, {}, {}),
                                  OneTensor(0, {2}, {kHuge}),
                                  OneTensor(1, {2}, {kHuge}),
                                  OneTensor(0, {kHuge, 2}, {0, 1}),
                                  OneTensor(0, {3, 2}, {kHuge, 1})}) {
    EXPECT_THAT(tensor.failure(), HasSubstr("x.pth: tensor 't': reaches beyond the 5 numbers"));
  }
  EXPECT_THAT(OneTensor(-1, {1}, {1}).failure(), HasSubstr("do not fit"));
  EXPECT_THAT(OneTensor(0, {-1}, {1}).failure(), HasSubstr("do not fit"));
  EXPECT_THAT(OneTensor(0, {1}, {-1}).failure(), HasSubstr("do not fit"));
  EXPECT_THAT(OneTensor(0, {1, 1}, {1}).failure(), HasSubstr("do not fit"));
  EXPECT_THAT(
      OneTensor(0, std::vector<std::int64_t>(65, 1), std::vector<std::int64_t>(65, 1)).failure(),
      HasSubstr("do not fit"));
}

TEST(PickledWeights, RefuseToExpandAFewNumbersToAllMemory) {
  EXPECT_THAT(OneTensor(0, {1 << 30, 1 << 10}, {0, 0}).failure(), HasSubstr("far more memory"));
}

}  // namespace
}  // namespace gradwatt
