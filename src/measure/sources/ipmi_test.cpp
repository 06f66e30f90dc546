#include "measure/discovered_test.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class IpmiTest : public SourceTest {
 protected:
  IpmiTest() : SourceTest(ipmi_family()) {}
};

TEST_F(IpmiTest, IsAbsentWithoutAController) {
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::absent);
  EXPECT_EQ(finding().fix, "");
}

TEST_F(IpmiTest, SaysHowToLoadTheDriverWhereTheFirmwareNamesAController) {
  tree_.file("sys/firmware/dmi/entries/38-0/type", "38\n");
  discover();
  EXPECT_EQ(finding().fix, "sudo modprobe -a ipmi_si ipmi_devintf");
}

TEST_F(IpmiTest, IsAbsentWhereTheFileIsNoSuchDevice) {
  tree_.file("dev/ipmi0", "250\n");
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::absent);
  EXPECT_THAT(finding().detail, HasSubstr("dev/ipmi0"));
}

TEST_F(IpmiTest, IsAbsentWhereADeviceOfThatNameCannotBeOpened) {
  tree_.file("dev/ipmi0/file", "");
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::absent);
}

}  // namespace
}  // namespace gradwatt
