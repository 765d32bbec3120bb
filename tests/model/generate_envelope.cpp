// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/model/generate.h"

namespace holdfast::model {

Proposal Generator::proposal() { return {digest<StatementId>(), new_terms(), peer_state()}; }

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
  out.state = peer_state();
  return out;
}

Answer Generator::answer() {
  Answer out{proven_entry(), encode_content(content()), peer_state(), {}};
  for (auto left = below(4); left > 0; --left)
    out.cited.push_back(
        {bytes(1 + below(600)), bytes(1 + below(90)), bytes(1 + below(200)), bytes(33 * below(9))});
  return out;
}

Refusal Generator::refusal() {
  Refusal out;
  out.reason = "not-granted";
  if (coin()) out.logged = Refusal::Logged{proven_entry(), peer_state()};
  if (coin()) out.behind = bytes(1 + below(600));
  return out;
}

Notice Generator::notice() {
  Notice out;
  if (coin())
    out.of = RevocationNotice{bytes(1 + below(600))};
  else
    out.of = DeletionNotice{digest<StatementId>()};
  if (coin()) out.state = peer_state();
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
  out.checkpoint = line(300);
  if (coin()) out.consistency = Growth{{number()}, digests<NodeHash>(below(12))};
  if (coin()) out.seen = line(300);
  switch (alternative) {
    case 0: out.body = Offering{proposal()}; break;
    case 1: out.body = Accepting{proposal()}; break;
    case 2: out.body = query(); break;
    case 3: out.body = answer(); break;
    case 4: out.body = refusal(); break;
    case 5: out.body = notice(); break;
    case 6: out.body = Acknowledgement{digest<EnvelopeHash>(), coin() ? "" : line(200)}; break;
    default: out.body = CheckpointOnly{};
  }
  CHECK(out.body.index() == alternative);
  return out;
}

Introduction Generator::introduction() {
  return {bytes(1 + below(900)), peer_state(), new_terms()};
}

}  // namespace holdfast::model
