// libcurl as Swift can call it, loaded when it is first called.
//
// With the 35 libraries behind it, libcurl takes as long to load as all else that a command needs to start, and most
// commands ask no hub. So the program is not linked with it: lazy.c has each of its functions that is called here, and
// finds the real one.
//
// curl_easy_setopt and curl_easy_getinfo take variable arguments, which Swift cannot pass: one
// wrapper for each type of argument that https://curl.se/libcurl/c/curl_easy_setopt.html names.

#ifndef TALLY_CCURL_H
#define TALLY_CCURL_H

#include <curl/curl.h>

// curl.h defines these as type-checking macros; calls below go to the functions.
#undef curl_easy_setopt
#undef curl_easy_getinfo

// Why libcurl cannot be called, as the loader says it; NULL when it can, and must be before anything else is.
const char *tally_curl_fault(void);

typedef size_t (*tally_curl_bytes_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode tally_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tally_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

// The string is copied by libcurl.
static inline CURLcode tally_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

// What is pointed to is not copied and must outlive the transfer.
static inline CURLcode tally_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tally_curl_set_callback(
    CURL *easy, CURLoption option, tally_curl_bytes_callback value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tally_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode tally_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

// http and https only. The bit mask was replaced by a string in 7.85.0:
// https://curl.se/libcurl/c/CURLOPT_PROTOCOLS_STR.html
static inline CURLcode tally_curl_allow_only_web(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// A transfer that is given up must not wait for the thread that still resolves its host: the
// thread is detached and frees what it holds when getaddrinfo returns.
// https://curl.se/libcurl/c/CURLOPT_QUICK_EXIT.html (7.87.0; older versions wait)
static inline CURLcode tally_curl_leave_resolver(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

#endif
