// Each function calls its namesake in libcurl, which is loaded when the first of them is called.

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

// What is called here: an older library may lack some.
#define EACH(X)                                                                            \
    X(curl_global_init) X(curl_easy_init) X(curl_easy_reset) X(curl_easy_cleanup)          \
    X(curl_easy_strerror) X(curl_easy_setopt) X(curl_easy_getinfo) X(curl_free)            \
    X(curl_getdate) X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_add_handle)      \
    X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll)                   \
    X(curl_multi_info_read) X(curl_multi_strerror) X(curl_slist_append)                    \
    X(curl_slist_free_all) X(curl_url) X(curl_url_cleanup) X(curl_url_get) X(curl_url_set) \
    X(curl_url_strerror)

#define INDEX(function) AT_##function,
#define NAME(function) #function,

enum { EACH(INDEX) COUNT };
static const char *const names[] = {EACH(NAME)};
static void *found[COUNT];
static char *fault;
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    for (int i = 0; library && i < COUNT; i++) {
        found[i] = dlsym(library, names[i]);
        if (!found[i]) library = NULL;
    }
    if (!library) fault = strdup(dlerror());
}

const char *tally_curl_fault(void) {
    pthread_once(&loaded, load);
    return fault;
}

static void *find(int function) {
    const char *reason = tally_curl_fault();
    if (!reason) return found[function];
    fprintf(stderr, "tally: %s cannot be called: %s\n", names[function], reason);
    abort();
}

// What follows is for this program alone: libcurl calls its own.
#pragma GCC visibility push(hidden)

#define FORWARD(result, function, parameters, ...)                             \
    result function parameters {                                               \
        return ((result(*) parameters)find(AT_##function))(__VA_ARGS__);       \
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
#define FORWARD_WORD(function, What)                                                 \
    CURLcode function(CURL *easy, What what, ...) {                                  \
        va_list rest;                                                                \
        va_start(rest, what);                                                        \
        void *word = va_arg(rest, void *);                                           \
        va_end(rest);                                                                \
        return ((CURLcode(*)(CURL *, What, ...))find(AT_##function))(easy, what, word); \
    }

FORWARD_WORD(curl_easy_setopt, CURLoption)
FORWARD_WORD(curl_easy_getinfo, CURLINFO)

#pragma GCC visibility pop
