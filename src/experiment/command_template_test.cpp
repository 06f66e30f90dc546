#include "experiment/command_template.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CommandTemplate, FindsTheNamesOfAnElement) {
  EXPECT_THAT(names_in("--bs={batch}x{lr}"), ElementsAre("batch", "lr"));
  EXPECT_THAT(names_in("plain"), IsEmpty());
  EXPECT_THAT(names_in("{{x}}"), IsEmpty());
}

TEST(CommandTemplate, PutsTheLiteralTextInPlaceOfAName) {
  EXPECT_EQ(substituted("--lr={lr}", {{"lr", "1e-4"}}), "--lr=1e-4");
  EXPECT_EQ(substituted("{a}{a}", {{"a", "x"}}), "xx");
}

TEST(CommandTemplate, ReadsDoubledBracesAsSingleOnes) {
  EXPECT_EQ(substituted("{{\"lr\": {lr}}}", {{"lr", "3e-4"}}), "{\"lr\": 3e-4}");
}

TEST(CommandTemplate, DoesNotReadBracesInsideAValue) {
  EXPECT_EQ(substituted("{a}", {{"a", "{b} $HOME 'x'"}}), "{b} $HOME 'x'");
}

TEST(CommandTemplate, RefusesABraceWithoutAPartner) {
  for (const char* text : {"{", "}", "a{b", "a}b", "{}", "{a{b}", "{a}}"}) {
    EXPECT_THROW((void)names_in(text), Error) << text;
  }
}

TEST(ShellQuoted, QuotesOnlyWhatAShellWouldRead) {
  EXPECT_EQ(shell_quoted({"python", "train.py", "--lr=1e-4"}), "python train.py --lr=1e-4");
  EXPECT_EQ(shell_quoted({"sh", "-c", "echo it's"}), "sh -c 'echo it'\\''s'");
  EXPECT_EQ(shell_quoted({"", "~", "µ"}), "'' '~' 'µ'");
}

}  // namespace
}  // namespace gradwatt
