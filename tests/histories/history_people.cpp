// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "tests/histories/history.h"

// Domains, agents, keys, and what becomes of the village itself.
namespace holdfast::testing {
namespace {

constexpr std::size_t kDomainsMax = 4;
constexpr std::size_t kAgentsMax = 6;

}  // namespace

bool History::add_domain() {
  if (!going_on() || own_.domains.size() == kDomainsMax) return false;
  own_.add_domain("domain-" + std::to_string(own_.domains.size()));
  return true;
}

AgentOfOurs* History::some_agent(bool acts) {
  std::vector<AgentOfOurs*> able;
  for (AgentOfOurs& agent : own_.agents) {
    const auto capability = own_.get<model::AgentDetail>(agent.key.id()).second.capability;
    if (capability == model::Capability::kAct ||
        (!acts && capability == model::Capability::kPropose))
      able.push_back(&agent);
  }
  return able.empty() ? nullptr : dice_.pick(able);
}

AgentOfOurs* History::acting_agent() { return some_agent(true); }

// The first comes soon; later ones come, change what they may do, and go.
bool History::change_agents() {
  if (!going_on()) return false;
  const auto some_capability = [&] {
    return dice_.chance(75) ? model::Capability::kAct : model::Capability::kPropose;
  };
  if (own_.agents.size() < 2 || (dice_.chance(15) && own_.agents.size() < kAgentsMax)) {
    own_.add_agent(some_capability());
    return true;
  }
  if (!dice_.chance(40)) return false;
  const std::size_t which = dice_.below(own_.agents.size());
  const AgentOfOurs& agent = own_.agents[which];
  const auto version = own_.get<model::AgentDetail>(agent.key.id()).first.version;
  const bool goes = dice_.chance(30);
  admit(model::KeyEvent{version,
                        model::AgentChange{agent.key.public_key(),
                                           goes ? model::Capability::kNever : some_capability()}},
        own_.enough(own_.council));
  if (goes) own_.agents.erase(own_.agents.begin() + static_cast<std::ptrdiff_t>(which));
  return true;
}

bool History::change_keys() {
  if (!going_on()) return false;
  if (own_.ledger.turns().size() >= kTurnsMax) {
    own_.rotate_guardians(dice_.pick(own_.domains));
    return true;
  }
  switch (dice_.below(6)) {
    case 0: own_.rotate_council(); return true;
    case 1:
      if (!own_.sealed()) return false;
      own_.change_operator();
      return true;
    case 2: own_.change_witness(); return true;
    case 3: {
      const auto version = own_.get<model::VillageDetail>(own_.village).first.version;
      admit(model::KeyEvent{version, model::SealingChange{sealing_key_named(
                                         std::to_string(seed_) + std::to_string(version))}},
            own_.enough(own_.council));
      return true;
    }
    default: own_.rotate_guardians(dice_.pick(own_.domains)); return true;
  }
}

bool History::upgrade() {
  admit(model::Upgrade{2}, own_.enough(own_.council));
  return true;
}

bool History::exit() {
  const bool may = exits_ && own_.ledger.size().value >= pace_.exits_from && going_on();
  if (!may || rules_of(own_) < 2) return false;
  admit(model::Exit{dice_.digest<BytesDigest>()}, own_.enough(own_.council));
  return true;
}

}  // namespace holdfast::testing
