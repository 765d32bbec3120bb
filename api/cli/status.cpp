// SPDX-License-Identifier: AGPL-3.0-or-later
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "api/cli/already.h"
#include "api/cli/author.h"
#include "api/cli/commands.h"
#include "api/cli/grant_village.h"
#include "api/cli/ids.h"
#include "api/cli/own_witness.h"
#include "api/cli/status_federation.h"
#include "api/cli/status_witnesses.h"
#include "api/cli/visible.h"
#include "ledger/log/anchor.h"
#include "ledger/log/held_files.h"
#include "ledger/log/prepared.h"
#include "ledger/log/verification.h"
#include "ledger/merkle/proof.h"
#include "ledger/model/codec.h"

namespace holdfast::cli {
namespace {

constexpr const char* kStatusHelp =
    "Say how the village stands: its id, size and root, who guards what, what is live, its "
    "agreements\n"
    "and models, whether the proofs of the newest checkpoint hold, what the anchor outside of the\n"
    "village remembers, and how far its witnesses have cosigned it.\n"
    "--writable also opens it as the operator does, and says why nothing can be signed, if so.";

using Counts = std::map<std::string, std::uint64_t>;

// As `grant list` says it of a grant that nothing held takes back.
Result<std::string> grant_state(log::Reader& reader, const rules::Subject& subject,
                                const VillageState& village, Seconds now) {
  if (subject.value.status != model::Status::kActive)
    return std::string(model::status_name(subject.value.status));
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::GrantDetail>(subject.detail));
  const model::Grant& terms = detail.terms;
  if (now >= terms.not_after) return std::string("expired");
  if (village.has_ended()) return std::string("not live: the village has ended");
  if (const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee)) {
    TRY_ASSIGN(const std::string why, why_agreement_is_silent(reader, to->agreement));
    if (!why.empty()) return "not live: agreement " + why;
  }
  return std::string(now < terms.not_before ? "not yet" : "live");
}

Result<std::string> record_state(const rules::Subject& subject) {
  return std::string(model::status_name(subject.value.status));
}

// What is stored in held/ and not in the log yet.
struct Held {
  std::uint64_t revocations = 0;
  std::uint64_t withdrawals = 0;
  std::set<StatementId> targets;     // of those that every reader enforces
  std::optional<Error> cannot_tell;  // what else is held
};
Result<Held> held_in(const log::VillagePaths& paths, log::Reader& reader) {
  Held held;
  log::HeldFiles files(paths.held());
  for (const log::HeldStatement& one : files.look().statements) {
    const StatementId target = log::taking_back(one.statement)->id;
    const auto against = reader.held_against(target);
    if (!against) {
      held.cannot_tell = against.error();
      continue;
    }
    TRY_ASSIGN(const auto sequenced, reader.index_of(one.id));
    if (!*against || sequenced) continue;  // void here, or in the log
    const bool revokes = one.statement.kind() == model::Kind::kRevocation;
    ++(revokes ? held.revocations : held.withdrawals);
    held.targets.insert(target);
  }
  if (files.seen().unreadable) held.cannot_tell = files.seen().unreadable;
  return held;
}

// What is held counts, as `record list` and `grant list` show it.
Result<Counts> count(log::Reader& reader, model::StateClass state_class, const Held& held,
                     const std::function<Result<std::string>(const rules::Subject&)>& state_of) {
  Counts counts;
  Result<void> counted;
  TRY(reader.each_subject(state_class, [&](const rules::Subject& subject) {
    const auto state = state_of(subject);
    if (state)
      ++counts[*state];
    else
      counted = state.error();
    return counted.has_value();
  }));
  TRY(counted);
  const model::Status taken_back = state_class == model::StateClass::kGrant
                                       ? model::Status::kRevoked
                                       : model::Status::kWithdrawn;
  for (const StatementId& target : held.targets) {
    TRY_ASSIGN(const auto subject, reader.find(state_class, target));
    if (!subject || subject->value.status == model::Status::kErased) continue;
    TRY_ASSIGN(const std::string state, state_of(*subject));
    if (--counts[state] == 0) counts.erase(state);
    ++counts[model::status_name(taken_back)];
  }
  return counts;
}

void report_held(Report& report, const Held& held) {
  report.set("held",
             {{"revocations", held.revocations},
              {"withdrawals", held.withdrawals},
              {"cannotTell", held.cannot_tell ? Json(describe(*held.cannot_tell)) : Json()}});
  const auto many = [](std::uint64_t number, const char* what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
  };
  if (held.revocations + held.withdrawals > 0)
    report.field("held", many(held.revocations, "revocation") + ", " +
                             many(held.withdrawals, "withdrawal") +
                             ": in force already, and first to be sequenced");
  if (held.cannot_tell)
    report.field("held", "cannot tell all of it: " + visible_line(describe(*held.cannot_tell)));
}

std::string in_words(const Counts& counts) {
  std::string out;
  for (const auto& [name, number] : counts)
    out += (out.empty() ? "" : ", ") + std::to_string(number) + " " + name;
  return out.empty() ? "none" : out;
}

void report_counts(Report& report, const char* what, const Counts& counts) {
  report.field(what, in_words(counts));
  report.set(what, counts);
}

Result<void> report_domains(Report& report, log::Reader& reader) {
  std::vector<std::string> slugs;
  TRY(reader.each_subject(model::StateClass::kDomain, [&](const rules::Subject& subject) {
    if (const auto detail = model::decode_own_detail<model::DomainDetail>(subject.detail))
      slugs.push_back(detail->slug);
    return true;
  }));
  Json list = Json::array();
  const auto add = [&](const std::string& name, const StatementId& id) -> Result<void> {
    TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kAuthority, id));
    if (!subject) return {};
    TRY_ASSIGN(const auto authority,
               model::decode_own_detail<model::AuthorityDetail>(subject->detail));
    report.field(name == "council" ? "council" : "domain",
                 (name == "council" ? "" : visible_line(name) + ": ") +
                     std::to_string(authority.current.threshold) + " of " +
                     std::to_string(authority.current.keys.size()) + " keys, " +
                     std::to_string(authority.next.threshold) + " of " +
                     std::to_string(authority.next.key_ids.size()) + " spares");
    list.push_back({{"name", name},
                    {"id", id.hex()},
                    {"threshold", authority.current.threshold},
                    {"keys", authority.current.keys.size()},
                    {"spareThreshold", authority.next.threshold},
                    {"spares", authority.next.key_ids.size()}});
    return {};
  };
  TRY(add("council", reader.village()));
  for (const std::string& slug : slugs) {
    TRY_ASSIGN(const StatementId id, locate_domain(reader, slug));
    TRY(add(slug, id));
  }
  report.set("authorities", std::move(list));
  return {};
}

using AnchorLine = std::optional<log::Anchor::Line>;

Result<std::string> anchor_state(log::Reader& reader, const Result<AnchorLine>& line) {
  if (!line) return std::string("unreadable");
  if (!*line) return std::string("none");
  const TreeSize size = (*line)->size;
  if (size > reader.size()) return std::string("ahead");
  TRY_ASSIGN(const Root root, reader.root_at(size));
  if (root != (*line)->root) return std::string("another");
  return std::string(size == reader.size() ? "level" : "behind");
}

std::string in_words(const std::string& state, const AnchorLine& line) {
  if (state == "none") return "none yet";
  std::string words = state;
  if (line) words += " (size " + std::to_string(line->size.value) + ")";
  if (state == "ahead") words += ": THIS LEDGER IS OLDER THAN IT WAS; nothing will be signed";
  if (state == "another")
    words +=
        ": THIS IS NOT THE LEDGER THAT WAS HERE, its root at that size is another; nothing will be "
        "signed";
  return words;
}

// The anchor as anybody can read it: what it remembers, beside this ledger.
Result<void> report_anchor(Context& context, log::Reader& reader) {
  TRY_ASSIGN(const log::SequencerOptions options, context.sequencer_options());
  const log::Anchor anchor(options.anchor_directory, reader.village());
  const auto read = anchor.read();
  TRY_ASSIGN(const std::string state, anchor_state(reader, read));
  const AnchorLine line = read ? *read : std::nullopt;
  Report& report = context.report();
  report.field("anchor", visible_line(anchor.path()) + ", " + in_words(state, line));
  report.set("anchor", {{"path", anchor.path()},
                        {"state", state},
                        {"size", line ? Json(line->size.value) : Json()},
                        {"root", line ? Json(format_base64(line->root)) : Json()}});
  return {};
}

Result<void> report_writable(Context& context) {
  TRY_ASSIGN(log::Submitter* const submitter, context.submitter());
  auto reason = submitter->read_only();
  if (!reason) reason = submitter->disk_full();
  context.report().field("writable", reason ? "no: " + visible_line(describe(*reason)) : "yes");
  context.report().set("writable", !reason);
  context.report().set("readOnlyReason", reason ? Json(describe(*reason)) : Json());
  TRY_ASSIGN(const std::string way, way_to_sign_here(context));
  if (!way.empty()) context.report().field("to sign here", way);
  return {};
}

Result<void> run_status(Context& context, bool writable) {
  TRY_ASSIGN(const log::VillagePaths paths, context.village());
  TRY_ASSIGN(log::Reader* const reader, context.reader());
  TRY_ASSIGN(const model::Genesis genesis, genesis_of(*reader));
  TRY_ASSIGN(const VillageState village, village_state(*reader));
  TRY_ASSIGN(const model::Note note, model::parse_note(reader->checkpoint()));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  const Seconds now = context.clock().now();

  Report& report = context.report();
  report.field("village", visible_line(genesis.name));
  report.field("id", reader->village().hex());
  report.field("origin", visible_line(genesis.origin));
  report.field("directory", visible_line(paths.directory()));
  if (village.has_ended())
    report.field("ended", ending_in_words(*reader, village) +
                              ": only revocations, withdrawals and erasures are taken any more");
  report.field("size", std::to_string(checkpoint.size.value) + " entries");
  report.field("root", format_base64(checkpoint.root));
  report.set("name", genesis.name);
  report.set("village", reader->village().hex());
  report.set("origin", genesis.origin);
  report.set("directory", paths.directory());
  report.set("endedBy", village.has_ended() ? Json(village.value.last_index.value) : Json());
  report.set("size", checkpoint.size.value);
  report.set("root", format_base64(checkpoint.root));
  report.set("checkpoint", reader->checkpoint());
  TRY_ASSIGN(const std::string vkey, vkey_of(*reader));
  report.field("log key", vkey);
  report.set("vkey", vkey);

  const log::Verification verification = log::verify_snapshot(*reader, now);
  report.field("verification", std::string(log::verification_state_name(verification.state)) +
                                   ": " + visible_line(verification.reason));
  report.set("verification", {{"state", log::verification_state_name(verification.state)},
                              {"reason", verification.reason}});
  TRY(report_domains(report, *reader));
  TRY_ASSIGN(const Held held, held_in(paths, *reader));
  TRY_ASSIGN(const Counts records, count(*reader, model::StateClass::kRecord, held, record_state));
  TRY_ASSIGN(const Counts grants,
             count(*reader, model::StateClass::kGrant, held, [&](const rules::Subject& subject) {
               return grant_state(*reader, subject, village, now);
             }));
  report_counts(report, "records", records);
  report_counts(report, "grants", grants);
  report_held(report, held);
  TRY(report_federation(context, *reader));
  TRY(report_anchor(context, *reader));
  TRY(report_witnesses(context, *reader));
  TRY(report_own_witness(context, *reader));
  return writable ? report_writable(context) : Result<void>();
}

}  // namespace

void add_status_command(CLI::App& app, Context& context) {
  auto writable = std::make_shared<bool>(false);
  CLI::App& command = *app.add_subcommand("status", kStatusHelp);
  command.add_flag("--writable", *writable,
                   "Also open the village for writing, with the operator's key");
  context.on_run(command, [&context, writable] { return run_status(context, *writable); });
}

}  // namespace holdfast::cli
