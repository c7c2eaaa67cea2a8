// Every small expression against a plain evaluator of the same trees, which knows nothing of
// parsing, types or short cuts: SQL's tables of three values, and arithmetic on doubles.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression/expression.h"

namespace burgeon {
namespace {

using Number = std::optional<double>;
using Truth = std::optional<bool>;

struct Row {
  Number n;
  Truth b;
};

// A reference expression: its text, and what it is on a row.
struct NumberTree {
  std::string text;
  std::function<Number(const Row&)> value;
};
struct TruthTree {
  std::string text;
  std::function<Truth(const Row&)> value;
};

Number Finite(double value) { return std::isfinite(value) ? Number(value) : std::nullopt; }

Truth And(Truth a, Truth b) {
  if ((a && !*a) || (b && !*b)) return false;
  if (!a || !b) return std::nullopt;
  return true;
}
Truth Not(Truth a) { return a ? Truth(!*a) : std::nullopt; }
Truth Or(Truth a, Truth b) { return Not(And(Not(a), Not(b))); }
Truth Compare(const std::string& op, Number a, Number b) {
  if (!a || !b) return std::nullopt;
  if (op == "=") return *a == *b;
  if (op == "!=") return *a != *b;
  if (op == "<") return *a < *b;
  if (op == "<=") return *a <= *b;
  if (op == ">") return *a > *b;
  return *a >= *b;
}
Number Calculate(char op, Number a, Number b) {
  if (!a || !b) return std::nullopt;
  if (op == '+') return Finite(*a + *b);
  if (op == '-') return Finite(*a - *b);
  if (op == '*') return Finite(*a * *b);
  if (*b == 0) return std::nullopt;
  return op == '/' ? Finite(*a / *b) : Finite(std::fmod(*a, *b));
}

std::vector<NumberTree> SmallNumbers() {
  return {{"0", [](const Row&) { return Number(0); }},
          {"2.5", [](const Row&) { return Number(2.5); }},
          {"null", [](const Row&) { return Number(); }},
          {"n", [](const Row& row) { return row.n; }}};
}
std::vector<TruthTree> SmallTruths() {
  return {{"true", [](const Row&) { return Truth(true); }},
          {"false", [](const Row&) { return Truth(false); }},
          {"null", [](const Row&) { return Truth(); }},
          {"b", [](const Row& row) { return row.b; }}};
}

std::vector<NumberTree> Calculated(const std::vector<NumberTree>& left,
                                   const std::vector<NumberTree>& right) {
  std::vector<NumberTree> out;
  for (const NumberTree& a : left) {
    out.push_back({"(- " + a.text + ")", [a](const Row& row) {
                     const Number v = a.value(row);
                     return v ? Number(-*v) : std::nullopt;
                   }});
    out.push_back({"abs(" + a.text + ")", [a](const Row& row) {
                     const Number v = a.value(row);
                     return v ? Number(std::fabs(*v)) : std::nullopt;
                   }});
    for (const NumberTree& b : right) {
      for (const char op : {'+', '-', '*', '/', '%'}) {
        out.push_back({"(" + a.text + op + b.text + ")", [a, b, op](const Row& row) {
                         return Calculate(op, a.value(row), b.value(row));
                       }});
      }
      out.push_back({"coalesce(" + a.text + ", " + b.text + ")", [a, b](const Row& row) {
                       const Number v = a.value(row);
                       return v ? v : b.value(row);
                     }});
    }
  }
  return out;
}

std::vector<TruthTree> Compared(const std::vector<NumberTree>& left,
                                const std::vector<NumberTree>& right) {
  std::vector<TruthTree> out;
  for (const NumberTree& a : left) {
    for (const NumberTree& b : right) {
      for (const std::string op : {"=", "!=", "<", "<=", ">", ">="}) {
        out.push_back({"(" + a.text + " " + op + " " + b.text + ")", [a, b, op](const Row& row) {
                         return Compare(op, a.value(row), b.value(row));
                       }});
      }
    }
  }
  return out;
}

// x between y and z, x in (y, z): by their definitions in and, or and comparisons.
std::vector<TruthTree> Ranges(const std::vector<NumberTree>& numbers) {
  std::vector<TruthTree> out;
  for (const NumberTree& x : numbers) {
    for (const NumberTree& y : numbers) {
      for (const NumberTree& z : numbers) {
        out.push_back({"(" + x.text + " between " + y.text + " and " + z.text + ")",
                       [x, y, z](const Row& row) {
                         return And(Compare(">=", x.value(row), y.value(row)),
                                    Compare("<=", x.value(row), z.value(row)));
                       }});
        out.push_back(
            {"(" + x.text + " in (" + y.text + ", " + z.text + "))", [x, y, z](const Row& row) {
               return Or(Compare("=", x.value(row), y.value(row)),
                         Compare("=", x.value(row), z.value(row)));
             }});
      }
    }
  }
  return out;
}

std::vector<TruthTree> Connected(const std::vector<TruthTree>& left,
                                 const std::vector<TruthTree>& right) {
  std::vector<TruthTree> out;
  for (const TruthTree& a : left) {
    out.push_back({"(not " + a.text + ")", [a](const Row& row) { return Not(a.value(row)); }});
    out.push_back({"(" + a.text + " is null)",
                   [a](const Row& row) { return Truth(!a.value(row).has_value()); }});
    out.push_back({"(" + a.text + " is not true)",
                   [a](const Row& row) { return Truth(a.value(row) != Truth(true)); }});
    out.push_back({"(" + a.text + " is false)",
                   [a](const Row& row) { return Truth(a.value(row) == Truth(false)); }});
    for (const TruthTree& b : right) {
      out.push_back({"(" + a.text + " and " + b.text + ")",
                     [a, b](const Row& row) { return And(a.value(row), b.value(row)); }});
      out.push_back({"(" + a.text + " or " + b.text + ")",
                     [a, b](const Row& row) { return Or(a.value(row), b.value(row)); }});
      out.push_back({"(" + a.text + " = " + b.text + ")", [a, b](const Row& row) -> Truth {
                       const Truth x = a.value(row);
                       const Truth y = b.value(row);
                       if (!x || !y) return std::nullopt;
                       return *x == *y;
                     }});
    }
  }
  return out;
}

class ValuesOfRow : public ExpressionRow {
 public:
  explicit ValuesOfRow(const Row& row) : row_(row) {}
  ExpressionValue Column(size_t column) const override {
    if (column == 0) return row_.n ? ExpressionValue::Number(*row_.n) : ExpressionValue::Null();
    return row_.b ? ExpressionValue::Bool(*row_.b) : ExpressionValue::Null();
  }

 private:
  const Row& row_;
};

std::vector<Row> Rows() {
  std::vector<Row> rows;
  for (const Number n : {Number(), Number(0), Number(2.5), Number(-4)}) {
    for (const Truth b : {Truth(), Truth(false), Truth(true)}) rows.push_back({n, b});
  }
  return rows;
}

const std::vector<ExpressionColumn>& Columns() {
  static const std::vector<ExpressionColumn>* const columns = new std::vector<ExpressionColumn>{
      {"n", ExpressionType::kNumber}, {"b", ExpressionType::kBool}};
  return *columns;
}

template <class Result>
Result ResultOf(const ExpressionValue& value) {
  if (value.is_null()) return std::nullopt;
  if constexpr (std::is_same_v<Result, Number>) {
    EXPECT_EQ(value.type, ExpressionType::kNumber);
    return value.number;
  } else {
    EXPECT_EQ(value.type, ExpressionType::kBool);
    return value.truth;
  }
}

template <class Result, class Tree>
void ExpectAllEqual(const std::vector<Tree>& trees) {
  const std::vector<Row> rows = Rows();
  ExpressionScratch scratch;
  for (const Tree& tree : trees) {
    const auto compiled = Expression::Compile(tree.text, Columns(), {});
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    for (const Row& row : rows) {
      const Result found = ResultOf<Result>(compiled->Evaluate(ValuesOfRow(row), &scratch));
      ASSERT_EQ(found, tree.value(row))
          << tree.text << " with n = " << (row.n ? Concat(*row.n) : "null")
          << ", b = " << (row.b ? Concat(*row.b) : "null");
    }
  }
}

TEST(EvaluatorTest, EverySmallExpressionIsWhatThePlainEvaluatorSays) {
  const std::vector<NumberTree> numbers = SmallNumbers();
  const std::vector<TruthTree> truths = SmallTruths();
  const std::vector<NumberTree> calculated = Calculated(numbers, numbers);
  ExpectAllEqual<Number>(numbers);
  ExpectAllEqual<Number>(calculated);
  ExpectAllEqual<Number>(Calculated(calculated, numbers));
  ExpectAllEqual<Truth>(truths);
  std::vector<TruthTree> tests = Compared(numbers, numbers);
  for (const auto& more : {Ranges(numbers), Connected(truths, truths)}) {
    tests.insert(tests.end(), more.begin(), more.end());
  }
  ExpectAllEqual<Truth>(tests);
  ExpectAllEqual<Truth>(Compared(calculated, numbers));
  ExpectAllEqual<Truth>(Compared(numbers, calculated));
  const std::vector<TruthTree> twice = Connected(tests, truths);
  ExpectAllEqual<Truth>(twice);
  ExpectAllEqual<Truth>(Connected(truths, tests));
  EXPECT_GT(twice.size(), 3'000U);
}

}  // namespace
}  // namespace burgeon
