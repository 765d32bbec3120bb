// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask_list.h"

#include "api/cli/ask.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/shape_parameter.h"
#include "api/cli/visible.h"
#include "federation/question.h"

namespace holdfast::cli {
namespace {

using federation::Askable;

// What is not given restricts nothing; only what a histogram counts by must be.
// Source: spec/asking.md, "What a parameter means", ASK-3.
bool may_be_left_out(const model::ShapeTemplate& shape, const model::Parameter& parameter) {
  return shape.operation != model::Operation::kHistogram ||
         parameter.name != federation::kByParameter;
}

Json list_shape(Report& report, const Askable::Shape& listed) {
  const model::ShapeTemplate& shape = listed.shape;
  report.line("    " + padded(model::operation_name(shape.operation), 10) + title_of(listed));
  Json parameters = Json::array();
  Json left_out = Json::array();
  for (const model::Parameter& parameter : shape.parameters) {
    const std::string form = format_parameter(parameter);
    const bool is_free = may_be_left_out(shape, parameter);
    report.line("        --param " + visible_line(form) + (is_free ? "  (may be left out)" : ""));
    parameters.push_back(form);
    if (is_free) left_out.push_back(parameter.name);
  }
  return {{"shape", listed.id.hex()},
          {"title", shape.title},
          {"operation", model::operation_name(shape.operation)},
          {"parameters", std::move(parameters)},
          {"mayBeLeftOut", std::move(left_out)}};
}

}  // namespace

std::string title_of(const Askable::Shape& shape) {
  return "\"" + visible_line(shape.shape.title) + "\"";
}

Result<void> list_askable(Context& context) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const std::vector<Askable> all, federation::askable(*reader));
  Report& report = context.report();
  if (all.empty())
    report.line("No peer has let this village ask anything yet, as far as is known here.");
  report.begin_list("grants");
  for (const Askable& one : all) {
    const model::Grant& terms = one.state.detail->terms;
    std::string purposes;
    for (const std::string& purpose : terms.purposes)
      purposes += (purposes.empty() ? "" : ", ") + visible_line(purpose);
    report.line(short_id(one.grant.id) + "  " + model::status_name(one.state.value.status) + "  " +
                village_name(*reader, one.grant.village) + ", until " +
                format_time(terms.not_after) + ", for " + purposes);
    Json shapes = Json::array();
    for (const Askable::Shape& shape : one.shapes) shapes.push_back(list_shape(report, shape));
    report.item({{"grant", one.grant.id.hex()},
                 {"village", one.grant.village.hex()},
                 {"origin", village_name(*reader, one.grant.village)},
                 {"status", model::status_name(one.state.value.status)},
                 {"purposes", terms.purposes},
                 {"notAfter", format_time(terms.not_after)},
                 {"shapes", std::move(shapes)}});
  }
  report.end_list();
  return {};
}

}  // namespace holdfast::cli
