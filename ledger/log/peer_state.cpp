// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/peer_state.h"

#include <algorithm>

#include "ledger/log/logged.h"
#include "ledger/model/codec.h"

namespace holdfast::log {
namespace {

// Whether a statement changes the village (false), its council (true), or neither.
std::optional<bool> turns_council(const model::Statement& statement) {
  if (const auto* event = std::get_if<model::KeyEvent>(&statement.body)) {
    if (std::holds_alternative<model::CouncilRotation>(event->which)) return true;
    const bool of_village = std::holds_alternative<model::OperatorChange>(event->which) ||
                            std::holds_alternative<model::WitnessChange>(event->which) ||
                            std::holds_alternative<model::SealingChange>(event->which);
    return of_village ? std::optional(false) : std::nullopt;
  }
  const bool of_village =
      statement.kind() == model::Kind::kUpgrade || statement.kind() == model::Kind::kExit;
  return of_village ? std::optional(false) : std::nullopt;
}

Result<model::ProvenSubject> prove_subject(Reader& reader, const SubjectRef& wanted) {
  TRY_ASSIGN(const auto subject, reader.find(wanted.state_class, wanted.id));
  if (!subject)
    return Error{
        Code::kNotFound, "",
        std::string(model::state_class_name(wanted.state_class)) + " " + format_hex(wanted.id),
        "none", "one to be shown"};
  TRY_ASSIGN(const auto proof, reader.prove_state(wanted.state_class, wanted.id));
  return model::ProvenSubject{static_cast<std::uint16_t>(wanted.state_class), wanted.id,
                              model::encode_state_value(subject->value), subject->detail,
                              merkle::encode_prefix_proof(proof)};
}

Error too_many(const char* what, std::size_t found, std::size_t most) {
  return {Code::kInvalid, "BOUND-2", what, std::to_string(found),
          "at most " + std::to_string(most) + " at once"};
}

}  // namespace

Result<void> VillageTurns::catch_up(Reader& reader) {
  using enum model::Kind;
  return log::catch_up(
      reader, seen_, {kKeyEvent, kUpgrade, kExit}, [&](const Logged& logged) -> Result<void> {
        if (const auto council = turns_council(logged.statement))
          turns_.push_back(
              {logged.index, *council, ++(*council ? council_version_ : village_version_)});
        return {};
      });
}

Result<model::ProvenEntry> prove_entry(Reader& reader, LeafIndex index) {
  model::ProvenEntry out;
  TRY_ASSIGN(out.entry, reader.entry(index));
  TRY_ASSIGN(out.signed_statement, reader.signed_statement(index));
  TRY_ASSIGN(out.path, reader.prove_inclusion(index, reader.size()));
  return out;
}

Result<model::PeerState> show_state(Reader& reader, VillageTurns& turns,
                                    std::vector<SubjectRef> subjects, const FollowedTo& followed) {
  subjects.push_back(subject_ref(model::StateClass::kVillage, reader.village()));
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  if (subjects.size() > model::bounds::kSubjects.max)
    return too_many("subjects to be shown", subjects.size(), model::bounds::kSubjects.max);
  TRY(turns.catch_up(reader));
  model::PeerState out;
  for (const VillageTurns::Turn& turn : turns.all()) {
    const auto known = turn.of_council ? followed.council_version : followed.village_version;
    if (turn.version <= known || !turn.index.in(reader.size())) continue;
    TRY_ASSIGN(auto proven, prove_entry(reader, turn.index));
    out.history.push_back(std::move(proven));
  }
  if (out.history.size() > model::bounds::kHistory.max)
    return too_many("changes of the village to be shown", out.history.size(),
                    model::bounds::kHistory.max);
  out.checkpoint = reader.checkpoint();
  TRY_ASSIGN(out.seal, prove_entry(reader, LeafIndex{reader.size().value - 1}));
  for (const SubjectRef& subject : subjects) {
    TRY_ASSIGN(auto proven, prove_subject(reader, subject));
    out.subjects.push_back(std::move(proven));
  }
  return out;
}

}  // namespace holdfast::log
