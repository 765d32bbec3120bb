// SPDX-License-Identifier: AGPL-3.0-or-later
#include "api/cli/keyring.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace holdfast::cli {
namespace fs = std::filesystem;

std::string key_path(const std::string& directory, const std::string& name) {
  return directory + "/" + name + ".key";
}

Result<void> check_key_file_name(const std::string& name) {
  const bool known = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  if (!known || name.empty() || name.size() > crypto::kKeyNameBytesMax || name[0] == '.' ||
      name[0] == '-')
    return Error{Code::kInvalid, "", "argument NAME", "\"" + name + "\"",
                 "1 to 100 of a-z, A-Z, 0-9, '.', '_', '-', starting with a letter or a digit"};
  return {};
}

Result<std::vector<StoredKey>> list_keys(const std::string& directory) {
  std::vector<StoredKey> keys;
  std::error_code error;
  fs::directory_iterator files(directory, error);
  if (error == std::errc::no_such_file_or_directory) return keys;
  for (const fs::directory_iterator end; !error && files != end; files.increment(error)) {
    if (files->path().extension() != ".key") continue;
    if (auto file = crypto::read_key_file(files->path().string()))
      keys.push_back({files->path().string(), *std::move(file)});
  }
  if (error)
    return Error{Code::kUnavailable, "", directory, error.message(), "a readable directory"};
  std::sort(keys.begin(), keys.end(),
            [](const StoredKey& a, const StoredKey& b) { return a.path < b.path; });
  return keys;
}

std::string closed_keys(const std::string& directory) {
  std::string closed;
  std::error_code error;
  fs::directory_iterator files(directory, error);
  for (const fs::directory_iterator end; !error && files != end; files.increment(error)) {
    const std::string path = files->path().string();
    if (files->path().extension() == ".key" && ::access(path.c_str(), R_OK) != 0 && errno == EACCES)
      closed += (closed.empty() ? "" : ", ") + path;
  }
  return closed;
}

Result<StoredKey> find_key(const std::string& directory, const std::string& name_or_path) {
  std::string path = name_or_path;
  if (path.find('/') == std::string::npos && !path.ends_with(".key")) {
    TRY(check_key_file_name(name_or_path));
    path = key_path(directory, name_or_path);
  }
  std::error_code error;
  const bool found = fs::exists(path, error);
  if (error)
    return Error{Code::kUnavailable, "", "key " + name_or_path, path + ": " + error.message(),
                 "a key file that you may read"};
  if (!found)
    return Error{Code::kNotFound, "", "key " + name_or_path, "no file " + path,
                 "a name that `holdfast key list` shows, or the path of a key file"};
  TRY_ASSIGN(crypto::KeyFile file, crypto::read_key_file(path));
  return StoredKey{std::move(path), std::move(file)};
}

Result<StoredKey> find_key_in(const std::vector<std::string>& directories,
                              const std::string& name_or_path) {
  CHECK(!directories.empty());
  auto first = find_key(directories.front(), name_or_path);
  for (std::size_t i = 1; i < directories.size(); ++i) {
    if (first || first.error().code != Code::kNotFound) break;
    auto next = find_key(directories[i], name_or_path);
    if (next || next.error().code != Code::kNotFound) return next;
  }
  return first;
}

Result<void> KeyMaker::write(const std::string& directory, const std::string& name,
                             const crypto::PublicKey& key, ByteView seed) {
  TRY(check_key_file_name(name));
  std::error_code error;
  if (!fs::exists(directory, error)) {
    fs::create_directories(directory, error);
    if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  }
  if (error)
    return Error{Code::kUnavailable, "", directory, error.message(), "a writable directory"};
  TRY_ASSIGN(const crypto::KeyFile file,
             crypto::seal_key(name, key, seed, passphrase_.view(), cost_, random_));
  return crypto::create_key_file(key_path(directory, name), file);
}

Result<crypto::SigningKey> KeyMaker::make_signing_key(const std::string& directory,
                                                      const std::string& name) {
  crypto::SigningKey key = crypto::SigningKey::generate(random_);
  TRY(write(directory, name, key.public_key(), key.seed()));
  return key;
}

Result<crypto::SealingKey> KeyMaker::make_sealing_key(const std::string& directory,
                                                      const std::string& name) {
  crypto::SealingKey key = crypto::SealingKey::generate(random_);
  TRY(write(directory, name, key.public_key(), key.seed()));
  return key;
}

}  // namespace holdfast::cli
