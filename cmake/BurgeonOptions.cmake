# Options, language standard, warnings, linker and compiler cache: everything that holds for the
# whole tree.

set(BURGEON_CUDA AUTO CACHE STRING "Build cuda/: AUTO (when nvcc is found), ON or OFF")
set_property(CACHE BURGEON_CUDA PROPERTY STRINGS AUTO ON OFF)
option(BURGEON_TESTS "Build the tests" ON)
option(BURGEON_WERROR "Warnings are errors in our own code" ON)
set(BURGEON_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(BURGEON_FUZZ "Build the libFuzzer targets (clang)" OFF)
set(BURGEON_VENV ${CMAKE_SOURCE_DIR}/.venv CACHE PATH
    "Virtual environment holding the LibTorch and Arrow wheels")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# -O3 is for the rooms whose loops are the product (cmake/BurgeonRooms.cmake); elsewhere it only
# costs building time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The same source gives the same bits whether or not the target has fused multiply-add: where a
# fused product is wanted it is written out.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)

find_program(BURGEON_CCACHE ccache)
if(BURGEON_CCACHE)
  # Sources are named relative to the root, so that two build trees share what was compiled.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${BURGEON_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${launcher})
endif()
# The compiler's own linker. Debian 12's mold (1.10.1) is faster, but its search for a layout never
# ended on one of the test programs: a build that hangs.

if(BURGEON_SANITIZE)
  add_compile_options(-fsanitize=${BURGEON_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BURGEON_SANITIZE})
endif()

# Put on our own targets only (cmake/BurgeonRooms.cmake).
add_library(burgeon_warnings INTERFACE)
target_compile_options(burgeon_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wno-sign-conversion>)
if(BURGEON_WERROR)
  target_compile_options(burgeon_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()

file(GLOB BURGEON_SITE_PACKAGES LIST_DIRECTORIES true
     ${BURGEON_VENV}/lib/python3*/site-packages)
if(NOT BURGEON_SITE_PACKAGES)
  message(FATAL_ERROR "No site-packages under ${BURGEON_VENV}: run scripts/setup, or set "
                      "BURGEON_VENV to a virtual environment made from requirements.txt")
endif()
list(GET BURGEON_SITE_PACKAGES 0 BURGEON_SITE_PACKAGES)

set(BURGEON_CUDA_ENABLED OFF)
if(NOT BURGEON_CUDA STREQUAL "OFF")
  include(CheckLanguage)
  find_program(BURGEON_NVCC nvcc HINTS $ENV{CUDA_HOME}/bin /usr/local/cuda/bin)
  if(BURGEON_NVCC)
    set(CMAKE_CUDA_COMPILER ${BURGEON_NVCC})
    if(NOT CMAKE_CUDA_ARCHITECTURES)
      # Code for Hopper, and PTX that younger and older devices (8.0 on) compile for themselves.
      set(CMAKE_CUDA_ARCHITECTURES 90-real 80-virtual)
    endif()
    enable_language(CUDA)
    set(CMAKE_CUDA_STANDARD 20)
    set(CMAKE_CUDA_STANDARD_REQUIRED ON)
    set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
    find_package(CUDAToolkit REQUIRED)
    set(BURGEON_CUDA_ENABLED ON)
  elseif(BURGEON_CUDA STREQUAL "ON")
    message(FATAL_ERROR "BURGEON_CUDA=ON, but nvcc was found neither on PATH, in $CUDA_HOME/bin "
                        "nor in /usr/local/cuda/bin")
  endif()
endif()
message(STATUS "burgeon: CUDA ${BURGEON_CUDA_ENABLED}, wheels in ${BURGEON_SITE_PACKAGES}")
