#include "data/fashion_mnist_files.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <string>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::string idx_header(char dimensions, std::initializer_list<int> sizes) {
  std::string header{"\0\0\x08", 3};
  header += dimensions;
  for (const int size : sizes) {
    header += std::string(2, '\0');
    header += static_cast<char>(size >> 8);
    header += static_cast<char>(size & 0xff);
  }
  return header;
}

/// A folder with two images to train on and one to test on.
class FashionMnistTest : public testing::Test {
 protected:
  FashionMnistTest() {
    std::string pattern = testing::TempDir() + "gradwatt-fashion-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    write("train-images-idx3-ubyte", idx_header(3, {2, 28, 28}) + std::string(2 * 784, 'x'));
    write("train-labels-idx1-ubyte", idx_header(1, {2}) + std::string("\x03\x09", 2));
    write("t10k-images-idx3-ubyte", idx_header(3, {1, 28, 28}) + std::string(784, 'y'));
    write("t10k-labels-idx1-ubyte", idx_header(1, {1}) + std::string("\0", 1));
  }
  ~FashionMnistTest() override { std::filesystem::remove_all(folder_); }

  void write(const char* name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  std::string failure() const {
    try {
      (void)load_fashion_mnist(folder_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(FashionMnistTest, ReadsTheFourFiles) {
  const ImageData data = load_fashion_mnist(folder_);
  EXPECT_EQ(data.train.count(), 2);
  EXPECT_EQ(data.test.count(), 1);
  EXPECT_EQ(data.train.shape, (ImageShape{28, 28, 1}));
  EXPECT_THAT(data.train.labels, testing::ElementsAre(3, 9));
}

TEST_F(FashionMnistTest, SaysHowToGetItWhenItIsAbsent) {
  std::filesystem::remove(folder_ / "t10k-labels-idx1-ubyte");
  EXPECT_THAT(failure(), HasSubstr("apt-get install dataset-fashion-mnist"));
  EXPECT_THAT(failure(), HasSubstr("--data FOLDER"));
}

TEST_F(FashionMnistTest, RefusesFilesThatDoNotBelongTogether) {
  write("train-labels-idx1-ubyte", idx_header(1, {3}) + "\x03\x09\x01");
  EXPECT_THAT(failure(), HasSubstr("one label for each of the 2 images"));
  write("train-labels-idx1-ubyte", idx_header(1, {2}) + "\x03\x0a");
  EXPECT_THAT(failure(), HasSubstr("label 10"));
  write("train-images-idx3-ubyte", idx_header(3, {2, 14, 14}) + std::string(2 * 196, 'x'));
  EXPECT_THAT(failure(), HasSubstr("28 x 28"));
}

TEST(FashionMnist, IsNormalisedByItsOwnMeanAndDeviation) {
  const std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "Fashion-MNIST is not installed: apt-get install dataset-fashion-mnist";
  }
  const ImageData data = load_fashion_mnist(folder);
  EXPECT_EQ(data.train.count(), 60000);
  EXPECT_EQ(data.test.count(), 10000);
  const auto& pixels = data.train.pixels;
  const auto count = static_cast<double>(pixels.size());
  const double mean = std::accumulate(pixels.begin(), pixels.end(), 0.0) / count / 255;
  double squares = 0;
  for (const std::uint8_t pixel : pixels) {
    squares += (pixel / 255.0 - mean) * (pixel / 255.0 - mean);
  }
  EXPECT_NEAR(data.mean, mean, 5e-5);
  EXPECT_NEAR(data.deviation, std::sqrt(squares / count), 5e-5);
}

}  // namespace
}  // namespace gradwatt
