// Any bytes as an expression: it is refused with a message, or evaluates on rows of values and
// nulls to a value of the type it promised, without a crash or a hang.
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "engine/expression/expression.h"

namespace burgeon {
namespace {

class FuzzRow : public ExpressionRow {
 public:
  explicit FuzzRow(bool nulls) : nulls_(nulls) {}
  ExpressionValue Column(size_t column) const override {
    if (nulls_) return ExpressionValue::Null();
    switch (column) {
      case 0:
        return ExpressionValue::Number(-2.5);
      case 1:
        return ExpressionValue::Text("Stra\xC3\x9F\x65 12");
      case 2:
        return ExpressionValue::Bool(true);
      case 3:
        return ExpressionValue::Time(INT64_MAX - 5);
      default:
        return ExpressionValue::Duration(INT64_MIN);
    }
  }

 private:
  const bool nulls_;
};

void Try(std::string_view text) {
  static const std::vector<ExpressionColumn> columns = {{"n", ExpressionType::kNumber},
                                                        {"t", ExpressionType::kText},
                                                        {"b", ExpressionType::kBool},
                                                        {"w", ExpressionType::kTime},
                                                        {"d", ExpressionType::kDuration}};
  const auto compiled = Expression::Compile(text, columns, {.now = 0});
  if (!compiled.ok()) {
    BURGEON_CHECK(compiled.status().code() == absl::StatusCode::kInvalidArgument);
    BURGEON_CHECK(!compiled.status().message().empty());
    return;
  }
  ExpressionScratch scratch;
  for (const bool nulls : {false, true}) {
    const ExpressionValue value = compiled->Evaluate(FuzzRow(nulls), &scratch);
    BURGEON_CHECK(value.is_null() || value.type == compiled->type());
  }
}

}  // namespace
}  // namespace burgeon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  burgeon::Try(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
