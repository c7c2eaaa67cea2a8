#include "engine/events/column_roles.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace burgeon {
namespace {

// The words of a role, without what is not a letter or a digit.
const std::vector<std::string_view>& WordsOf(ColumnRole role) {
  static const std::array<std::vector<std::string_view>, kColumnRoles> kWords = {{
      {"userid",    "user",     "customerid",   "customer",    "uid",      "visitorid",
       "visitor",   "clientid", "memberid",     "member",      "buyerid",  "buyer",
       "accountid", "cid",      "userpseudoid", "anonymousid", "guestid",  "cookieid",
       "deviceid",  "用户",     "用户id",       "客户",        "客户id",   "会员",
       "会员id",    "买家",     "顾客",         "客户编号",    "用户编号", "会员号"},
      {"itemid",  "item",   "productid", "product", "sku",   "skuid",     "stockcode", "articleid",
       "article", "asin",   "movieid",   "goodsid", "goods", "contentid", "isbn",      "reference",
       "商品",    "商品id", "商品编号",  "货号",    "产品",  "产品id",    "物品"},
      {"timestamp",    "time",       "eventtime",   "datetime",  "date",           "ts",
       "createdat",    "createtime", "invoicedate", "orderdate", "eventtimestamp", "eventdate",
       "purchasedate", "occurredat", "时间",        "日期",      "时间戳",         "下单时间",
       "交易时间",     "行为时间"},
      {"event", "eventtype", "type", "action", "actiontype", "behavior", "behaviour",
       "behaviortype", "behaviourtype", "eventname", "activity", "行为", "行为类型", "事件",
       "事件类型", "操作"},
      {"sessionid", "session", "usersession", "invoiceno", "invoice", "orderid", "visitid",
       "basketid", "transactionid", "会话", "会话id", "订单", "订单号", "订单id"},
      {"quantity", "qty", "count", "units", "number", "numberofcds", "数量", "件数", "购买数量"},
      {"unitprice", "price", "单价", "价格", "售价"},
      {"value", "amount", "total", "totalprice", "revenue", "dollarvalue", "sales", "payment",
       "spend", "金额", "总价", "总金额", "消费金额", "实付金额"},
      {"currency", "currencycode", "币种", "货币"},
      {"rating", "score", "stars", "评分", "打分"},
      {"channel", "platform", "device", "渠道", "平台"},
  }};
  return kWords[static_cast<size_t>(role)];
}

std::string Plain(std::string_view name) {
  name = name.substr(0, name.find(':'));  // RecBole's "user_id:token"
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) out += c;
    if (std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

bool IsId(const ColumnProfile& c) {
  // Ids of ten digits read as seconds since 1970 too.
  if (c.kind == ColumnKind::kTime) return c.time_format.starts_with("unix_");
  return c.kind == ColumnKind::kInteger || c.kind == ColumnKind::kText ||
         c.kind == ColumnKind::kWords || (c.kind == ColumnKind::kNumber && c.with_fraction == 0);
}

bool IsNumber(const ColumnProfile& c) {
  return c.kind == ColumnKind::kInteger || c.kind == ColumnKind::kNumber;
}

// The share of rows whose text is a word of event types.
double EventWords(const ColumnProfile& c) {
  int64_t known = 0;
  for (const auto& [word, count] : c.values) known += EventTypeOfWord(word) ? count : 0;
  return c.present() == 0 ? 0 : static_cast<double>(known) / static_cast<double>(c.present());
}

// Whether what a column holds can be of the role at all.
bool Holds(const ColumnProfile& c, ColumnRole role) {
  switch (role) {
    case ColumnRole::kCustomer:
    case ColumnRole::kItem:
    case ColumnRole::kSession:
      return IsId(c);
    case ColumnRole::kTime:
      return c.kind == ColumnKind::kTime;
    case ColumnRole::kType:
      return c.kind == ColumnKind::kWords && c.distinct >= 1;
    case ColumnRole::kQuantity:
      return c.kind == ColumnKind::kInteger || c.kind == ColumnKind::kNumber;
    case ColumnRole::kUnitPrice:
    case ColumnRole::kValue:
    case ColumnRole::kRating:
      return IsNumber(c);
    case ColumnRole::kCurrency:
      return c.kind == ColumnKind::kWords &&
             std::all_of(c.values.begin(), c.values.end(),
                         [](const auto& value) { return value.first.size() == 3; });
    case ColumnRole::kChannel:
      return c.kind == ColumnKind::kWords;
  }
  return false;
}

std::string Counted(const ColumnProfile& c) {
  return Concat(c.distinct, " different values in ", c.rows, " rows",
                c.missing > 0 ? Concat(", ", c.missing, " missing") : std::string());
}

class Guesser {
 public:
  explicit Guesser(const std::vector<ColumnProfile>& columns)
      : columns_(columns), taken_(columns.size(), false) {}

  std::map<ColumnRole, RoleGuess> Guess() {
    for (const int fits : {3, 2}) {
      for (int role = 0; role < kColumnRoles; ++role) ByName(static_cast<ColumnRole>(role), fits);
    }
    ByContent();
    return std::move(roles_);
  }

 private:
  void Take(ColumnRole role, size_t column, bool sure, std::string why) {
    roles_[role] = {column, sure, std::move(why)};
    taken_[column] = true;
  }

  void ByName(ColumnRole role, int fits) {
    if (roles_.contains(role)) return;
    // Of several names the one whose word comes first.
    size_t best = columns_.size();
    size_t best_word = SIZE_MAX;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (taken_[i] || NameFits(columns_[i].name, role) != fits || !Holds(columns_[i], role)) {
        continue;
      }
      const auto& words = WordsOf(role);
      const auto word = static_cast<size_t>(
          std::find(words.begin(), words.end(), Plain(columns_[i].name)) - words.begin());
      if (word < best_word || best == columns_.size()) {
        best = i;
        best_word = word;
      }
    }
    if (best == columns_.size()) return;
    Take(role, best, fits == 3,
         Concat(fits == 3 ? "named so; " : "its name has such a word in it; ",
                Counted(columns_[best])));
  }

  // What no name says.
  void ByContent() {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (taken_[i]) continue;
      if (!roles_.contains(ColumnRole::kTime) && columns_[i].kind == ColumnKind::kTime) {
        Take(ColumnRole::kTime, i, columns_[i].time_share >= kEnough,
             Concat("the only column of times; ", Counted(columns_[i])));
      } else if (!roles_.contains(ColumnRole::kType) && columns_[i].kind == ColumnKind::kWords &&
                 EventWords(columns_[i]) >= 0.9) {
        Take(ColumnRole::kType, i, true,
             Concat("its values are words of events; ", Counted(columns_[i])));
      }
    }
    // Ids without names: people before things, as most files have them.
    for (const ColumnRole role : {ColumnRole::kCustomer, ColumnRole::kItem}) {
      if (roles_.contains(role) || !roles_.contains(ColumnRole::kTime)) continue;
      size_t best = columns_.size();
      for (size_t i = 0; i < columns_.size(); ++i) {
        const ColumnKind kind = columns_[i].kind;
        if (taken_[i] || !IsId(columns_[i]) || kind == ColumnKind::kWords ||
            kind == ColumnKind::kTime) {
          continue;
        }
        if (columns_[i].distinct < 2 || columns_[i].negative > 0) continue;
        if (Named(columns_[i].name)) continue;
        if (best == columns_.size() ||
            (role == ColumnRole::kItem && columns_[i].distinct > columns_[best].distinct)) {
          best = i;
        }
      }
      if (best == columns_.size()) continue;
      Take(role, best, false,
           Concat(role == ColumnRole::kCustomer ? "the first column that could be an id; "
                                                : "of the columns left, the one with most values; ",
                  Counted(columns_[best])));
    }
  }

  // Whether a name says anything: c1, c2, ... do not.
  static bool Named(const std::string& name) {
    return name.size() < 2 || name[0] != 'c' || !ParseInt64(name.substr(1));
  }

  const std::vector<ColumnProfile>& columns_;
  std::vector<bool> taken_;
  std::map<ColumnRole, RoleGuess> roles_;
};

}  // namespace

std::string_view ColumnRoleName(ColumnRole role) {
  static constexpr std::array<std::string_view, kColumnRoles> kNames = {
      "customer",   "item",  "time",     "type",   "session", "quantity",
      "unit_price", "value", "currency", "rating", "channel"};
  return kNames[static_cast<size_t>(role)];
}

std::map<ColumnRole, RoleGuess> GuessRoles(const std::vector<ColumnProfile>& columns) {
  return Guesser(columns).Guess();
}

int NameFits(std::string_view name, ColumnRole role) {
  const std::string plain = Plain(name);
  int fits = 0;
  for (const std::string_view word : WordsOf(role)) {
    if (plain == word) return 3;
    // Short words are in too many others ("uid" in "fluid").
    if (word.size() >= 5 && plain.find(word) != std::string::npos) fits = 2;
  }
  return fits;
}

std::optional<EventType> EventTypeOfWord(std::string_view word) {
  static constexpr std::pair<std::string_view, EventType> kWords[] = {
      {"pv", EventType::kView},
      {"pageview", EventType::kView},
      {"viewitem", EventType::kView},
      {"productview", EventType::kView},
      {"detail", EventType::kView},
      {"浏览", EventType::kView},
      {"查看", EventType::kView},
      {"clk", EventType::kClick},
      {"clickout", EventType::kClick},
      {"clickoutitem", EventType::kClick},
      {"点击", EventType::kClick},
      {"cart", EventType::kAddToCart},
      {"addtocart", EventType::kAddToCart},
      {"addcart", EventType::kAddToCart},
      {"加购", EventType::kAddToCart},
      {"加入购物车", EventType::kAddToCart},
      {"removefromcart", EventType::kRemoveFromCart},
      {"fav", EventType::kFavourite},
      {"favorite", EventType::kFavourite},
      {"favour", EventType::kFavourite},
      {"like", EventType::kFavourite},
      {"wishlist", EventType::kFavourite},
      {"收藏", EventType::kFavourite},
      {"buy", EventType::kPurchase},
      {"order", EventType::kPurchase},
      {"transaction", EventType::kPurchase},
      {"pay", EventType::kPurchase},
      {"购买", EventType::kPurchase},
      {"下单", EventType::kPurchase},
      {"支付", EventType::kPurchase},
      {"refund", EventType::kReturn},
      {"退货", EventType::kReturn},
      {"退款", EventType::kReturn},
      {"searchforitem", EventType::kSearch},
      {"searchforpoi", EventType::kSearch},
      {"searchfordestination", EventType::kSearch},
      {"搜索", EventType::kSearch},
      {"rate", EventType::kRating},
      {"begincheckout", EventType::kCheckout},
      {"sessionstart", EventType::kVisit},
      {"show", EventType::kImpression},
      {"exposure", EventType::kImpression},
      {"曝光", EventType::kImpression},
  };
  const std::string plain = Plain(word);
  for (const auto& [text, type] : kWords) {
    if (plain == text) return type;
  }
  for (int i = 0; i < kEventTypes; ++i) {
    const auto type = static_cast<EventType>(i);
    if (type != EventType::kOther && Plain(EventTypeName(type)) == plain) return type;
  }
  return std::nullopt;
}

}  // namespace burgeon
