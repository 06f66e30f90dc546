#include "train/datasets/catalog.h"

#include "train/models/catalog.h"
#include "train/paradigms/catalog.h"
#include "train/workloads/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {
namespace {

/// The members that the files of a catalog's folder promise: "fashion_mnist.cpp" is fashion-mnist,
/// "pamap2_data.cpp" is pamap2.
std::vector<std::string> members_in(const std::string& folder) {
  std::vector<std::string> names;
  const auto path = std::filesystem::path(GRADWATT_SOURCE_DIR) / "src/train" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".cpp" && name != "catalog" && !name.ends_with("_test")) {
      name = name.substr(0, name.find("_workloads"));
      name = name.substr(0, name.find("_data"));
      std::replace(name.begin(), name.end(), '_', '-');
      names.push_back(name);
    }
  }
  return names;
}

template <typename Member>
std::vector<std::string> names_of(std::span<const Member> members) {
  std::vector<std::string> names;
  for (const Member& member : members) {
    EXPECT_FALSE(member.description.empty()) << member.name;
    names.emplace_back(member.name);
  }
  return names;
}

TEST(TrainCatalogs, NameEachFileOfTheirFolder) {
  EXPECT_THAT(names_of(datasets()), testing::UnorderedElementsAreArray(members_in("datasets")));
  EXPECT_THAT(names_of(models()), testing::UnorderedElementsAreArray(members_in("models")));
  EXPECT_THAT(names_of(paradigms()), testing::UnorderedElementsAreArray(members_in("paradigms")));
  EXPECT_THAT(names_of(workload_families()),
              testing::UnorderedElementsAreArray(members_in("workloads")));
}

TEST(TrainCatalogs, PretrainAModelWithADecoderAndReuseItsEncoder) {
  for (const WorkloadFamily& family : workload_families()) {
    const auto model_of = [&](const char* paradigm) {
      const auto all = workloads();
      const auto found = std::find_if(all.begin(), all.end(), [&](const Workload& workload) {
        return workload.dataset == family.dataset && workload.paradigm == paradigm;
      });
      return found == all.end() ? "" : found->defaults.model;
    };
    const std::string model = model_of("pretrain");
    if (!model.empty()) {
      EXPECT_NE(model_named(model).make_decoder, nullptr) << family.name;
    }
    EXPECT_EQ(model_of("frozen"), model) << family.name;
    EXPECT_EQ(model_of("unfrozen"), model) << family.name;
  }
}

TEST(TrainCatalogs, GiveEachWorkloadADataSetAndAModelThatExist) {
  for (const Workload& workload : workloads()) {
    EXPECT_EQ(dataset_named(workload.dataset).name, workload.dataset);
    EXPECT_EQ(model_named(workload.defaults.model).name, workload.defaults.model);
    EXPECT_EQ(paradigm_named(workload.paradigm).name, workload.paradigm);
  }
}

}  // namespace
}  // namespace gradwatt
