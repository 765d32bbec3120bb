// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/answer_check.h"

#include <algorithm>

#include "federation/refusals.h"
#include "ledger/merkle/prefix_proof.h"
#include "ledger/model/codec.h"
#include "ledger/rules/use.h"

namespace holdfast::federation {
namespace {

using model::StateClass;

// A checkpoint is fresh for a day.
constexpr Seconds kFreshFor = kDay;

Error not_believed(const char* rule, std::string what, std::string found, std::string want) {
  return {Code::kInvalid, rule, std::move(what), std::move(found), std::move(want)};
}

std::string entry_name(LeafIndex index) { return "entry #" + std::to_string(index.value); }

std::string short_id(const StatementId& id) { return id.hex().substr(0, 12); }

// --- the inference ------------------------------------------------------------------------------

struct ShownInference {
  StatementId id;
  LeafIndex index;
  model::Inference inference;
};

// In the peer's log under the checkpoint, signed by an agent that its state shows, and kept in it.
Result<ShownInference> read_inference(const Correspondence::Received& received,
                                      const model::ProvenEntry& proven, const char* rule) {
  TRY_ASSIGN(const rules::Placed placed, rules::place(proven));
  TRY(rules::check_in_tree(placed, proven, received.sight.checkpoint, rule));
  const model::Statement& statement = placed.authored.statement;
  const auto* inference = std::get_if<model::Inference>(&statement.body);
  if (inference == nullptr || statement.village != received.from.village)
    return not_believed(rule, entry_name(placed.entry.index), model::kind_name(statement.kind()),
                        "an inference of the peer's");
  rules::KeyBook book;
  TRY_ASSIGN(const auto agent, received.sight.require<model::AgentDetail>(received.opened.signer));
  book.add(agent.detail->key);
  TRY(rules::check_signatures(placed, book));
  return ShownInference{placed.authored.id, placed.entry.index, *inference};
}

// --- the answer ---------------------------------------------------------------------------------

class Checking {
 public:
  Checking(const Correspondence::Received& received, const model::Answer& answer,
           const model::Query& query, const StatementId& own, Seconds now, Checks& checks)
      : received_(received),
        sight_(received.sight),
        answer_(answer),
        query_(query),
        own_(own),
        now_(now),
        checks_(checks) {}

  Result<CheckedAnswer> check(const model::EnvelopeId& query_id) {
    TRY(check_envelope(query_id));
    TRY(check_inference(query_id));
    TRY(check_consent());
    TRY(check_voice());
    TRY(check_content());
    TRY(check_cited());
    return std::move(out_);
  }

 private:
  void held(std::string what, std::string found) {
    checks_.push_back({std::move(what), std::move(found)});
  }

  Result<void> check_envelope(const model::EnvelopeId& query_id) {
    const model::Envelope& envelope = received_.envelope();
    if (envelope.in_reply_to != query_id)
      return not_believed("ANSWER-1", "envelope.inReplyTo", "another question", "ours");
    held("who answers", "village " + short_id(received_.from.village) + ", agent " +
                            received_.opened.signer.hex().substr(0, 12) +
                            ", whose registration its state shows");
    out_.size = sight_.checkpoint.size;
    out_.sealed_at = sight_.sealed_at;
    TRY(check_fresh(sight_, now_));
    held("the peer's log", "checkpoint of size " + std::to_string(out_.size.value) +
                               " signed by its operator, sealed " + format_time(sight_.sealed_at) +
                               ", continues what was seen before");
    return {};
  }

  Result<void> check_inference(const model::EnvelopeId& query_id) {
    TRY_ASSIGN(const ShownInference shown,
               read_inference(received_, answer_.inference, "ANSWER-3"));
    const model::Inference& inference = shown.inference;
    const auto* answered = std::get_if<model::Answered>(&inference.outcome);
    if (answered == nullptr)
      return not_believed("ANSWER-3", entry_name(shown.index), "a refusal", "an answer");
    const bool is_ours = inference.query_id == query_id &&
                         inference.agreement == query_.agreement &&
                         inference.grant == query_.grant && inference.shape == query_.shape &&
                         inference.purpose == query_.purpose && inference.onward == query_.onward &&
                         inference.parameters == model::arguments_commitment(query_);
    if (!is_ours)
      return not_believed(
          "ANSWER-3", entry_name(shown.index), "the answer to another question",
          "one to ours: id, agreement, grant, shape, purpose, onward and parameters");
    TRY_ASSIGN(const auto kept, sight_.require<model::InferenceDetail>(shown.id));
    if (kept.detail->commitment != answered->commitment)
      return not_believed("ANSWER-3", "commitment in the peer's state", "another", "the answer's");
    out_.inference = shown.id;
    out_.index = shown.index;
    out_.statement = inference;
    held("the inference",
         entry_name(shown.index) + " of its log, to our very question, and in its state");
    return {};
  }

  Result<void> check_consent() {
    TRY_ASSIGN(const auto grant, sight_.require<model::GrantDetail>(query_.grant));
    TRY_ASSIGN(const auto agreement, sight_.require<model::AgreementDetail>(query_.agreement));
    const model::Grant& terms = grant.detail->terms;
    TRY_ASSIGN(const auto domain, sight_.require<model::DomainDetail>(terms.domain));
    TRY_ASSIGN(const auto shape, sight_.require<model::ShapeDetail>(query_.shape));
    const auto* to = std::get_if<model::AgreementGrantee>(&terms.grantee);
    const bool is_ours = to != nullptr && to->agreement == query_.agreement &&
                         agreement.detail->peer == own_ &&
                         agreement.detail->terms == received_.from.agreement.detail->terms;
    const bool covers =
        terms.operations.query &&
        std::binary_search(terms.shapes.begin(), terms.shapes.end(), query_.shape) &&
        std::binary_search(terms.purposes.begin(), terms.purposes.end(), query_.purpose);
    const bool in_time = terms.not_before <= sight_.sealed_at &&
                         sight_.sealed_at < terms.not_after && now_ < terms.not_after;
    const bool live = grant.active() && agreement.active() && domain.active() &&
                      sight_.facts.self.active() && shape.active();
    if (!is_ours || !covers || !in_time || !live)
      return not_believed("ANSWER-4", "the peer's grant " + query_.grant.hex(),
                          !live      ? "not live, nor all that it rests on"
                          : !is_ours ? "one to somebody else"
                          : !in_time ? "one out of its time"
                                     : "one that does not cover the question",
                          "a live one to this village that covers shape and purpose");
    out_.domain = terms.domain;
    out_.domain_slug = domain.detail->slug;
    out_.grant = terms;
    out_.shape = shape.detail->shape;
    held("the consent", "grant " + short_id(query_.grant) + " with agreement, domain " +
                            domain.detail->slug + " and village live under that seal, until " +
                            format_time(terms.not_after));
    return {};
  }

  Result<void> check_voice() {
    const model::Inference& inference = out_.statement;
    if (!inference.steering && !inference.model) {
      if (!out_.shape.steering_needed) return {};
      return not_believed("ANSWER-5", "steering of the answer", "none", "a live one");
    }
    if (!inference.steering || !inference.model)
      return not_believed("ANSWER-5", "model and steering", "one of them", "both");
    TRY_ASSIGN(const auto steering, sight_.require<model::SteeringDetail>(*inference.steering));
    TRY_ASSIGN(const auto model, sight_.require<model::ModelDetail>(*inference.model));
    TRY_ASSIGN(const auto domain, sight_.require<model::DomainDetail>(out_.domain));
    const auto& allowed = steering.detail->terms.models;
    if (!steering.active() || !model.active() || !rules::training_stands(model, *domain.detail) ||
        steering.detail->domain != out_.domain || model.detail->domain != out_.domain ||
        !std::binary_search(allowed.begin(), allowed.end(), *inference.model))
      return not_believed("ANSWER-5", "model " + inference.model->hex(),
                          "one that guardians do not let speak", "a live one under live steering");
    held("who speaks", "model \"" + model.detail->identity.name + "\" under steering " +
                           short_id(*inference.steering) + ", live");
    return {};
  }

  Result<void> check_content() {
    const auto& answered = std::get<model::Answered>(out_.statement.outcome);
    TRY_ASSIGN(out_.content, model::decode_content(answer_.content));
    if (model::content_root(out_.content) != answered.commitment)
      return not_believed("ANSWER-6", "the answer's fields", "others than the inference commits to",
                          "those that it does");
    TRY_ASSIGN(out_.text, read_answer_text(out_.shape.operation, out_.content));
    const AnswerText& text = out_.text;
    const auto over = [](std::uint64_t found, std::uint64_t most) {
      return most != 0 && found > most;
    };
    // What it says of itself, and what is there.
    if (text.items != answered.items || text.characters != answered.characters ||
        over(text.items, out_.shape.items_max) || over(text.items, query_.items_max) ||
        over(text.characters, out_.shape.characters_max) ||
        over(text.characters, query_.characters_max) ||
        over(text.characters, out_.grant.limits.characters))
      return not_believed(
          "ANSWER-7", "size of the answer",
          std::to_string(text.items) + " items, " + std::to_string(text.characters) + " characters",
          "what its inference says, and shape, grant and question allow");
    held("the words", std::to_string(out_.content.fields.size()) +
                          " fields, which lead to the root that the inference commits to");
    return {};
  }

  Result<void> check_cited() {
    const auto& answered = std::get<model::Answered>(out_.statement.outcome);
    std::vector<StatementId> ids;
    for (const model::CitedRecord& record : answer_.cited) {
      TRY_ASSIGN(Citation citation, check_record(record));
      ids.push_back(citation.record);
      out_.cited.push_back(std::move(citation));
    }
    if (ids != answered.cited)
      return not_believed("ANSWER-8", "records shown", std::to_string(ids.size()),
                          "those that the inference cites, " +
                              std::to_string(answered.cited.size()) + ", by their ids");
    for (const AnswerPart& part : out_.text.parts)
      if (!std::binary_search(ids.begin(), ids.end(), part.record))
        return not_believed("ANSWER-8", "record of a part", part.record.hex(), "one that is cited");
    if (ids.empty()) return {};
    const auto attested = static_cast<std::size_t>(
        std::count_if(out_.cited.begin(), out_.cited.end(),
                      [](const Citation& one) { return one.is_attested(); }));
    held("the records", std::to_string(ids.size()) + " cited, each live under that seal; " +
                            std::to_string(attested) +
                            " signed by the threshold of its guardians in office" +
                            (attested == ids.size() ? "" : ", the others rest on its log"));
    return {};
  }

  Result<Citation> check_record(const model::CitedRecord& cited) {
    TRY_ASSIGN(const auto parts, model::decode_signed_statement(cited.signed_statement));
    TRY_ASSIGN(const auto statement, model::decode_statement(parts.statement));
    const auto* record = std::get_if<model::Record>(&statement.body);
    Citation out;
    out.record = model::statement_id(parts.statement);
    const std::string what = "record " + out.record.hex();
    if (record == nullptr || statement.village != received_.from.village)
      return not_believed("ANSWER-8", what, model::kind_name(statement.kind()),
                          "a record of the peer's");
    out.terms = *record;
    TRY(check_live(out, cited, what));
    TRY(check_guardians(out, parts, statement, what));
    return out;
  }

  Result<void> check_live(const Citation& citation, const model::CitedRecord& cited,
                          const std::string& what) const {
    TRY_ASSIGN(const auto value, model::decode_state_value(cited.value));
    TRY_ASSIGN(const auto detail, model::decode_own_detail<model::RecordDetail>(cited.detail));
    const bool belongs = value.state_class == StateClass::kRecord &&
                         value.detail == model::detail_hash(cited.detail);
    if (!belongs || value.status != model::Status::kActive || detail.domain != out_.domain)
      return not_believed("ANSWER-8", what,
                          !belongs ? "a state that is not its own"
                                   : std::string("one that is ") + model::status_name(value.status),
                          "a live record of the grant's domain");
    TRY_ASSIGN(const auto proof, merkle::decode_inclusion_proof(cited.proof));
    TRY_ASSIGN(const StateRoot root, sealed_root());
    const auto included =
        merkle::verify_state_inclusion(model::state_key(StateClass::kRecord, citation.record),
                                       model::value_hash(value), proof, root);
    if (!included)
      return not_believed("ANSWER-8", what, included.error().found, included.error().want);
    return {};
  }

  Result<StateRoot> sealed_root() const {
    TRY_ASSIGN(const rules::Placed placed, rules::place(received_.envelope().state.seal));
    const auto* seal = std::get_if<model::Seal>(&placed.authored.statement.body);
    CHECK(seal != nullptr);  // it was checked with the state
    return seal->state_root;
  }

  // Signatures by guardians in office verify; those of guardians who were replaced since rest on
  // the log, which admitted them.
  Result<void> check_guardians(Citation& citation, const model::SignedStatement& parts,
                               const model::Statement& statement, const std::string& what) {
    if (!guardians_) {
      TRY_ASSIGN(const auto authority, sight_.require<model::AuthorityDetail>(out_.domain));
      guardians_ = authority.detail;
    }
    rules::KeyBook book;
    for (const model::PublicKey& key : guardians_->current.keys) book.add(key);
    model::SignedStatement known{parts.statement, {}};
    for (const model::StatementSignature& one : parts.signatures)
      if (book.find(one.key_id) != nullptr) known.signatures.push_back(one);
    TRY_ASSIGN(const auto signatures,
               rules::signature_checks(citation.record, known, statement, book));
    for (const rules::SignatureCheck& one : signatures)
      if (!rules::run(one))
        return not_believed("ANSWER-9", what, "a guardian's signature that does not verify",
                            "signatures by its guardians");
    citation.guardians = signatures.size();
    citation.threshold = guardians_->current.threshold;
    const bool all_in_office = known.signatures.size() == parts.signatures.size();
    if (all_in_office && citation.guardians < citation.threshold)
      return not_believed("ANSWER-9", what,
                          std::to_string(citation.guardians) + " signatures of its guardians",
                          "at least " + std::to_string(citation.threshold));
    return {};
  }

  const Correspondence::Received& received_;
  const rules::PeerSight& sight_;
  const model::Answer& answer_;
  const model::Query& query_;
  const StatementId& own_;
  const Seconds now_;
  Checks& checks_;
  std::shared_ptr<const model::AuthorityDetail> guardians_;
  CheckedAnswer out_;
};

// Whether a statement is one that such a refusal may name as its reason.
bool stands_behind(const model::Statement& statement, const std::string& why,
                   const StatementId& village) {
  if (statement.village != village) return false;
  if (why == reason::kRevoked) return statement.kind() == model::Kind::kRevocation;
  if (why == reason::kAgreement) return statement.kind() == model::Kind::kAgreement;
  if (why == reason::kRepeated) return statement.kind() == model::Kind::kInference;
  return false;
}

}  // namespace

Result<void> check_fresh(const rules::PeerSight& sight, Seconds now) {
  if (sight.sealed_at <= now + kClockSkew && now - sight.sealed_at <= kFreshFor) return {};
  return not_believed("ANSWER-2", "seal of the peer's checkpoint", format_time(sight.sealed_at),
                      "at most a day before " + format_time(now));
}

Result<CheckedAnswer> check_answer(const Correspondence::Received& received,
                                   const model::Answer& answer, const model::Query& query,
                                   const model::EnvelopeId& query_id, const StatementId& own,
                                   Seconds now, Checks& checks) {
  return Checking(received, answer, query, own, now, checks).check(query_id);
}

Result<CheckedRefusal> check_refusal(const Correspondence::Received& received,
                                     const model::Refusal& refusal,
                                     const model::EnvelopeId& query_id, Checks& checks) {
  if (received.envelope().in_reply_to != query_id)
    return not_believed("REFUSAL-1", "envelope.inReplyTo", "another question", "ours");
  CheckedRefusal out;
  out.reason = refusal.reason;
  checks.push_back(
      {"who refuses", "village " + short_id(received.from.village) + ", by its agent"});
  if (refusal.inference) {
    TRY_ASSIGN(const ShownInference shown,
               read_inference(received, *refusal.inference, "REFUSAL-1"));
    TRY_ASSIGN(const auto kept, received.sight.require<model::InferenceDetail>(shown.id));
    const auto* refused = std::get_if<model::RefusedAnswer>(&shown.inference.outcome);
    if (kept.detail->commitment || refused == nullptr)
      return not_believed("REFUSAL-1", entry_name(shown.index), "an answer", "a refusal");
    if (shown.inference.query_id != query_id || refused->reason != refusal.reason)
      return not_believed("REFUSAL-1", entry_name(shown.index), "the refusal of another question",
                          "that of ours, for the same reason");
    out.inference = shown.id;
    out.index = shown.index;
    checks.push_back({"its entry", entry_name(shown.index) + " of its log"});
  }
  if (!refusal.behind.empty()) {
    TRY_ASSIGN(const auto parts, model::decode_signed_statement(refusal.behind));
    TRY_ASSIGN(out.behind, model::decode_statement(parts.statement));
    if (!stands_behind(*out.behind, refusal.reason, received.from.village))
      return not_believed("REFUSAL-1", "statement behind the refusal",
                          std::string("a ") + model::kind_name(out.behind->kind()),
                          "one of the peer's that is such a reason");
    checks.push_back(
        {"behind it", std::string("a ") + model::kind_name(out.behind->kind()) + " of its own"});
  }
  return out;
}

}  // namespace holdfast::federation
