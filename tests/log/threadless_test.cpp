// SPDX-License-Identifier: AGPL-3.0-or-later
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>

#include "ledger/log/beside.h"
#include "ledger/log/pool.h"
#include "tests/log/village_fixture.h"

namespace {

// How many threads the system has left to give: a limit that a test cannot lower for itself, where
// it runs as root.
std::atomic<int> threads_left{1'000'000};

using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

}  // namespace

// Where a sanitizer's runtime is linked into the program, what it puts in front of the C library's:
// a thread that it has not seen begin is none to it.
extern "C" int __interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*),
                                            void*) __attribute__((weak));

// The C++ library finds this here before that of the C library.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*start)(void*), void* argument) {
  if (threads_left-- <= 0) return EAGAIN;
  static const auto real = __interceptor_pthread_create != nullptr
                               ? &__interceptor_pthread_create
                               : reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  return real(thread, attributes, start, argument);
}

namespace holdfast::testing {
namespace {

class WithoutThreads : public ::testing::Test {
 protected:
  ~WithoutThreads() override { threads_left = 1'000'000; }
};

TEST_F(WithoutThreads, WorkBesideIsDoneAtOnce) {
  threads_left = 0;
  bool done = false;
  log::Beside beside([&] { done = true; });
  EXPECT_TRUE(done);
}

TEST_F(WithoutThreads, APoolWorksOnTheThreadsThatItGotOrOnItsCallers) {
  for (const int given : {0, 1, 3}) {
    threads_left = given;
    log::Pool pool(8);
    std::atomic<int> done{0};
    for (int i = 0; i < 100; ++i) pool.run([&] { ++done; });
    pool.wait();
    EXPECT_EQ(done, 100) << given;
  }
}

TEST_F(WithoutThreads, ASequencerThatIsOpenGoesOn) {
  VillageOnDisk village;
  auto sequencer = village.open();
  threads_left = 0;
  village.submit(*sequencer, village.record_batch(300));
  auto record = village.record("kept");
  const StatementId id = id_of(record);
  village.submit(*sequencer, std::move(record));
  EXPECT_TRUE(village.read()->content(id));
}

TEST_F(WithoutThreads, AVillageIsNotOpenedForWritingAndTheReasonIsSaid) {
  VillageOnDisk village;
  threads_left = 0;
  const auto refused = village.try_open(village.operator_key);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_NE(describe(refused.error()).find("thread"), std::string::npos);
  EXPECT_TRUE(log::Reader::open(village.paths));
  threads_left = 1'000'000;
  village.submit(*village.open(), village.record("one"));
}

TEST_F(WithoutThreads, TheOneThreadThatThereIsIsTheWriters) {
  VillageOnDisk village;
  threads_left = 1;
  const auto sequencer = village.try_open(village.operator_key);
  ASSERT_TRUE(sequencer) << describe(sequencer.error());
  village.submit(**sequencer, village.record_batch(300));
}

}  // namespace
}  // namespace holdfast::testing
