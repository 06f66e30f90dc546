#include "data/pickle_reader.h"

#include "data/pickle_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

Pickle pickled(const std::string& text) {
  ByteReader reader({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, "x.pth");
  return read_pickle(reader, "x.pth");
}

std::string pickle_failure(const std::string& text) {
  try {
    (void)pickled(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::int64_t integer_of(const std::string& text) {
  const Pickle pickle = pickled(text);
  EXPECT_EQ(pickle.root->kind, PickleKind::integer);
  return pickle.root->integer;
}

TEST(ByteReader, StopsAtTheEnd) {
  const std::vector<std::uint8_t> bytes{0x34, 0x12, 0x56};
  ByteReader reader(bytes, "x");
  EXPECT_EQ(reader.u16(), 0x1234);
  EXPECT_EQ(reader.left(), 1U);
  EXPECT_THROW(reader.u16(), Error);
  EXPECT_THROW(reader.take(~std::uint64_t{0}), Error);
}

TEST(PickleStack, PopsToItsMarkAndNotBelow) {
  PickleStack stack("x");
  PickleNode* const a = stack.node(PickleKind::none);
  PickleNode* const b = stack.node(PickleKind::none);
  PickleNode* const c = stack.node(PickleKind::none);
  stack.push(a);
  stack.mark();
  EXPECT_THROW(stack.pop(), Error);
  stack.push(b);
  stack.push(c);
  EXPECT_THAT(stack.pop_to_mark(), testing::ElementsAre(b, c));
  EXPECT_EQ(stack.top(), a);
}

TEST(PickleReader, ReadsNumbers) {
  EXPECT_EQ(integer_of(std::string("\x80\x02\x4b\x07\x2e", 5)), 7);
  EXPECT_EQ(integer_of("J\xff\xff\xff\xff."), -1);
  EXPECT_EQ(integer_of("M\x01\x02."), 0x201);
  EXPECT_EQ(integer_of(std::string("\x8a\0.", 3)), 0);
  EXPECT_EQ(integer_of("\x8a\x01\xfe."), -2);
  EXPECT_EQ(integer_of(std::string("\x8a\x03\0\0\x80.", 6)), -(1 << 23));
  EXPECT_EQ(integer_of(std::string("\x8a\x02\xff\0.", 5)), 255);
  EXPECT_EQ(integer_of("\x8a\x08\1\2\3\4\5\6\7\x7f."), 0x7f07060504030201);
  const Pickle big = pickled("\x8a\x09\1\2\3\4\5\6\7\x08\x09.");
  EXPECT_EQ(big.root->kind, PickleKind::big_integer);
  EXPECT_EQ(big.root->text.size(), 9U);
}

TEST(PickleReader, ReadsContainersAndWhatTheyShare) {
  // {'a': [1, x], 'b': x} with x = (None, True)
  const Pickle pickle = pickled("}(U\1a](K\1N\x88\x86q\5eU\1bh\5u.");
  ASSERT_EQ(pickle.root->kind, PickleKind::dict);
  ASSERT_EQ(pickle.root->items.size(), 4U);
  const PickleNode& list = *pickle.root->items[1];
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[0]->integer, 1);
  EXPECT_EQ(list.items[1], pickle.root->items[3]);
  EXPECT_EQ(list.items[1]->items[0]->kind, PickleKind::none);
  EXPECT_EQ(list.items[1]->items[1]->kind, PickleKind::boolean);
}

TEST(PickleReader, AListMayHoldItself) {
  const Pickle pickle = pickled(std::string("]q\0h\0a.", 7));
  EXPECT_EQ(pickle.root->items.at(0), pickle.root);
}

TEST(PickleReader, MakesOrderedDictsAndLeavesTheirAttributesOut) {
  EXPECT_EQ(pickled("ccollections\nOrderedDict\n)R}b.").root->kind, PickleKind::dict);
  const Pickle pairs = pickled("ccollections\nOrderedDict\n]](U\1aK\5ea\x85R.");
  ASSERT_EQ(pairs.root->items.size(), 2U);
  EXPECT_EQ(pairs.root->items[0]->text, "a");
  EXPECT_EQ(pairs.root->items[1]->integer, 5);
}

TEST(PickleReader, ExecutesNothing) {
  EXPECT_THAT(pickle_failure("cos\nsystem\nU\4true\x85R."),
              HasSubstr("x.pth: holds code of os.system; only weights can be loaded"));
  EXPECT_THAT(pickle_failure("\x8c\2os\x8c\6system\x93."), HasSubstr("code of os.system;"));
  EXPECT_THAT(pickle_failure("c__main__\nNet\n)\x81}b."), HasSubstr("code of __main__.Net;"));
  EXPECT_THAT(pickle_failure("ctorch\nComplexFloatStorage\n."),
              HasSubstr("torch.ComplexFloatStorage, numbers of a type that cannot be read"));
  // The older ways to make an object, and extension codes.
  for (const char* text :
       {"(ios\nsystem\n.", "(cos\n", "ctorch\nFloatStorage\n)\x81.", "\x82\1."}) {
    EXPECT_NE(pickle_failure(text), "no error");
  }
}

TEST(PickleReader, RefusesWhatNoPicklerWrites) {
  for (const char* text : {"",
                           "K",
                           ".",
                           "K\1",
                           "0.",
                           "t.",
                           "a.",
                           "K\1K\2a.",
                           "](K\1.",
                           "h\1.",
                           "(h\1.",
                           "}(K\1u.",
                           "s.",
                           "R.",
                           "K\1K\1R.",
                           "b.",
                           "Q.",
                           "\x80\x06N.",
                           "\x94.",
                           "(.",
                           "K\1(\x85.",
                           "U\5ab.",
                           "X\xff\xff\xff\xff.",
                           "I1\n."}) {
    EXPECT_NE(pickle_failure(text), "no error") << text;
  }
  EXPECT_THAT(pickle_failure("I1\n."), HasSubstr("opcode 0x49"));
  EXPECT_THAT(pickle_failure("c" + std::string(5000, 'a')), HasSubstr("without end"));
}

TEST(PickleReader, LimitsStackMarksAndValues) {
  EXPECT_THAT(pickle_failure(std::string(1'000'001, 'N')), HasSubstr("stack of more than"));
  EXPECT_THAT(pickle_failure(std::string(1'000'001, '(')), HasSubstr("too many marks"));
  std::string values;
  for (int i = 0; i < 2'000'001; ++i) {
    values += "N0";
  }
  EXPECT_THAT(pickle_failure(values), HasSubstr("more than 2000000 Python values"));
}

TEST(PickleReader, ReadsDeepNestingWithoutDepthOfItsOwn) {
  const std::string deep(900'000, ']');
  EXPECT_NE(pickle_failure(deep + std::string(899'998, 'a') + "."), "a crash");
  EXPECT_EQ(pickled(deep + std::string(899'999, 'a') + ".").root->items.size(), 1U);
}

}  // namespace
}  // namespace gradwatt
