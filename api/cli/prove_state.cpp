// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/prove_state.h"

#include <algorithm>

#include "api/cli/files.h"
#include "api/cli/flag.h"
#include "api/cli/ids.h"
#include "api/cli/visible.h"
#include "ledger/log/state_proof.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

using model::StateClass;

struct StateOptions {
  std::string state_class;
  std::string id;
  std::string output;
};

// A key id in hex, or the key itself as people hand it over.
Result<Bytes> key_bytes(const std::string& text) {
  Result<Bytes> bytes = parse_hex(text);
  if (bytes && bytes->size() == kDigestBytes) return bytes;
  TRY_ASSIGN(const crypto::PublicKey key, crypto::parse_public_key(text));
  const KeyId id = crypto::key_id(key);
  return Bytes(id.bytes.begin(), id.bytes.end());
}

// "<domain id><grant id>", or a grant in the log, whose domain is known.
Result<Bytes> revocation_bytes(log::Reader& reader, const std::string& text) {
  Result<Bytes> bytes = parse_hex(text);
  if (bytes && bytes->size() == 2 * kDigestBytes) return bytes;
  TRY_ASSIGN(const Located grant,
             argument_of("ID", text, locate(reader, text, model::Kind::kGrant)));
  TRY_ASSIGN(const auto subject, reader.find(StateClass::kGrant, grant.id));
  if (!subject)
    return Error{Code::kNotFound, "", "grant " + text, "no such grant",
                 "the id of a grant in this log"};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject->detail));
  Bytes id(detail.terms.domain.bytes.begin(), detail.terms.domain.bytes.end());
  append(id, grant.id);
  return id;
}

// The id bytes of a subject as people name it. A full id in hex need not be in the log: its absence
// is proved then.
Result<Bytes> id_bytes(log::Reader& reader, StateClass state_class, const std::string& text) {
  const auto owned = [](ByteView view) { return Bytes(view.begin(), view.end()); };
  if (state_class == StateClass::kSlug) return to_bytes(text);
  if (state_class == StateClass::kRevocation) return revocation_bytes(reader, text);
  if (state_class == StateClass::kAgent) return argument_of("ID", text, key_bytes(text));
  if (state_class == StateClass::kGrantee && text.find(':') != std::string::npos)
    return argument_of("ID", text, key_bytes(text));
  const bool village = state_class == StateClass::kVillage ||
                       (state_class == StateClass::kAuthority && text == "council");
  if (village && (text.empty() || text == "council")) return owned(reader.village());
  Result<Bytes> bytes = parse_hex(text);
  const bool names_council =
      state_class == StateClass::kAuthority && bytes && equal(*bytes, reader.village());
  if (names_council) return bytes;
  if (bytes && bytes->size() == kDigestBytes) {
    TRY_ASSIGN(const auto index, reader.index_of(StatementId::from(*bytes)));
    if (!index) return bytes;
  }
  if (state_class == StateClass::kDomain || state_class == StateClass::kAuthority) {
    TRY_ASSIGN(const StatementId domain, argument_of("ID", text, locate_domain(reader, text)));
    return owned(domain);
  }
  // That a record is no grant is true, and says nothing to whoever mistook one for the other.
  std::optional<model::Kind> kind;
  if (state_class == StateClass::kGrant) kind = model::Kind::kGrant;
  if (state_class == StateClass::kRecord) kind = model::Kind::kRecord;
  TRY_ASSIGN(const Located located, argument_of("ID", text, locate(reader, text, kind)));
  return owned(located.id);
}

// What the last entry, a seal, says.
Result<StateRoot> sealed_root(ByteView seal_bytes) {
  TRY_ASSIGN(const model::SignedStatement parts, model::decode_signed_statement(seal_bytes));
  TRY_ASSIGN(const model::Statement statement, model::decode_statement(parts.statement));
  const auto* seal = std::get_if<model::Seal>(&statement.body);
  if (seal == nullptr)
    return Error{Code::kInvalid, "SEAL-1", "the last entry", model::kind_name(statement.kind()),
                 "a seal"};
  return seal->state_root;
}

void report_subject(Report& report, const rules::Subject& subject) {
  const model::StateValue& value = subject.value;
  const Bytes value_bytes = model::encode_state_value(value);
  report.set("present", true);
  report.set("status", model::status_name(value.status));
  report.set("version", value.version);
  report.set("firstIndex", value.first_index.value);
  report.set("lastIndex", value.last_index.value);
  report.set("value", format_base64(model::value_hash(value)));
  report.set("stateValue", format_base64(value_bytes));
  report.set("detail", format_base64(subject.detail));
  report.field("status", model::status_name(value.status));
  report.field("version", std::to_string(value.version));
  report.field("first entry", "#" + std::to_string(value.first_index.value));
  report.field("last entry", "#" + std::to_string(value.last_index.value));
  report.field("V", format_base64(model::value_hash(value)));
  report.field("StateValue", format_base64(value_bytes));
  report.field("detail", format_base64(subject.detail));
}

// What any one guardian may take back under its own id.
constexpr StateClass kTakenBack[] = {StateClass::kGrant,    StateClass::kRecord,
                                     StateClass::kShape,    StateClass::kModel,
                                     StateClass::kSteering, StateClass::kAgreement};

// What would take back what the proof is about; nothing for a class of which nothing is taken back.
Result<std::optional<StatementId>> target_of(StateClass state_class, const Bytes& id,
                                             const std::optional<rules::Subject>& subject) {
  if (state_class == StateClass::kSpent && subject) {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::SpentDetail>(subject->detail));
    return std::optional(detail.subject);
  }
  const bool is_revocation = state_class == StateClass::kRevocation;
  const bool is_taken_back =
      std::find(std::begin(kTakenBack), std::end(kTakenBack), state_class) != std::end(kTakenBack);
  if (!is_revocation && !is_taken_back) return std::optional<StatementId>();
  const std::size_t before = is_revocation ? kDigestBytes : 0;  // the domain
  if (id.size() != before + kDigestBytes) return std::optional<StatementId>();
  StatementId target;
  std::copy(id.begin() + static_cast<std::ptrdiff_t>(before), id.end(), target.bytes.begin());
  return std::optional(target);
}

Result<bool> is_held_against(log::Reader& reader, StateClass state_class, const Bytes& withdrawal) {
  bool found = false;
  Result<void> outcome;
  TRY(reader.each_subject(state_class, [&](const rules::Subject& subject) {
    outcome = [&]() -> Result<void> {
      TRY_ASSIGN(const Bytes made, reader.signed_statement(subject.value.first_index));
      TRY_ASSIGN(const auto parts, model::decode_signed_statement(made));
      TRY_ASSIGN(const auto held, reader.held_against(model::statement_id(parts.statement)));
      if (!held) return {};
      TRY_ASSIGN(const auto taking_back, model::decode_signed_statement(*held));
      const StatementId id = model::statement_id(taking_back.statement);
      found = std::equal(id.bytes.begin(), id.bytes.end(), withdrawal.begin(), withdrawal.end());
      return {};
    }();
    return outcome && !found;
  }));
  TRY(outcome);
  return found;
}

// A withdrawal that is not in the log may be held, against anything.
Result<bool> is_held(log::Reader& reader, const Bytes& withdrawal) {
  for (const StateClass state_class : kTakenBack) {
    TRY_ASSIGN(const bool held, is_held_against(reader, state_class, withdrawal));
    if (held) return true;
  }
  return false;
}

// A proof is of what is sealed. What is held is enforced already and not sealed yet, so that a
// proof which is true misleads whoever takes it for how things stand.
Result<void> warn_of_held(Report& report, log::Reader& reader, StateClass state_class,
                          const Bytes& id, const std::optional<rules::Subject>& subject) {
  TRY_ASSIGN(const auto target, target_of(state_class, id, subject));
  bool held = false;
  if (target) {
    TRY_ASSIGN(const auto against, reader.held_against(*target));
    held = against.has_value();
  } else if (state_class == StateClass::kSpent) {
    TRY_ASSIGN(held, is_held(reader, id));
  } else {
    return {};
  }
  report.set("heldAgainst", held);
  if (!held) return {};
  const bool is_grant = state_class == StateClass::kGrant || state_class == StateClass::kRevocation;
  report.line();
  report.line(std::string("WARNING: a ") + (is_grant ? "revocation" : "withdrawal") +
              " is held that this proof does not show. It counts already, and waits to be");
  report.line("sequenced: do not take or hand on this proof as a sign that consent stands.");
  return {};
}

// How to check it. From the village's id follows the operator's key of the genesis, and no later.
Result<void> report_check(Report& report, log::Reader& reader, const std::string& file) {
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(reader));
  TRY_ASSIGN(const std::string vkey, vkey_of(reader));
  const bool first_operator =
      vkey ==
      model::format_vkey({genesis.origin, model::NoteKeyType::kEd25519, genesis.operator_key});
  report.line(
      first_operator
          ? "Whoever has the village's id from its people checks all of it with:"
          : "Whoever has the log's key, which `holdfast-verify log` shows, checks it with:");
  report.line();
  report.line("holdfast-verify state-proof " + file +
              (first_operator ? " --village=" + reader.village().hex() : " --vkey=" + vkey));
  return {};
}

Result<void> run(Context& context, const StateOptions& options) {
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(
      const StateClass state_class,
      argument_of("CLASS", options.state_class, model::parse_state_class(options.state_class)));
  TRY_ASSIGN(const Bytes id, id_bytes(*reader, state_class, options.id));
  TRY_ASSIGN(const auto subject, reader->find(state_class, id));
  TRY_ASSIGN(const auto file, log::make_state_proof(*reader, state_class, id));
  TRY_ASSIGN(const StateRoot root, sealed_root(file.seal));
  const StateKey key = model::state_key(state_class, id);
  const std::string bytes = format_base64(file.proof);
  Report& report = context.report();
  report.set("class", options.state_class);
  report.set("id", format_hex(id));
  report.set("key", format_base64(key));
  report.set("root", format_base64(root));
  report.set("size", reader->size().value);
  report.set("proof", bytes);
  report.set("stateProof", model::format_state_proof(file));
  report.field("subject", std::string(model::state_class_name(state_class)) + " " + format_hex(id));
  report.field("K", format_base64(key));
  if (subject) {
    report_subject(report, *subject);
  } else {
    report.set("present", false);
    report.field("status", "absent: the state tree holds nothing here");
  }
  report.field("state root", format_base64(root) + ", sealed by entry #" +
                                 std::to_string(reader->size().value - 1));
  report.field("proof", bytes);
  TRY(warn_of_held(report, *reader, state_class, id, subject));
  report.line();
  if (!options.output.empty()) {
    TRY(create_file(options.output, as_bytes(model::format_state_proof(file))));
    report.set("file", options.output);
    report.line("The state, its proof, the seal and the checkpoint are in " +
                visible_line(options.output) + ".");
    return report_check(report, *reader, visible_line(options.output));
  }
  report.line(
      "With --output FILE the seal and the checkpoint are in it too. This alone shows what is");
  report.line("under this state root, to whoever believes the root:");
  report.line();
  report.line(
      "holdfast-verify state --root=" + format_base64(root) + " --key=" + format_base64(key) +
      (subject ? " --value=" + format_base64(model::value_hash(subject->value)) : " --absent") +
      " --proof=" + bytes);
  return {};
}

}  // namespace

void add_state_proof(CLI::App& prove, Context& context) {
  CLI::App* const command = prove.add_subcommand(
      "state",
      "Prove what a subject's state is under the newest seal, or that there is no such subject: "
      "that a grant is not revoked, that a record is live");
  auto options = std::make_shared<StateOptions>();
  command
      ->add_option(
          "CLASS", options->state_class,
          "village, authority, agent, domain, slug, record, grant, grantee, revocation, spent, "
          "agreement, shape, model, steering, decision, deliberation and others of spec/state.md")
      ->required();
  command->add_option("ID", options->id,
                      "An id in hex, the first 8 or more of its digits, or #N for entry N; a slug "
                      "for domain, authority and slug; "
                      "`council` for authority; a grant's id for revocation; nothing for village");
  command
      ->add_option(
          "--output", options->output,
          "Write all that is needed to check it into this new file, for `holdfast-verify "
          "state-proof`: the state, its proof, the seal with its place in the log, and the "
          "checkpoint")
      ->type_name("FILE");
  context.on_run(*command, [&context, options] { return run(context, *options); });
}

}  // namespace holdfast::cli
