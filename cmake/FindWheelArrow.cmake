# Arrow and Parquet C++ from the pyarrow wheel, which ships headers and libraries with a version
# suffix (libarrow.so.2600) but no CMake package. Targets: WheelArrow::arrow, WheelArrow::parquet.
set(root ${BURGEON_SITE_PACKAGES}/pyarrow)
file(GLOB WheelArrow_LIBRARY ${root}/libarrow.so.*)
file(GLOB WheelArrow_PARQUET_LIBRARY ${root}/libparquet.so.*)
find_path(WheelArrow_INCLUDE_DIR arrow/api.h PATHS ${root}/include NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(WheelArrow REQUIRED_VARS WheelArrow_LIBRARY
                                  WheelArrow_PARQUET_LIBRARY WheelArrow_INCLUDE_DIR)
if(WheelArrow_FOUND AND NOT TARGET WheelArrow::arrow)
  add_library(WheelArrow::arrow SHARED IMPORTED)
  set_target_properties(WheelArrow::arrow PROPERTIES IMPORTED_LOCATION ${WheelArrow_LIBRARY})
  target_include_directories(WheelArrow::arrow SYSTEM INTERFACE ${WheelArrow_INCLUDE_DIR})
  add_library(WheelArrow::parquet SHARED IMPORTED)
  set_target_properties(WheelArrow::parquet PROPERTIES
                        IMPORTED_LOCATION ${WheelArrow_PARQUET_LIBRARY})
  target_link_libraries(WheelArrow::parquet INTERFACE WheelArrow::arrow)
endif()
