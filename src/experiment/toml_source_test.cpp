#include "experiment/toml_source.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> literals(const std::string& list) {
  const TomlSource source("v = " + list + "\n", "f.toml");
  std::vector<std::string> texts;
  for (const toml::node& node : *source.root()["v"].as_array()) {
    texts.push_back(source.literal(node));
  }
  return texts;
}

std::string refusal_of(const std::string& text) {
  try {
    const TomlSource source(text, "f.toml");
    const std::vector<std::string> known{"name", "repeat"};
    source.refuse_unknown_keys(source.root(), known);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(TomlSource, KeepsNumbersAsTheyAreWritten) {
  EXPECT_THAT(literals("[1e-1, 3e-4,1E-4 , 0.10]"), ElementsAre("1e-1", "3e-4", "1E-4", "0.10"));
  EXPECT_THAT(literals("[-3, +0.5, 1_000, 0x1F]"), ElementsAre("-3", "+0.5", "1_000", "0x1F"));
  EXPECT_THAT(literals("[true,false]"), ElementsAre("true", "false"));
}

TEST(TomlSource, KeepsNumbersAcrossLinesCommentsAndNonAsciiText) {
  EXPECT_THAT(literals("[ # größe\r\n\t\"µ\", 2e-3# x\r\n, \"€\", -7e2]"),
              ElementsAre("µ", "2e-3", "€", "-7e2"));
  const TomlSource marked("\xef\xbb\xbfv = 2e-3", "f.toml");
  EXPECT_EQ(marked.literal(*marked.root().get("v")), "2e-3");
}

TEST(TomlSource, KeepsANumberInAnInlineTable) {
  const TomlSource source("v = {a=1e-2,b= 3e-4}", "f.toml");
  const toml::table& table = *source.root()["v"].as_table();
  EXPECT_EQ(source.literal(*table.get("a")), "1e-2");
  EXPECT_EQ(source.literal(*table.get("b")), "3e-4");
}

TEST(TomlSource, ResolvesStringsWithoutTheirQuotes) {
  EXPECT_THAT(literals(R"(["1e-4", 'a\b', "a\"b", ""])"), ElementsAre("1e-4", "a\\b", "a\"b", ""));
}

TEST(TomlSource, RefusesDatesAndListsAsScalars) {
  EXPECT_THROW((void)literals("[1979-05-27]"), UsageError);
  EXPECT_THROW((void)literals("[[1]]"), UsageError);
  EXPECT_THROW((void)literals(R"(["a\u0000b"])"), UsageError) << "a word of a command ends there";
}

TEST(TomlSource, GivesMembersInTheOrderOfTheFile) {
  const TomlSource source("z = 1\na = 2\nm = 3\n", "f.toml");
  std::vector<std::string> names;
  for (const auto& [key, node] : source.in_file_order(source.root())) {
    names.emplace_back(key->str());
  }
  EXPECT_THAT(names, ElementsAre("z", "a", "m"));
}

TEST(TomlSource, SaysWhereTheTextIsNotToml) {
  EXPECT_THAT(refusal_of("name = \n"), HasSubstr("f.toml:1:"));
}

TEST(TomlSource, SaysWhatAnUnknownKeyMayHaveMeant) {
  EXPECT_EQ(refusal_of("name = 'x'\nrepaet = 2\n"),
            "f.toml:2:1: unknown key 'repaet'\n  → did you mean 'repeat'? known: name, repeat");
}

}  // namespace
}  // namespace gradwatt
