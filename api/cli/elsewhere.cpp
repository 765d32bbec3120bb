// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/elsewhere.h"

#include <algorithm>
#include <filesystem>

#include "api/cli/files.h"
#include "api/cli/ids.h"
#include "api/json/json.h"
#include "ledger/merkle/proof.h"
#include "ledger/store/durable_file.h"

namespace holdfast::cli {
namespace {

// The server of this village answers out of its memory, or not at all.
constexpr long kOwnServerMs = 2'000;
constexpr std::size_t kOwnAnswerBytesMax = 256 * 1024;

Error no_answer_kept(Error error) {
  error.code = Code::kUnavailable;
  error.want += (error.want.empty() ? "" : "; ") +
                std::string("until then nothing new is signed, and what takes back is held");
  return error;
}

// Whether the log that `checkpoint` is of is the beginning of the one that is here.
bool lies_in_log(log::Readers& readers, const model::Checkpoint& checkpoint) {
  const auto reader = readers.newest();
  if (!reader || checkpoint.size > (*reader)->size()) return false;
  const auto root = (*reader)->root_at(checkpoint.size);
  return root && *root == checkpoint.root;
}

// Whether a server that runs on these files has heard the witnesses since it was started. It tells
// of its own log beside, which has to be this one.
bool own_server_has_heard(const log::VillagePaths& paths, const federation::WitnessPolicy& policy,
                          log::Readers& readers) {
  std::error_code none;
  if (!std::filesystem::exists(paths.socket(), none)) return false;
  net::Options options;
  options.unix_socket = paths.socket();
  options.connect_ms = options.total_ms = kOwnServerMs;
  net::Client client(options);
  net::Request request;
  request.url = "http://localhost/v1/checkpoint";
  request.body_bytes_max = kOwnAnswerBytesMax;
  const auto answer = client.get(request);
  if (!answer) return false;
  const Json said = Json::parse(as_text(answer->body), nullptr, false);
  if (!said.is_object() || !said.contains("witnessed") || !said["witnessed"].is_object() ||
      said["witnessed"].value("agreed", Json()) != Json(true) || !said.contains("checkpoint") ||
      !said["checkpoint"].is_string())
    return false;
  const auto note = model::parse_note(said["checkpoint"].get<std::string>());
  if (!note || !model::verify_note(*note, {&policy.log, 1})) return false;
  const auto checkpoint = model::parse_checkpoint(note->text);
  return checkpoint && checkpoint->origin == policy.log.name && lies_in_log(readers, *checkpoint);
}

Result<std::optional<Error>> ask_policy(Context& context, const std::string& path) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const auto readers, log::Readers::open(paths));
  TRY_ASSIGN(const auto policy,
             readers->with_newest([&](log::Reader& reader) { return read_policy(path, reader); }));
  if (own_server_has_heard(paths, policy, *readers)) return std::optional<Error>();
  TRY_ASSIGN(const Heard heard, ask_witnesses_once(context, policy, true));
  if (!heard.objection) return std::optional<Error>();
  if (!context.options().accept_rollback)
    return std::optional(federation::read_only_by(*heard.objection));
  TRY(accept_claims(context, policy, heard));
  return std::optional<Error>();
}

}  // namespace

Result<std::string> policy_path(Context& context) {
  TRY_ASSIGN(const Config config, context.config());
  if (config.witness.policy.empty()) return std::string();
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  // A whole path stays what it is.
  return (std::filesystem::path(paths.directory()) / config.witness.policy).string();
}

Result<federation::WitnessPolicy> read_policy(const std::string& path, log::Reader& reader) {
  TRY_ASSIGN(const Bytes text, read_file(path, model::kPolicyBytesMax));
  TRY_ASSIGN(const std::string vkey, vkey_of(reader));
  TRY_ASSIGN(const VillageState village, village_state(reader));
  return federation::parse_witness_policy(as_text(text), path, vkey, village.detail.witness_key);
}

federation::OwnLog own_log(log::Readers& readers) {
  federation::OwnLog log;
  log.newest = [&readers]() -> Result<federation::OwnLog::Head> {
    TRY_ASSIGN(const auto reader, readers.newest());
    return federation::OwnLog::Head{reader->size(), reader->checkpoint()};
  };
  log.prove = [&readers](TreeSize from, TreeSize to) -> Result<std::vector<NodeHash>> {
    TRY_ASSIGN(const auto reader, readers.newest());
    return reader->prove_consistency(from, to);
  };
  return log;
}

Result<Heard> ask_witnesses_once(Context& context, const federation::WitnessPolicy& policy,
                                 bool unknown_may_agree) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const auto readers, log::Readers::open(paths));
  TRY_ASSIGN(const auto store, store::CosignedStore::open(paths.peers()));
  TRY_ASSIGN(const auto before, store->read(policy.ids()));
  std::vector<federation::Question> questions;
  for (const auto& witness : policy.witnesses)
    questions.push_back({&witness, before.witnesses.at(witness.id).cosigned});
  net::Client client(federation::witness_options());
  TRY_ASSIGN(const auto round, federation::ask_witnesses(client, own_log(*readers), questions));
  const Seconds now = context.clock().now();
  TRY_ASSIGN(const auto state, federation::keep_round(*store, policy, questions, round, now));
  federation::LatestAnswers answers;
  for (std::size_t i = 0; i < round.answers.size(); ++i) answers[i] = round.answers[i];
  // What is kept may be of a newer checkpoint that another process has committed meanwhile.
  TRY_ASSIGN(const auto newest, readers->newest());
  const TreeSize size = newest->size();
  const bool any_cosigned =
      std::any_of(round.answers.begin(), round.answers.end(),
                  [now](const auto& answer) { return federation::is_fresh(answer, now); });
  return Heard{federation::objection_of(policy, state, answers, size, now, unknown_may_agree), size,
               any_cosigned};
}

std::optional<Error> objection_elsewhere(Context& context) {
  const auto path = policy_path(context);
  if (!path) return no_answer_kept(path.error());
  if (path->empty()) return std::nullopt;
  auto objection = ask_policy(context, *path);
  if (!objection) return no_answer_kept(std::move(objection).error());
  return *std::move(objection);
}

Result<void> note_accepted(Context& context, const federation::Objection& objection) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY(store::make_directory(paths.run(), 0700));
  return store::append_line(paths.overrides(), format_time(context.clock().now()) +
                                                   " accepted a rollback: " +
                                                   describe(federation::read_only_by(objection)));
}

Result<void> accept_claims(Context& context, const federation::WitnessPolicy& policy,
                           const Heard& heard) {
  TRY(note_accepted(context, *heard.objection));
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(const auto store, store::CosignedStore::open(paths.peers()));
  TRY(federation::accept_objection(*store, policy, *heard.objection, heard.size));
  return {};
}

}  // namespace holdfast::cli
