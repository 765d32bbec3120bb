// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "api/json/json.h"
#include "federation/composing.h"

// What is asked of peers and what came of it, as JSON. Source: spec/http.md, "Asking".
namespace holdfast::json {

Json to_json(const federation::AskedOf& asked);
Json to_json(const federation::Told& told);
// {"told": [...], "composition": "..." or "notComposed": {...}}, in the order of the questions.
Json to_json(const federation::Asked& asked);
// Each answer with the members that it has in Told, but whether its records are attested and which
// model spoke: that was looked at when it came, and is not kept.
Json to_json(const federation::Composed& composed);
// {"attribute", "deleteOnRevocation", "reportUse"}: what a grant obliges whoever asks to.
Json to_json(const model::Obligations& obligations);

// {"questions": [...], "compose": true, "withinSeconds": 30}. Errors: kMalformed, naming the
// member.
struct AskRequest {
  std::vector<federation::AskedOf> questions;
  bool compose = true;
  std::uint32_t within_seconds = 0;  // for peers that are away; 0: as the server has it
};
Json to_json(const AskRequest& request);
Result<AskRequest> parse_ask_request(std::string_view text);

// {"village": "...", "grants": ["..."], "withinSeconds": 30}. Errors: as above.
struct FreshnessQuestion {
  StatementId village;
  std::vector<StatementId> grants;  // 1 to 8
  std::uint32_t within_seconds = 0;
};
Json to_json(const FreshnessQuestion& question);
Result<FreshnessQuestion> parse_freshness_question(std::string_view text);
// {"grants": [{"grant", "live", "sealedAt"}]}
Json freshness_json(const std::vector<federation::Freshness>& found);

}  // namespace holdfast::json
