// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/cli/author.h"
#include "ledger/log/logged.h"
#include "ledger/model/codec.h"

// Things that statements made, each under its statement's id: shapes, models, steerings, decisions.
namespace holdfast::cli {

template <typename D>
struct Made {
  StatementId id;
  model::StateValue value;
  D detail;
  bool active() const { return value.status == model::Status::kActive; }
};

Result<Seconds> time_at(log::Reader& reader, LeafIndex index);

template <typename D>
Result<Made<D>> made_from(log::Reader& reader, const rules::Subject& subject) {
  TRY_ASSIGN(const log::Logged by, log::logged_at(reader, subject.value.first_index));
  TRY_ASSIGN(D detail, model::decode_own_detail<D>(subject.detail));
  return Made<D>{by.id, subject.value, std::move(detail)};
}

// Every one of a class, oldest first.
template <typename D>
Result<std::vector<Made<D>>> all_made(log::Reader& reader) {
  std::vector<Made<D>> all;
  Result<void> outcome;
  TRY(reader.each_subject(D::kClass, [&](const rules::Subject& subject) {
    Result<Made<D>> made = made_from<D>(reader, subject);
    if (made)
      all.push_back(*std::move(made));
    else
      outcome = std::move(made).error();
    return outcome.has_value();
  }));
  TRY(outcome);
  return all;
}

// Errors: kNotFound where the statement made none, such as one that retires.
template <typename D>
Result<Made<D>> find_made(log::Reader& reader, const StatementId& id) {
  TRY_ASSIGN(const auto subject, reader.find(D::kClass, id));
  const std::string name = model::state_class_name(D::kClass);
  if (!subject)
    return Error{Code::kNotFound, "", name + " " + id.hex(), "a statement that made none",
                 "one that `holdfast " + name + " list` shows"};
  TRY_ASSIGN(D detail, model::decode_own_detail<D>(subject->detail));
  return Made<D>{id, subject->value, std::move(detail)};
}

// DOMAIN on the command line: a slug or an id; the refusal names the argument where its form is
// wrong.
Result<StatementId> domain_argument(log::Reader& reader, const std::string& text);
// The same where the council, which is the village itself, is meant by "council".
Result<StatementId> office_argument(log::Reader& reader, const std::string& text);
// Who gives and takes back over a domain, or over the village.
Result<Need> office_need(log::Reader& reader, const StatementId& domain);

// Signs one statement and submits it, or writes a draft, and says what became of it.
// `subject`: what it is done to, where that is not the statement itself.
Result<void> propose(Context& context, model::Body body, const Need& need,
                     const AuthorOptions& options, const std::string& done,
                     const std::string& subject = "");

// Whether a thing stands that any one guardian may take back: "live", "retired by #12", "retired
// (waits to be sequenced)" where that is held, or why it cannot be told. `taken_back`: "retired".
struct Liveness {
  bool live = false;
  std::string state;
};
Liveness liveness_of(log::Reader& reader, const StatementId& id, const model::StateValue& value,
                     const std::string& taken_back);

// "#12", "#12 on 2026-03-01".
std::string entry_day(log::Reader& reader, LeafIndex index);
// Text filled up with spaces.
std::string padded(std::string text, std::size_t columns);

}  // namespace holdfast::cli
