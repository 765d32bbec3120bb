// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/composing.h"

#include <algorithm>
#include <map>

#include "ledger/log/logged.h"
#include "ledger/model/codec.h"
#include "ledger/model/note.h"
#include "ledger/rules/use.h"
#include "ledger/store/ledger_tables.h"

namespace holdfast::federation {
namespace {

constexpr std::size_t kInputsMax = 32;

std::string input_name(const char* what, std::size_t number, const char* part) {
  return std::string(what) + "." + (number < 10 ? "0" : "") + std::to_string(number) + "." + part;
}

class Fields {
 public:
  explicit Fields(crypto::Random& random) : random_(random) {}
  Result<void> put(std::string name, ByteView value) {
    return model::add_field(content_, std::move(name), value, random_);
  }
  Result<void> put(std::string name, std::string_view text) {
    return put(std::move(name), as_bytes(text));
  }
  const model::Content& content() const { return content_; }

 private:
  crypto::Random& random_;
  model::Content content_;
};

Result<void> put_answer(Fields& fields, std::size_t number, const Told& told) {
  const CheckedAnswer& answer = *told.answer;
  const auto name = [&](const char* part) { return input_name("answer", number, part); };
  TRY(fields.put(name("village"), told.asked.village.hex()));
  TRY(fields.put(name("grant"), told.asked.grant.hex()));
  TRY(fields.put(name("inference"), answer.inference.hex()));
  TRY(fields.put(name("domain"), answer.domain_slug));
  TRY(fields.put(name("tikanga"), answer.grant.tikanga));
  TRY(fields.put(name("operation"), model::operation_name(answer.shape.operation)));
  TRY(fields.put(name("content"), model::encode_content(answer.content)));
  Bytes records;
  for (const Bytes& record : told.cited) store::append_part(records, record);
  return fields.put(name("records"), records);
}

Result<void> put_refusal(Fields& fields, std::size_t number, const Told& told) {
  const auto name = [&](const char* part) { return input_name("refusal", number, part); };
  TRY(fields.put(name("village"), told.asked.village.hex()));
  return fields.put(name("reason"), told.refusal ? told.refusal->reason : "no-answer");
}

template <typename T>
void sort_unique(std::vector<T>& all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

Result<StatementId> compose(Correspondence& correspondence, const std::string& purpose,
                            const std::vector<Told>& told) {
  if (told.size() > kInputsMax)
    return Error{Code::kInvalid, "", "answers to be composed", std::to_string(told.size()),
                 "at most " + std::to_string(kInputsMax)};
  model::Composition composition;
  composition.purpose = purpose;
  Fields fields(correspondence.random());
  std::size_t answers = 0;
  std::size_t refusals = 0;
  for (const Told& one : told) {
    if (one.answer) {
      CHECK(one.receipt.has_value());
      TRY(put_answer(fields, ++answers, one));
      composition.inputs.push_back(*one.receipt);
      composition.grants.push_back({one.asked.village, one.asked.grant});
      for (const Citation& cited : one.answer->cited)
        composition.used.push_back({one.asked.village, cited.record});
    } else {
      TRY(put_refusal(fields, ++refusals, one));
      if (one.refusal && one.receipt) composition.refusals.push_back(*one.receipt);
    }
  }
  if (answers == 0)
    return Error{Code::kInvalid, "", "answers to be composed", "none", "at least one"};
  sort_unique(composition.inputs);
  sort_unique(composition.refusals);
  sort_unique(composition.grants);
  sort_unique(composition.used);
  composition.commitment = model::content_root(fields.content());
  Agent::Beside beside;
  beside.content = model::EncodedContent(fields.content());
  TRY_ASSIGN(const Agent::Act act,
             correspondence.agent().act(std::move(composition), std::move(beside)));
  return act.id;
}

Asked ask_together(Asker& asker, Correspondence& correspondence,
                   const std::vector<AskedOf>& questions, bool composes,
                   std::optional<std::chrono::milliseconds> within) {
  Asked out;
  out.told = asker.ask_all(questions, within);
  const auto first = std::find_if(out.told.begin(), out.told.end(),
                                  [](const Told& one) { return one.answer.has_value(); });
  if (first == out.told.end() || !composes) return out;
  auto composed = compose(correspondence, first->asked.purpose, out.told);
  if (composed)
    out.composition = *composed;
  else
    out.not_composed = std::move(composed).error();
  return out;
}

Result<std::optional<Fallen>> fallen_of(log::Reader& reader,
                                        const std::vector<model::ForeignId>& grants, Seconds now) {
  for (const model::ForeignId& id : grants) {
    TRY_ASSIGN(const auto grant,
               require_own<model::ForeignGrantDetail>(reader, rules::foreign_grant_id(id)));
    if (!grant.active()) return std::optional(Fallen{id, "revoked"});
    if (now >= grant.detail->terms.not_after) return std::optional(Fallen{id, "over"});
    TRY_ASSIGN(const Acquaintance peer, acquaintance_with(reader, id.village));
    if (!peer.is_in_force())
      return std::optional(Fallen{id, "under an agreement that is not in force"});
  }
  return std::optional<Fallen>();
}

namespace {

// --- reading a composition ----------------------------------------------------------------------

class ReadingComposition {
 public:
  explicit ReadingComposition(const model::Content& content) : content_(content) {}

  Result<void> read(Composed& out) const {
    for (std::size_t number = 1; find(input_name("answer", number, "village")); ++number) {
      TRY_ASSIGN(ComposedAnswer answer, read_answer(number));
      out.answers.push_back(std::move(answer));
    }
    for (std::size_t number = 1; find(input_name("refusal", number, "village")); ++number) {
      ComposedRefusal refusal;
      TRY_ASSIGN(refusal.village, id(input_name("refusal", number, "village")));
      TRY_ASSIGN(refusal.reason, text(input_name("refusal", number, "reason")));
      out.refusals.push_back(std::move(refusal));
    }
    return {};
  }

 private:
  const model::Field* find(const std::string& name) const {
    const auto found = std::find_if(content_.fields.begin(), content_.fields.end(),
                                    [&](const auto& field) { return field.name == name; });
    return found == content_.fields.end() ? nullptr : &*found;
  }
  Result<ByteView> bytes(const std::string& name) const {
    const model::Field* const field = find(name);
    if (field != nullptr) return ByteView(field->value);
    return Error{Code::kInvalid, "", "composition's field " + name, "none", "one"};
  }
  Result<std::string> text(const std::string& name) const {
    TRY_ASSIGN(const ByteView value, bytes(name));
    return std::string(as_text(value));
  }
  Result<StatementId> id(const std::string& name) const {
    TRY_ASSIGN(const std::string hex, text(name));
    TRY_ASSIGN(const Bytes value, parse_hex(hex));
    return parse_digest<StatementId>(value, name.c_str());
  }

  Result<ComposedAnswer> read_answer(std::size_t number) const {
    const auto name = [&](const char* part) { return input_name("answer", number, part); };
    ComposedAnswer out;
    TRY_ASSIGN(out.grant.village, id(name("village")));
    TRY_ASSIGN(out.grant.id, id(name("grant")));
    TRY_ASSIGN(out.inference, id(name("inference")));
    TRY_ASSIGN(out.domain, text(name("domain")));
    TRY_ASSIGN(out.tikanga, text(name("tikanga")));
    TRY_ASSIGN(const std::string operation, text(name("operation")));
    TRY_ASSIGN(const model::Operation what, model::parse_operation(operation));
    TRY_ASSIGN(const ByteView encoded, bytes(name("content")));
    TRY_ASSIGN(const model::Content content, model::decode_content(encoded));
    TRY_ASSIGN(out.text, read_answer_text(what, content));
    TRY_ASSIGN(const ByteView records, bytes(name("records")));
    TRY_ASSIGN(const auto each, store::split_parts(records));
    for (const ByteView one : each) {
      TRY_ASSIGN(const auto parts, model::decode_own_signed_statement(one));
      TRY_ASSIGN(const auto statement, model::decode_own_statement(parts.statement));
      const auto* record = std::get_if<model::Record>(&statement.body);
      if (record == nullptr)
        return Error{Code::kInvalid, "", name("records"), model::kind_name(statement.kind()),
                     "records"};
      out.cited.push_back({model::statement_id(parts.statement), record->guardianship});
    }
    return out;
  }

  const model::Content& content_;
};

// What the receipt of an answer keeps of where it stands. Nothing where it is of another answer.
Result<void> read_kept(const log::Logged& logged, ComposedAnswer& answer) {
  const auto* receipt = std::get_if<model::Receipt>(&logged.statement.body);
  if (receipt == nullptr || receipt->of != answer.inference || !receipt->state) return {};
  TRY_ASSIGN(const model::Note note, model::parse_note(receipt->state->checkpoint));
  TRY_ASSIGN(const model::Checkpoint checkpoint, model::parse_checkpoint(note.text));
  TRY_ASSIGN(const rules::Placed seal, rules::place(receipt->state->seal));
  answer.receipt = logged.id;
  answer.size = checkpoint.size;
  answer.sealed_at = seal.entry.time;
  for (const model::ProvenSubject& subject : receipt->state->subjects) {
    if (subject.state_class != static_cast<std::uint16_t>(model::StateClass::kInference) ||
        !equal(subject.id, answer.inference))
      continue;
    TRY_ASSIGN(const model::StateValue value, model::decode_state_value(subject.value));
    answer.index = value.first_index;
  }
  return {};
}

// What is in this ledger of an answer, beside the composition's content.
Result<void> read_beside(log::Reader& reader, const std::vector<StatementId>& receipts,
                         ComposedAnswer& answer) {
  TRY_ASSIGN(const auto grant,
             require_own<model::ForeignGrantDetail>(reader, rules::foreign_grant_id(answer.grant)));
  answer.obligations = grant.detail->terms.obligations;
  for (const StatementId& receipt : receipts) {
    TRY_ASSIGN(const auto index, reader.index_of(receipt));
    if (!index) continue;
    TRY_ASSIGN(const log::Logged logged, log::logged_at(reader, *index));
    TRY(read_kept(logged, answer));
  }
  if (answer.size.value == 0)
    return Error{Code::kInvalid, "", "composition's receipts",
                 "none of answer " + answer.inference.hex(), "one of each answer"};
  return {};
}

}  // namespace

Result<std::vector<CompositionRef>> compositions(log::Reader& reader) {
  std::vector<CompositionRef> out;
  TreeSize seen;
  TRY(log::catch_up(
      reader, seen, {model::Kind::kComposition}, [&](const log::Logged& logged) -> Result<void> {
        out.push_back(
            {logged.id, logged.index, std::get<model::Composition>(logged.statement.body)});
        return {};
      }));
  return out;
}

Result<Composed> read_composition(log::Reader& reader, const CompositionRef& ref) {
  TRY_ASSIGN(const model::Content content, reader.content(ref.id));
  Composed out;
  out.id = ref.id;
  out.index = ref.index;
  out.purpose = ref.statement.purpose;
  TRY(ReadingComposition(content).read(out));
  for (ComposedAnswer& answer : out.answers) TRY(read_beside(reader, ref.statement.inputs, answer));
  return out;
}

Result<std::vector<Askable>> askable(log::Reader& reader) {
  std::vector<Askable> out;
  const auto take = [&](const model::Receipt& receipt) -> Result<void> {
    if (receipt.acknowledges != model::ReceiptOf::kGrant || !receipt.rejected.empty()) return {};
    TRY_ASSIGN(const auto agreement,
               require_own<model::AgreementDetail>(reader, receipt.agreement));
    const model::ForeignId id{agreement.detail->peer, receipt.of};
    TRY_ASSIGN(auto state,
               require_own<model::ForeignGrantDetail>(reader, rules::foreign_grant_id(id)));
    if (state.detail->grantee != reader.village()) return {};
    Askable one{id, std::move(state), {}};
    for (const model::ProvenSubject& subject : receipt.state->subjects) {
      if (subject.state_class != static_cast<std::uint16_t>(model::StateClass::kShape)) continue;
      TRY_ASSIGN(const auto detail, model::decode_own_detail<model::ShapeDetail>(subject.detail));
      one.shapes.push_back({StatementId::from(subject.id), detail.shape});
    }
    out.push_back(std::move(one));
    return {};
  };
  TreeSize seen;
  TRY(log::catch_up(reader, seen, {model::Kind::kReceipt}, [&](const log::Logged& logged) {
    return take(std::get<model::Receipt>(logged.statement.body));
  }));
  return out;
}

}  // namespace holdfast::federation
