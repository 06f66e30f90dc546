#include "record/byte_archive.h"

#include <gtest/gtest.h>

#include <limits>

namespace gradwatt {
namespace {

enum class Colour { red, green };

struct Mixture {
  std::int64_t least = 0;
  std::uint64_t most = 0;
  bool truth = false;
  Colour colour = Colour::red;
  double real = 0;
  std::string text;
  std::optional<int> known;
  std::optional<int> unknown = 1;
  std::vector<std::string> list;
  std::map<int, double> table;

  bool operator==(const Mixture&) const = default;
};

template <typename Archive>
void visit_mixture(Archive& archive, auto& mixture) {
  archive.number(mixture.least);
  archive.number(mixture.most);
  archive.number(mixture.truth);
  archive.choice(mixture.colour);
  archive.real(mixture.real);
  archive.text(mixture.text);
  archive.optional(mixture.known, [&](auto& value) { archive.number(value); });
  archive.optional(mixture.unknown, [&](auto& value) { archive.number(value); });
  archive.list(mixture.list, [&](auto& text) { archive.text(text); });
  archive.table(mixture.table, [&](auto& key, auto& value) {
    archive.number(key);
    archive.real(value);
  });
}

Mixture full_mixture() {
  return {std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::uint64_t>::max(),
          true,
          Colour::green,
          -0.1,
          std::string("nul \0 inside", 12),
          -5,
          std::nullopt,
          {"", "b"},
          {{1, 0.5}, {2, 1e300}}};
}

std::string bytes_of_mixture() {
  ArchiveWriter writer;
  const Mixture mixture = full_mixture();
  visit_mixture(writer, mixture);
  return writer.bytes();
}

TEST(ByteArchive, GivesEverythingBack) {
  const std::string bytes = bytes_of_mixture();
  Mixture read;
  ArchiveReader reader(bytes);
  visit_mixture(reader, read);
  EXPECT_TRUE(reader.is_good());
  EXPECT_EQ(read, full_mixture());
}

TEST(ByteArchive, SeesThatBytesAreMissingOrLeft) {
  const std::string bytes = bytes_of_mixture();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    Mixture read;
    ArchiveReader reader(std::string_view(bytes).substr(0, length));
    visit_mixture(reader, read);
    EXPECT_FALSE(reader.is_good()) << length;
  }
  const std::string longer = bytes + '\0';
  Mixture read;
  ArchiveReader reader(longer);
  visit_mixture(reader, read);
  EXPECT_FALSE(reader.is_good());
}

TEST(ByteArchive, BelievesNoLengthThatCannotBe) {
  std::vector<std::string> list;
  ArchiveReader reader("\xff\xff\xff\xff\xff\xff\xff\xff\x7f");
  reader.list(list, [&](std::string& text) { reader.text(text); });
  EXPECT_FALSE(reader.is_good());
  EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace gradwatt
