// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ask_list.h"

#include "api/cli/ask.h"
#include "api/cli/ids.h"
#include "api/cli/made.h"
#include "api/cli/shape_parameter.h"
#include "api/cli/visible.h"

namespace holdfast::cli {
using federation::Askable;

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
    for (const Askable::Shape& shape : one.shapes) {
      report.line("    " + padded(model::operation_name(shape.shape.operation), 10) +
                  title_of(shape));
      Json parameters = Json::array();
      for (const model::Parameter& parameter : shape.shape.parameters) {
        report.line("        --param " + format_parameter(parameter));
        parameters.push_back(format_parameter(parameter));
      }
      shapes.push_back({{"shape", shape.id.hex()},
                        {"title", shape.shape.title},
                        {"operation", model::operation_name(shape.shape.operation)},
                        {"parameters", std::move(parameters)}});
    }
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
