# The serial OpenBLAS as a static library: one BLAS of our own, whose bits do not depend on a
# thread count (docs/architecture.md, "BLAS"). Target: OpenBLAS::serial.
#
# Debian builds it without USE_LOCKING: two calls at the same time may be given the same buffer.
# engine/ops/blas.cc puts a lock around its allocator, by the linker's --wrap.
find_library(OpenBLASSerial_LIBRARY libopenblas.a
             PATH_SUFFIXES openblas-serial x86_64-linux-gnu/openblas-serial)
find_path(OpenBLASSerial_INCLUDE_DIR cblas.h
          PATH_SUFFIXES x86_64-linux-gnu/openblas-serial openblas-serial)
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgfortran.so.5
                OUTPUT_VARIABLE OpenBLASSerial_GFORTRAN OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT IS_ABSOLUTE "${OpenBLASSerial_GFORTRAN}")
  find_library(OpenBLASSerial_GFORTRAN_LIBRARY libgfortran.so.5)
  set(OpenBLASSerial_GFORTRAN ${OpenBLASSerial_GFORTRAN_LIBRARY})
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBLASSerial REQUIRED_VARS OpenBLASSerial_LIBRARY
                                  OpenBLASSerial_INCLUDE_DIR OpenBLASSerial_GFORTRAN)
if(OpenBLASSerial_FOUND AND NOT TARGET OpenBLAS::serial)
  add_library(OpenBLAS::serial STATIC IMPORTED)
  set_target_properties(OpenBLAS::serial PROPERTIES IMPORTED_LOCATION ${OpenBLASSerial_LIBRARY})
  target_include_directories(OpenBLAS::serial SYSTEM INTERFACE ${OpenBLASSerial_INCLUDE_DIR})
  target_link_libraries(OpenBLAS::serial INTERFACE ${OpenBLASSerial_GFORTRAN} m pthread
                        -Wl,--wrap=blas_memory_alloc -Wl,--wrap=blas_memory_free)
endif()
