#include "base/error.h"
#include "base/file.h"
#include "data/file_in_memory_test.h"
#include "data/tensor_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// tests/parity/make_weights.py wrote them with Python's PyTorch 1.13.
std::filesystem::path fixture(const std::string& name) {
  return std::filesystem::path(GRADWATT_SOURCE_DIR) / "src/data/fixtures" / name;
}

std::string bytes_of_fixture(const std::string& name) {
  const auto bytes = read_text(fixture(name));
  EXPECT_TRUE(bytes) << name;
  return bytes.value_or("");
}

std::string weights_failure(const std::filesystem::path& file) {
  try {
    (void)read_weights(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<float> floats_of(const TensorFile& file, const std::string& name) {
  const TensorView& tensor = file.tensors().at(name);
  EXPECT_EQ(tensor.type, TensorType::f32);
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
  return values;
}

void expect_the_same(const TensorFile& found, const TensorFile& expected) {
  EXPECT_EQ(found.tensors().size(), expected.tensors().size());
  for (const auto& [name, tensor] : expected.tensors()) {
    ASSERT_EQ(found.tensors().count(name), 1U) << name;
    const TensorView& other = found.tensors().at(name);
    EXPECT_EQ(name_of(other.type), name_of(tensor.type)) << name;
    EXPECT_EQ(other.shape, tensor.shape) << name;
    EXPECT_EQ(std::vector(other.bytes.begin(), other.bytes.end()),
              std::vector(tensor.bytes.begin(), tensor.bytes.end()))
        << name;
    EXPECT_TRUE(is_aligned(other.bytes, other.type)) << name;
  }
}

class PthFileTest : public testing::Test {
 protected:
  PthFileTest() {
    std::string pattern = testing::TempDir() + "gradwatt-pth-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PthFileTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path file_of(const std::string& bytes) const {
    std::ofstream(folder_ / "model", std::ios::binary) << bytes;
    return folder_ / "model";
  }
  /// A fixture in which `from`, wherever it is, became `to`.
  [[nodiscard]] std::filesystem::path changed(const std::string& name,
                                              const std::string& from,
                                              const std::string& to) const {
    std::string bytes = bytes_of_fixture(name);
    EXPECT_NE(bytes.find(from), std::string::npos);
    for (auto at = bytes.find(from); at != std::string::npos;
         at = bytes.find(from, at + to.size())) {
      bytes.replace(at, from.size(), to);
    }
    return file_of(bytes);
  }
  static void load_or_refuse_everything_near(const std::string& name) {
    const std::string good = bytes_of_fixture(name);
    ASSERT_EQ(weights_failure(FileInMemory(good).path()), "no error");
    for (std::size_t i = 0; i < good.size(); ++i) {
      EXPECT_NE(weights_failure(FileInMemory(good.substr(0, i)).path()), "no error")
          << name << " cut at " << i;
      for (const unsigned flip : {0x01U, 0x10U, 0xffU}) {
        std::string bytes = good;
        bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ flip);
        (void)weights_failure(FileInMemory(bytes).path());
      }
    }
  }

  std::filesystem::path folder_;
};

TEST_F(PthFileTest, ReadsEveryTypeAndLayoutInBothFormats) {
  const TensorFile expected = read_weights(fixture("every_type.safetensors"));
  EXPECT_EQ(expected.tensors().size(), 18U);
  EXPECT_EQ(expected.metadata().at("made_by"), "make_weights.py");
  for (const char* name : {"every_type.pth", "every_type_legacy.pth"}) {
    const TensorFile file = read_weights(fixture(name));
    expect_the_same(file, expected);
    EXPECT_THAT(file.metadata(), IsEmpty());
  }
}

TEST_F(PthFileTest, PutsElementsInRowMajorOrder) {
  const TensorFile file = read_pth(fixture("every_type.pth"));
  EXPECT_THAT(floats_of(file, "layer.bias"), ElementsAre(1.5F, -2.5F));
  EXPECT_THAT(floats_of(file, "window"), ElementsAre(5, 6, 9, 10));
  EXPECT_THAT(floats_of(file, "every_second"), ElementsAre(1, 3, 5, 7, 9, 11, 13, 15));
  EXPECT_THAT(floats_of(file, "expanded"), ElementsAre(7, 7, 7, 7, 7, 7));
  EXPECT_THAT(floats_of(file, "row"), ElementsAre(8, 9, 10, 11));
  EXPECT_THAT(file.tensors().at("steps").shape, IsEmpty());
  EXPECT_THAT(file.tensors().at("none").shape, ElementsAre(0, 4));
}

TEST_F(PthFileTest, TensorsOfOneStorageShareItsBytes) {
  const TensorFile file = read_pth(fixture("every_type.pth"));
  EXPECT_EQ(file.tensors().at("row").bytes.data(),
            file.tensors().at("grid").bytes.data() + 8 * sizeof(float));
}

TEST_F(PthFileTest, TakesTheStateDictOfACheckpointAndSkipsTheRest) {
  const TensorFile expected = read_safetensors(fixture("checkpoint.safetensors"));
  for (const char* name : {"checkpoint.pth", "checkpoint_legacy.pth"}) {
    const TensorFile file = read_weights(fixture(name));
    expect_the_same(file, expected);
    EXPECT_EQ(file.metadata().at("taken_from"), "state_dict");
    EXPECT_THAT(file.tensors().at("1.num_batches_tracked").bytes,
                ElementsAre(1, 0, 0, 0, 0, 0, 0, 0));
  }
}

TEST_F(PthFileTest, ReadsOtherProtocolsAndTheOldestViews) {
  EXPECT_THAT(floats_of(read_weights(fixture("small_protocol_4.pth")), "a"), ElementsAre(1, 2));
  const TensorFile views = read_weights(fixture("views_legacy.pth"));
  EXPECT_THAT(floats_of(views, "all"), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_THAT(floats_of(views, "part"), ElementsAre(4, 5, 6));
}

TEST_F(PthFileTest, RefusesCodeAndSaysWhose) {
  EXPECT_THAT(weights_failure(fixture("code.pth")),
              HasSubstr("code.pth: holds code of posix.system; only weights can be loaded"));
  EXPECT_THAT(weights_failure(fixture("script.pth")), HasSubstr("TorchScript"));
  EXPECT_THAT(weights_failure(fixture("compressed.pth")), HasSubstr("is compressed"));
  EXPECT_THAT(weights_failure(changed("small_legacy.pth", "FloatStorage", "Floa7Storage")),
              HasSubstr("torch.Floa7Storage, numbers of a type"));
}

TEST_F(PthFileTest, RefusesWhatItCannotTell) {
  EXPECT_THAT(weights_failure(folder_ / "none"), HasSubstr("none: cannot open"));
  EXPECT_THAT(weights_failure(folder_), HasSubstr("no regular file"));
  EXPECT_THAT(weights_failure(file_of("")), HasSubstr("model: is empty"));
  EXPECT_THAT(weights_failure(file_of("<html>not found</html>")), HasSubstr("neither safetensors"));
  EXPECT_THAT(weights_failure(file_of("version https://git-lfs.github.com/spec/v1\n")),
              HasSubstr("Git LFS"));
  EXPECT_THAT(weights_failure(file_of("\x80\x02K\1.")), HasSubstr("not one of torch.save"));
  EXPECT_THAT(weights_failure(file_of(std::string("PK\x05\x06") + std::string(18, '\0'))),
              HasSubstr("without '/data.pkl'"));
}

TEST_F(PthFileTest, RefusesTensorsThatReachBeyondTheirNumbers) {
  // The size (2,) of the only tensor: BININT1 2, TUPLE1.
  EXPECT_THAT(weights_failure(changed("small_legacy.pth", "K\2\x85", "K\3\x85")),
              HasSubstr("tensor 'a': reaches beyond the 2 numbers"));
  // Its stride (1,).
  EXPECT_THAT(weights_failure(changed("small_legacy.pth", "K\1\x85", "K\2\x85")),
              HasSubstr("reaches beyond"));
  // What it is: a dict without a tensor.
  EXPECT_THAT(
      weights_failure(changed("small_legacy.pth", "_rebuild_tensor_v2", "_rebuild_parameter")),
      HasSubstr("holds no tensor"));
}

TEST_F(PthFileTest, LoadsOrRefusesEveryCutAndManyChanges) {
  for (const char* name : {"small.pth", "small_legacy.pth", "checkpoint_legacy.pth"}) {
    load_or_refuse_everything_near(name);
  }
}

TEST_F(PthFileTest, ArchivesNoticeEveryChangeOfTheirNumbers) {
  std::string bytes = bytes_of_fixture("small.pth");
  const auto at = bytes.find(std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 1;
  EXPECT_THAT(weights_failure(file_of(bytes)), HasSubstr("is damaged: CRC-32"));
}

}  // namespace
}  // namespace gradwatt
