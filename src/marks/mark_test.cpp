#include "marks/mark.h"

#include "marks/mark_sender.h"

#include <gtest/gtest.h>

#include <random>

namespace gradwatt {
namespace {

TEST(ParseMarks, ReadsTheExampleOfItsHeader) {
  const auto parsed = parse_marks("EPOCH=3\nT=5000\nSEQ=7", Instant{9000});
  ASSERT_EQ(parsed.marks.size(), 1U);
  EXPECT_EQ(parsed.marks[0], (Mark{Instant{5000}, Instant{9000}, 7, std::nullopt, "EPOCH", "3"}));
  EXPECT_EQ(parsed.rejected, 0);
}

TEST(ParseMarks, GivesAllLinesOfADatagramTheSameTimeAndNumber) {
  const auto parsed = parse_marks("T=10\nPID=42\nSAMPLES=64\nSTEPS=1\n", Instant{20});
  ASSERT_EQ(parsed.marks.size(), 2U);
  EXPECT_EQ(parsed.marks[1].key, "STEPS");
  EXPECT_EQ(parsed.marks[1].time, Instant{10});
  EXPECT_EQ(parsed.marks[1].pid, 42);
}

TEST(ParseMarks, TakesTheArrivalWhenTheSenderNamesTheFuture) {
  EXPECT_EQ(parse_marks("EPOCH=0\nT=21", Instant{20}).marks[0].time, Instant{20});
  EXPECT_EQ(parse_marks("EPOCH=0\nT=-5", Instant{20}).marks[0].time, Instant{20});
}

TEST(ParseMarks, KeepsUnknownKeysAndValuesWithEqualsSigns) {
  const auto parsed = parse_marks("COLOUR_2=a=b:c", Instant{1});
  ASSERT_EQ(parsed.marks.size(), 1U);
  EXPECT_EQ(parsed.marks[0].value, "a=b:c");
}

TEST(ParseMarks, ReadsWhatAnotherReceiverHandsOn) {
  Mark mark{Instant{5000}, Instant{5000}, std::nullopt, std::nullopt, "EPOCH", "3", 1};
  EXPECT_EQ(datagram_of(mark), "EPOCH=3\nT=5000\nRANK=1\n");
  mark.seq = 7;
  mark.pid = 42;
  mark.received = Instant{9000};
  EXPECT_EQ(parse_marks(datagram_of(mark), Instant{9000}).marks, std::vector{mark});
}

TEST(ParseMarks, CountsWhatIsNoMark) {
  EXPECT_EQ(parse_marks("no equals\n=3\nepoch=3\nNOTE=a\x1b[2Jb\nT=soon\n", Instant{1}).rejected,
            5);
  EXPECT_EQ(parse_marks("NOTE=" + std::string(5000, 'x'), Instant{1}).rejected, 1);
  EXPECT_TRUE(parse_marks("", Instant{1}).marks.empty());
}

TEST(ParseMarks, SurvivesRandomBytes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 64, '\0');
    for (char& byte : bytes) {
      byte = "=\nTEPOCH0123\0\x80"[random() % 15];
    }
    const auto parsed = parse_marks(bytes, Instant{100});
    for (const Mark& mark : parsed.marks) {
      EXPECT_FALSE(mark.key.empty());
      EXPECT_LE(mark.time.ns, 100);
    }
  }
}

}  // namespace
}  // namespace gradwatt
