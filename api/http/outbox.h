// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/http/transport.h"

namespace holdfast::http {

// What is to be written on one connection, in its order.
class Outbox {
 public:
  void add(std::string&& bytes);
  // Of a stream, whose waiting bytes are counted.
  void add_counted(std::shared_ptr<const std::string> bytes);

  bool empty() const { return pieces_.empty(); }

  // Writes what fits, up to a bound, so that a large response does not keep others waiting. kDone
  // with something left: there is room for more.
  Io write_to(Transport& transport);
  // Counted bytes that were written since this was asked last.
  std::size_t take_written() { return std::exchange(counted_written_, 0); }

 private:
  struct Piece {
    std::string own;
    std::shared_ptr<const std::string> shared;
    const std::string& bytes() const { return shared ? *shared : own; }
  };
  void advance(std::size_t bytes);

  std::vector<Piece> pieces_;
  std::size_t done_ = 0;  // of the first
  std::size_t counted_written_ = 0;
};

}  // namespace holdfast::http
