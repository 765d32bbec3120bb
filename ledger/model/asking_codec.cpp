// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/parts_codec.h"

namespace holdfast::model {
namespace {

using model::write;  // beside those below

template <typename Type>
Type read_range(wire::Range::Reader from) {
  return {from.getLow(), from.getHigh()};
}

Parameter read_parameter(Reading& in, wire::Parameter::Reader from) {
  using Type = wire::Parameter::Type;
  Parameter out;
  out.name = in.part("name").text(from.getName(), bounds::kParameterName);
  const auto type = from.getType();
  switch (type.which()) {
    case Type::TEXT: out.type = TextParameter{type.getText()}; return out;
    case Type::CHOICE:
      out.type = ChoiceParameter{
          in.part("choice").texts(type.getChoice(), bounds::kChoices, bounds::kChoice)};
      return out;
    case Type::INTEGER: out.type = read_range<IntegerParameter>(type.getInteger()); return out;
    case Type::DATE: out.type = read_range<DateParameter>(type.getDate()); return out;
    case Type::NONE: break;
  }
  in.part("type").refuse_union(type.which());
}

void write(wire::Range::Builder to, std::int64_t low, std::int64_t high) {
  to.setLow(low);
  to.setHigh(high);
}

// One for each member of the union.
using Type = wire::Parameter::Type::Builder;
void write(Type to, const TextParameter& type) { to.setText(type.bytes_max); }
void write(Type to, const ChoiceParameter& type) {
  put_texts(to.initChoice(count_of(type.choices)), type.choices);
}
void write(Type to, const IntegerParameter& type) {
  write(to.initInteger(), type.low, type.high);
  if (type == IntegerParameter{}) to.disownInteger();  // all-default: null
}
void write(Type to, const DateParameter& type) {
  write(to.initDate(), type.low, type.high);
  if (type == DateParameter{}) to.disownDate();
}

}  // namespace

ModelIdentity read_model_identity(Reading& in, wire::ModelIdentity::Reader from) {
  constexpr const char* kPlace = "model";
  ModelIdentity out;
  out.name = in.at(kPlace, "name").text(from.getName(), bounds::kTitle);
  out.weights = in.at(kPlace, "weights").digest<BytesDigest>(from.getWeights());
  out.adapter = in.at(kPlace, "adapter").digest_if_any<BytesDigest>(from.getAdapter());
  out.template_ = in.at(kPlace, "template").digest_if_any<BytesDigest>(from.getTemplate());
  out.engine = in.at(kPlace, "engine").digest_if_any<BytesDigest>(from.getEngine());
  out.sampling = in.at(kPlace, "sampling").text(from.getSampling(), bounds::kSampling);
  out.determinism = in.at(kPlace, "determinism")
                        .enumerator(static_cast<std::uint16_t>(from.getDeterminism()),
                                    Determinism::kUnknown, Determinism::kSampled);
  out.training_root =
      in.at(kPlace, "trainingRoot").digest_if_any<TrainingRoot>(from.getTrainingRoot());
  return out;
}

SteeringTerms read_steering_terms(Reading& in, wire::SteeringTerms::Reader from) {
  constexpr const char* kPlace = "steering";
  SteeringTerms out;
  out.models = in.at(kPlace, "models").digests<StatementId>(from.getModels(), bounds::kModels);
  out.instructions =
      in.at(kPlace, "instructions").digest_if_any<BytesDigest>(from.getInstructions());
  in.at(kPlace, "limits");
  out.limits = read_limits(from.getLimits());
  return out;
}

ShapeTemplate read_shape_template(Reading& in, wire::ShapeTemplate::Reader from) {
  constexpr const char* kPlace = "shape";
  ShapeTemplate out;
  out.operation = in.at(kPlace, "operation")
                      .enumerator(static_cast<std::uint16_t>(from.getOperation()),
                                  Operation::kExists, Operation::kAnswer);
  out.title = in.at(kPlace, "title").text(from.getTitle(), bounds::kTitle);
  out.parameters = in.at(kPlace, "parameters")
                       .sorted_list(
                           from.getParameters(), bounds::kParameters,
                           [&](auto parameter) { return read_parameter(in, parameter); },
                           [](const Parameter& p) -> const std::string& { return p.name; });
  out.items_max = from.getItemsMax();
  out.characters_max = from.getCharactersMax();
  out.minimum_cell = from.getMinimumCell();
  out.rounding = from.getRounding();
  out.steering_needed = from.getSteeringNeeded();
  return out;
}

void write(wire::ShapeTemplate::Builder to, const ShapeTemplate& shape) {
  to.setOperation(static_cast<wire::Operation>(shape.operation));
  if (!shape.title.empty()) to.setTitle(wire_text(shape.title));
  if (!shape.parameters.empty()) {
    auto list = to.initParameters(count_of(shape.parameters));
    for (unsigned i = 0; i < shape.parameters.size(); ++i) {
      const Parameter& parameter = shape.parameters[i];
      if (!parameter.name.empty()) list[i].setName(wire_text(parameter.name));
      std::visit([&](const auto& type) { write(list[i].initType(), type); }, parameter.type);
    }
  }
  to.setItemsMax(shape.items_max);
  to.setCharactersMax(shape.characters_max);
  to.setMinimumCell(shape.minimum_cell);
  to.setRounding(shape.rounding);
  to.setSteeringNeeded(shape.steering_needed);
}

void write(wire::ModelIdentity::Builder to, const ModelIdentity& identity) {
  if (!identity.name.empty()) to.setName(wire_text(identity.name));
  to.setWeights(wire_data(identity.weights));
  if (identity.adapter) to.setAdapter(wire_data(*identity.adapter));
  if (identity.template_) to.setTemplate(wire_data(*identity.template_));
  if (identity.engine) to.setEngine(wire_data(*identity.engine));
  if (!identity.sampling.empty()) to.setSampling(wire_text(identity.sampling));
  to.setDeterminism(static_cast<wire::Determinism>(identity.determinism));
  if (identity.training_root) to.setTrainingRoot(wire_data(*identity.training_root));
}

void write(wire::SteeringTerms::Builder to, const SteeringTerms& terms) {
  if (!terms.models.empty()) put_digests(to.initModels(count_of(terms.models)), terms.models);
  if (terms.instructions) to.setInstructions(wire_data(*terms.instructions));
  if (terms.limits != Limits{}) write(to.initLimits(), terms.limits);
}

Shape read_shape(Reading& in, wire::Shape::Reader from) {
  using Step = wire::Shape::Step;
  Shape out;
  out.domain = in.at("shape", "domain").digest<StatementId>(from.getDomain());
  const auto step = from.getStep();
  switch (step.which()) {
    case Step::PUBLISH:
      out.step = in.at("shape", "publish").with(read_shape_template, step.getPublish());
      return out;
    case Step::RETIRE:
      out.step = Retire{in.at("shape", "retire").digest<StatementId>(step.getRetire())};
      return out;
    case Step::NONE: break;
  }
  in.at("shape", "step").refuse_union(step.which());
}

Model read_model(Reading& in, wire::Model::Reader from) {
  using Step = wire::Model::Step;
  Model out;
  out.domain = in.at("model", "domain").digest<StatementId>(from.getDomain());
  const auto step = from.getStep();
  switch (step.which()) {
    case Step::PUBLISH:
      out.step = in.at("model", "publish").with(read_model_identity, step.getPublish());
      return out;
    case Step::RETIRE:
      out.step = Retire{in.at("model", "retire").digest<StatementId>(step.getRetire())};
      return out;
    case Step::NONE: break;
  }
  in.at("model", "step").refuse_union(step.which());
}

Steering read_steering(Reading& in, wire::Steering::Reader from) {
  using Step = wire::Steering::Step;
  Steering out;
  out.domain = in.at("steering", "domain").digest<StatementId>(from.getDomain());
  const auto step = from.getStep();
  switch (step.which()) {
    case Step::SET:
      out.step = in.at("steering", "set").with(read_steering_terms, step.getSet());
      return out;
    case Step::WITHDRAW:
      out.step =
          WithdrawSteering{in.at("steering", "withdraw").digest<StatementId>(step.getWithdraw())};
      return out;
    case Step::NONE: break;
  }
  in.at("steering", "step").refuse_union(step.which());
}

void write(wire::Shape::Builder to, const Shape& shape) {
  to.setDomain(wire_data(shape.domain));
  if (const auto* retire = std::get_if<Retire>(&shape.step))
    to.initStep().setRetire(wire_data(retire->id));
  else
    write(to.initStep().initPublish(), std::get<ShapeTemplate>(shape.step));
}

void write(wire::Model::Builder to, const Model& body) {
  to.setDomain(wire_data(body.domain));
  if (const auto* retire = std::get_if<Retire>(&body.step))
    to.initStep().setRetire(wire_data(retire->id));
  else
    write(to.initStep().initPublish(), std::get<ModelIdentity>(body.step));
}

void write(wire::Steering::Builder to, const Steering& steering) {
  to.setDomain(wire_data(steering.domain));
  if (const auto* withdraw = std::get_if<WithdrawSteering>(&steering.step))
    to.initStep().setWithdraw(wire_data(withdraw->steering));
  else
    write(to.initStep().initSet(), std::get<SteeringTerms>(steering.step));
}

}  // namespace holdfast::model
