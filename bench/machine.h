// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

// What this machine can do at all, with nothing of the ledger around it.
namespace holdfast::bench {

unsigned cores();
// Processor, cores, memory and the directory's file system, in one line.
std::string describe_machine(const std::string& directory);

// libsodium's Ed25519 verifications a second, on all cores: the mean of before and after `work`,
// for a shared machine's speed changes within minutes.
double verifications_per_second_around(const std::function<void()>& work);

// One such verification, on one core, in microseconds: the median of some thousands, half of them
// before `work` and half after it.
double verification_us_around(const std::function<void()>& work);

// One Ed25519 signature by libsodium, on one core, in microseconds: the median of some thousands.
double signature_us();

// SHA-256 of messages of this size, on all cores, in messages a second.
double hashes_per_second(std::size_t bytes);

// The median of `commits` LMDB commits of one row each, with fsync, in microseconds.
double lmdb_commit_us(const std::string& directory, std::size_t bytes, int commits);

// Rows of this size put into LMDB under rising keys, a commit with fsync after each `batch`, in
// rows a second.
double lmdb_rows_per_second(const std::string& directory, std::size_t bytes, std::uint64_t rows,
                            std::uint64_t batch);

// The most memory that a process of ours has held, in MiB, as its /proc/self/status says.
double peak_memory_mib();

}  // namespace holdfast::bench
