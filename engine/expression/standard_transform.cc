#include "engine/expression/standard_transform.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/base/hash.h"
#include "engine/expression/standard_category.h"
#include "engine/expression/standard_currency.h"
#include "engine/expression/standard_email.h"
#include "engine/expression/standard_person.h"
#include "engine/expression/standard_phone.h"
#include "engine/expression/standard_place.h"
#include "engine/expression/standard_text.h"
#include "engine/expression/standard_unit.h"

namespace burgeon {
namespace {

using Made = absl::StatusOr<StandardTransform>;

enum class Argument { kNone, kOptional, kRequired, kFile };

struct Entry {
  std::string_view name;
  Argument argument = Argument::kNone;
  std::string_view shown;  // the argument's name, for messages
  Made (*make)(FileSystem& files, const std::string& argument) = nullptr;
};

// A form that takes any text; ASCII stays as it is when the form is one that changes none.
template <std::string (*form)(std::string_view), bool keeps_ascii>
Made Form(FileSystem&, const std::string&) {
  return StandardTransform([](std::string_view text, std::string* out, std::string*) {
    *out = keeps_ascii && IsAscii(text) ? std::string(text) : form(text);
    return true;
  });
}

StandardTransform Found(std::function<std::optional<std::string>(std::string_view)> find,
                        std::string wanted_text) {
  return [find = std::move(find), wanted_text = std::move(wanted_text)](
             std::string_view text, std::string* out, std::string* wanted) {
    auto found = find(text);
    if (found) *out = *std::move(found);
    if (!found) *wanted = wanted_text;
    return found.has_value();
  };
}

Made Phone(FileSystem&, const std::string& country) {
  BURGEON_ASSIGN_OR_RETURN(const PhoneForm form, PhoneForm::Of(country));
  return StandardTransform([form](std::string_view text, std::string* out, std::string* wanted) {
    return form.Apply(text, out, wanted);
  });
}

Made Unit(FileSystem&, const std::string& units) {
  BURGEON_ASSIGN_OR_RETURN(const UnitConversion unit, UnitConversion::Parse(units));
  return StandardTransform([unit](std::string_view text, std::string* out, std::string* wanted) {
    return unit.Apply(text, out, wanted);
  });
}

Made Currency(FileSystem&, const std::string&) {
  return Found(
      [](std::string_view text) -> std::optional<std::string> {
        std::string code(TrimAscii(text));
        for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return MinorUnitsOf(code) ? std::optional(std::move(code)) : std::nullopt;
      },
      "a currency of ISO 4217");
}

// "1234" of cents is "12.34".
std::optional<std::string> FromMinor(std::string_view text, size_t digits) {
  text = TrimAscii(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::string number(text);
  if (number.size() <= digits) number.insert(0, digits + 1 - number.size(), '0');
  if (digits > 0) number.insert(number.size() - digits, 1, '.');
  return Concat(negative ? "-" : "", number);
}

Made MinorUnits(FileSystem&, const std::string& code) {
  const auto digits = MinorUnitsOf(code);
  if (!digits) return InvalidArgument("'", Printable(code), "' is no currency of ISO 4217");
  return Found(
      [digits](std::string_view text) { return FromMinor(text, static_cast<size_t>(*digits)); },
      Concat("a whole number of the smallest unit of ", code));
}

Made Country(FileSystem&, const std::string&) {
  return Found(CountryCode, "a country of ISO 3166-1, its code or its name in English or Chinese");
}

Made Language(FileSystem&, const std::string&) {
  return Found(LanguageCode, "a language of ISO 639, its code or its name in English or Chinese");
}

Made BirthDate(FileSystem&, const std::string& order) {
  DateOrder parsed = DateOrder::kYearFirst;
  if (order == "dmy") parsed = DateOrder::kDayFirst;
  if (order == "mdy") parsed = DateOrder::kMonthFirst;
  if (parsed == DateOrder::kYearFirst && !order.empty() && order != "ymd") {
    return InvalidArgument("'", Printable(order), "' is none of ymd, dmy, mdy");
  }
  return Found([parsed](std::string_view text) { return StandardBirthDate(text, parsed); },
               Concat("a date from 1900 to 2199, in the order ", order.empty() ? "ymd" : order));
}

Made Gender(FileSystem&, const std::string& codes) {
  if (!codes.empty() && codes != "iso5218") {
    return InvalidArgument("'", Printable(codes),
                           "' is not iso5218, the one list of codes there is");
  }
  const GenderCodes list = codes.empty() ? GenderCodes::kWords : GenderCodes::kIso5218;
  return Found([list](std::string_view text) { return StandardGender(text, list); },
               "a gender: male, female, other, unknown or a word for one of them");
}

Made Boolean(FileSystem&, const std::string&) {
  return Found(StandardBoolean, "true or false, or a word for one of them");
}

absl::StatusOr<std::shared_ptr<const CategoryTree>> LoadTree(FileSystem& files,
                                                             const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(CategoryTree tree, CategoryTree::Load(files, path));
  return std::make_shared<const CategoryTree>(std::move(tree));
}

Made Category(FileSystem& files, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const auto tree, LoadTree(files, path));
  return Found(
      [tree](std::string_view text) -> std::optional<std::string> {
        const std::string* const found = tree->Find(text);
        return found == nullptr ? std::nullopt : std::optional(*found);
      },
      Concat("a category of ", path));
}

Made CategoryOrSame(FileSystem& files, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const auto tree, LoadTree(files, path));
  return StandardTransform([tree](std::string_view text, std::string* out, std::string*) {
    const std::string* const found = tree->Find(text);
    *out = found == nullptr ? std::string(text) : *found;
    return true;
  });
}

Made Hash(FileSystem&, const std::string&) {
  return StandardTransform([](std::string_view text, std::string* out, std::string*) {
    *out = Sha256Hex(text);
    return true;
  });
}

template <bool (*apply)(std::string_view, std::string*, std::string*)>
Made Direct(FileSystem&, const std::string&) {
  return StandardTransform(apply);
}

constexpr Entry kEntries[] = {
    {"nfc", Argument::kNone, "", Form<ToNfc, true>},
    {"nfkc", Argument::kNone, "", Form<ToNfkc, true>},
    {"half_width", Argument::kNone, "", Form<ToHalfWidth, true>},
    {"fold_case", Argument::kNone, "", Form<FoldCase, false>},
    {"collapse", Argument::kNone, "", Form<Collapse, false>},
    {"clean", Argument::kNone, "", Form<Clean, false>},
    {"email", Argument::kNone, "", Direct<StandardEmail>},
    {"email_canonical", Argument::kNone, "", Direct<CanonicalEmail>},
    {"phone", Argument::kOptional, "COUNTRY", Phone},
    {"unit", Argument::kRequired, "FROM>TO", Unit},
    {"currency", Argument::kNone, "", Currency},
    {"minor_units", Argument::kRequired, "CURRENCY", MinorUnits},
    {"country", Argument::kNone, "", Country},
    {"language", Argument::kNone, "", Language},
    {"birth_date", Argument::kOptional, "ORDER", BirthDate},
    {"gender", Argument::kOptional, "CODES", Gender},
    {"boolean", Argument::kNone, "", Boolean},
    {"category", Argument::kFile, "FILE", Category},
    {"category_or_same", Argument::kFile, "FILE", CategoryOrSame},
    {"sha256", Argument::kNone, "", Hash},
};

const Entry* FindEntry(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kEntries), std::end(kEntries),
                                         [&](const Entry& entry) { return entry.name == name; });
  return found == std::end(kEntries) ? nullptr : found;
}

}  // namespace

std::vector<std::string> StandardTransformNames() {
  std::vector<std::string> out;
  for (const Entry& entry : kEntries) {
    std::string text(entry.name);
    if (entry.argument == Argument::kOptional) text += Concat("[=", entry.shown, "]");
    if (entry.argument > Argument::kOptional) text += Concat("=", entry.shown);
    out.push_back(std::move(text));
  }
  return out;
}

bool IsStandardTransform(std::string_view name) { return FindEntry(name) != nullptr; }

bool TakesFile(std::string_view name) {
  const Entry* const entry = FindEntry(name);
  return entry != nullptr && entry->argument == Argument::kFile;
}

absl::StatusOr<StandardTransform> MakeTransform(FileSystem& files, std::string_view name,
                                                std::string_view argument) {
  const Entry* const entry = FindEntry(name);
  if (entry == nullptr) {
    return InvalidArgument("'", Printable(name), "' is none of ",
                           JoinComma(StandardTransformNames()));
  }
  if (entry->argument == Argument::kNone && !argument.empty()) {
    return InvalidArgument("'", name, "' takes no argument");
  }
  if (entry->argument >= Argument::kRequired && argument.empty()) {
    return InvalidArgument("'", name, "' needs an argument: ", name, "=", entry->shown);
  }
  return entry->make(files, std::string(argument));
}

}  // namespace burgeon
