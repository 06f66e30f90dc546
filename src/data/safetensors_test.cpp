#include "base/error.h"
#include "data/file_in_memory_test.h"
#include "data/tensor_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sys/resource.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kGoodHeader = R"({"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}})";
constexpr std::uint64_t kOwnLength = ~std::uint64_t{0};

/// The bytes of a file with this header and as many data.
std::string safetensors_bytes(const std::string& header,
                              std::size_t data,
                              std::uint64_t length = kOwnLength) {
  std::string bytes(8, '\0');
  length = length == kOwnLength ? header.size() : length;
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data, '\1');
}

std::string one_tensor(const std::string& info) { return "{\"test\":{" + info + "}}"; }

class SafetensorsTest : public testing::Test {
 protected:
  SafetensorsTest() {
    std::string pattern = testing::TempDir() + "gradwatt-safetensors-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SafetensorsTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path file_of(const std::string& bytes) const {
    std::ofstream(folder_ / "model", std::ios::binary) << bytes;
    return folder_ / "model";
  }
  [[nodiscard]] TensorFile loaded(const std::string& bytes) const {
    return read_safetensors(file_of(bytes));
  }
  [[nodiscard]] std::string failure(const std::string& bytes) const {
    return failure_of_file(file_of(bytes));
  }
  static std::string failure_of_file(const std::filesystem::path& file) {
    try {
      (void)read_safetensors(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  [[nodiscard]] std::string failure_of_header(const std::string& header,
                                              std::size_t data = 16) const {
    return failure(safetensors_bytes(header, data));
  }
  [[nodiscard]] std::string written() const {
    std::ifstream in(folder_ / "model", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

TEST(TensorTypes, KnowTheirBytesAndNames) {
  EXPECT_EQ(bytes_of(TensorType::bf16), 2U);
  EXPECT_EQ(name_of(TensorType::boolean), "BOOL");
  for (int i = 0; i <= static_cast<int>(TensorType::boolean); ++i) {
    const auto type = static_cast<TensorType>(i);
    EXPECT_EQ(tensor_type_named(name_of(type)), type);
  }
  EXPECT_EQ(tensor_type_named("F8_E4M3"), std::nullopt);
}

TEST(TensorTypes, CountTheBytesOfAShapeOrSayThatTheyCannot) {
  const auto f32 = [](std::vector<std::int64_t> shape) { return bytes_of(TensorType::f32, shape); };
  EXPECT_EQ(f32({2, 3}), 24U);
  EXPECT_EQ(f32({2, 0}), 0U);
  EXPECT_EQ(f32({}), 4U);
  EXPECT_EQ(f32({-1}), std::nullopt);
  EXPECT_EQ(f32({std::int64_t{1} << 62}), std::nullopt);
  EXPECT_EQ(f32({std::int64_t{1} << 40, std::int64_t{1} << 40}), std::nullopt);
}

TEST_F(SafetensorsTest, ReadsATensor) {
  const TensorFile file = loaded(safetensors_bytes(kGoodHeader, 16));
  ASSERT_EQ(file.tensors().size(), 1U);
  const TensorView& tensor = file.tensors().at("test");
  EXPECT_EQ(tensor.type, TensorType::i32);
  EXPECT_THAT(tensor.shape, ElementsAre(2, 2));
  EXPECT_EQ(tensor.bytes.size(), 16U);
  EXPECT_THAT(file.metadata(), IsEmpty());
}

TEST_F(SafetensorsTest, ReadsScalarsEmptyTensorsAndEmptyFiles) {
  const auto scalar =
      loaded(safetensors_bytes(one_tensor(R"("dtype":"I32","shape":[],"data_offsets":[0,4])"), 4));
  EXPECT_THAT(scalar.tensors().at("test").shape, IsEmpty());
  const auto empty = loaded(
      safetensors_bytes(one_tensor(R"("dtype":"I32","shape":[2,0],"data_offsets":[0, 0])"), 0));
  EXPECT_THAT(empty.tensors().at("test").shape, ElementsAre(2, 0));
  EXPECT_THAT(empty.tensors().at("test").bytes, IsEmpty());
  EXPECT_THAT(loaded(safetensors_bytes("{}\r \t\n", 0)).tensors(), IsEmpty());
  EXPECT_THAT(loaded(safetensors_bytes(R"({"__metadata__":null})", 0)).metadata(), IsEmpty());
}

TEST_F(SafetensorsTest, ReadsInAnyOrderOfTheHeaderAndIgnoresFieldsItDoesNotKnow) {
  const auto file = loaded(
      safetensors_bytes(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3],"note":[{}]},)"
                        R"("none":{"dtype":"F64","shape":[0],"data_offsets":[2,2]},)"
                        R"("a":{"data_offsets":[0,2],"shape":[1],"dtype":"F16"}})",
                        3));
  EXPECT_EQ(file.tensors().at("b").bytes.data(), file.tensors().at("a").bytes.data() + 2);
}

TEST_F(SafetensorsTest, GivesAlignedBytesEvenIfTheFileIsNot) {
  for (std::size_t spaces = 0; spaces < 8; ++spaces) {
    std::string bytes = safetensors_bytes(kGoodHeader + std::string(spaces, ' '), 16);
    bytes.back() = '\x42';
    const TensorFile file = loaded(bytes);
    const TensorView& tensor = file.tensors().at("test");
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % 4, 0U);
    EXPECT_EQ(tensor.bytes.front(), 1);
    EXPECT_EQ(tensor.bytes.back(), 0x42);
  }
}

TEST_F(SafetensorsTest, RefusesAHeaderThatCannotBe) {
  EXPECT_THAT(failure(""), HasSubstr("model: is 0 bytes long, shorter than a header"));
  EXPECT_THAT(failure(std::string("<\0\0\0\0\0\0", 7)), HasSubstr("is 7 bytes long"));
  EXPECT_THAT(failure(safetensors_bytes(kGoodHeader, 16, 0xffffff000000003c)),
              HasSubstr("more than 100000000"));
  EXPECT_THAT(failure(safetensors_bytes(kGoodHeader, 16, 100'000'001)),
              HasSubstr("would be 100000001 bytes"));
  EXPECT_THAT(failure(safetensors_bytes("", 0, 60)), HasSubstr("60 bytes goes beyond"));
  EXPECT_THAT(failure(safetensors_bytes(kGoodHeader, 16, 77)), HasSubstr("goes beyond"));
  EXPECT_THAT(failure_of_header("\xff", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(failure_of_header("", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(failure_of_header("\t\n{}\r ", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(failure_of_header("\xef\xbb\xbf{}", 0), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(failure_of_header("{", 0), HasSubstr("no JSON"));
  EXPECT_THAT(failure_of_header("{} x", 0), HasSubstr("no JSON"));
  EXPECT_THAT(failure_of_header(std::string("{}\0x", 4), 0), HasSubstr("zero byte"));
  EXPECT_THAT(failure_of_header("{\"\xff\":1}", 0), HasSubstr("no JSON"));
  EXPECT_THAT(failure_of_header("{\"\xc0\xaf\":1}", 0), HasSubstr("no JSON"));
  EXPECT_THAT(failure_of_header("{\"a\":" + std::string(1000, '['), 0), HasSubstr("deeper"));
}

TEST_F(SafetensorsTest, RefusesDuplicates) {
  const std::string empty = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  EXPECT_THAT(failure_of_header("{\"a\":" + empty + ",\"a\":" + empty + "}", 0),
              HasSubstr("'a' twice"));
  EXPECT_THAT(failure_of_header(R"({"__metadata__":{"k":"1","k":"2"}})", 0),
              HasSubstr("'k' twice"));
  EXPECT_THAT(failure_of_header(one_tensor(R"("dtype":"U8","dtype":"U8","shape":[0])"), 0),
              HasSubstr("'dtype' twice"));
}

TEST_F(SafetensorsTest, RefusesMetadataThatIsNoMapOfTexts) {
  EXPECT_THAT(failure_of_header(R"({"__metadata__":"pt"})", 0), HasSubstr("no map of texts"));
  EXPECT_THAT(failure_of_header(R"({"__metadata__":{"epoch":3}})", 0),
              HasSubstr("'epoch' is no text"));
}

TEST_F(SafetensorsTest, RefusesATensorThatIsNotDescribed) {
  const auto failure_of = [&](const std::string& info) {
    return failure_of_header(one_tensor(info));
  };
  EXPECT_THAT(failure_of(R"("dtype":"F99","shape":[2,2],"data_offsets":[0,16])"),
              HasSubstr("tensor 'test' is of the unknown type 'F99'"));
  EXPECT_THAT(failure_of(R"("shape":[2,2],"data_offsets":[0,16])"), HasSubstr("has no dtype"));
  EXPECT_THAT(failure_of(R"("dtype":4,"shape":[2,2],"data_offsets":[0,16])"),
              HasSubstr("has no dtype"));
  EXPECT_THAT(failure_of_header(R"({"test":[]})"), HasSubstr("has no dtype"));
  for (const char* wrong : {R"("shape":[2,2])",
                            R"("data_offsets":[0,16])",
                            R"("shape":[2,2],"data_offsets":[0])",
                            R"("shape":[2,2],"data_offsets":[0,8,16])",
                            R"("shape":4,"data_offsets":[0,16])",
                            R"("shape":[-2,-2],"data_offsets":[0,16])",
                            R"("shape":[-0,2],"data_offsets":[0,16])",
                            R"("shape":[2.0,2],"data_offsets":[0,16])",
                            R"("shape":["2",2],"data_offsets":[0,16])",
                            R"("shape":[2,2],"data_offsets":[0,18446744073709551616])"}) {
    EXPECT_THAT(failure_of(std::string(R"("dtype":"I32",)") + wrong), HasSubstr("whole numbers"));
  }
}

TEST_F(SafetensorsTest, RefusesAShapeThatItsDataDoNotFit) {
  const auto failure_of = [&](const std::string& rest, std::size_t data) {
    return failure_of_header(one_tensor(R"("dtype":"I32",)" + rest), data);
  };
  EXPECT_THAT(failure_of(R"("shape":[2,2],"data_offsets":[0, 4])", 4),
              HasSubstr("[0, 4], but its shape needs 16 bytes"));
  EXPECT_THAT(failure_of(R"("shape":[2,2],"data_offsets":[16, 0])", 16), HasSubstr("needs 16"));
  for (const char* huge : {"[2,18446744073709551614]",
                           "[2,9223372036854775807]",
                           "[4611686018427387904,4]",
                           "[9223372036854775808,0]"}) {
    EXPECT_THAT(failure_of(std::string("\"shape\":") + huge + R"(,"data_offsets":[0,16])", 16),
                HasSubstr("too large"));
  }
}

TEST_F(SafetensorsTest, RefusesOverlapHolesAndRemainders) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + first +
           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + second + "}}";
  };
  EXPECT_THAT(failure_of_header(two("[0,4]", "[4,8]"), 8), HasSubstr("no error"));
  EXPECT_THAT(failure_of_header(two("[0,4]", "[0,4]"), 4), HasSubstr("begins at 0, but"));
  EXPECT_THAT(failure_of_header(two("[0,4]", "[2,6]"), 6), HasSubstr("'b' begins at 2, but"));
  EXPECT_THAT(failure_of_header(two("[0,4]", "[5,9]"), 9), HasSubstr("'b' begins at 5, but"));
  EXPECT_THAT(failure_of_header(two("[1,5]", "[5,9]"), 9), HasSubstr("'a' begins at 1, but"));
  EXPECT_THAT(failure_of_header(kGoodHeader, 18), HasSubstr("are 16 bytes, its data 18"));
  EXPECT_THAT(failure_of_header(kGoodHeader, 14), HasSubstr("are 16 bytes, its data 14"));
}

TEST_F(SafetensorsTest, LoadsOrRefusesEveryFlippedBitAndEveryCut) {
  const std::string good = safetensors_bytes(kGoodHeader, 16);
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_NE(failure_of_file(FileInMemory(good.substr(0, i)).path()), "no error");
    for (const unsigned bit : {0U, 2U, 4U, 6U, 7U}) {
      std::string bytes = good;
      bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ (1U << bit));
      (void)failure_of_file(FileInMemory(bytes).path());
    }
  }
}

TEST_F(SafetensorsTest, WritesTheBytesOfTheReferenceImplementation) {
  std::array<float, 6> values{0, 1, 2, 3, 4, 5};
  const auto bytes = std::bit_cast<std::array<std::uint8_t, 24>>(values);
  const auto data = std::string(bytes.begin(), bytes.end());
  const std::vector<TensorToWrite> whole{{"attn.0", TensorType::f32, {1, 2, 3}, bytes}};
  write_safetensors(folder_ / "model", whole, {});
  EXPECT_EQ(written(),
            std::string("\x40\0\0\0\0\0\0\0", 8) +
                R"({"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}})" + data);
  const std::vector<TensorToWrite> padded{{"attn0", TensorType::f32, {1, 1, 2, 3}, bytes}};
  write_safetensors(folder_ / "model", padded, {});
  EXPECT_EQ(written(),
            std::string("\x48\0\0\0\0\0\0\0", 8) +
                R"({"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       )" +
                data);
  write_safetensors(folder_ / "model", {}, {});
  EXPECT_EQ(written(), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  write_safetensors(folder_ / "model", {}, {{"framework", "pt"}});
  EXPECT_EQ(written(),
            std::string("\x28\0\0\0\0\0\0\0", 8) + R"({"__metadata__":{"framework":"pt"}}     )");
}

TEST_F(SafetensorsTest, PadsTheHeaderSoThatDataAreAligned) {
  const std::vector<std::uint8_t> bytes(4, 9);
  const std::vector<TensorToWrite> tensors{{"a", TensorType::f32, {1}, bytes}};
  write_safetensors(folder_ / "model", tensors, {});
  const std::string text = written();
  EXPECT_EQ(text.size(), 8U + 54U + 2U + 4U);
  EXPECT_EQ(text.substr(8 + 54), "  \t\t\t\t");
}

TEST_F(SafetensorsTest, ReadsWhatItWrote) {
  const std::vector<std::uint8_t> bytes(8, 7);
  const auto view = std::span<const std::uint8_t>(bytes);
  const std::vector<TensorToWrite> tensors{{"bool", TensorType::boolean, {3}, view.first(3)},
                                           {"half", TensorType::f16, {1, 3}, view.first(6)},
                                           {"a \"name\"\n\xc3\xa9", TensorType::i64, {}, view},
                                           {"none", TensorType::f64, {0, 5}, {}},
                                           {"b", TensorType::i8, {1}, view.first(1)}};
  write_safetensors(folder_ / "model", tensors, {{"epoch", "3"}});
  const TensorFile file = read_weights(folder_ / "model");
  EXPECT_EQ(file.metadata().at("epoch"), "3");
  ASSERT_EQ(file.tensors().size(), tensors.size());
  for (const TensorToWrite& tensor : tensors) {
    const TensorView& read = file.tensors().at(tensor.name);
    EXPECT_EQ(read.type, tensor.type);
    EXPECT_EQ(read.shape, tensor.shape);
    EXPECT_TRUE(
        std::equal(read.bytes.begin(), read.bytes.end(), tensor.bytes.begin(), tensor.bytes.end()));
  }
  EXPECT_EQ(files(), 1U);
}

TEST_F(SafetensorsTest, ReadBytesMayBeChangedAndTheFileStays) {
  const std::string before = safetensors_bytes(kGoodHeader, 16);
  const TensorFile file = loaded(before);
  const auto bytes = file.tensors().at("test").bytes;
  const_cast<std::uint8_t*>(bytes.data())[0] = 99;
  EXPECT_EQ(bytes[0], 99);
  EXPECT_EQ(written(), before);
}

TEST_F(SafetensorsTest, WhatWasReadSurvivesItsFile) {
  TensorFile copy;
  {
    const TensorFile file = loaded(safetensors_bytes(kGoodHeader, 16));
    copy = file;
  }
  write_safetensors(folder_ / "model", {}, {});
  EXPECT_EQ(copy.tensors().at("test").bytes[15], 1);
}

TEST_F(SafetensorsTest, AFullDiskLeavesTheOldFileAndNoPart) {
  const std::string before = safetensors_bytes(kGoodHeader, 16);
  (void)file_of(before);
  const std::vector<std::uint8_t> bytes(1 << 20);
  const std::vector<TensorToWrite> tensors{{"a", TensorType::u8, {1 << 20}, bytes}};
  // A limit on the size of files stands in for the full disk.
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit tight{4096, old.rlim_max};
  auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  EXPECT_THROW(write_safetensors(folder_ / "model", tensors, {}), Error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  ::signal(SIGXFSZ, handler);
  EXPECT_EQ(written(), before);
  EXPECT_EQ(files(), 1U);
}

TEST_F(SafetensorsTest, WriterRefusesNamesThatCannotBeRead) {
  const auto failure_of = [&](const std::vector<TensorToWrite>& tensors) {
    try {
      write_safetensors(folder_ / "model", tensors, {});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const TensorToWrite none{"a", TensorType::f32, {0}, {}};
  EXPECT_THAT(failure_of({none, none}), HasSubstr("'a' twice"));
  EXPECT_THAT(failure_of({{"__metadata__", TensorType::f32, {0}, {}}}), HasSubstr("reserved"));
  EXPECT_THAT(failure_of({{"\xff", TensorType::f32, {0}, {}}}), HasSubstr("not UTF-8"));
  EXPECT_EQ(files(), 0U);
  EXPECT_THROW(write_safetensors(folder_ / "none" / "model", {}, {}), Error);
}

}  // namespace
}  // namespace gradwatt
