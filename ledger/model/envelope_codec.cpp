// SPDX-License-Identifier: AGPL-3.0-or-later
#include <envelope.capnp.h>

#include "ledger/crypto/sha256.h"
#include "ledger/model/codec.h"
#include "ledger/model/envelope.h"
#include "ledger/model/note.h"
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below
using EnvelopeBody = wire::Envelope::Body;

constexpr bounds::ListBound kArguments{0, bounds::kParameters.max};
constexpr TextBound kArgumentValue{TextClass::kProse, 0, kArgumentBytesMax};
constexpr bounds::ListBound kCited{0, kCitedMax};
constexpr bounds::ListBound kGrowths{0, kGrowthsMax};
constexpr bounds::ListBound kFreshGrants{1, kFreshGrantsMax};
constexpr std::size_t kBoxBytesMin = 48 + 1;  // what sealing adds, and something

// --- bodies -------------------------------------------------------------------------------------

Proposal read_proposal(Reading& in, wire::Proposal::Reader from) {
  Proposal out;
  out.agreement = in.at("proposal", "agreement").digest<StatementId>(from.getAgreement());
  out.terms = in.with(read_new_terms, from.getTerms());
  return out;
}
void write(wire::Proposal::Builder to, const Proposal& proposal) {
  to.setAgreement(wire_data(proposal.agreement));
  write(to.initTerms(), proposal.terms);
}

Query read_query(Reading& in, wire::Query::Reader from) {
  constexpr const char* kPlace = "query";
  Query out;
  out.agreement = in.at(kPlace, "agreement").digest<StatementId>(from.getAgreement());
  out.grant = in.at(kPlace, "grant").digest<StatementId>(from.getGrant());
  out.shape = in.at(kPlace, "shape").digest<StatementId>(from.getShape());
  out.purpose = in.at(kPlace, "purpose").text(from.getPurpose(), bounds::kPurpose);
  out.arguments =
      in.at(kPlace, "arguments")
          .sorted_list(
              from.getArguments(), kArguments,
              [&](auto element) {
                return Argument{in.part("name").text(element.getName(), bounds::kParameterName),
                                in.part("value").text(element.getValue(), kArgumentValue)};
              },
              [](const Argument& argument) -> const std::string& { return argument.name; });
  // Each field is looked up once: the limit on what is read counts every look.
  const auto salt = from.getSalt();
  if (!out.arguments.empty() || salt.size() != 0) {
    out.salt = in.at(kPlace, "salt").fixed<bounds::kFieldSaltBytes>(salt);
    if (out.arguments.empty()) in.refuse("BOUND-1", "32 bytes", "none, where there is nothing");
  }
  out.items_max = from.getItemsMax();
  out.characters_max = from.getCharactersMax();
  out.onward = read_foreign_ids(in.at(kPlace, "onward"), from.getOnward(), bounds::kOnward);
  return out;
}
void write(wire::Query::Builder to, const Query& query) {
  to.setAgreement(wire_data(query.agreement));
  to.setGrant(wire_data(query.grant));
  to.setShape(wire_data(query.shape));
  if (!query.purpose.empty()) to.setPurpose(wire_text(query.purpose));
  if (!query.arguments.empty()) {
    auto list = to.initArguments(count_of(query.arguments));
    for (unsigned i = 0; i < list.size(); ++i) {
      if (!query.arguments[i].name.empty()) list[i].setName(wire_text(query.arguments[i].name));
      if (!query.arguments[i].value.empty()) list[i].setValue(wire_text(query.arguments[i].value));
    }
  }
  if (query.salt) to.setSalt(wire_data(*query.salt));
  to.setItemsMax(query.items_max);
  to.setCharactersMax(query.characters_max);
  if (!query.onward.empty()) write(to.initOnward(count_of(query.onward)), query.onward);
}

CitedRecord read_cited(Reading& in, wire::CitedRecord::Reader from) {
  CitedRecord out;
  out.signed_statement =
      read_signed_bytes(in.part("signedStatement"), from.getSignedStatement(), 1);
  out.value = read_bytes(in.part("value"), from.getValue(), 1, kStateValueBytesMax);
  out.detail = read_bytes(in.part("detail"), from.getDetail(), 1, kDetailBytesMax);
  out.proof = read_bytes(in.part("proof"), from.getProof(), 0, bounds::kStateProofBytesMax);
  return out;
}
void write(wire::CitedRecord::Builder to, const CitedRecord& record) {
  to.setSignedStatement(wire_data(record.signed_statement));
  to.setValue(wire_data(record.value));
  to.setDetail(wire_data(record.detail));
  if (!record.proof.empty()) to.setProof(wire_data(record.proof));
}

Answer read_answer(Reading& in, wire::Answer::Reader from) {
  constexpr const char* kPlace = "answer";
  Answer out;
  out.inference = in.at(kPlace, "inference").with(read_proven_entry, from.getInference());
  out.content = read_bytes(in.at(kPlace, "content"), from.getContent(), 1, kAnswerContentBytesMax);
  out.cited = in.at(kPlace, "cited").list(from.getCited(), kCited, [&](auto element) {
    return read_cited(in, element);
  });
  return out;
}
void write(wire::Answer::Builder to, const Answer& answer) {
  write(to.initInference(), answer.inference);
  to.setContent(wire_data(answer.content));
  if (answer.cited.empty()) return;
  auto list = to.initCited(count_of(answer.cited));
  for (unsigned i = 0; i < list.size(); ++i) write(list[i], answer.cited[i]);
}

Refusal read_refusal(Reading& in, wire::Refusal::Reader from) {
  constexpr const char* kPlace = "refusal";
  Refusal out;
  out.reason = in.at(kPlace, "reason").text(from.getReason(), bounds::kReason);
  if (from.hasInference())
    out.inference = in.at(kPlace, "inference").with(read_proven_entry, from.getInference());
  out.behind = read_signed_bytes(in.at(kPlace, "behind"), from.getBehind(), 0);
  return out;
}
void write(wire::Refusal::Builder to, const Refusal& refusal) {
  if (!refusal.reason.empty()) to.setReason(wire_text(refusal.reason));
  if (refusal.inference) write(to.initInference(), *refusal.inference);
  if (!refusal.behind.empty()) to.setBehind(wire_data(refusal.behind));
}

Notice read_notice(Reading& in, wire::Notice::Reader from) {
  Notice out;
  switch (from.which()) {
    case wire::Notice::REVOCATION:
      out.of = RevocationNotice{
          read_signed_bytes(in.at("notice", "revocation"), from.getRevocation(), 1)};
      break;
    case wire::Notice::DELETION:
      out.of = DeletionNotice{in.at("notice", "deletion").digest<StatementId>(from.getDeletion())};
      break;
    case wire::Notice::GRANT:
      out.of = GrantNotice{in.at("notice", "grant").digest<StatementId>(from.getGrant())};
      break;
    case wire::Notice::NONE: in.at("notice").refuse_union(from.which());
  }
  return out;
}
void write(wire::Notice::Builder to, const Notice& notice) {
  if (const auto* revocation = std::get_if<RevocationNotice>(&notice.of))
    to.setRevocation(wire_data(revocation->revocation));
  else if (const auto* deletion = std::get_if<DeletionNotice>(&notice.of))
    to.setDeletion(wire_data(deletion->transfer));
  else
    to.setGrant(wire_data(std::get<GrantNotice>(notice.of).grant));
}

Acknowledgement read_acknowledgement(Reading& in, wire::Acknowledgement::Reader from) {
  return {in.at("acknowledgement", "of").digest<EnvelopeHash>(from.getOf()),
          in.at("acknowledgement", "rejected").text(from.getRejected(), bounds::kRejected)};
}
void write(wire::Acknowledgement::Builder to, const Acknowledgement& acknowledgement) {
  to.setOf(wire_data(acknowledgement.of));
  if (!acknowledgement.rejected.empty()) to.setRejected(wire_text(acknowledgement.rejected));
}

decltype(Envelope::body) read_body(Reading& in, EnvelopeBody::Reader from) {
  switch (from.which()) {
    case EnvelopeBody::OFFER: return Offering{in.with(read_proposal, from.getOffer())};
    case EnvelopeBody::ACCEPT: return Accepting{in.with(read_proposal, from.getAccept())};
    case EnvelopeBody::QUERY: return in.with(read_query, from.getQuery());
    case EnvelopeBody::ANSWER: return in.with(read_answer, from.getAnswer());
    case EnvelopeBody::REFUSAL: return in.with(read_refusal, from.getRefusal());
    case EnvelopeBody::NOTICE: return in.with(read_notice, from.getNotice());
    case EnvelopeBody::ACKNOWLEDGEMENT:
      return in.with(read_acknowledgement, from.getAcknowledgement());
    case EnvelopeBody::CHECKPOINT: return CheckpointOnly{};
    case EnvelopeBody::FRESHNESS:
      return FreshnessRequest{
          in.at("freshness", "grants")
              .digests<StatementId>(from.getFreshness().getGrants(), kFreshGrants)};
    case EnvelopeBody::NONE: break;
  }
  in.at("envelope", "body").refuse_union(from.which());
}
void write(EnvelopeBody::Builder to, const Offering& body) { write(to.initOffer(), body); }
void write(EnvelopeBody::Builder to, const Accepting& body) { write(to.initAccept(), body); }
void write(EnvelopeBody::Builder to, const Query& body) { write(to.initQuery(), body); }
void write(EnvelopeBody::Builder to, const Answer& body) { write(to.initAnswer(), body); }
void write(EnvelopeBody::Builder to, const Refusal& body) { write(to.initRefusal(), body); }
void write(EnvelopeBody::Builder to, const Notice& body) { write(to.initNotice(), body); }
void write(EnvelopeBody::Builder to, const Acknowledgement& body) {
  write(to.initAcknowledgement(), body);
}
void write(EnvelopeBody::Builder to, const CheckpointOnly&) { to.setCheckpoint(); }
void write(EnvelopeBody::Builder to, const FreshnessRequest& body) {
  auto list = to.initFreshness().initGrants(count_of(body.grants));
  for (unsigned i = 0; i < list.size(); ++i) list.set(i, wire_data(body.grants[i]));
}

// --- envelopes ----------------------------------------------------------------------------------

Envelope read_envelope(Reading& in, wire::Envelope::Reader from) {
  constexpr const char* kPlace = "envelope";
  check_version(in, kPlace, from.getVersion());
  Envelope out;
  out.to = in.at(kPlace, "to").digest<StatementId>(from.getTo());
  out.sealing_key = in.at(kPlace, "sealingKey").digest<KeyId>(from.getSealingKey());
  out.from = in.at(kPlace, "from").digest<StatementId>(from.getFrom());
  out.id = in.at(kPlace, "id").fixed<bounds::kQueryIdBytes>(from.getId());
  out.sequence = from.getSequence();
  out.sent_at = in.at(kPlace, "sentAt").time(from.getSentAt());
  out.expires_at = in.at(kPlace, "expiresAt").time(from.getExpiresAt());
  if (const auto id = from.getInReplyTo(); id.size() != 0)
    out.in_reply_to = in.at(kPlace, "inReplyTo").fixed<bounds::kQueryIdBytes>(id);
  out.state = in.with(read_peer_state, from.getState());
  out.consistency = in.at(kPlace, "consistency")
                        .sorted_list(
                            from.getConsistency(), kGrowths,
                            [&](auto growth) {
                              return Growth{{growth.getFrom()},
                                            read_hashes(in.part("proof"), growth.getProof(),
                                                        {0, 2 * bounds::kProofPath.max})};
                            },
                            [](const Growth& growth) { return growth.from; });
  out.seen = as_text(read_bytes(in.at(kPlace, "seen"), from.getSeen(), 0, kNoteBytesMax));
  out.wanted =
      in.at(kPlace, "wanted")
          .sorted_list(
              from.getWanted(), kGrowths, [](std::uint64_t size) { return TreeSize{size}; },
              [](TreeSize size) { return size; });
  out.body = in.with(read_body, from.getBody());
  return out;
}

SignedEnvelope read_signed_envelope(Reading& in, wire::SignedEnvelope::Reader from) {
  constexpr const char* kPlace = "signedEnvelope";
  check_version(in, kPlace, from.getVersion());
  return {read_bytes(in.at(kPlace, "envelope"), from.getEnvelope(), 1, kEnvelopeBytesMax),
          in.at(kPlace, "keyId").digest<KeyId>(from.getKeyId()),
          in.at(kPlace, "signature").fixed<crypto::kSignatureBytes>(from.getSignature())};
}

SealedEnvelope read_sealed_envelope(Reading& in, wire::SealedEnvelope::Reader from) {
  constexpr const char* kPlace = "sealedEnvelope";
  check_version(in, kPlace, from.getVersion());
  return {in.at(kPlace, "to").digest<StatementId>(from.getTo()),
          in.at(kPlace, "sealingKey").digest<KeyId>(from.getSealingKey()),
          read_bytes(in.at(kPlace, "box"), from.getBox(), kBoxBytesMin, kSealedEnvelopeBytesMax)};
}

Introduction read_introduction(Reading& in, wire::Introduction::Reader from) {
  constexpr const char* kPlace = "introduction";
  check_version(in, kPlace, from.getVersion());
  Introduction out;
  out.genesis = read_signed_bytes(in.at(kPlace, "genesis"), from.getGenesis(), 1);
  out.state = in.with(read_peer_state, from.getState());
  out.terms = in.with(read_new_terms, from.getTerms());
  return out;
}

}  // namespace

Bytes envelope_message(ByteView envelope) {
  Bytes message = to_bytes("holdfast/envelope/v1\n");
  append(message, crypto::sha256({envelope}));
  return message;
}

EnvelopeHash envelope_hash(ByteView signed_envelope) { return {crypto::sha256({signed_envelope})}; }

std::optional<FieldCommitment> arguments_commitment(const Query& query) {
  if (query.arguments.empty()) return std::nullopt;
  CHECK(query.salt.has_value());
  Field field{"arguments", *query.salt, {}};
  const auto add = [&field](const std::string& text) {
    append_u32be(field.value, static_cast<std::uint32_t>(text.size()));
    append(field.value, as_bytes(text));
  };
  for (const Argument& argument : query.arguments) {
    add(argument.name);
    add(argument.value);
  }
  return field_commitment(field);
}

Bytes encode_envelope(const Envelope& envelope) {
  return encode_root<wire::Envelope>([&](wire::Envelope::Builder to) {
    to.setVersion(1);
    to.setTo(wire_data(envelope.to));
    to.setSealingKey(wire_data(envelope.sealing_key));
    to.setFrom(wire_data(envelope.from));
    to.setId(wire_data(envelope.id));
    to.setSequence(envelope.sequence);
    to.setSentAt(envelope.sent_at);
    to.setExpiresAt(envelope.expires_at);
    if (envelope.in_reply_to) to.setInReplyTo(wire_data(*envelope.in_reply_to));
    write(to.initState(), envelope.state);
    if (!envelope.consistency.empty()) {
      auto list = to.initConsistency(count_of(envelope.consistency));
      for (unsigned i = 0; i < list.size(); ++i) {
        const Growth& growth = envelope.consistency[i];
        list[i].setFrom(growth.from.value);
        if (!growth.proof.empty())
          list[i].setProof(wire_data(std::as_bytes(std::span(growth.proof))));
      }
    }
    if (!envelope.seen.empty()) to.setSeen(wire_data(as_bytes(envelope.seen)));
    if (!envelope.wanted.empty()) {
      auto list = to.initWanted(count_of(envelope.wanted));
      for (unsigned i = 0; i < list.size(); ++i) list.set(i, envelope.wanted[i].value);
    }
    std::visit([&](const auto& body) { write(to.initBody(), body); }, envelope.body);
  });
}

Bytes encode_signed_envelope(const SignedEnvelope& envelope) {
  return encode_root<wire::SignedEnvelope>([&](wire::SignedEnvelope::Builder to) {
    to.setVersion(1);
    to.setEnvelope(wire_data(envelope.envelope));
    to.setKeyId(wire_data(envelope.key_id));
    to.setSignature(wire_data(envelope.signature));
  });
}

Bytes encode_sealed_envelope(const SealedEnvelope& envelope) {
  return encode_root<wire::SealedEnvelope>([&](wire::SealedEnvelope::Builder to) {
    to.setVersion(1);
    to.setTo(wire_data(envelope.to));
    to.setSealingKey(wire_data(envelope.sealing_key));
    to.setBox(wire_data(envelope.box));
  });
}

Bytes encode_introduction(const Introduction& introduction) {
  return encode_root<wire::Introduction>([&](wire::Introduction::Builder to) {
    to.setVersion(1);
    to.setGenesis(wire_data(introduction.genesis));
    write(to.initState(), introduction.state);
    write(to.initTerms(), introduction.terms);
  });
}

Result<Envelope> decode_envelope(ByteView bytes) {
  return decode_root<wire::Envelope>("envelope", bytes, kEnvelopeBytesMax, read_envelope,
                                     encode_envelope);
}

Result<SignedEnvelope> decode_signed_envelope(ByteView bytes) {
  return decode_root<wire::SignedEnvelope>("signedEnvelope", bytes, kSealedEnvelopeBytesMax,
                                           read_signed_envelope, encode_signed_envelope);
}

Result<SealedEnvelope> decode_sealed_envelope(ByteView bytes) {
  return decode_root<wire::SealedEnvelope>("sealedEnvelope", bytes, kSealedEnvelopeBytesMax + 1024,
                                           read_sealed_envelope, encode_sealed_envelope);
}

Result<Introduction> decode_introduction(ByteView bytes) {
  return decode_root<wire::Introduction>("introduction", bytes, kIntroductionBytesMax,
                                         read_introduction, encode_introduction);
}

}  // namespace holdfast::model
