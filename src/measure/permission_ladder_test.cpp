#include "measure/permission_ladder.h"

#include "measure/fake_tree_test.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

const std::string kX86 = cpuinfo("GenuineIntel", 6, 85, "Xeon", 1);

TEST(PermissionLadder, KnowsAMachineWithoutTheFramework) {
  FakeTree tree;
  tree.file("proc/cpuinfo", kX86);
  const Finding finding = explain(look_at_access(tree.root()));
  EXPECT_EQ(finding.status, Finding::Status::absent);
  EXPECT_THAT(finding.fix, HasSubstr("modprobe"));
}

TEST(PermissionLadder, SendsNoOtherCpuAfterAnX86Module) {
  FakeTree tree;
  tree.file("proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\n");
  const Finding finding = explain(look_at_access(tree.root()));
  EXPECT_THAT(finding.detail, HasSubstr("only x86"));
  EXPECT_EQ(finding.fix, "");
}

TEST(PermissionLadder, SeesZonesThatARuntimeHasMasked) {
  FakeTree tree;
  tree.file("proc/cpuinfo", kX86).file("sys/class/powercap/uevent", "");
  std::filesystem::create_symlink("../../devices/virtual/powercap/intel-rapl/intel-rapl:0",
                                  tree.root() / "sys/class/powercap/intel-rapl:0");
  const Finding finding = explain(look_at_access(tree.root()));
  EXPECT_THAT(finding.detail, HasSubstr("masked"));
  EXPECT_THAT(finding.fix, HasSubstr("-v /sys/class/powercap"));
}

TEST(PermissionLadder, SaysThatAVirtualMachineHasNone) {
  RaplAccess access;
  access.is_virtual = true;
  EXPECT_THAT(explain(access).detail, HasSubstr("virtual machine"));
  EXPECT_EQ(explain(access).fix, "");
}

TEST(PermissionLadder, NamesASafeStepForFilesOfRootOnly) {
  RaplAccess access;
  access.has_powercap = access.has_zones = true;
  access.denied = "/sys/class/powercap/intel-rapl:0/energy_uj";
  const Finding finding = explain(access);
  EXPECT_EQ(finding.status, Finding::Status::denied);
  EXPECT_THAT(finding.detail, HasSubstr("energy_uj"));
  EXPECT_THAT(finding.fix, HasSubstr("gradwatt.conf"));
  EXPECT_THAT(finding.fix, testing::Not(HasSubstr("a+r")));
}

TEST(PermissionLadder, OffersTheCapabilityWherePerfEventsAreForbidden) {
  RaplAccess access;
  access.has_powercap = access.has_zones = access.has_perf_unit = true;
  access.denied = "/sys/class/powercap/intel-rapl:0/energy_uj";
  access.perf_errno = EACCES;
  access.paranoid = 2;
  access.kernel = "6.1.0";
  EXPECT_THAT(explain(access).fix, HasSubstr("cap_perfmon"));
  access.kernel = "5.4.0";
  EXPECT_THAT(explain(access).fix, testing::Not(HasSubstr("cap_perfmon")));
}

TEST(PermissionLadder, SaysWhichRungHoldsAndWarnsOfFilesOpenToAll) {
  RaplAccess access;
  access.has_powercap = access.has_zones = true;
  access.by_file = 2;
  EXPECT_EQ(explain(access).status, Finding::Status::present);
  EXPECT_EQ(explain(access).fix, "");
  access.readable_by_others = true;
  EXPECT_THAT(explain(access).detail, HasSubstr("CVE-2020-8694"));
  access.by_file = 0;
  access.by_broker = 2;
  EXPECT_THAT(explain(access).detail, HasSubstr("gradwatt-broker"));
}

}  // namespace
}  // namespace gradwatt
