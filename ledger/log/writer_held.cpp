// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/log/held_judgement.h"
#include "ledger/log/held_share.h"
#include "ledger/log/writer.h"

// What may still be said while nothing is signed: revocations and withdrawals are stored durably,
// enforced by readers, and sequenced before anything else once signing goes on.
namespace holdfast::log {
namespace {

FindSubject finder(const Overlay& view) {
  return
      [&view](model::StateClass state_class, ByteView id) -> Result<std::optional<rules::Subject>> {
        TRY_ASSIGN(const auto found, view.find(state_class, id));
        if (!found) return std::optional<rules::Subject>();
        return std::optional(found->owned());
      };
}

KnowsKey knower(const rules::KeyBook& keys) {
  return [&keys](const KeyId& id) -> Result<bool> { return keys.find(id) != nullptr; };
}

}  // namespace

// --- while nothing is signed

// Holding asks that every signature verifies and, where the domain is known, that one is a
// guardian's: then it costs nothing but withdrawing consent.
Result<void> Writer::check_may_hold(const Prepared& prepared, const Overlay& view) const {
  if (prepared.refusal) return *prepared.refusal;
  const model::Statement& statement = prepared.authored.statement;
  if (statement.village != state_.village)
    return Error{Code::kInvalid, "STMT-1", "statement.village", statement.village.hex(),
                 state_.village.hex() + ", the id of this ledger's village"};
  TRY_ASSIGN(const auto refusal,
             why_void(statement, prepared.authored.signers, finder(view), knower(*state_.keys)));
  if (refusal) return *refusal;
  return check_village_goes_on(statement, view);
}

// Of a village that has ended only what it still admits can ever be sequenced.
Result<void> Writer::check_village_goes_on(const model::Statement& statement,
                                           const Overlay& view) const {
  TRY_ASSIGN(const auto village, view.find(model::StateClass::kVillage, state_.village));
  const bool still_admitted = statement.kind() == model::Kind::kRevocation ||
                              statement.kind() == model::Kind::kRecordChange;
  if (!village || village->value.status != model::Status::kExited || still_admitted) return {};
  return Error{Code::kInvalid, "VILLAGE-1", kind_name(statement.kind()), "a village that has ended",
               "revocations of grants and withdrawals of records only"};
}

Result<void> Writer::hold(const Submission& submission, const Overlay& view) {
  std::vector<ByteView> statements;
  for (const Prepared& prepared : submission.statements)
    statements.emplace_back(prepared.signed_statement);
  TRY(held_.check_room(statements));
  TRY(check_share(held_.seen().statements, submission.statements, finder(view)));
  TRY(store::make_directory(paths_.held(), 0700));  // where somebody has removed it
  bool full = false;
  auto done = held_.add(statements, full);
  if (!done && full) {
    store::release_reserve(paths_.reserve());
    done = held_.add(statements, full);
  }
  TRY(done);
  held_may_wait_ = true;
  return {};
}

Result<Receipt> Writer::answer_unsigned(Submission& submission,
                                        const store::LedgerSnapshot& snapshot,
                                        const Error& reason) {
  Batch view(state_, &snapshot, nullptr, state_.head.time);
  // What an exchanged copy knows may be in no log any more.
  std::optional<std::vector<Position>> known;
  if (!exchanged_) {
    TRY_ASSIGN(known, view.all_known(submission));
  }
  // What an erasure is to destroy may be what is unfinished.
  if (known && unfinished_ && submission.erases_something()) return reason;
  if (known) return receipt(*std::move(known));
  if (!submission.takes_back_only()) return reason;
  for (const Prepared& prepared : submission.statements)
    TRY(check_may_hold(prepared, view.overlay()));
  TRY(hold(submission, view.overlay()));
  // What was published, for `state_` may have gone where no one will ever see it.
  const Sequencer::Head seen = head();
  return Receipt{{}, seen.checkpoint, seen.size, true};
}

// The files that are open are written no more, but held/ stands beside them.
void Writer::hold_only(const Submissions& submissions, Answers& answers, const Error& reason) {
  const auto snapshot = present();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (snapshot && *snapshot && submissions[i]->takes_back_only())
      answers[i] = answer_unsigned(*submissions[i], **snapshot, reason);
    else
      answers[i] = reason;
  }
}

// --- once signing goes on

// Under the lock, so that nobody is writing there now.
void Writer::tidy_held() {
  const HeldListing& listing = held_.look();
  held_.sweep();
  std::vector<HeldEnd> foreign;
  for (const auto& [name, why] : listing.foreign) foreign.push_back({name, why});
  end_held(foreign);
}

// Each on its own, so that one that the rules refuse keeps no other back. What they refuse only
// because something is not known here yet stays held, and so enforced.
std::vector<Submission> Writer::add_held(Batch& batch, std::vector<HeldEnd>& ends) {
  held_may_wait_ = false;
  const std::vector<HeldStatement>& waiting = held_.look().statements;
  std::vector<Submission> added(waiting.size());
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    added[i].keys = state_.keys;
    added[i].statements.push_back(prepare({waiting[i].signed_statement, std::nullopt, {}}, village_,
                                          *state_.keys, added[i].verified, random_));
    const auto sequenced = batch.add(added[i]);
    if (sequenced)
      ends.push_back({waiting[i].name, std::nullopt});
    else if (auto end = end_of_refused(waiting[i], sequenced.error(), batch.overlay()))
      ends.push_back(*std::move(end));
  }
  return added;
}

std::optional<Writer::HeldEnd> Writer::end_of_refused(const HeldStatement& held,
                                                      const Error& refusal,
                                                      const Overlay& view) const {
  const auto status = status_of_target(held.statement, finder(view));
  if (!status) return std::nullopt;
  if (*status && nothing_is_left(held.statement, **status)) return HeldEnd{held.name, std::nullopt};
  const auto void_because =
      why_void(held.statement, held.signers, finder(view), knower(*state_.keys));
  if (void_because && *void_because) return HeldEnd{held.name, **void_because};
  if (may_wait(refusal, status->has_value())) return std::nullopt;
  return HeldEnd{held.name, refusal};
}

// What is refused is kept for people to see, and never without its reason. What cannot be moved now
// is seen to next time.
void Writer::end_held(const std::vector<HeldEnd>& ends) {
  for (const HeldEnd& end : ends) {
    if (!end.refusal) {
      (void)held_.remove(end.name);
      continue;
    }
    const auto refused_name = held_.set_aside(end.name);
    if (!refused_name) continue;
    const std::string as = *refused_name == end.name ? "" : " as refused/" + *refused_name;
    const auto noted =
        store::append_line(paths_.refused(), format_time(clock_.now()) + " set aside held/" +
                                                 end.name + as + ": " + describe(*end.refusal));
    if (!noted) (void)held_.bring_back(*refused_name, end.name);
  }
}

}  // namespace holdfast::log
