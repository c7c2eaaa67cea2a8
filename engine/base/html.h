// HTML put together part by part, for reports that are one file and need nothing else.
//
//   HtmlPage page;
//   page.Raw("<p>").Text("score ", 0.5, " of ", name).Raw("</p>");   // name is escaped
//
// Raw is for markup written in our code; whatever comes from data goes through Text or a cell.
#ifndef BURGEON_ENGINE_BASE_HTML_H_
#define BURGEON_ENGINE_BASE_HTML_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/text.h"

namespace burgeon {

// & < > " ' as character references; control bytes and what is not UTF-8 as \xNN.
std::string EscapeHtml(std::string_view text);

// 541,909
std::string GroupedDigits(int64_t value);

class HtmlPage {
 public:
  HtmlPage& Raw(std::string_view html) {
    html_ += html;
    return *this;
  }
  template <class... Parts>
  HtmlPage& Text(const Parts&... parts) {
    html_ += EscapeHtml(Concat(parts...));
    return *this;
  }
  template <class... Parts>
  HtmlPage& Cell(const Parts&... parts) {
    return Raw("<td>").Text(parts...).Raw("</td>");
  }
  template <class... Parts>
  HtmlPage& NumberCell(const Parts&... parts) {
    return Raw("<td class=\"n\">").Text(parts...).Raw("</td>");
  }
  std::string Take() { return std::move(html_); }

 private:
  std::string html_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_HTML_H_
