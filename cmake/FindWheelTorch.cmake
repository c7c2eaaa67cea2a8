# LibTorch from the PyTorch wheel, without the wheel's own CMake package (which insists on a CUDA
# toolkit). Targets: WheelTorch::cpu, and WheelTorch::cuda when the wheel has CUDA.
set(root ${BURGEON_SITE_PACKAGES}/torch)
find_library(WheelTorch_CPU_LIBRARY torch_cpu PATHS ${root}/lib NO_DEFAULT_PATH)
find_library(WheelTorch_LIBRARY torch PATHS ${root}/lib NO_DEFAULT_PATH)
find_library(WheelTorch_C10_LIBRARY c10 PATHS ${root}/lib NO_DEFAULT_PATH)
find_library(WheelTorch_CUDA_LIBRARY torch_cuda PATHS ${root}/lib NO_DEFAULT_PATH)
find_library(WheelTorch_C10_CUDA_LIBRARY c10_cuda PATHS ${root}/lib NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(WheelTorch REQUIRED_VARS WheelTorch_CPU_LIBRARY
                                  WheelTorch_C10_LIBRARY)
if(WheelTorch_FOUND AND NOT TARGET WheelTorch::cpu)
  add_library(WheelTorch::cpu INTERFACE IMPORTED)
  target_include_directories(WheelTorch::cpu SYSTEM INTERFACE
    ${root}/include ${root}/include/torch/csrc/api/include)
  target_link_libraries(WheelTorch::cpu INTERFACE ${WheelTorch_CPU_LIBRARY}
                        ${WheelTorch_C10_LIBRARY})
  if(WheelTorch_CUDA_LIBRARY)
    add_library(WheelTorch::cuda INTERFACE IMPORTED)
    target_link_libraries(WheelTorch::cuda INTERFACE WheelTorch::cpu ${WheelTorch_LIBRARY}
                          ${WheelTorch_CUDA_LIBRARY} ${WheelTorch_C10_CUDA_LIBRARY})
    target_link_options(WheelTorch::cuda INTERFACE -Wl,--no-as-needed)
  endif()
endif()
