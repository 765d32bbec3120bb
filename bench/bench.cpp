// SPDX-License-Identifier: AGPL-3.0-or-later
#include <deque>
#include <filesystem>

#include "bench/machine.h"
#include "bench/scenarios.h"
#include "ledger/log/export.h"

namespace holdfast::bench {

Village& Bench::batch_village() {
  if (!batch_) {
    batch_ = std::make_unique<Village>(path("batch"));
    const std::string documents = path("documents");
    write_documents(documents, options_.entries, 256);
    batch_import_ = batch_->import(documents);
    std::filesystem::remove_all(documents);
  }
  return *batch_;
}

const Village::Imported& Bench::batch_import() {
  batch_village();
  return batch_import_;
}

Village& Bench::single_village() {
  if (!single_) {
    single_ = std::make_unique<Village>(path("single"));
    const std::uint64_t count = std::max<std::uint64_t>(options_.entries / 10, 1);
    single_limit_ = verifications_per_second_around(
        [&] { single_appended_ = append_by_many_callers(*single_, count); });
  }
  return *single_;
}

Village& Bench::served_village() {
  if (!served_) {
    served_ = std::make_unique<Village>(path("served"));
    const std::string documents = path("served-documents");
    write_documents(documents, std::max<std::uint64_t>(options_.entries / 10, 1000), 256);
    served_->import(documents);
    std::filesystem::remove_all(documents);
  }
  return *served_;
}

const Appended& Bench::single_appended() {
  single_village();
  return single_appended_;
}

double Bench::single_limit() {
  single_village();
  return single_limit_;
}

const MixedHistory& Bench::mixed_history() {
  if (!mixed_) mixed_ = write_mixed_history(path("mixed"), options_.entries);
  return *mixed_;
}

std::string Bench::export_of(const std::string& name, Village& village) {
  const std::string directory = path("export-" + name);
  if (!std::filesystem::exists(directory + "/checkpoint"))
    must(log::export_log(*village.reader(), directory, log::ExportView::kFull, nullptr));
  return directory;
}

Appended append_by_many_callers(Village& village, std::uint64_t count) {
  constexpr std::size_t kWaiting = 4096;
  std::vector<log::Admission> admissions = village.signed_records(count);
  log::Sequencer& sequencer = village.sequencer();
  std::deque<std::future<Result<log::Receipt>>> waiting;
  const auto settle = [&waiting] {
    must(waiting.front().get());
    waiting.pop_front();
  };
  const Stopwatch watch;
  const CpuWatch cpu;
  for (log::Admission& admission : admissions) {
    std::vector<log::Admission> alone(1);
    alone[0] = std::move(admission);
    waiting.push_back(sequencer.submit(std::move(alone)));
    if (waiting.size() > kWaiting) settle();
  }
  while (!waiting.empty()) settle();
  const auto statements = static_cast<double>(count);
  return {statements / watch.seconds(), cpu.seconds() * 1e6 / statements};
}

}  // namespace holdfast::bench
