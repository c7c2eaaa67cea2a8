#include "engine/expression/expression.h"

#include <utility>

#include "engine/expression/lexer.h"
#include "engine/expression/program.h"

namespace burgeon {

absl::StatusOr<Expression> Expression::Compile(std::string_view text,
                                               std::span<const ExpressionColumn> columns,
                                               const ExpressionOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(expression::Program program, expression::Check(text, columns, options));
  return Expression(std::make_shared<const expression::Program>(std::move(program)));
}

absl::StatusOr<Expression> Expression::CompileCondition(std::string_view text,
                                                        std::span<const ExpressionColumn> columns,
                                                        const ExpressionOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(Expression made, Compile(text, columns, options));
  if (made.type() != ExpressionType::kBool && made.type() != ExpressionType::kNull) {
    return expression::ProblemAt(text, 0,
                                 Concat("the expression gives a ", ExpressionTypeName(made.type()),
                                        "; one that is true or false is wanted"));
  }
  return made;
}

ExpressionType Expression::type() const { return program_->operations.back().type; }
const std::string& Expression::text() const { return program_->text; }
const std::vector<size_t>& Expression::columns() const { return program_->columns; }

ExpressionValue Expression::Evaluate(const ExpressionRow& row, ExpressionScratch* scratch) const {
  return expression::Run(*program_, row, scratch);
}
bool Expression::IsTrue(const ExpressionRow& row, ExpressionScratch* scratch) const {
  return Evaluate(row, scratch).is_true();
}
bool Expression::IsFalse(const ExpressionRow& row, ExpressionScratch* scratch) const {
  return Evaluate(row, scratch).is_false();
}

}  // namespace burgeon
