// The forms in which persons may be named in a file: stored ids, and ids as they were given. Says
// whether a value or a text names one of them; what erasure looks for, and what --verify looks for.
//
//   PersonForms forms;
//   forms.Add("17850");
//   forms.IsNamedBy("customer_id", "17850");   // true: the value of such a field
//   forms.IsNamedBy("price", "17850");         // false: a number may be anything
//   forms.Add("ann@example.org");
//   forms.IsIn("paid by ann@example.org.", PersonForms::Text::kProse);  // true
//
// A form is distinct when it has 8 bytes or more, or 4 or more and not only digits. Others ("17",
// "17850") are numbers that stand for many things, and would be seen everywhere. So
//   - a distinct form counts as the whole value of any field, and as a word in any text;
//   - any other counts as the whole value of a field whose name speaks of a person (customer,
//     user, visitor, client, member, person, account, linked, cookie, device, e-mail, phone,
//     loyalty, or just id), as a whole line, and, from 4 bytes on, as a word of raw text, which is
//     a row of a source as it came.
// Fields whose name speaks of an item, and our own numbers, never count. A word has no letter,
// digit or underscore before or behind it; one of digits alone also no '.', '-' or ':' with a digit
// on its other side (a decimal number, a date, a time).
#ifndef BURGEON_ENGINE_ERASURE_PERSON_FORMS_H_
#define BURGEON_ENGINE_ERASURE_PERSON_FORMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"

namespace burgeon {

class PersonForms {
 public:
  enum class Text { kProse, kRaw };

  void Add(std::string_view form);
  bool empty() const { return forms_.empty(); }

  // Whether `value` is a form, whatever it stands in.
  bool Holds(std::string_view value) const { return forms_.contains(value); }
  // Whether the whole value of the field `name` is one that counts there.
  bool IsNamedBy(std::string_view name, std::string_view value) const;
  // Whether a text has one as a word. One pass, for any number of forms.
  bool IsIn(std::string_view text, Text kind) const;
  // Both, for the value of a field that may be a text.
  bool Names(std::string_view name, std::string_view value) const;
  // Every form that stands in raw text as a word, replaced.
  std::string Conceal(std::string_view text, std::string_view replacement) const;

 private:
  // The end of a form that begins at `at` as a word; npos when there is none.
  size_t MatchAt(std::string_view text, size_t at, Text kind) const;

  StringSet forms_;
  std::vector<size_t> lengths_;  // of forms that may be words, descending, each once
};

// Whether a field may hold the id of a person: not one of an item, and not one of our own numbers.
bool MayNameAPerson(std::string_view field);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_PERSON_FORMS_H_
