# The serial OpenBLAS as a static library of our own: one BLAS whose bits do not depend on a thread
# count (docs/architecture.md, "BLAS"). Target: OpenBLAS::serial.
#
# libtorch_cpu.so and the libblas.so.3 that FAISS brings export the same names, and which of them a
# call of ours reaches would depend on the order of a link line. So every symbol is given the prefix
# burgeon_, and our sources see the new names through definitions of this target.
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
                                  OpenBLASSerial_INCLUDE_DIR OpenBLASSerial_GFORTRAN CMAKE_NM
                                  CMAKE_OBJCOPY)

# What our sources call; a name that is missing here does not link.
set(OpenBLASSerial_NAMES cblas_sgemm cblas_ssyrk cblas_strmm spotrf_ dpotrf_ spotrs_ dtrtri_ dsyevd_
    openblas_get_config openblas_get_corename)

if(OpenBLASSerial_FOUND AND NOT TARGET OpenBLAS::serial)
  set(renamed ${CMAKE_BINARY_DIR}/openblas/libburgeon_openblas.a)
  if(NOT EXISTS ${renamed} OR ${OpenBLASSerial_LIBRARY} IS_NEWER_THAN ${renamed})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/openblas)
    execute_process(COMMAND ${CMAKE_NM} -g --defined-only -P ${OpenBLASSerial_LIBRARY}
                    OUTPUT_VARIABLE symbols ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "(^|\n)[A-Za-z_][A-Za-z0-9_.]* [A-Z] " symbols "${symbols}")
    list(TRANSFORM symbols REPLACE "\n?([^ ]+) [A-Z] " "\\1 burgeon_\\1")
    list(REMOVE_DUPLICATES symbols)
    list(JOIN symbols "\n" symbols)
    file(WRITE ${CMAKE_BINARY_DIR}/openblas/symbols.txt "${symbols}\n")
    execute_process(COMMAND ${CMAKE_OBJCOPY}
                    --redefine-syms=${CMAKE_BINARY_DIR}/openblas/symbols.txt
                    ${OpenBLASSerial_LIBRARY} ${renamed} COMMAND_ERROR_IS_FATAL ANY)
  endif()
  add_library(OpenBLAS::serial STATIC IMPORTED)
  set_target_properties(OpenBLAS::serial PROPERTIES IMPORTED_LOCATION ${renamed})
  target_include_directories(OpenBLAS::serial SYSTEM INTERFACE ${OpenBLASSerial_INCLUDE_DIR})
  foreach(name ${OpenBLASSerial_NAMES})
    target_compile_definitions(OpenBLAS::serial INTERFACE ${name}=burgeon_${name})
  endforeach()
  target_link_libraries(OpenBLAS::serial INTERFACE ${OpenBLASSerial_GFORTRAN} m pthread
                        -Wl,--wrap=burgeon_blas_memory_alloc -Wl,--wrap=burgeon_blas_memory_free)
endif()
