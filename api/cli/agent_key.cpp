// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/agent_key.h"

#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

Result<std::optional<model::AgentDetail>> agent_of(log::Reader& reader, const KeyId& id) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAgent, id));
  if (!subject) return std::optional<model::AgentDetail>();
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::AgentDetail>(subject->detail));
  return std::optional(detail);
}

Result<std::uint64_t> next_sequence_of(log::Reader& reader, const KeyId& id) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kSequence, id));
  if (!subject) return std::uint64_t{1};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::SequenceDetail>(subject->detail));
  return detail.last + 1;
}

Result<AgentKey> with_sequence(log::Reader& reader, StoredKey file,
                               const model::AgentDetail& detail) {
  TRY_ASSIGN(const std::uint64_t next, next_sequence_of(reader, file.id()));
  return AgentKey{std::move(file), detail, next};
}

Result<AgentKey> only_one(Context& context, log::Reader& reader) {
  TRY_ASSIGN(std::vector<StoredKey> keys, context.keys_at_hand());
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const auto villages, list_keys(paths.keys()));
  keys.insert(keys.end(), villages.begin(), villages.end());
  std::vector<AgentKey> found;
  std::string names;
  for (const StoredKey& key : keys) {
    TRY_ASSIGN(const auto detail, agent_of(reader, key.id()));
    if (!detail || detail->capability == model::Capability::kNever) continue;
    names += (names.empty() ? "" : ", ") + key.file.name;
    TRY_ASSIGN(AgentKey agent, with_sequence(reader, key, *detail));
    found.push_back(std::move(agent));
  }
  if (found.size() == 1) return found.front();
  if (found.empty())
    return context.hint(
        Error{
            Code::kNotFound, "", "an agent's key", "none at hand",
            "one that `holdfast key new` makes and `holdfast key agent` registers, or --agent KEY"},
        "`holdfast key agent KEY --may=act` registers one, signed by the council");
  return Error{Code::kConflict, "", "an agent's key",
               std::to_string(found.size()) + " at hand: " + visible_line(names), "--agent NAME"};
}

}  // namespace

Result<StoredKey> agent_key_file(Context& context, const std::string& name_or_path) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  return find_key_in({context.key_directory(), paths.keys()}, name_or_path);
}

Result<AgentKey> agent_key(Context& context, const std::string& option) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  if (option.empty()) return only_one(context, *reader);
  TRY_ASSIGN(StoredKey file, agent_key_file(context, option));
  TRY_ASSIGN(const auto detail, agent_of(*reader, file.id()));
  if (detail && detail->capability != model::Capability::kNever)
    return with_sequence(*reader, std::move(file), *detail);
  return context.hint(Error{Code::kUnauthorised, "AGENT-1", "key " + visible_line(option),
                            detail ? "an agent's that is retired" : "a key that is no agent's",
                            "the key of an agent in office"},
                      "`holdfast key agent KEY --may=act` registers one, signed by the council");
}

const char* capability_in_words(model::Capability capability) {
  constexpr const char* kWords[] = {"never", "propose only", "act"};
  return kWords[static_cast<std::size_t>(capability)];
}

}  // namespace holdfast::cli
