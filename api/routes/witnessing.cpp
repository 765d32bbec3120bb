// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/routes/witnessing.h"

namespace holdfast::routes {
namespace {

// A value of a label. Source: Prometheus' text format, version 0.0.4.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string with_cosignatures(const federation::Cosigning* cosigning,
                              const std::string& checkpoint) {
  return cosigning != nullptr ? cosigning->with_cosignatures(checkpoint) : checkpoint;
}

Json to_json(const federation::Witnessed& witnessed, TreeSize size) {
  const bool is_there = witnessed.size.value != 0;
  return {
      {"size", witnessed.size.value},
      {"checkpoint", is_there ? Json(witnessed.checkpoint) : Json()},
      {"witnesses", witnessed.witnesses},
      {"quorumTime", witnessed.quorum_time ? Json(format_time(*witnessed.quorum_time)) : Json()},
      {"behind", size > witnessed.size ? size.value - witnessed.size.value : 0}};
}

Json witnessed_json(const federation::Cosigning* cosigning, TreeSize size) {
  if (cosigning == nullptr) return {};
  Json out = to_json(cosigning->witnessed(), size);
  out["agreed"] = cosigning->has_agreed(size);
  return out;
}

std::string witnessing_metrics(const federation::Cosigning* cosigning) {
  if (cosigning == nullptr) return "";
  std::string out =
      "# HELP holdfast_witnessed_size Entries that the quorum of witnesses has cosigned.\n"
      "# TYPE holdfast_witnessed_size gauge\n"
      "holdfast_witnessed_size " +
      std::to_string(cosigning->witnessed().size.value) + "\n";
  out +=
      "# HELP holdfast_witness_answers_total What witnesses answered who were asked to cosign.\n"
      "# TYPE holdfast_witness_answers_total counter\n";
  for (const auto& each : cosigning->counts())
    out += "holdfast_witness_answers_total{witness=\"" + escaped(each.witness) + "\",outcome=\"" +
           federation::outcome_name(each.outcome) + "\"} " + std::to_string(each.count) + "\n";
  return out;
}

}  // namespace holdfast::routes
