# One CMake target a room, and one test program a room.

# Rooms whose loops are worth -O3, and rooms that are thin enough for -O1.
set(BURGEON_HOT_ROOMS engine/table engine/events engine/ops engine/models engine/index engine/recommend engine/audience
    training/recommender)
set(BURGEON_THIN_ROOMS cli)

# burgeon_room(engine/ops LINK burgeon::engine_base OpenBLAS::serial [PRIVATE_LINK ...])
# makes the static library burgeon_engine_ops (alias burgeon::engine_ops) from the room's *.cc.
function(burgeon_room room)
  cmake_parse_arguments(ARG "" "" "LINK;PRIVATE_LINK;EXCLUDE" ${ARGN})
  string(REPLACE "/" "_" name ${room})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${room}/*.cc)
  foreach(pattern ${ARG_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX ${pattern})
  endforeach()
  burgeon_library(burgeon_${name} "${sources}")
  add_library(burgeon::${name} ALIAS burgeon_${name})
  target_link_libraries(burgeon_${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
  if(room IN_LIST BURGEON_HOT_ROOMS)
    target_compile_options(burgeon_${name} PRIVATE $<$<CONFIG:Release>:-O3>)
  elseif(room IN_LIST BURGEON_THIN_ROOMS)
    target_compile_options(burgeon_${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()

# A static library of our own code: warnings on, includes from the root. Without sources it is an
# interface library (a room that is only headers).
function(burgeon_library target sources)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} PRIVATE burgeon_warnings)
  else()
    add_library(${target} STATIC ${CMAKE_SOURCE_DIR}/cmake/empty.cc)
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

# burgeon_test(tests/engine/ops LINK burgeon::engine_ops [ONE_ENTRY] [SLOW] [TIMEOUT s])
# makes one program of all *_test.cc in that folder. ONE_ENTRY: one ctest entry for the program
# (for programs that take long to start, such as those that link torch).
function(burgeon_test folder)
  cmake_parse_arguments(ARG "ONE_ENTRY;SLOW" "TIMEOUT" "LINK" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} burgeon_test_support GTest::gmock
                        GTest::gtest_main burgeon_warnings)
  burgeon_program(${name})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  set(labels fast)
  set(cost)
  if(ARG_SLOW)
    set(labels slow)
    set(cost COST -1)  # ctest starts what costs most first; these come last
  endif()
  set(environment "BURGEON_SOURCE_DIR=${CMAKE_SOURCE_DIR};BURGEON_BINARY=$<TARGET_FILE:burgeon>")
  if(ARG_ONE_ENTRY)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${labels} TIMEOUT ${ARG_TIMEOUT} ${cost}
                         ENVIRONMENT "${environment}")
  else()
    include(GoogleTest)
    gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS ${labels} TIMEOUT ${ARG_TIMEOUT}
                         ENVIRONMENT "${environment}")
  endif()
endfunction()

# What every program of ours needs when it starts: where the wheels' libraries are.
function(burgeon_program target)
  set_target_properties(${target} PROPERTIES BUILD_RPATH
    "${BURGEON_SITE_PACKAGES}/pyarrow;${BURGEON_SITE_PACKAGES}/torch/lib;${BURGEON_SITE_PACKAGES}/nvidia/cu13/lib")
endfunction()
