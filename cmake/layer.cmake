# A data file as a string in the program: NAME.EXT becomes gradwatt::embedded_NAME_EXT.
function(gradwatt_embed file output)
  get_filename_component(symbol ${file} NAME)
  string(MAKE_C_IDENTIFIER embedded_${symbol} symbol)
  file(READ ${file} text)
  set(generated ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"namespace gradwatt {
extern const char* const @symbol@;
const char* const @symbol@ = R\"embedded(@text@)embedded\";
}
")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  set(${output} ${generated} PARENT_SCOPE)
endfunction()

# Makes all_verify_interface_header_sets compile each header of a layer alone, so that none leans
# on what its users happen to include. CMake can do that since 3.24.
function(gradwatt_verify_headers target folder scope)
  if(CMAKE_VERSION VERSION_LESS 3.24)
    return()
  endif()
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${folder}/*.h)
  list(FILTER headers EXCLUDE REGEX "_test\\.h$")
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src
    FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# Compiles up to SIZE files of a target as one, so that they share what they include and the
# templates they use.
function(gradwatt_together target size)
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ${GRADWATT_UNITY} UNITY_BUILD_BATCH_SIZE ${size})
  # The members of a catalog are written alike and give their parts the same names.
  get_target_property(members ${target} SOURCES)
  list(FILTER members INCLUDE REGEX "/(sources|verbs|sets)/")
  set_source_files_properties(${members} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# gradwatt_layer(NAME [DEPS layer...] [LIBS target...] [EMBED file...] [TORCH] [THREADS])
# One folder under src/ becomes one library and, from its *_test.cpp files, one test program.
# A new file needs no edit here: the folder is read at every build.
# THREADS: its tests run threads beside each other. The thread sanitizer's build has the tests of
# these layers only: elsewhere it has nothing to see, and its other finds are those of asan.
function(gradwatt_layer name)
  cmake_parse_arguments(ARG "TORCH;THREADS" "" "DEPS;LIBS;EMBED" ${ARGN})
  if(ARG_TORCH AND NOT GRADWATT_TORCH)
    return()
  endif()
  set(folder ${CMAKE_SOURCE_DIR}/src/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  foreach(file ${ARG_EMBED})
    gradwatt_embed(${CMAKE_SOURCE_DIR}/src/${file} generated)
    list(APPEND sources ${generated})
  endforeach()

  if(sources)
    set(scope PUBLIC)
    add_library(gradwatt_${name} STATIC ${sources})
    target_link_libraries(gradwatt_${name} PRIVATE gradwatt_warnings)
    gradwatt_together(gradwatt_${name} 16)
  else()
    set(scope INTERFACE)
    add_library(gradwatt_${name} INTERFACE)
  endif()
  target_include_directories(gradwatt_${name} ${scope}
    ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
  gradwatt_verify_headers(gradwatt_${name} ${folder} ${scope})
  list(TRANSFORM ARG_DEPS PREPEND gradwatt_)
  target_link_libraries(gradwatt_${name} ${scope}
    ${ARG_DEPS} ${ARG_LIBS} fmt::fmt Threads::Threads)
  if(ARG_TORCH)
    target_link_libraries(gradwatt_${name} ${scope} gradwatt_torch)
    # The heavy work is inside libtorch: -O1 costs no speed and a third of the compile time.
    target_compile_options(gradwatt_${name} PRIVATE $<$<CONFIG:Release,RelWithDebInfo>:-O1> -g0)
    gradwatt_together(gradwatt_${name} 32)
  endif()

  if(GRADWATT_SANITIZE STREQUAL thread AND NOT ARG_THREADS)
    return()
  endif()
  if(tests AND GRADWATT_TESTS)
    add_executable(${name}_test ${tests})
    gradwatt_together(${name}_test 16)
    target_link_libraries(${name}_test PRIVATE
      gradwatt_${name} gradwatt_warnings GTest::gmock GTest::gtest_main)
    if(ARG_TORCH)
      gradwatt_together(${name}_test 32)
      target_compile_options(${name}_test PRIVATE -O1 -g0)
    endif()
    target_compile_definitions(${name}_test PRIVATE GRADWATT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    include(GoogleTest)
    gtest_discover_tests(${name}_test
      TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# gradwatt_program(NAME FROM layer): src/<layer>/main.cpp with its layer.
function(gradwatt_program name)
  cmake_parse_arguments(ARG "" "FROM" "" ${ARGN})
  if(NOT TARGET gradwatt_${ARG_FROM})
    return()
  endif()
  add_executable(${name} ${CMAKE_SOURCE_DIR}/src/${ARG_FROM}/main.cpp)
  target_link_libraries(${name} PRIVATE gradwatt_${ARG_FROM} gradwatt_warnings)
endfunction()
