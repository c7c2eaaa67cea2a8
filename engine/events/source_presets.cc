#include "engine/events/source_presets.h"

namespace burgeon {
namespace {

// Segment's spec: the calls track, page, screen, identify, group and alias with their common
// fields, and the names and properties of its ecommerce events, version 2.
constexpr std::string_view kSegment = R"(
explode: properties.products
rows:
  # An anonymous visitor turns out to be a user.
  - row: id_link
    where: {type: [identify]}
    present: [userId, anonymousId]
    value: anonymousId
  - row: alias
    where: {type: [alias]}
    present: [userId, previousId]
    value: previousId
  # What an identify call says of its user, a row a trait.
  - row: attribute
    where: {type: [identify]}
    each: traits
fields:
  customer: {column: "userId|anonymousId"}
  item:
    column: >-
      properties.products.product_id|properties.products.sku|properties.product_id|properties.sku
  session: {column: context.sessionId}
  channel: {column: channel}
  event_id: {column: "messageId#"}
  time: {column: timestamp}
  known_at: {column: receivedAt}
  quantity: {column: "properties.products.quantity|properties.quantity"}
  unit_price: {column: "properties.products.price|properties.price"}
  currency: {column: properties.currency}
  type:
    rules:
      - {column: "#row", in: [id_link, alias], type: id_link}
      - {column: "#row", equals: attribute, type: attribute}
      - {column: type, in: [identify, alias], type: ignore}   # their rows say it all
      - {column: type, in: [page, screen], type: view}
      - {column: type, equals: group, type: other, name: group}
    column: event
    values:
      Products Searched: search
      Product List Viewed: impression
      Product List Filtered: search
      Promotion Viewed: impression
      Promotion Clicked: click
      Product Clicked: click
      Product Viewed: view
      Product Added: add_to_cart
      Product Removed: remove_from_cart
      Cart Viewed: other
      Checkout Started: checkout
      Order Completed: purchase
      Order Refunded: return
      Order Cancelled: cancel
      Product Added to Wishlist: favourite
      Product Reviewed: feedback
      Application Opened: visit
    default: other
  properties:
    linked_id: "#value:id_link|#value:alias"
    name: "#name"
    value: "#value:attribute"
    kind: {column: event, values: {Product Reviewed: review}, otherwise: ""}
    score: properties.rating
    text: properties.review_body
    query: properties.query
    order_id: properties.order_id
    order_total: properties.total
    coupon: "properties.products.coupon|properties.coupon"
    list_id: properties.list_id
    position: "properties.products.position|properties.position"
    cart_id: properties.cart_id
    promotion_id: properties.promotion_id
    group_id: groupId
    page: "properties.url|context.page.url|properties.path|context.page.path"
    referrer: "properties.referrer|context.page.referrer"
    campaign: context.campaign.name
    campaign_source: context.campaign.source
    campaign_medium: context.campaign.medium
    device: "context.device.type|context.device.model"
    app: context.app.name
    locale: context.locale
item_attributes:
  name: {column: "properties.products.name|properties.name"}
  category: {column: "properties.products.category|properties.category"}
  brand: {column: "properties.products.brand|properties.brand"}
  variant: {column: "properties.products.variant|properties.variant"}
)";

// The export of Google Analytics 4 to BigQuery, a row of events_YYYYMMDD as one JSON object.
constexpr std::string_view kGa4 = R"(
explode: items
rows:
  - row: id_link
    where: {event_name: [login, sign_up, session_start, purchase]}
    present: [user_id, user_pseudo_id]
    value: user_pseudo_id
  - row: analytics_storage
    where: {event_name: [session_start, first_visit, first_open],
            privacy_info.analytics_storage: ["Yes", "No"]}
    value: privacy_info.analytics_storage
  - row: ads_storage
    where: {event_name: [session_start, first_visit, first_open],
            privacy_info.ads_storage: ["Yes", "No"]}
    value: privacy_info.ads_storage
null_values: [(not set), (none), (data deleted)]
fields:
  customer: {column: "user_id|user_pseudo_id"}
  item: {column: items.item_id}
  session: {column: "event_params{ga_session_id}"}
  channel: {column: platform, transforms: [lower]}
  time: {column: event_timestamp, format: unix_microseconds}
  quantity: {column: items.quantity}
  unit_price: {column: items.price}
  currency: {column: "event_params{currency}"}
  type:
    rules:
      - {column: "#row", equals: id_link, type: id_link}
      - {column: "#row", in: [analytics_storage, ads_storage], type: consent}
    column: event_name
    values:
      session_start: visit
      page_view: view
      screen_view: view
      view_item: view
      view_item_list: impression
      view_promotion: impression
      select_item: click
      select_promotion: click
      search: search
      view_search_results: search
      add_to_wishlist: favourite
      add_to_cart: add_to_cart
      remove_from_cart: remove_from_cart
      view_cart: other
      begin_checkout: checkout
      purchase: purchase
      in_app_purchase: purchase
      refund: return
    default: other
  properties:
    linked_id: "#value:id_link"
    purpose:
      column: "#row"
      values: {analytics_storage: score, ads_storage: audience}
      otherwise: ""
    granted:
      column: "#value:analytics_storage|#value:ads_storage"
      values: {"Yes": "true", "No": "false"}
    query: {column: "event_params{search_term}"}
    transaction_id: {column: "ecommerce.transaction_id|event_params{transaction_id}"}
    order_total: ecommerce.purchase_revenue
    coupon: {column: "items.coupon|event_params{coupon}"}
    page: {column: "event_params{page_location}"}
    page_title: {column: "event_params{page_title}"}
    referrer: {column: "event_params{page_referrer}"}
    engagement_ms: "event_params{engagement_time_msec}"
    list_id: {column: items.item_list_id}
    device: {column: device.category}
    operating_system: {column: device.operating_system}
    browser: {column: device.web_info.browser}
    language: {column: device.language}
    country: {column: geo.country}
    region: {column: geo.region}
    city: {column: geo.city}
    campaign: {column: traffic_source.name}
    campaign_source: {column: traffic_source.source}
    campaign_medium: {column: traffic_source.medium}
item_attributes:
  name: {column: items.item_name}
  brand: {column: items.item_brand}
  variant: {column: items.item_variant}
  category: {column: items.item_category}
)";

// RecBole's atomic files: tab separated, with "name:type" in the header.
constexpr std::string_view kRecBoleEvents = R"(
delimiter: tab
fields:
  customer: {column: "user_id:token", required: true}
  item: {column: "item_id:token", required: true}
  time: {column: "timestamp:float", format: unix_seconds}
  type: {default: rating}
  properties: {score: "rating:float"}
)";
constexpr std::string_view kRecBoleCustomers = R"(
delimiter: tab
fields: {id: {column: "user_id:token"}}
)";
constexpr std::string_view kRecBoleItems = R"(
delimiter: tab
fields: {id: {column: "item_id:token"}}
)";

}  // namespace

const std::vector<std::string>& PresetNames() {
  static const auto* const kNames = new std::vector<std::string>{"segment", "ga4", "recbole"};
  return *kNames;
}

std::string_view PresetYaml(std::string_view format, std::string_view kind) {
  if (format == "segment" && kind == "events") return kSegment;
  if (format == "ga4" && kind == "events") return kGa4;
  if (format == "recbole" && kind == "events") return kRecBoleEvents;
  if (format == "recbole" && kind == "customers") return kRecBoleCustomers;
  if (format == "recbole" && kind == "items") return kRecBoleItems;
  return "";
}

void ApplyPreset(const ConfigNode& source) {
  const std::string format = source.GetString("format", "");
  const std::string_view yaml = PresetYaml(format, source.GetString("kind", "events"));
  if (yaml.empty()) return;
  const absl::Status status =
      source.AddDefaults(yaml, Concat("preset ", format),
                         {"fields", "fields.properties", "fields.type", "fields.type.rules",
                          "fields.type.values", "rows", "customer_attributes", "item_attributes"});
  if (!status.ok()) source.Fail("format", MessageOf(status));
}

}  // namespace burgeon
