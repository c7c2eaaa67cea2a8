// A tree of categories, read from a file; a value becomes the path from the root to its category.
//
//   id,parent,name                path
//   10,,Women                     Women > Shoes > Boots
//   11,10,Shoes          or       Women > Shoes > Sandals
//   12,11,Boots
//
//   BURGEON_ASSIGN_OR_RETURN(const CategoryTree tree, CategoryTree::Load(files, "tree.csv"));
//   tree.Find("12")                      // "Women > Shoes > Boots"
//   tree.Find("women>shoes > BOOTS")     // the same
//
// A CSV file with a header (table.h): the columns `id` and `parent` (empty for a root) and perhaps
// `name` (without it the id), or the column `path`, of which each beginning is a category too.
// Further columns do not count. Found are ids, whole paths with > or / between the names, and names
// that only one category has; case, kinds of blanks and full-width forms do not count. Immutable,
// thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_CATEGORY_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_CATEGORY_H_

#include <string>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

class CategoryTree {
 public:
  // kNotFound, kInvalidArgument naming file and line: columns missing, an id twice, a parent that
  // is not there, a category that is its own ancestor, a name with '>' in it, more than a million
  // categories, deeper than 64.
  static absl::StatusOr<CategoryTree> Load(FileSystem& files, const std::string& path);

  // The canonical path, or nullptr.
  const std::string* Find(std::string_view text) const;
  size_t size() const { return paths_.size(); }

 private:
  void Add(const std::string& key, const std::string& path);

  StringMap<std::string> paths_;  // a path's key: the path
  StringMap<std::string> ids_;    // an id as it is written: its path
  StringMap<std::string> names_;  // a name's key: its path, "" when several have it
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_CATEGORY_H_
