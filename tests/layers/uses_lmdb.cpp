// SPDX-License-Identifier: AGPL-3.0-or-later
// What the verifier must not be: a program with LMDB in it, for the self-test of check_links.sh.
#include <lmdb.h>

int main() {
  MDB_env* environment = nullptr;
  const int made = mdb_env_create(&environment);
  mdb_env_close(environment);
  return made;
}
