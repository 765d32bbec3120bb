# SPDX-License-Identifier: CC-BY-4.0
# What passes between two villages. Its meaning, bounds and rules: ../envelopes.md.
@0xd3c4b0f2a71e5896;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("holdfast::model::wire");

using Ledger = import "holdfast.capnp";

struct SealedEnvelope {
  version @0 :UInt16;                # 1
  to @1 :Data;                       # the recipient village's id
  sealingKey @2 :Data;               # key id of the recipient's sealing key
  box @3 :Data;                      # a SignedEnvelope, sealed to that key
}

struct SignedEnvelope {
  version @0 :UInt16;                # 1
  envelope @1 :Data;                 # canonical bytes of an Envelope
  keyId @2 :Data;                    # of an agent of the sender
  signature @3 :Data;                # 64, over holdfast/envelope/v1
}

struct Envelope {
  version @0 :UInt16;                # 1
  to @1 :Data;                       # as in clear; so is sealingKey
  sealingKey @2 :Data;
  from @3 :Data;                     # the sender village's id
  id @4 :Data;                       # 16 random bytes
  sequence @5 :UInt64;               # of the envelopes to this village, from 1
  sentAt @6 :Int64;
  expiresAt @7 :Int64;
  inReplyTo @8 :Data;                # the id of another; empty: of none
  checkpoint @9 :Data;               # the sender's latest signed note
  consistency @10 :Growth;           # null: the recipient has seen none of another size
  seen @11 :Data;                    # the last note of the recipient's that the sender saw; empty: none
  body :union {
    none @12 :Void;                  # never valid
    offer @13 :Proposal;
    accept @14 :Proposal;
    query @15 :Query;
    answer @16 :Answer;
    refusal @17 :Refusal;
    notice @18 :Notice;
    acknowledgement @19 :Acknowledgement;
    checkpoint @20 :Void;            # that of the envelope is what it brings
  }
}

struct Growth {
  from @0 :UInt64;                   # the size that the recipient has seen
  proof @1 :Data;                    # RFC 6962 consistency proof from there to `checkpoint`
}

# Handed over by people, as a file: an invitation, or the acceptance that answers it.
struct Introduction {
  version @0 :UInt16;                # 1
  genesis @1 :Data;                  # signed statement of the village that hands it over
  state @2 :Ledger.PeerState;        # from its genesis on: its village and its council
  terms @3 :Ledger.NewTerms;         # with that village's endpoint, and the signatures there are
}

struct Proposal {
  agreement @0 :Data;                # the recipient's agreement that is to be amended or resumed
  terms @1 :Ledger.NewTerms;
  state @2 :Ledger.PeerState;        # the sender's village and council
}

struct Query {
  agreement @0 :Data;                # the recipient's, and its grant and shape
  grant @1 :Data;
  shape @2 :Data;
  purpose @3 :Text;
  arguments @4 :List(Argument);      # sorted by name
  salt @5 :Data;                     # 32, of the commitment to the arguments; empty where there are none
  itemsMax @6 :UInt32;               # 0: as the shape has it
  charactersMax @7 :UInt32;
  onward @8 :List(Ledger.ForeignId);
  state @9 :Ledger.PeerState;        # the sender's village and the agent that signs
}

struct Argument {
  name @0 :Text;
  value @1 :Text;
}

struct Answer {
  inference @0 :Ledger.ProvenEntry;
  content @1 :Data;                  # canonical Content: the answer's fields with their salts
  state @2 :Ledger.PeerState;        # what stood when it was given
  cited @3 :List(CitedRecord);       # sorted by id
}

struct CitedRecord {
  signedStatement @0 :Data;
  value @1 :Data;                    # canonical bytes of a StateValue
  detail @2 :Data;
  proof @3 :Data;                    # of inclusion, under the state's seal
}

struct Refusal {
  reason @0 :Text;
  inference @1 :Ledger.ProvenEntry;  # null where the refusal was only counted
  state @2 :Ledger.PeerState;
  behind @3 :Data;                   # a signed statement, of the sender's log or carried; empty: none
}

struct Notice {
  union {
    none @0 :Void;                   # never valid
    revocation @1 :Data;             # a signed revocation, whoever carries it
    deletion @2 :Data;               # the id of the sender's transfer that is to be deleted
  }
  state @3 :Ledger.PeerState;        # null where nothing is proved
}

struct Acknowledgement {
  of @0 :Data;                       # the hash of the signed envelope
  rejected @1 :Text;                 # why; empty: taken
}
