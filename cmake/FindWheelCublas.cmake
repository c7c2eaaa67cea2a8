# cuBLAS of the LibTorch wheel, so that a program that also uses torch loads it once; where the wheel
# has none (a CPU wheel), the CUDA toolkit's. Target: WheelCublas::cublas. Headers are the toolkit's.
find_library(WheelCublas_LIBRARY NAMES libcublas.so.13
             PATHS ${BURGEON_SITE_PACKAGES}/nvidia/cu13/lib NO_DEFAULT_PATH)
find_library(WheelCublas_Lt_LIBRARY NAMES libcublasLt.so.13
             PATHS ${BURGEON_SITE_PACKAGES}/nvidia/cu13/lib NO_DEFAULT_PATH)
if(NOT WheelCublas_LIBRARY AND TARGET CUDA::cublas)
  add_library(WheelCublas::cublas ALIAS CUDA::cublas)
  set(WheelCublas_FOUND TRUE)
else()
  include(FindPackageHandleStandardArgs)
  find_package_handle_standard_args(WheelCublas REQUIRED_VARS WheelCublas_LIBRARY
                                    WheelCublas_Lt_LIBRARY)
  if(WheelCublas_FOUND AND NOT TARGET WheelCublas::cublas)
    add_library(WheelCublas::cublas INTERFACE IMPORTED)
    target_link_libraries(WheelCublas::cublas INTERFACE ${WheelCublas_LIBRARY}
                          ${WheelCublas_Lt_LIBRARY})
    target_include_directories(WheelCublas::cublas SYSTEM INTERFACE ${CUDAToolkit_INCLUDE_DIRS})
  endif()
endif()
