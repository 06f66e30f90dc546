# Outside libraries. Each one is a Debian package; ./dev setup installs them.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(HDF5 REQUIRED COMPONENTS C)

# toml++ ships a CMake package only in some distributions; the header is all that is needed.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(tomlplusplus::tomlplusplus INTERFACE IMPORTED)
set_target_properties(tomlplusplus::tomlplusplus PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES ${TOMLPLUSPLUS_INCLUDE_DIR}
  INTERFACE_COMPILE_DEFINITIONS TOML_HEADER_ONLY=1)

if(GRADWATT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(GRADWATT_BENCH)
  find_package(benchmark REQUIRED)
endif()
if(GRADWATT_TORCH)
  include(torch)
endif()
