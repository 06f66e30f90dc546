# Language, output folders and warnings, the same for every layer.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(GRADWATT_TORCH "Build gradwatt-train, which needs libtorch" ON)
option(GRADWATT_TESTS "Build the tests" ON)
option(GRADWATT_BENCH "Build the benchmarks" ON)
option(GRADWATT_UNITY "Compile the files of a layer together: a third of the time" ON)
set(GRADWATT_SANITIZE "" CACHE STRING "Sanitizers to build with, for instance address,undefined")

find_program(GRADWATT_CCACHE ccache)
if(GRADWATT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${GRADWATT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GRADWATT_CCACHE})
endif()

add_library(gradwatt_warnings INTERFACE)
target_compile_options(gradwatt_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  -Wsuggest-override -Werror
  # Designated initializers name what differs from the default; the rest is meant to be left out.
  -Wno-missing-field-initializers
  # GCC 12 warns about std::string's own operator+ (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

if(GRADWATT_SANITIZE)
  add_compile_options(-fsanitize=${GRADWATT_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GRADWATT_SANITIZE})
else()
  # _FORTIFY_SOURCE hides errors from the sanitizers, so it belongs to the other builds.
  add_compile_options($<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>
    -fstack-protector-strong)
  add_link_options(-Wl,-z,relro -Wl,-z,now)
endif()

if(GRADWATT_TESTS)
  enable_testing()
endif()
