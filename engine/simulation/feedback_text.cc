#include "engine/simulation/feedback_text.h"

#include <array>

#include "engine/base/text.h"

namespace burgeon {
namespace {

using Wordings = std::array<std::string_view, 4>;
using BySentiment = std::array<Wordings, 3>;

constexpr std::array<BySentiment, 2> kOpeners = {{
    {{{"I am disappointed.", "Not good at all.", "This was a let-down.", "I expected better."},
      {"It was all right.", "Average overall.", "Neither good nor bad.", "It does the job."},
      {"I am very happy.", "Great experience!", "Really pleased with this.", "Excellent."}}},
    {{{"很失望。", "体验很差。", "太糟糕了。", "和预期差很多。"},
      {"一般般。", "还行吧。", "中规中矩。", "没什么特别的。"},
      {"非常满意！", "体验很好。", "特别喜欢。", "值得推荐！"}}},
}};

using TopicText = std::array<std::string_view, 3>;  // by sentiment
constexpr std::array<std::array<TopicText, kSimTopics>, 2> kTopicTexts = {{
    {{{"The parcel came a week late and nobody told me.",
       "The parcel came on the last day of the promised window.",
       "The parcel came a day early and well packed."},
      {"The material feels cheap and broke after two days.",
       "The quality is what one gets at this level.",
       "The quality is outstanding, every detail is right."},
      {"Far too expensive for what it is.", "The price is about what others ask.",
       "Wonderful value for the money."},
      {"The staff were rude and did not help.", "The staff answered after a while.",
       "The staff were friendly and solved it at once."},
      {"The app crashes whenever I open the cart.", "The app works, but it is slow at times.",
       "The app is quick and easy to use."},
      {"They refused my return and kept the money.", "The refund took two weeks.",
       "The return was simple and the refund came the same day."}}},
    {{{"快递晚了一个星期，也没有人通知我。", "快递在最后一天才到。", "物流很快，包装完好。"},
      {"做工粗糙，用了两天就坏了。", "质量和价格相当。", "质量非常好，细节到位。"},
      {"太贵了，不值这个价。", "价格和别家差不多。", "性价比很高，很划算。"},
      {"客服态度恶劣，问题没解决。", "客服等了一会儿才回复。", "客服热情，马上就解决了。"},
      {"应用一打开购物车就闪退。", "应用能用，就是有点慢。", "应用流畅，操作简单。"},
      {"拒绝退货，钱也不退。", "退款等了两个星期。", "退货方便，当天就退款了。"}}},
}};

constexpr std::array<BySentiment, 2> kClosers = {{
    {{{"I will not order again.", "Please fix this.", "Never again.", "I want my money back."},
      {"We will see.", "Nothing more to say.", "Maybe again, maybe not.", "Fine for now."},
      {"I will come back.", "Thank you!", "Recommended to everybody.", "Keep it up."}}},
    {{{"不会再买了。", "请尽快处理。", "再也不来了。", "要求退款。"},
      {"再看看吧。", "没别的了。", "以后再说。", "先这样。"},
      {"会再来的。", "谢谢！", "推荐大家购买。", "继续保持。"}}},
}};

std::string Space(TextLanguage language) { return language == TextLanguage::kEnglish ? " " : ""; }

}  // namespace

std::string_view SimFeedbackName(SimFeedback kind) {
  constexpr std::array<std::string_view, 5> kNames = {"nps", "csat", "review", "complaint",
                                                      "support"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view SimTopicName(SimTopic topic) {
  constexpr std::array<std::string_view, kSimTopics> kNames = {"delivery", "quality", "price",
                                                               "service",  "app",     "returns"};
  return kNames[static_cast<size_t>(topic)];
}

std::string_view SimSentimentName(SimSentiment sentiment) {
  constexpr std::array<std::string_view, 3> kNames = {"negative", "neutral", "positive"};
  return kNames[static_cast<size_t>(sentiment)];
}

std::string FeedbackText(SimFeedback kind, SimTopic topic, SimSentiment sentiment,
                         TextLanguage language, uint64_t variant, std::string_view thing) {
  const auto tongue = static_cast<size_t>(language);
  const auto mood = static_cast<size_t>(sentiment);
  const bool english = language == TextLanguage::kEnglish;
  const std::string_view opener = kOpeners[tongue][mood][variant % 4];
  const std::string_view matter = kTopicTexts[tongue][static_cast<size_t>(topic)][mood];
  const std::string_view closer = kClosers[tongue][mood][variant / 4 % 4];
  const std::string space = Space(language);
  if (kind == SimFeedback::kSupport) {
    return english
               ? Concat("Customer: Hello, I have a question. ", matter,
                        " Agent: Thank you for calling, let me look into it. Customer: ", opener,
                        " ", closer)
               : Concat("客户：你好，我想咨询一下。", matter, "客服：感谢来电，我来查一下。客户：",
                        opener, closer);
  }
  std::string text = Concat(opener, space, matter);
  if (!thing.empty()) {
    text += english ? Concat(" This is about: ", thing, ".") : Concat("商品：", thing, "。");
  }
  return Concat(text, space, closer);
}

}  // namespace burgeon
