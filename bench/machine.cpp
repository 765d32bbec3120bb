// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bench/machine.h"

#include <lmdb.h>
#include <sodium.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include "bench/measurement.h"
#include "ledger/core/check.h"
#include "ledger/crypto/sha256.h"

namespace holdfast::bench {
namespace {

constexpr double kSeconds = 1.0;

// How often a second `work` runs, with a thread on every core.
double rate_on_all_cores(const std::function<void()>& work) {
  std::atomic<std::uint64_t> done{0};
  std::vector<std::thread> threads;
  const Stopwatch watch;
  for (unsigned i = 0; i < cores(); ++i)
    threads.emplace_back([&] {
      while (watch.seconds() < kSeconds) {
        for (int j = 0; j < 16; ++j) work();
        done += 16;
      }
    });
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(done) / watch.seconds();
}

// A bare environment with one table of integer keys.
class Lmdb {
 public:
  explicit Lmdb(const std::string& directory) : directory_(directory) {
    std::filesystem::create_directories(directory);
    CHECK(mdb_env_create(&env_) == 0);
    CHECK(mdb_env_set_mapsize(env_, std::size_t{1} << 36) == 0);
    CHECK(mdb_env_open(env_, directory.c_str(), 0, 0600) == 0);
    begin();
    CHECK(mdb_dbi_open(transaction_, nullptr, MDB_CREATE | MDB_INTEGERKEY, &table_) == 0);
    commit();
  }
  ~Lmdb() {
    mdb_env_close(env_);
    std::filesystem::remove_all(directory_);
  }
  Lmdb(const Lmdb&) = delete;
  Lmdb& operator=(const Lmdb&) = delete;

  void begin() { CHECK(mdb_txn_begin(env_, nullptr, 0, &transaction_) == 0); }
  void commit() { CHECK(mdb_txn_commit(transaction_) == 0); }
  void put(std::size_t key, std::vector<std::byte>& value) {
    MDB_val k{sizeof key, &key};
    MDB_val v{value.size(), value.data()};
    CHECK(mdb_put(transaction_, table_, &k, &v, MDB_APPEND) == 0);
  }

 private:
  std::string directory_;
  MDB_env* env_ = nullptr;
  MDB_txn* transaction_ = nullptr;
  MDB_dbi table_ = 0;
};

std::string line_of(const std::string& path, const std::string& start) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(start)) {
      const std::size_t at = line.find_first_not_of(" \t", line.find(':') + 1);
      return at == std::string::npos ? "" : line.substr(at);
    }
  return "";
}

std::string file_system_of(const std::string& directory) {
  struct statfs status = {};
  if (::statfs(directory.c_str(), &status) != 0) return "unknown";
  switch (static_cast<unsigned long>(status.f_type)) {
    case 0xEF53: return "ext4";
    case 0x01021994: return "tmpfs: durability costs nothing here, and the figures say so";
    case 0x58465342: return "xfs";
    case 0x9123683E: return "btrfs";
    case 0x794C7630: return "overlayfs";
    default: return "type " + std::to_string(status.f_type);
  }
}

}  // namespace

unsigned cores() {
  static const unsigned found = std::max(1u, std::thread::hardware_concurrency());
  return found;
}

std::string describe_machine(const std::string& directory) {
  const double kib = std::atof(line_of("/proc/meminfo", "MemTotal").c_str());
  return line_of("/proc/cpuinfo", "model name") + ", " + std::to_string(cores()) + " cores, " +
         format_number(kib / 1024 / 1024) + " GiB, " + file_system_of(directory);
}

namespace {

// A signature of its own.
class Verification {
 public:
  Verification() {
    unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
    crypto_sign_keypair(public_key_, secret_key);
    crypto_sign_detached(signature_, nullptr, message_, sizeof message_, secret_key);
  }
  void run() const {
    CHECK(crypto_sign_verify_detached(signature_, message_, sizeof message_, public_key_) == 0);
  }

 private:
  unsigned char public_key_[crypto_sign_PUBLICKEYBYTES];
  unsigned char signature_[crypto_sign_BYTES];
  unsigned char message_[54] = {};  // as long as what is signed of a statement
};

double verifications_per_second() {
  const Verification verification;
  return rate_on_all_cores([&] { verification.run(); });
}

void add_times(const Verification& verification, std::vector<double>& times) {
  for (int i = 0; i < 4000; ++i) {
    const Stopwatch watch;
    verification.run();
    times.push_back(watch.seconds() * 1e6);
  }
}

}  // namespace

double verifications_per_second_around(const std::function<void()>& work) {
  const double before = verifications_per_second();
  work();
  return (before + verifications_per_second()) / 2;
}

double verification_us_around(const std::function<void()>& work) {
  const Verification verification;
  std::vector<double> times;
  add_times(verification, times);
  work();
  add_times(verification, times);
  return median(std::move(times));
}

double signature_us() {
  constexpr int kSignatures = 4000;
  unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
  unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
  crypto_sign_keypair(public_key, secret_key);
  unsigned char message[64] = {};
  unsigned char signature[crypto_sign_BYTES];
  std::vector<double> times;
  for (int i = 0; i < kSignatures; ++i) {
    message[0] = static_cast<unsigned char>(i);
    const Stopwatch watch;
    CHECK(crypto_sign_detached(signature, nullptr, message, sizeof message, secret_key) == 0);
    times.push_back(watch.seconds() * 1e6);
  }
  return median(std::move(times));
}

double hashes_per_second(std::size_t bytes) {
  const std::vector<std::byte> message(bytes);
  return rate_on_all_cores([&] { CHECK(crypto::sha256(message)[0] != std::byte{} || !bytes); });
}

double lmdb_commit_us(const std::string& directory, std::size_t bytes, int commits) {
  Lmdb lmdb(directory);
  std::vector<std::byte> value(bytes);
  std::vector<double> times;
  for (int i = 0; i < commits; ++i) {
    const Stopwatch watch;
    lmdb.begin();
    lmdb.put(static_cast<std::size_t>(i), value);
    lmdb.commit();
    times.push_back(watch.seconds() * 1e6);
  }
  return median(std::move(times));
}

double lmdb_rows_per_second(const std::string& directory, std::size_t bytes, std::uint64_t rows,
                            std::uint64_t batch) {
  Lmdb lmdb(directory);
  std::vector<std::byte> value(bytes);
  const Stopwatch watch;
  for (std::uint64_t row = 0; row < rows;) {
    lmdb.begin();
    for (std::uint64_t i = 0; i < batch && row < rows; ++i) lmdb.put(row++, value);
    lmdb.commit();
  }
  return static_cast<double>(rows) / watch.seconds();
}

double peak_memory_mib() { return std::atof(line_of("/proc/self/status", "VmHWM").c_str()) / 1024; }

}  // namespace holdfast::bench
