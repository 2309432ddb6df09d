// Each function finds its namesake in libcurl when it is first called.

// Later versions of the header say that the address is constant.
#define curl_url_get curl_url_get_as_declared
#include "CCurl.h"
#undef curl_url_get

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The interface has had this number since 2006: https://curl.se/libcurl/abi.html
#ifdef __APPLE__
static const char name[] = "libcurl.4.dylib";
#else
static const char name[] = "libcurl.so.4";
#endif

static void *library;
static char *fault;
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

// What is called here: an older library may lack some.
static const char *const functions[] = {
    "curl_global_init", "curl_easy_init", "curl_easy_reset", "curl_easy_cleanup",
    "curl_easy_strerror", "curl_easy_setopt", "curl_easy_getinfo", "curl_free", "curl_getdate",
    "curl_multi_init", "curl_multi_cleanup", "curl_multi_add_handle", "curl_multi_remove_handle",
    "curl_multi_perform", "curl_multi_poll", "curl_multi_info_read", "curl_multi_strerror",
    "curl_slist_append", "curl_slist_free_all", "curl_url", "curl_url_cleanup", "curl_url_get",
    "curl_url_set", "curl_url_strerror",
};

static void load(void) {
    library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; library && i < sizeof functions / sizeof *functions; i++) {
        if (!dlsym(library, functions[i])) library = NULL;
    }
    if (!library) fault = strdup(dlerror());
}

const char *tally_curl_fault(void) {
    pthread_once(&loaded, load);
    return fault;
}

static void *find(const char *function) {
    const char *reason = tally_curl_fault();
    void *found = reason ? NULL : dlsym(library, function);
    if (found) return found;
    fprintf(stderr, "tally: %s cannot be called: %s\n", function, reason ? reason : "it is not listed");
    abort();
}

// What follows is for this program alone: libcurl calls its own.
#pragma GCC visibility push(hidden)

#define FORWARD(result, function, parameters, ...)                        \
    result function parameters {                                          \
        static result(*_Atomic found) parameters;                         \
        if (!found) found = (result(*) parameters)find(#function);        \
        return found(__VA_ARGS__);                                        \
    }

FORWARD(CURLcode, curl_global_init, (long flags), flags)
FORWARD(CURL *, curl_easy_init, (void))
FORWARD(void, curl_easy_reset, (CURL * easy), easy)
FORWARD(void, curl_easy_cleanup, (CURL * easy), easy)
FORWARD(const char *, curl_easy_strerror, (CURLcode code), code)
FORWARD(void, curl_free, (void *text), text)
FORWARD(time_t, curl_getdate, (const char *text, const time_t *unused), text, unused)

FORWARD(CURLM *, curl_multi_init, (void))
FORWARD(CURLMcode, curl_multi_cleanup, (CURLM * multi), multi)
FORWARD(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL *easy), multi, easy)
FORWARD(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL *easy), multi, easy)
FORWARD(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), multi, running)
FORWARD(
    CURLMcode, curl_multi_poll,
    (CURLM * multi, struct curl_waitfd fds[], unsigned count, int timeout, int *ready), multi, fds,
    count, timeout, ready)
FORWARD(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), multi, left)
FORWARD(const char *, curl_multi_strerror, (CURLMcode code), code)

FORWARD(
    struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *text), list,
    text)
FORWARD(void, curl_slist_free_all, (struct curl_slist * list), list)

FORWARD(CURLU *, curl_url, (void))
FORWARD(void, curl_url_cleanup, (CURLU * url), url)
FORWARD(
    CURLUcode, curl_url_get, (CURLU * url, CURLUPart part, char **text, unsigned flags), url, part,
    text, flags)
FORWARD(
    CURLUcode, curl_url_set, (CURLU * url, CURLUPart part, const char *text, unsigned flags), url,
    part, text, flags)
FORWARD(const char *, curl_url_strerror, (CURLUcode code), code)

// These take one more argument, of one machine word whatever its type.
#define FORWARD_WORD(function, What)                                          \
    CURLcode function(CURL *easy, What what, ...) {                           \
        static CURLcode (*_Atomic found)(CURL *, What, ...);                  \
        if (!found) found = (CURLcode(*)(CURL *, What, ...))find(#function);  \
        va_list rest;                                                         \
        va_start(rest, what);                                                 \
        void *word = va_arg(rest, void *);                                    \
        va_end(rest);                                                         \
        return found(easy, what, word);                                       \
    }

FORWARD_WORD(curl_easy_setopt, CURLoption)
FORWARD_WORD(curl_easy_getinfo, CURLINFO)

#pragma GCC visibility pop
