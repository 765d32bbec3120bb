// SPDX-License-Identifier: AGPL-3.0-or-later
#include "federation/cosigning_round.h"

#include <algorithm>

namespace holdfast::federation {
namespace {

using Outcome = WitnessAnswer::Outcome;

constexpr long kWitnessConnectMs = 3'000;
constexpr long kWitnessTotalMs = 5'000;
// Somebody else who asks for the same log may come in between.
constexpr int kAsksMax = 3;
// How often the log may turn out to have grown while it was asked for.
constexpr int kHeadsMax = 3;
constexpr std::size_t kShownMax = 200;

// What a stranger wrote, as a short line.
std::string shown_answer(ByteView body) {
  std::string text(as_text(body.first(std::min(body.size(), kShownMax))));
  while (text.ends_with('\n')) text.pop_back();
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text.empty() ? "no word" : "\"" + text + "\"";
}

std::string request_body(TreeSize old_size, const std::vector<NodeHash>& proof,
                         const std::string& checkpoint) {
  std::string body = "old " + std::to_string(old_size.value) + "\n";
  for (const NodeHash& hash : proof) body += format_base64(hash) + "\n";
  return body + "\n" + checkpoint;
}

// One witness in a round.
struct Asking {
  Question question;
  TreeSize old_size;  // that it is asked from
  WitnessAnswer answer;
  bool done = false;
};

Result<net::Request> request_for(const Asking& asking, const OwnLog& log,
                                 const OwnLog::Head& head) {
  std::vector<NodeHash> proof;
  if (asking.old_size.value != 0 && asking.old_size != head.size) {
    TRY_ASSIGN(proof, log.prove(asking.old_size, head.size));
  }
  net::Request request;
  request.url = asking.question.witness->url + "/add-checkpoint";
  request.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  request.body = to_bytes(request_body(asking.old_size, proof, head.checkpoint));
  request.body_bytes_max = model::kNoteBytesMax;
  return request;
}

// Of a witness's answer that went well: one or more signature lines, of which one has to be its
// own.
WitnessAnswer cosignature_in(ByteView body, const CosigningRound& round,
                             const WitnessPolicy::Asked& witness) {
  WitnessAnswer answer;
  answer.outcome = Outcome::kNonsense;
  const auto lines = model::parse_note(round.note.text + "\n" + std::string(as_text(body)));
  if (!lines) {
    answer.why = "signature lines that are none: " + describe(lines.error());
    return answer;
  }
  // An empty line in the answer would make what is before it a part of the text that is signed.
  if (lines->text != round.note.text) {
    answer.why =
        "signature lines with more than that before them: a text other than this "
        "checkpoint's";
    return answer;
  }
  if (const auto verified = model::verify_note(*lines, {&witness.key, 1}); !verified) {
    answer.why = "no cosignature of its own on this checkpoint: " + describe(verified.error());
    return answer;
  }
  const model::NoteSignature* const line = model::find_signature(*lines, witness.key);
  const auto cosignature = model::parse_cosignature(*line);
  if (!cosignature || cosignature->time == 0) {
    answer.why = "a cosignature without a time";
    return answer;
  }
  answer.outcome = Outcome::kCosigned;
  answer.size = round.head.size;
  answer.cosignature = *line;
  answer.time = cosignature->time;
  return answer;
}

constexpr const char* kSizeType = "text/x.tlog.size";

// The size in a conflict, where it is one of this protocol and one that a log can have.
std::optional<TreeSize> size_in(const net::Response& response) {
  constexpr std::size_t kSizeBytesMax = 21;
  constexpr std::uint64_t kSizeEnd = std::uint64_t{1} << 63;
  if (response.header("content-type") != kSizeType) return std::nullopt;
  std::string_view text = as_text(response.body);
  if (text.size() > kSizeBytesMax || !text.ends_with('\n')) return std::nullopt;
  const auto size = parse_decimal(text.substr(0, text.size() - 1));
  return size && *size < kSizeEnd ? std::optional(TreeSize{*size}) : std::nullopt;
}

WitnessAnswer otherwise(Outcome outcome, TreeSize size, std::string why) {
  WitnessAnswer answer;
  answer.outcome = outcome;
  answer.size = size;
  answer.why = std::move(why);
  return answer;
}

std::string said_in(const net::Response& response) {
  return "status " + std::to_string(response.status) + ", " + shown_answer(response.body);
}

// What an answer other than 409 says.
WitnessAnswer read_answer(const net::Response& response, const CosigningRound& round,
                          const WitnessPolicy::Asked& witness) {
  const std::string said = said_in(response);
  switch (response.status) {
    case 200: return cosignature_in(response.body, round, witness);
    case 404: return otherwise(Outcome::kUnknownLog, {}, "it does not know this log: " + said);
    case 422: return otherwise(Outcome::kOtherHistory, round.head.size, said);
    default: break;
  }
  const bool is_busy = response.status == 429 || response.status >= 500;
  return otherwise(is_busy ? Outcome::kUnreachable : Outcome::kRefused, {}, said);
}

// A conflict where nothing was to be proved: the witness has as many entries and another root, to
// which c2sp.org/tlog-witness has it answer so. It may say the size once more, or none.
bool is_fork(const Asking& asking, const net::Response& response, std::optional<TreeSize> size,
             const CosigningRound& round) {
  if (asking.old_size != round.head.size || asking.old_size.value == 0) return false;
  return size ? *size == asking.old_size : response.header("content-type") != kSizeType;
}

void take_conflict(Asking& asking, const net::Response& response, const CosigningRound& round,
                   bool is_last) {
  const auto size = size_in(response);
  if (is_fork(asking, response, size, round)) {
    asking.answer = otherwise(Outcome::kOtherHistory, round.head.size, said_in(response));
    asking.done = true;
    return;
  }
  if (!size) {
    asking.answer = otherwise(Outcome::kNonsense, {},
                              "a conflict without a sensible size: " + said_in(response));
    asking.done = true;
    return;
  }
  const std::string has = "it has cosigned " + std::to_string(size->value) + " entries";
  if (*size > round.head.size) {
    asking.answer = otherwise(Outcome::kAhead, *size, has);
    asking.done = true;
  } else if (*size == asking.old_size || is_last) {
    asking.answer = otherwise(Outcome::kNonsense, {}, has + ", and would not go on from there");
    asking.done = true;
  }
  asking.old_size = *size;
}

void take_answer(Asking& asking, const Result<net::Response>& response, const CosigningRound& round,
                 bool is_last) {
  if (!response) {
    const bool is_garbage = response.error().code == Code::kMalformed;
    asking.answer = otherwise(is_garbage ? Outcome::kNonsense : Outcome::kUnreachable, {},
                              response.error().found);
    asking.done = true;
    return;
  }
  if (response->status == 409) return take_conflict(asking, *response, round, is_last);
  asking.answer = read_answer(*response, round, *asking.question.witness);
  asking.done = true;
}

Result<void> ask_once(net::Client& client, const OwnLog& log, const CosigningRound& round,
                      std::vector<Asking>& all, bool is_last) {
  std::vector<net::Request> requests;
  std::vector<Asking*> asked;
  for (Asking& each : all) {
    if (each.done) continue;
    TRY_ASSIGN(net::Request request, request_for(each, log, round.head));
    requests.push_back(std::move(request));
    asked.push_back(&each);
  }
  const auto responses = client.send_all(requests);
  for (std::size_t i = 0; i < asked.size(); ++i)
    take_answer(*asked[i], responses[i], round, is_last);
  return {};
}

Result<CosigningRound> ask_about(net::Client& client, const OwnLog& log, OwnLog::Head head,
                                 std::span<const Question> questions) {
  CosigningRound round;
  round.head = std::move(head);
  TRY_ASSIGN(round.note, model::parse_note(round.head.checkpoint));
  std::vector<Asking> all;
  for (const Question& question : questions)
    all.push_back({question, std::min(question.last, round.head.size), {}, false});
  const auto is_open = [](const Asking& each) { return !each.done; };
  for (int ask = 1; ask <= kAsksMax && std::any_of(all.begin(), all.end(), is_open); ++ask)
    TRY(ask_once(client, log, round, all, ask == kAsksMax));
  for (Asking& each : all) round.answers.push_back(std::move(each.answer));
  return round;
}

bool is_ahead(const WitnessAnswer& answer) { return answer.outcome == Outcome::kAhead; }

}  // namespace

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCosigned: return "cosigned";
    case Outcome::kAhead: return "ahead";
    case Outcome::kOtherHistory: return "otherHistory";
    case Outcome::kUnknownLog: return "unknownLog";
    case Outcome::kRefused: return "refused";
    case Outcome::kUnreachable: return "unreachable";
    case Outcome::kNonsense: return "nonsense";
  }
  return "";
}

net::Options witness_options() {
  net::Options options;
  options.connect_ms = kWitnessConnectMs;
  options.total_ms = kWitnessTotalMs;
  return options;
}

Result<CosigningRound> ask_witnesses(net::Client& client, const OwnLog& log,
                                     std::span<const Question> questions) {
  TRY_ASSIGN(OwnLog::Head head, log.newest());
  for (int heads = 1;; ++heads) {
    TRY_ASSIGN(CosigningRound round, ask_about(client, log, std::move(head), questions));
    if (std::none_of(round.answers.begin(), round.answers.end(), is_ahead)) return round;
    TRY_ASSIGN(head, log.newest());
    if (head.size <= round.head.size) return round;
    if (heads < kHeadsMax) continue;
    for (WitnessAnswer& answer : round.answers)
      if (is_ahead(answer) && answer.size <= head.size)
        answer = otherwise(Outcome::kUnreachable, {}, "the log grew faster than it was asked");
    return round;
  }
}

}  // namespace holdfast::federation
