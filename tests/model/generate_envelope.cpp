// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/model/generate.h"

namespace holdfast::model {

Proposal Generator::proposal() { return {digest<StatementId>(), new_terms()}; }

Query Generator::query() {
  Query out;
  out.agreement = digest<StatementId>();
  out.grant = digest<StatementId>();
  out.shape = digest<StatementId>();
  out.purpose = line(200);
  for (auto left = below(4); left > 0; --left)
    out.arguments.push_back({"argument-" + std::to_string(left), prose(400)});
  std::ranges::reverse(out.arguments);
  if (!out.arguments.empty()) fill(out.salt.emplace());
  out.items_max = static_cast<std::uint32_t>(below(2) * below(100));
  out.characters_max = static_cast<std::uint32_t>(below(2) * below(10'000));
  out.onward = foreign_ids(below(3));
  return out;
}

Answer Generator::answer() {
  Answer out{proven_entry(), encode_content(content()), {}};
  for (auto left = below(4); left > 0; --left)
    out.cited.push_back(
        {bytes(1 + below(600)), bytes(1 + below(90)), bytes(1 + below(200)), bytes(33 * below(9))});
  return out;
}

Refusal Generator::refusal() {
  Refusal out;
  out.reason = "not-granted";
  if (coin()) out.inference = proven_entry();
  if (coin()) out.behind = bytes(1 + below(600));
  return out;
}

Notice Generator::notice() {
  Notice out;
  switch (below(3)) {
    case 0: out.of = RevocationNotice{bytes(1 + below(600))}; break;
    case 1: out.of = DeletionNotice{digest<StatementId>()}; break;
    default: out.of = GrantNotice{digest<StatementId>()};
  }
  return out;
}

Envelope Generator::envelope(std::size_t alternative) {
  Envelope out;
  out.to = digest<StatementId>();
  out.sealing_key = digest<KeyId>();
  out.from = digest<StatementId>();
  fill(out.id);
  out.sequence = number();
  out.sent_at = time();
  out.expires_at = time();
  if (coin()) fill(out.in_reply_to.emplace());
  out.state = peer_state();
  for (std::uint64_t i = 0, from = 0; i < below(4); ++i)
    out.consistency.push_back({{from += 1 + below(1000)}, digests<NodeHash>(below(12))});
  if (coin()) out.seen = line(300);
  for (std::uint64_t i = 0, size = 0; i < below(4); ++i)
    out.wanted.push_back({size += 1 + below(1000)});
  switch (alternative) {
    case 0: out.body = Offering{proposal()}; break;
    case 1: out.body = Accepting{proposal()}; break;
    case 2: out.body = query(); break;
    case 3: out.body = answer(); break;
    case 4: out.body = refusal(); break;
    case 5: out.body = notice(); break;
    case 6: out.body = Acknowledgement{digest<EnvelopeHash>(), coin() ? "" : line(200)}; break;
    case 7: out.body = CheckpointOnly{}; break;
    default: {
      FreshnessRequest request{digests<StatementId>(1 + below(5))};
      std::ranges::sort(request.grants);
      out.body = std::move(request);
    }
  }
  CHECK(out.body.index() == alternative);
  return out;
}

Introduction Generator::introduction() {
  return {bytes(1 + below(900)), peer_state(), new_terms()};
}

}  // namespace holdfast::model
