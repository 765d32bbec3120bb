// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/ids.h"

#include <algorithm>

#include "ledger/log/logged.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t kPrefixDigitsMin = 8;
constexpr std::size_t kCandidatesShown = 8;

std::string thing(std::optional<model::Kind> kind) {
  return kind ? model::kind_name(*kind) : "statement";
}

// "a grant", "an inference".
std::string with_article(const std::string& name) {
  const bool vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + name;
}

Result<Located> located_at(log::Reader& reader, LeafIndex index) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(index));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  return Located{model::statement_id(signed_statement.statement), index};
}

Result<Located> checked_kind(log::Reader& reader, const Located& found, const std::string& text,
                             std::optional<model::Kind> kind) {
  TRY_ASSIGN(const model::Kind is, log::kind_at(reader, found.index));
  if (kind && is != *kind)
    return Error{
        Code::kNotFound, "", thing(kind) + " " + text,
        with_article(model::kind_name(is)) + " at entry " + std::to_string(found.index.value),
        with_article(thing(kind))};
  return found;
}

Result<Located> locate_number(log::Reader& reader, const std::string& text,
                              std::optional<model::Kind> kind) {
  TRY_ASSIGN(const std::uint64_t number, parse_decimal(std::string_view(text).substr(1)));
  const LeafIndex index{number};
  if (!index.in(reader.size()))
    return Error{Code::kNotFound, "", "entry " + text,
                 "a log of " + std::to_string(reader.size().value) + " entries",
                 "#0 to #" + std::to_string(reader.size().value - 1)};
  TRY_ASSIGN(const Located found, located_at(reader, index));
  return checked_kind(reader, found, text, kind);
}

Result<Located> locate_full(log::Reader& reader, const std::string& text,
                            std::optional<model::Kind> kind) {
  TRY_ASSIGN(const Bytes bytes, parse_hex(text));
  const StatementId id = StatementId::from(bytes);
  TRY_ASSIGN(const std::optional<LeafIndex> index, reader.index_of(id));
  if (!index)
    return Error{Code::kNotFound, "", thing(kind) + " " + text, "no such id in this log", ""};
  return checked_kind(reader, Located{id, *index}, text, kind);
}

std::string lowercase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

// Looks at every statement of the kind: linear in the log.
Result<Located> locate_prefix(log::Reader& reader, const std::string& text,
                              std::optional<model::Kind> kind) {
  const std::string prefix = lowercase(text);
  std::vector<Located> found;
  for (LeafIndex index; index.in(reader.size()); ++index.value) {
    TRY_ASSIGN(const model::Kind is, log::kind_at(reader, index));
    if ((kind && is != *kind) || is == model::Kind::kSeal) continue;
    TRY_ASSIGN(const Located candidate, located_at(reader, index));
    if (candidate.id.hex().starts_with(prefix)) found.push_back(candidate);
  }
  if (found.empty())
    return Error{Code::kNotFound, "", thing(kind) + " " + text, "no id in this log starts so", ""};
  if (found.size() == 1) return found[0];
  std::string list;
  for (std::size_t i = 0; i < std::min(found.size(), kCandidatesShown); ++i)
    list += (i == 0 ? "" : ", ") + found[i].id.hex() + " (#" +
            std::to_string(found[i].index.value) + ")";
  return Error{Code::kConflict, "", thing(kind) + " " + text,
               std::to_string(found.size()) + " ids that start so: " + list,
               "more digits, or #N for entry N"};
}

}  // namespace

Result<Located> locate(log::Reader& reader, const std::string& text,
                       std::optional<model::Kind> kind) {
  if (text.starts_with('#')) return locate_number(reader, text, kind);
  const bool hex = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  if (!hex || text.size() < kPrefixDigitsMin || text.size() > 2 * kDigestBytes)
    return Error{Code::kMalformed, "", "id of " + with_article(thing(kind)), "\"" + text + "\"",
                 "64 hex digits, the first 8 or more of them, or #N for entry N"};
  if (text.size() == 2 * kDigestBytes) return locate_full(reader, text, kind);
  return locate_prefix(reader, text, kind);
}

Result<StatementId> locate_domain(log::Reader& reader, const std::string& text) {
  TRY_ASSIGN(const auto slug, reader.find(model::StateClass::kSlug, as_bytes(text)));
  if (slug) {
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::SlugDetail>(slug->detail));
    return detail.domain;
  }
  auto found = locate(reader, text, model::Kind::kDomain);
  if (found) return found->id;
  if (found.error().code != Code::kMalformed) return std::move(found).error();
  return Error{Code::kNotFound, "", "domain " + text, "no domain of this slug",
               "one that `holdfast domain list` shows"};
}

std::string domain_name(log::Reader& reader, const StatementId& domain) {
  if (domain == reader.village()) return "council";
  const auto subject = reader.find(model::StateClass::kDomain, domain);
  if (subject && *subject)
    if (auto detail = model::decode_own_detail<model::DomainDetail>((*subject)->detail))
      return detail->slug;
  return short_id(domain);
}

Result<model::Genesis> genesis_of(log::Reader& reader) {
  TRY_ASSIGN(const Bytes bytes, reader.signed_statement(LeafIndex{0}));
  TRY_ASSIGN(const auto signed_statement, model::decode_signed_statement(bytes));
  TRY_ASSIGN(auto statement, model::decode_statement(signed_statement.statement));
  auto* const genesis = std::get_if<model::Genesis>(&statement.body);
  if (genesis == nullptr)
    return Error{Code::kInvalid, "GENESIS-1", "entry 0", kind_name(statement.kind()), "a genesis"};
  return std::move(*genesis);
}

Result<VillageState> village_state(log::Reader& reader) {
  TRY_ASSIGN(const auto subject, reader.find(model::StateClass::kVillage, reader.village()));
  if (!subject)
    return Error{Code::kInvalid, "", "village " + reader.village().hex(), "no state of it", "one"};
  TRY_ASSIGN(const auto detail, model::decode_own_detail<model::VillageDetail>(subject->detail));
  return VillageState{subject->value, detail};
}

Result<std::string> vkey_of(log::Reader& reader) {
  TRY_ASSIGN(const VillageState village, village_state(reader));
  TRY_ASSIGN(const model::Note note, model::parse_note(reader.checkpoint()));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  return model::format_vkey(
      {checkpoint.origin, model::NoteKeyType::kEd25519, village.detail.operator_key});
}

std::string short_id(ByteView digest) { return format_hex(digest).substr(0, 12); }

}  // namespace holdfast::cli
