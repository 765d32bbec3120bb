// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "api/http/message.h"

// What is said of an answer beside its bytes: how long it holds, in which coding it comes, and to
// whom it is the same. Source: RFC 9110, sections 8.8, 12.5 and 13; RFC 9111.
namespace holdfast::routes {

// How long an answer holds that everybody gets.
struct Holds {
  std::string cache_control;
  std::string tag;  // of its ETag, without quotes; "": none, so that it is never "not modified"
};

// The bytes under this path never change.
Holds for_ever();
// Until whoever asks again is told another tag.
Holds while_tagged(std::string tag);
// A tag for what follows from nothing that has a number: the beginning of its SHA-256, in hex.
std::string digest_tag(std::string_view body);
// Not to be kept by anybody.
Holds for_this_moment();
// Not to be kept, and said to one asker only.
Holds for_this_asker();

// `response`, which is one of 200, with the fields that say so; 304 without its body where the
// request knows its tag already; and JSON in gzip where it is worth it and the request takes it.
http::Response represent(http::Response response, const http::Request& request, Holds holds);

// --- what represent() goes by

// Whether a list of entity tags, or "*", has this one, compared weakly.
bool names_tag(std::string_view list, std::string_view tag);
// Whether Accept-Encoding takes gzip. Of weights only zero matters: there is one coding to choose.
bool accepts_gzip(const http::Request& request);

}  // namespace holdfast::routes
