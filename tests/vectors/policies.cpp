// SPDX-License-Identifier: AGPL-3.0-or-later
#include "ledger/model/policy.h"

#include "tests/rules/founded_village.h"
#include "tests/vectors/vector_file.h"

namespace holdfast::vectors {
namespace policies_file {

using model::NoteKeyType;

constexpr const char* kOrigin = "kelp-bay.invalid/ledger";
constexpr const char* kOther = "other.invalid/ledger";
constexpr Seconds kNoon = 1767268800;
constexpr std::uint64_t kTimeEnd = std::uint64_t{1} << 63;

std::string vkey(const char* name, NoteKeyType type) {
  return model::format_vkey({name, type, testing::key_named(name).public_key()});
}
std::string log_line(const char* origin) {
  return "log " + vkey(origin, NoteKeyType::kEd25519) + "\n";
}
std::string witness_line(const char* name) {
  const std::string host = std::string(name) + ".invalid";
  return std::string("witness ") + name + " " + vkey(host.c_str(), NoteKeyType::kCosignature) +
         "\n";
}

struct Seen {
  const char* witness;
  Seconds time;
};

// A checkpoint of `origin` that `log` signed and these have cosigned.
std::string checkpoint(const char* origin, const char* log, std::initializer_list<Seen> all) {
  const std::string text = model::format_checkpoint({origin, TreeSize{2}, {}, {}});
  model::Note note{text, {model::sign_note(text, log, testing::key_named(log))}};
  for (const Seen& seen : all) {
    const std::string host = std::string(seen.witness) + ".invalid";
    note.signatures.push_back(
        model::cosign_note(text, host, testing::key_named(host), kNoon + seen.time));
  }
  return model::format_note(note);
}
std::string checkpoint(std::initializer_list<Seen> all) {
  return checkpoint(kOrigin, kOrigin, all);
}

void add(Json& out, const char* name, const std::string& policy, const std::string& note,
         Json expect) {
  out.push_back(
      vector(name, {{"check", "policy"}, {"policy", policy}, {"note", note}}, std::move(expect)));
}

// `quorum_time` after noon; nothing for a policy without a quorum.
Json reached(std::optional<Seconds> quorum_time, Json witnesses) {
  return accept({{"log", kOrigin},
                 {"quorumTime", quorum_time ? Json(kNoon + *quorum_time) : Json()},
                 {"witnesses", std::move(witnesses)}});
}

void forms(Json& out) {
  const std::string log = log_line(kOrigin);
  const std::string east = witness_line("east");
  const std::string west = witness_line("west");
  const std::string seen = checkpoint({{"east", 10}});
  const auto refused = [&](const char* name, const std::string& policy) {
    add(out, name, policy, seen, refuse("malformed", "POLICY-1"));
  };
  add(out, "comments, empty lines, tabs and URLs",
      "# whom we trust\n\n\tlog  " + vkey(kOrigin, NoteKeyType::kEd25519) +
          " https://kelp-bay.invalid/ \n" + east + "quorum east\n",
      seen, reached(10, {"east"}));
  refused("no quorum line", log + east);
  refused("two quorum lines", log + "quorum none\nquorum none\n");
  refused("no newline at the end", log + "quorum none");
  refused("a quorum that is not defined", log + "quorum east\n");
  refused("a name used before it is defined", log + "quorum east\n" + east);
  refused("a witness called none", log + "witness none" + east.substr(12) + "quorum none\n");
  refused("a name twice", log + east + "witness east" + west.substr(12) + "quorum east\n");
  refused("a key twice", log + east + "witness west" + east.substr(12) + "quorum east\n");
  refused("a log that is its own witness",
          log + "witness w " +
              model::format_vkey({"w.invalid", NoteKeyType::kCosignature,
                                  testing::key_named(kOrigin).public_key()}) +
              "\nquorum w\n");
  refused("a log's key for a witness",
          log + "witness w " + vkey("w.invalid", NoteKeyType::kEd25519) + "\nquorum w\n");
  refused("a group of nobody", log + "group coast all\nquorum coast\n");
  refused("a threshold of 0", log + east + "group coast 0 east\nquorum coast\n");
  refused("a threshold above the members", log + east + "group coast 2 east\nquorum coast\n");
  refused("a threshold with a leading zero", log + east + "group coast 01 east\nquorum coast\n");
  refused("a member twice", log + east + "group coast all east east\nquorum coast\n");
  refused("a witness in two groups",
          log + east + west + "group one any east\ngroup both all one east\nquorum both\n");
  refused("a line that begins otherwise", log + "peer east\nquorum none\n");
  refused("carriage returns", log + "quorum none\r\n");
}

void quorums(Json& out) {
  const std::string log = log_line(kOrigin);
  const std::string witnesses = witness_line("east") + witness_line("west") + witness_line("north");
  const std::string two = log + witnesses + "group coast 2 east west north\nquorum coast\n";
  const std::string nested = log + witnesses +
                             "group sides any east west\ngroup both all sides north\n"
                             "quorum both\n";
  const Json short_of = refuse("unauthorised", "POLICY-3");
  add(out, "no quorum wanted, none there", log + "quorum none\n", checkpoint({}),
      reached(std::nullopt, Json::array()));
  add(out, "two of three: the time of the second latest", two,
      checkpoint({{"east", 10}, {"west", 30}, {"north", 20}}),
      reached(20, {"east", "west", "north"}));
  add(out, "an unknown witness counts for nothing", two,
      checkpoint({{"east", 10}, {"west", 30}, {"south", 40}}), reached(10, {"east", "west"}));
  add(out, "a group in a group", nested, checkpoint({{"west", 30}, {"north", 20}}),
      reached(20, {"west", "north"}));
  add(out, "nobody cosigned", two, checkpoint({}), short_of);
  add(out, "one of two", two, checkpoint({{"east", 10}}), short_of);
  add(out, "one of two, twice", two, checkpoint({{"east", 10}, {"east", 20}}), short_of);
  add(out, "one of two and an unknown one", two, checkpoint({{"east", 10}, {"south", 20}}),
      short_of);
  add(out, "a side of the nested group is missing", nested,
      checkpoint({{"east", 10}, {"west", 10}}), short_of);
  add(out, "a log that the policy does not name", two,
      checkpoint(kOther, kOther, {{"east", 10}, {"west", 10}}), refuse("unauthorised", "POLICY-2"));
  add(out, "witnesses alone, where the log signed under another origin", two,
      checkpoint(kOther, kOrigin, {{"east", 10}, {"west", 10}}),
      refuse("unauthorised", "POLICY-2"));
  add(out, "nobody whom the policy names", two, checkpoint(kOther, kOther, {}),
      refuse("unauthorised", "NOTE-3"));
}

void cosignatures(Json& out) {
  const auto payload = [](std::uint64_t time, std::size_t signature_bytes) {
    Bytes bytes;
    append_u64be(bytes, time);
    append(bytes, Bytes(signature_bytes, std::byte{7}));
    return bytes;
  };
  const auto add_one = [&](const char* name, const Bytes& bytes, Json expect) {
    out.push_back(
        vector(name, {{"check", "cosignature"}, {"payload", hex(bytes)}}, std::move(expect)));
  };
  const Json malformed = refuse("malformed", "NOTE-7");
  add_one("a cosignature", payload(kNoon, 64), accept({{"time", kNoon}}));
  add_one("the latest time", payload(kTimeEnd - 1, 64), accept({{"time", kTimeEnd - 1}}));
  add_one("a time of 2^63", payload(kTimeEnd, 64), malformed);
  add_one("a time of 2^64 - 1", payload(~std::uint64_t{0}, 64), malformed);
  add_one("a byte too few", payload(kNoon, 63), malformed);
  add_one("a byte too many", payload(kNoon, 65), malformed);
  add_one("a plain signature", Bytes(64, std::byte{7}), malformed);
  add_one("nothing", {}, malformed);
}

Json make() {
  Json out = Json::array();
  forms(out);
  quorums(out);
  cosignatures(out);
  return out;
}

Json judge_cosignature(const Json& input) {
  const auto read = model::parse_cosignature({"", 0, bytes_at(input, "payload")});
  return read ? accept({{"time", static_cast<std::uint64_t>(read->time)}}) : refusal(read.error());
}

Json judge(const Json& input) {
  if (text_at(input, "check") == "cosignature") return judge_cosignature(input);
  const auto policy = model::parse_policy(text_at(input, "policy"));
  if (!policy) return refusal(policy.error());
  const auto note = model::parse_note(text_at(input, "note"));
  if (!note) return refusal(note.error());
  const auto verdict = model::check_policy(*note, *policy);
  if (!verdict) return refusal(verdict.error());
  return accept({{"log", verdict->log.name},
                 {"quorumTime", verdict->quorum_time ? Json(*verdict->quorum_time) : Json()},
                 {"witnesses", verdict->witnesses}});
}

}  // namespace policies_file

const VectorFile kPolicies{
    "policies",
    "Policies of C2SP tlog-policy, each with a signed checkpoint: log and witnesses are those that "
    "count, witnesses by their names in the policy, quorumTime in seconds, null without a quorum. "
    "And payloads of cosignatures, what follows the key hash, in hex.",
    policies_file::make, policies_file::judge};

}  // namespace holdfast::vectors
