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
# Opened when it is needed (data/hdf5_api.h), so only its header and name are: libhdf5.so.103.
find_package(HDF5 REQUIRED COMPONENTS C)
list(FILTER HDF5_C_LIBRARIES INCLUDE REGEX "hdf5[^/]*$")
list(GET HDF5_C_LIBRARIES 0 hdf5_library)
get_filename_component(hdf5_library ${hdf5_library} REALPATH)
get_filename_component(hdf5_library ${hdf5_library} NAME)
string(REGEX REPLACE "(\\.so\\.[0-9]+).*" "\\1" hdf5_library ${hdf5_library})
add_library(gradwatt_hdf5 INTERFACE)
target_include_directories(gradwatt_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_compile_definitions(gradwatt_hdf5 INTERFACE GRADWATT_HDF5_LIBRARY="${hdf5_library}")
target_link_libraries(gradwatt_hdf5 INTERFACE ${CMAKE_DL_LIBS})

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
