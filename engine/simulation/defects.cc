#include "engine/simulation/defects.h"

#include <array>
#include <cmath>
#include <optional>

namespace burgeon {
namespace {

constexpr std::array<std::string_view, kDefectKinds> kNames = {"missing_customer",
                                                               "missing_item",
                                                               "orphan_item",
                                                               "negative_quantity",
                                                               "zero_price",
                                                               "wrong_unit",
                                                               "wrong_currency",
                                                               "exact_duplicate",
                                                               "near_duplicate",
                                                               "broken_time",
                                                               "time_out_of_range",
                                                               "mojibake",
                                                               "full_width",
                                                               "score_out_of_range",
                                                               "gap",
                                                               "drift",
                                                               "missing_attribute",
                                                               "contradictory_attribute"};

bool OfCustomers(DefectKind kind) {
  return kind == DefectKind::kMissingAttribute || kind == DefectKind::kContradictoryAttribute;
}

// UTF-8 taken for Latin-1 and written as UTF-8 once more.
std::string Mojibake(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0 | byte >> 6));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
  return out;
}

// ASCII from '!' to '~' as the forms U+FF01 .. U+FF5E.
std::string FullWidth(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c < '!' || c > '~') {
      out.push_back(c);
      continue;
    }
    const int code = 0xFF01 + (c - '!');
    out.push_back(static_cast<char>(0xE0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
  return out;
}

// A decimal number times a factor, with as many digits after the point.
std::string Times(const std::string& number, double factor) {
  const size_t point = number.find('.');
  const int digits = point == std::string::npos ? 0 : static_cast<int>(number.size() - point - 1);
  const double scale = std::pow(10.0, digits);
  const auto minor = std::llround(std::stod(number) * factor * scale);
  std::string out = Concat(static_cast<int64_t>(minor));
  if (digits == 0) return out;
  const auto wanted = static_cast<size_t>(digits) + 1;
  if (out.size() < wanted) out.insert(0, wanted - out.size(), '0');
  return out.insert(out.size() - static_cast<size_t>(digits), ".");
}

bool HasNonAscii(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
  }
  return false;
}

// The column that a defect of the kind changes in this row, or nothing when it cannot befall it.
std::optional<size_t> ColumnOf(const Defect& defect, const SimEvent& event, const EventRow& row,
                               int64_t day) {
  const bool purchase = event.type == EventType::kPurchase;
  const auto only = [](bool can, size_t column) {
    return can ? std::optional<size_t>(column) : std::nullopt;
  };
  switch (defect.kind) {
    case DefectKind::kMissingCustomer:
      return kCustomerColumn;
    case DefectKind::kMissingItem:
    case DefectKind::kOrphanItem:
    case DefectKind::kFullWidth:
      return only(event.item != kSimNoItem, kItemColumn);
    case DefectKind::kNegativeQuantity:
      return only(purchase, kQuantityColumn);
    case DefectKind::kZeroPrice:
    case DefectKind::kWrongUnit:
      return only(purchase, kUnitPriceColumn);
    case DefectKind::kWrongCurrency:
      return only(purchase, kCurrencyColumn);
    case DefectKind::kNearDuplicate:
      return only(purchase, kEventIdColumn);
    case DefectKind::kExactDuplicate:
      return kEventIdColumn;
    case DefectKind::kBrokenTime:
    case DefectKind::kTimeOutOfRange:
      return kTimeColumn;
    case DefectKind::kMojibake:
      if (HasNonAscii(row[kTextColumn])) return kTextColumn;
      return only(HasNonAscii(row[kQueryColumn]), kQueryColumn);
    case DefectKind::kScoreOutOfRange:
      return only(!row[kScoreColumn].empty(), kScoreColumn);
    case DefectKind::kGap:
      return only(day >= defect.from_day && day < defect.to_day, kEventIdColumn);
    case DefectKind::kDrift:
      return only(purchase && day >= defect.from_day, kUnitPriceColumn);
    case DefectKind::kMissingAttribute:
    case DefectKind::kContradictoryAttribute:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string WrongCurrency(const std::string& code, uint32_t choice) {
  if (choice == 0) return "XXX";
  if (choice == 1) return "DEM";  // gone since 2002
  std::string lower = code;
  for (char& c : lower) c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

std::string WrongTime(const std::string& time, bool broken, uint32_t choice) {
  if (!broken) return (choice % 2 == 0 ? "2097" : "1970") + time.substr(4);
  switch (choice % 3) {
    case 0:
      return time.substr(0, 5) + "13-45" + time.substr(10);
    case 1:
      return "00.00." + time.substr(0, 4);
    default:
      return "tomorrow";
  }
}

std::string Planted(const Defect& defect, const std::string& truth, const EventRow& row,
                    Draws& draws) {
  switch (defect.kind) {
    case DefectKind::kOrphanItem:
      return "gone-" + truth;
    case DefectKind::kFullWidth:
      return FullWidth(truth);
    case DefectKind::kNegativeQuantity:
      return "-" + truth;
    case DefectKind::kZeroPrice:
      return "0";
    case DefectKind::kWrongUnit:
      return Times(truth, 100);
    case DefectKind::kDrift:
      return Times(truth, defect.factor);
    case DefectKind::kWrongCurrency:
      return WrongCurrency(truth, draws.Below(3));
    case DefectKind::kBrokenTime:
    case DefectKind::kTimeOutOfRange:
      return WrongTime(truth, defect.kind == DefectKind::kBrokenTime, draws.Below(6));
    case DefectKind::kMojibake:
      return Mojibake(truth);
    case DefectKind::kScoreOutOfRange:
      return Concat(row[kScaleMaxColumn], draws.Below(9));  // 10 becomes 103
    default:
      return "";
  }
}

}  // namespace

std::string_view DefectKindName(DefectKind kind) { return kNames[static_cast<size_t>(kind)]; }

std::vector<Defect> ParseDefects(const ConfigNode& root) {
  std::vector<Defect> defects;
  const std::vector<std::string> names(kNames.begin(), kNames.end());
  for (const ConfigNode& node : root.Children("defects")) {
    const std::string name = node.RequireEnum("kind", names);
    Defect defect;
    for (size_t k = 0; k < kNames.size(); ++k) {
      if (kNames[k] == name) defect.kind = static_cast<DefectKind>(k);
    }
    const bool by_day = defect.kind == DefectKind::kGap || defect.kind == DefectKind::kDrift;
    if (by_day) {
      defect.rate = node.GetDouble("rate", 1, {0, 1});
      defect.from_day = node.RequireInt("from_day", {0, 20'000});
    } else {
      defect.rate = node.RequireDouble("rate", {0, 1});
    }
    if (defect.kind == DefectKind::kGap) {
      defect.to_day = node.RequireInt("to_day", {1, 20'001});
      if (defect.to_day <= defect.from_day) node.Fail("to_day", "is not after from_day");
    }
    if (defect.kind == DefectKind::kDrift) {
      defect.factor = node.RequireDouble("factor", {0.001, 1000});
    }
    defects.push_back(defect);
  }
  return defects;
}

Damage DefectPlanter::DamageEvent(const SimEvent& event, EventRow* row, EventRow* second) const {
  Damage damage;
  if (defects_.empty()) return damage;
  Draws draws(config_.seed, Stream::kDefects, event.person, event.sequence);
  const int64_t day = DayNumber(event.time) - DayNumber(config_.start);
  for (const Defect& defect : defects_) {
    if (OfCustomers(defect.kind)) continue;
    const bool chosen = draws.Chance(defect.rate);
    const std::optional<size_t> column = ColumnOf(defect, event, *row, day);
    if (!chosen || !column) continue;
    damage.planted = true;
    damage.defect = {defect.kind, 0, (*row)[kEventIdColumn], "", "", ""};
    if (defect.kind == DefectKind::kGap) {
      damage.rows = 0;
    } else if (defect.kind == DefectKind::kExactDuplicate ||
               defect.kind == DefectKind::kNearDuplicate) {
      damage.rows = 2;
      *second = *row;
      if (defect.kind == DefectKind::kNearDuplicate) {
        (*second)[kEventIdColumn] += "-again";
        damage.defect.planted = (*second)[kEventIdColumn];
        (*second)[kTimeColumn].clear();
        TimeText().Append(event.time + kMicrosPerSecond, &(*second)[kTimeColumn]);
      }
    } else {
      damage.defect.field = EventColumnName(*column);
      damage.defect.truth = (*row)[*column];
      damage.defect.planted = Planted(defect, (*row)[*column], *row, draws);
      (*row)[*column] = damage.defect.planted;
    }
    return damage;
  }
  return damage;
}

const Defect* DefectPlanter::DefectOfCustomer(uint64_t person) const {
  if (defects_.empty()) return nullptr;
  Draws draws(config_.seed, Stream::kDefects, person, UINT32_MAX);
  for (const Defect& defect : defects_) {
    if (OfCustomers(defect.kind) && draws.Chance(defect.rate)) return &defect;
  }
  return nullptr;
}

}  // namespace burgeon
