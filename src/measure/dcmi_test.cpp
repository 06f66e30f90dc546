#include "measure/dcmi.h"

#include "measure/dcmi_answer_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

std::string reason(const Bytes& bytes) {
  return std::get<DcmiFailure>(parse_dcmi_power(bytes)).reason;
}

TEST(DcmiPower, IsTheFirstOfTheAnswersFourPowers) {
  EXPECT_EQ(std::get<Power>(parse_dcmi_power(dcmi_answer(250))), Power{250});
}

TEST(DcmiPower, HasItsLowByteFirst) {
  Bytes bytes = dcmi_answer(250);
  bytes[2] = 0x10;
  bytes[3] = 0x27;
  EXPECT_EQ(std::get<Power>(parse_dcmi_power(bytes)), Power{10000});
}

TEST(DcmiPower, MayHaveMoreBehindIt) {
  Bytes bytes = dcmi_answer(250);
  bytes.push_back(0x55);
  EXPECT_EQ(std::get<Power>(parse_dcmi_power(bytes)), Power{250});
}

TEST(DcmiPower, IsUnknownAndNotZeroWhereTheMeasurementIsOff) {
  Bytes bytes = dcmi_answer(250);
  bytes[18] = 0x00;
  EXPECT_THAT(reason(bytes), HasSubstr("does not measure"));
}

TEST(DcmiPower, IsNeitherNothingNorAllOnesOnARunningMachine) {
  Bytes bytes = dcmi_answer(250);
  bytes[2] = bytes[3] = 0x00;
  EXPECT_THAT(reason(bytes), HasSubstr("no value"));
  bytes[2] = bytes[3] = 0xff;
  EXPECT_THAT(reason(bytes), HasSubstr("no value"));
}

TEST(DcmiPower, IsNotReadFromAnAnswerThatWasCutOff) {
  for (std::size_t size = 0; size < dcmi_answer(250).size(); ++size) {
    Bytes bytes = dcmi_answer(250);
    bytes.resize(size);
    EXPECT_FALSE(reason(bytes).empty()) << size;
  }
}

TEST(DcmiPower, IsNotReadFromAnotherGroupsAnswer) {
  Bytes bytes = dcmi_answer(250);
  bytes[1] = 0xdd;
  EXPECT_THAT(reason(bytes), HasSubstr("another question"));
}

TEST(DcmiPower, SaysWhatACompletionCodeMeans) {
  const auto failure = [](std::uint8_t code) {
    return std::get<DcmiFailure>(parse_dcmi_power(Bytes{code}));
  };
  EXPECT_TRUE(failure(0xc1).for_good);
  EXPECT_TRUE(failure(0xd4).for_good);
  EXPECT_FALSE(failure(0xc0).for_good);
  EXPECT_THAT(failure(0xc3).reason, HasSubstr("timed out"));
  EXPECT_THAT(failure(0xff).reason, HasSubstr("0xff"));
}

}  // namespace
}  // namespace gradwatt
