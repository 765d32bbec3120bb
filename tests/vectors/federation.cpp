// SPDX-License-Identifier: AGPL-3.0-or-later
#include <holdfast.capnp.h>

#include <functional>

#include "tests/rules/two_villages.h"
#include "tests/vectors/raw_bytes.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace federation_file {

using model::Statement;
using testing::AskingVillage;
using testing::TwoVillages;
using Wire = model::wire::Statement;

Json of_statement(ByteView bytes) { return {{"of", "statement"}, {"bytes", hex(bytes)}}; }
Json of_opening(ByteView bytes) { return {{"of", "opening"}, {"bytes", hex(bytes)}}; }

Json accepted_statement(const Statement& statement, ByteView bytes) {
  return accept({{"kind", model::kind_name(statement.kind())},
                 {"visibility", model::visibility_name(statement.visibility)},
                 {"id", model::statement_id(bytes).hex()}});
}
// Its root at the smallest bound that it fits under.
Json accepted_opening(const model::Opening& opening) {
  std::uint64_t bound = 1;
  while (bound < opening.ids.size()) bound *= 2;
  return accept({{"bound", bound}, {"root", model::hidden_root(opening, bound).hex()}});
}

class Maker {
 public:
  Json take() { return std::move(out_); }

  void good(std::string_view name, model::Body body) {
    const Statement statement = v_.statement(std::move(body));
    const Bytes bytes = model::encode_statement(statement);
    out_.push_back(vector(name, of_statement(bytes), accepted_statement(statement, bytes)));
  }
  void bad(std::string_view name, std::string_view rule, model::Body body) {
    raw(name, rule, model::encode_statement(v_.statement(std::move(body))));
  }
  // What our own encoder would not write.
  void edit(std::string_view name, std::string_view rule, model::Body body,
            const std::function<void(Wire::Body::Builder)>& change) {
    raw(name, rule,
        edited<Wire>(model::encode_statement(v_.statement(std::move(body))),
                     [&](Wire::Builder s) { change(s.getBody()); }));
  }
  void raw(std::string_view name, std::string_view rule, ByteView bytes) {
    out_.push_back(vector(name, of_statement(bytes), refuse("malformed", rule)));
  }
  void opening(std::string_view name, const model::Opening& opening) {
    out_.push_back(
        vector(name, of_opening(model::encode_opening(opening)), accepted_opening(opening)));
  }
  void bad_opening(std::string_view name, std::string_view rule, ByteView bytes,
                   std::string_view code = "malformed") {
    out_.push_back(vector(name, of_opening(bytes), refuse(code, rule)));
  }

 private:
  testing::FoundedVillage v_{{.rules = 2}};
  Json out_ = Json::array();
};

void agreements(Maker& to, TwoVillages& t) {
  const model::Terms terms = t.terms();
  const auto offer = t.offer(t.bay, t.clinic, terms);
  const model::NewTerms renewed{"", t.terms(2), t.both_consent(t.terms(2))};
  to.good("agreement: offer", offer);
  to.good("agreement: accept", t.acceptance(t.bay_agreement, terms));
  to.good("agreement: amend", model::Agreement{t.bay_agreement, 2, model::Amendment{renewed}});
  to.good("agreement: suspend", model::Agreement{t.bay_agreement, 0, model::Suspension{}});
  to.good("agreement: resume", model::Agreement{t.bay_agreement, 3, model::Resumption{renewed}});
  to.good("agreement: end", model::Agreement{t.bay_agreement, 0, model::Ending{}});
  to.bad("an offer that names an agreement", "BOUND-4", [&] {
    auto out = offer;
    out.agreement = t.bay_agreement;
    return out;
  }());
  to.bad("an acceptance that names no agreement", "BOUND-4", [&] {
    auto out = t.acceptance(t.bay_agreement, terms);
    out.agreement = std::nullopt;
    return out;
  }());
  to.bad("an acceptance that nobody signed", "BOUND-2",
         model::Agreement{t.bay_agreement, 1, model::Acceptance{}});
  to.bad("signatures out of order", "BOUND-3", [&] {
    auto out = t.acceptance(t.bay_agreement, terms);
    std::ranges::reverse(std::get<model::Acceptance>(out.step).signatures);
    return out;
  }());
  const auto offered = [&](auto edit) {
    auto out = offer;
    edit(std::get<model::Offer>(out.step));
    return out;
  };
  to.bad("no purpose", "TEXT-3", offered([](auto& o) { o.terms.terms.purpose.clear(); }));
  to.bad("a purpose of two lines", "TEXT-2",
         offered([](auto& o) { o.terms.terms.purpose = "one\ntwo"; }));
  to.bad("an endpoint that is not ASCII", "TEXT-2",
         offered([](auto& o) { o.terms.endpoint = "https://tāpu.invalid"; }));
  to.bad("no kind of agreement", "BOUND-4",
         offered([](auto& o) { o.terms.terms.kind = static_cast<model::AgreementKind>(0); }));
  to.bad("a kind of agreement that is none", "BOUND-4",
         offered([](auto& o) { o.terms.terms.kind = static_cast<model::AgreementKind>(4); }));
  to.bad("no checkpoint", "BYTES-4", offered([](auto& o) { o.state.checkpoint.clear(); }));
  to.bad("no subject", "BOUND-2", offered([](auto& o) { o.state.subjects.clear(); }));
  to.bad("subjects out of order", "BOUND-3",
         offered([](auto& o) { std::ranges::reverse(o.state.subjects); }));
  to.bad("no genesis", "BYTES-4", offered([](auto& o) { o.genesis.clear(); }));
  to.edit("a path of half a hash", "BOUND-1", offer, [](Wire::Body::Builder body) {
    auto seal = body.getAgreement().getStep().getOffer().getState().getSeal();
    seal.setPath(seal.getPath().slice(0, 16));
  });
  to.edit("no step", "BOUND-4", offer, [](Wire::Body::Builder body) {
    body.getAgreement().disownAgreement();
    body.getAgreement().getStep().setNone();
  });
}

void asking(Maker& to, AskingVillage& v) {
  using model::Operation;
  const auto shape = [&](Operation operation, auto edit) {
    auto out = v.shape(operation);
    edit(out);
    return model::Shape{v.domain, std::move(out)};
  };
  const auto as_it_is = [](auto&) {};
  to.good("shape: count", shape(Operation::kCount, as_it_is));
  to.good("shape: answer, with every sort of parameter", shape(Operation::kAnswer, [](auto& s) {
            s.parameters = {{"day", model::DateParameter{0, 20000}},
                            {"how-many", model::IntegerParameter{-3, 3}},
                            {"nothing", model::IntegerParameter{0, 0}},
                            {"place", model::TextParameter{100}},
                            {"what", model::ChoiceParameter{{"kelp", "kina"}}}};
          }));
  to.good("shape: retire", model::Shape{v.domain, model::Retire{v.count_id}});
  to.bad("a shape of no operation", "BOUND-4",
         shape(Operation::kCount, [](auto& s) { s.operation = static_cast<Operation>(0); }));
  to.bad("a shape of an operation that is none", "BOUND-4",
         shape(Operation::kCount, [](auto& s) { s.operation = static_cast<Operation>(6); }));
  to.bad("a parameter twice", "BOUND-3",
         shape(Operation::kCount, [](auto& s) { s.parameters.push_back(s.parameters[0]); }));
  to.bad("a parameter whose name has a space", "TEXT-2",
         shape(Operation::kCount, [](auto& s) { s.parameters[0].name = "a b"; }));
  to.bad("a choice of nothing", "BOUND-2", shape(Operation::kCount, [](auto& s) {
           s.parameters[0].type = model::ChoiceParameter{};
         }));
  to.bad("a choice twice", "BOUND-3", shape(Operation::kCount, [](auto& s) {
           s.parameters[0].type = model::ChoiceParameter{{"kelp", "kelp"}};
         }));
  to.bad("no title", "TEXT-3", shape(Operation::kCount, [](auto& s) { s.title.clear(); }));
  to.edit("a parameter of no type", "BOUND-4", shape(Operation::kCount, as_it_is),
          [](Wire::Body::Builder body) {
            body.getShape().getStep().getPublish().getParameters()[0].getType().setNone();
          });
  to.edit("a range of nothing but defaults that is not null", "BYTES-3",
          shape(Operation::kCount, as_it_is), [](Wire::Body::Builder body) {
            body.getShape().getStep().getPublish().getParameters()[0].getType().initInteger();
          });

  const auto model = [&](auto edit) {
    auto out = v.model_identity();
    edit(out);
    return model::Model{v.domain, std::move(out)};
  };
  to.good("model", model(as_it_is));
  to.good("model with everything", model([](auto& m) {
            m.adapter = m.template_ = m.engine = m.weights;
            m.sampling = "temperature 0.2, top 40";
            m.determinism = model::Determinism::kSampled;
          }));
  to.good("model that was trained on nothing",
          model([](auto& m) { m.training_root = std::nullopt; }));
  to.good("model: retire", model::Model{v.domain, model::Retire{v.model_id}});
  to.bad("a determinism that is none", "BOUND-4",
         model([](auto& m) { m.determinism = static_cast<model::Determinism>(4); }));
  to.edit("weights of 31 bytes", "BOUND-1", model(as_it_is), [](Wire::Body::Builder body) {
    auto identity = body.getModel().getStep().getPublish();
    identity.setWeights(identity.getWeights().slice(0, 31));
  });

  to.good("steering", model::Steering{v.domain, model::SteeringTerms{{v.model_id}, {}, {}}});
  to.good(
      "steering with everything",
      model::Steering{v.domain, model::SteeringTerms{
                                    {v.model_id}, v.model_identity().weights, {100, 10, 5, 2000}}});
  to.good("steering: withdraw", model::Steering{v.domain, model::WithdrawSteering{v.steering_id}});
  to.bad("steering of no model", "BOUND-2", model::Steering{v.domain, model::SteeringTerms{}});
  to.edit("steering of no step", "BOUND-4",
          model::Steering{v.domain, model::WithdrawSteering{v.steering_id}},
          [](Wire::Body::Builder body) { body.getSteering().getStep().setNone(); });
}

void inferences(Maker& to, TwoVillages& t) {
  const auto opening = t.opening({t.bay.record_id, t.bay.hidden_id});
  const auto answer = [&](auto edit) {
    model::Inference out = t.answer();
    edit(out, std::get<model::Answered>(out.outcome));
    return out;
  };
  to.good("inference: an answer", t.answer());
  to.good("inference: a count", t.count(opening));
  to.good("inference: an answer that used nothing", answer([](auto&, auto& a) {
            a.used = model::UsedRecords{};
            a.cited.clear();
          }));
  to.good("inference: a refusal", t.refusal("silent"));
  to.good("inference: a refusal that knows of no grant and no shape", [&] {
    auto out = t.refusal("unknown");
    out.grant = out.shape = out.model = out.steering = std::nullopt;
    return out;
  }());
  to.good("inference with onward use", answer([&](auto& i, auto&) {
            i.onward = {{t.clinic.village, t.clinic_grant}};
            i.parameters = FieldCommitment::from(t.bay.village);
          }));
  for (const std::uint64_t bound : {0, 3, 16384})
    to.bad("a bound of " + std::to_string(bound), "BOUND-5", answer([&](auto&, auto& a) {
             a.used = model::HiddenUse{bound, {}};
           }));
  to.bad("a refusal without a reason", "TEXT-3", t.refusal(""));
  to.bad("a reason in words", "TEXT-2", t.refusal("not today"));
  to.bad("a refusal of nothing", "BOUND-5", [&] {
    auto out = t.refusal("silent");
    std::get<model::RefusedAnswer>(out.outcome).count = 0;
    return out;
  }());
  to.bad("records used out of order", "BOUND-3", answer([&](auto&, auto& a) {
           auto ids = t.opening({t.bay.record_id, t.bay.hidden_id}).ids;
           std::ranges::reverse(ids);
           a.used = model::UsedRecords{ids};
         }));
  to.bad("no purpose for an inference", "TEXT-3",
         answer([](auto& i, auto&) { i.purpose.clear(); }));
  to.edit("a query id of 15 bytes", "BOUND-1", t.answer(), [](Wire::Body::Builder body) {
    auto inference = body.getInference();
    inference.setQueryId(inference.getQueryId().slice(0, 15));
  });
  to.edit("no outcome", "BOUND-4", t.answer(),
          [](Wire::Body::Builder body) { body.getInference().getOutcome().setNone(); });
  to.edit("an empty list of records used that is not null", "BYTES-3", answer([](auto&, auto& a) {
            a.used = model::UsedRecords{};
            a.cited.clear();
          }),
          [](Wire::Body::Builder body) {
            body.getInference().getOutcome().getAnswered().getUsed().initRecords(0);
          });

  to.opening("an opening of two", opening);
  to.opening("an opening of none", t.opening({}));
  to.opening("an opening of three", t.opening({t.bay.record_id, t.bay.hidden_id, t.bay.village}));
  to.bad_opening("an opening out of order", "BOUND-3", [&] {
    auto out = opening;
    std::ranges::reverse(out.ids);
    return model::encode_opening(out);
  }());
  to.bad_opening("an opening with unknown data", "BYTES-3",
                 with_unknown_data(model::encode_opening(opening), 1));
  Bytes newer = model::encode_opening(opening);
  newer[8] = std::byte{2};
  to.bad_opening("an opening of a newer version", "BYTES-1", newer, "unknown version");
}

void exchange(Maker& to, TwoVillages& t) {
  const StatementId answered = t.bay.admit_by_agent(t.answer());
  const auto receipt = t.receipt(model::ReceiptOf::kAnswer, answered);
  to.good("receipt: of an answer", receipt);
  to.good("receipt: that rejects", [&] {
    auto out = receipt;
    out.state = std::nullopt;
    out.rejected = "a proof did not hold";
    out.envelope = BytesDigest::from(answered);
    return out;
  }());
  to.good("receipt: with a carried revocation", [&] {
    auto out = receipt;
    out.acknowledges = model::ReceiptOf::kRevocation;
    out.revocation = t.bay.ledger.items().back().signed_statement;
    return out;
  }());
  to.bad("a receipt of nothing that there is", "BOUND-4", [&] {
    auto out = receipt;
    out.acknowledges = static_cast<model::ReceiptOf>(7);
    return out;
  }());
  to.bad("a rejection of two lines", "TEXT-2", [&] {
    auto out = receipt;
    out.rejected = "one\ntwo";
    return out;
  }());
  to.good("composition", t.composition(answered));
  to.bad("a composition of nothing", "BOUND-2", [&] {
    auto out = t.composition(answered);
    out.inputs.clear();
    return out;
  }());
  to.bad("a composition with a record twice", "BOUND-3", [&] {
    auto out = t.composition(answered);
    out.used.push_back(out.used.back());
    return out;
  }());
  to.good("transfer", t.transfer());
  to.good("transfer with everything", [&] {
    auto out = t.transfer();
    out.direction = model::Direction::kIn;
    out.onward = {{t.clinic.village, t.clinic_grant}};
    out.fields = {"body", "title"};
    out.hops = {t.clinic.village, t.bay.village};
    return out;
  }());
  to.bad("a transfer of no direction", "BOUND-4", [&] {
    auto out = t.transfer();
    out.direction = static_cast<model::Direction>(0);
    return out;
  }());
  to.bad("a transfer of no record", "BOUND-2", [&] {
    auto out = t.transfer();
    out.records.clear();
    return out;
  }());
}

void accounting(Maker& to, TwoVillages& t) {
  model::Decision decision;
  decision.sequence = 7;
  decision.domain = t.bay.domain;
  decision.category = "sharing";
  const auto answering = [&](auto of) {
    auto out = decision;
    out.sequence = 0;
    out.expected_version = 1;
    out.of = of;
    return out;
  };
  to.good("decision", decision);
  to.good("decision: appeal", answering(model::AppealOf{t.bay.record_id}));
  to.good("decision: closing", answering(model::ClosingOf{t.bay.record_id}));
  to.good("decision: reversal", answering(model::ReversalOf{t.bay.record_id}));
  to.bad("no verdict", "BOUND-4", [&] {
    auto out = decision;
    out.verdict = static_cast<model::Verdict>(0);
    return out;
  }());
  to.bad("no category", "TEXT-3", [&] {
    auto out = decision;
    out.category.clear();
    return out;
  }());
  model::Deliberation deliberation;
  deliberation.domain = t.bay.domain;
  deliberation.positions = {
      {FieldCommitment::from(t.bay.village), FieldCommitment::from(t.clinic.village)}};
  to.good("deliberation", deliberation);
  to.good("deliberation with everything", [&] {
    auto out = deliberation;
    out.positions.push_back(out.positions[0]);
    out.dissent = {out.positions[0].text};
    out.proposals = {out.positions[0].text, out.positions[0].holder, out.positions[0].text};
    return out;
  }());
  to.bad("a deliberation without a position", "BOUND-2", [&] {
    auto out = deliberation;
    out.positions.clear();
    return out;
  }());
  to.bad("a dissent twice", "BOUND-3", [&] {
    auto out = deliberation;
    out.dissent = {out.positions[0].text, out.positions[0].text};
    return out;
  }());
  model::Report report;
  report.period_end = 1769904000;
  to.good("report", report);
  to.good("report that follows another", [&] {
    auto out = report;
    out.view = model::ReportView::kFull;
    out.previous = BytesDigest::from(t.bay.village);
    return out;
  }());
  to.bad("a report of no view", "BOUND-4", [&] {
    auto out = report;
    out.view = static_cast<model::ReportView>(0);
    return out;
  }());
  to.bad("a period before time", "BOUND-5", [&] {
    auto out = report;
    out.period_start = -1;
    return out;
  }());
  to.good("observation: of a peer", model::Observation{model::PeerCheckpoint{
                                        t.bay_agreement, testing::peer_state(t.clinic), {}}});
  to.good("observation: of our own",
          model::Observation{model::OwnCheckpoint{testing::checkpoint_of(t.clinic)}});
  to.bad("an observation of an empty note", "BYTES-4",
         model::Observation{model::OwnCheckpoint{""}});
  to.edit("an observation of nothing", "BOUND-4", model::Observation{model::OwnCheckpoint{"a"}},
          [](Wire::Body::Builder body) { body.getObservation().getOf().setNone(); });
  to.good("exit", model::Exit{});
  to.edit("exit without a manifest", "BOUND-1", model::Exit{},
          [](Wire::Body::Builder body) { body.getExit().disownManifest(); });
}

Json make() {
  Maker to;
  TwoVillages villages;
  agreements(to, villages);
  asking(to, villages.bay);
  inferences(to, villages);
  exchange(to, villages);
  accounting(to, villages);
  return to.take();
}

Json judge(const Json& input) {
  const Bytes bytes = bytes_at(input, "bytes");
  if (text_at(input, "of") == "opening") {
    const auto opening = model::decode_opening(bytes);
    return opening ? accepted_opening(*opening) : refusal(opening.error());
  }
  const auto statement = model::decode_statement(bytes);
  return statement ? accepted_statement(*statement, bytes) : refusal(statement.error());
}

}  // namespace federation_file

const VectorFile kFederation{"federation",
                             "Canonical bytes of statements of the kinds of rules 2, and of "
                             "openings: as in statements.json. Of "
                             "an opening that is accepted, root is the hidden root at bound, the "
                             "smallest that it fits under.",
                             federation_file::make, federation_file::judge};

}  // namespace holdfast::vectors
