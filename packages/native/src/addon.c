/*
 * Verifies HMAC-SHA-256 by the processor's own SHA instructions, over memory that is shared with WebAssembly: the midstates of a key
 * (FIPS 180-4 states after the inner and the outer padded key, RFC 2104) lie in it as 8 + 8 words of 32 bits, and so do messages, tags, and
 * what is asked. A call has no arguments, which would cost as much as its work. Every place is held against the memory's size before it
 * is touched.
 */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <stdlib.h>

#include "envelope.h"
#include "files-call.h"
#include "sha.h"
#include "tree.h"
#include "values.h"

enum { MOST = 4 };

/* What is asked stands at the beginning of the memory: how many messages, and the answer's place; then four words for each. */
typedef struct {
  uint32_t count;
  /* A bit for each message whose tag is right. */
  uint32_t right;
  uint32_t unused[2];
  struct {
    uint32_t key, at, length, tag;
  } messages[MOST];
} Request;

typedef struct {
  uint8_t *bytes;
  size_t size;
  /* Keeps the memory where it is for as long as this is. */
  napi_ref held;
  /* Functions that work in it. */
  int users;
} Memory;

static bool fits(const Memory *memory, uint64_t at, uint64_t length) {
  return at + length <= memory->size;
}

/* Whether a tag is right; looks at all of it, in a time that depends on the message's length alone. */
static bool is_right(const Memory *memory, uint32_t key, uint32_t at, uint32_t length, uint32_t tag) {
  uint8_t digest[DIGEST];
  mac_of(memory->bytes + key, memory->bytes + at, length, digest);
  return same_hash(digest, memory->bytes + tag);
}

/* verify(): void. Answers what is asked in the memory that it was bound to. Errors: RangeError where something lies beyond it. */
static napi_value verify(napi_env env, napi_callback_info info) {
  void *data = NULL;
  Request request;
  if (napi_get_cb_info(env, info, NULL, NULL, NULL, &data) != napi_ok || data == NULL) return fail(env, "no memory is bound");
  const Memory *memory = data;
  memcpy(&request, memory->bytes, sizeof request);
  if (request.count > MOST) return fail(env, "too many messages are asked about");
  uint32_t right = 0;
  for (uint32_t i = 0; i < request.count; i++) {
    const uint32_t key = request.messages[i].key, at = request.messages[i].at;
    const uint32_t length = request.messages[i].length, tag = request.messages[i].tag;
    const bool is_inside = fits(memory, key, 2 * DIGEST) && fits(memory, at, length) && fits(memory, tag, DIGEST);
    if (!is_inside) return fail(env, "it lies beyond the memory");
    if (is_right(memory, key, at, length, tag)) right |= 1u << i;
  }
  memcpy(memory->bytes + offsetof(Request, right), &right, sizeof right);
  return NULL;
}

/*
 * ahead(chunk, start, limit, version, key, to): number. Looks at the PUBLISHes that lie one behind the other in a chunk from `start` on, as long as
 * each is sealed in an envelope and whole; writes what it finds to `to`. How many, 16 at most.
 */
static napi_value ahead(napi_env env, napi_callback_info info) {
  napi_value given[6], result;
  size_t count = 6, length = 0;
  void *data = NULL;
  uint8_t *chunk = NULL;
  uint32_t n[5];
  if (napi_get_cb_info(env, info, &count, given, NULL, &data) != napi_ok || count < 6 || data == NULL) return fail(env, "six values are needed");
  if (!bytes_of(env, given[0], &chunk, &length)) return fail(env, "the chunk is no Uint8Array");
  for (int i = 0; i < 5; i++)
    if (napi_get_value_uint32(env, given[1 + i], n + i) != napi_ok) return fail(env, "five numbers are needed");
  const Memory *memory = data;
  const uint32_t start = n[0], limit = n[1], version = n[2], key = n[3], to = n[4];
  if (start > limit || limit > length || !fits(memory, key, 2 * DIGEST) || to % 8 != 0 || !fits(memory, to, MOST_AHEAD * sizeof(Ahead)))
    return fail(env, "it lies beyond the memory");
  Ahead *const all = (Ahead *)(memory->bytes + to);
  const uint8_t *const midstates = memory->bytes + key;
  Input inputs[2];
  uint8_t digests[2][DIGEST];
  uint32_t found = 0, pair = 2;
  /* Two at a time, of which neither waits for the other in the processor. */
  for (size_t at = start; pair == 2 && found < MOST_AHEAD; found += pair) {
    for (pair = 0; pair < 2; pair++) {
      at = look(chunk, at, limit, version, all + found + pair, inputs + pair);
      if (at == 0) break;
    }
    if (pair == 2) macs_of(midstates, inputs, digests);
    else if (pair == 1) mac_of_padded(midstates, inputs, digests[0]);
    for (uint32_t i = 0; i < pair; i++) all[found + i].right = has_tag(all + found + i, digests[i]);
  }
  if (napi_create_uint32(env, found, &result) != napi_ok) return fail(env, "there is no room");
  return result;
}

static void forget(napi_env env, void *data, void *hint) {
  Memory *memory = data;
  (void)hint;
  if (--memory->users > 0) return;
  napi_delete_reference(env, memory->held);
  free(memory);
}

/* Adds a function that works in a memory, which stays as long as the function does. */
static bool put_function(napi_env env, napi_value object, const char *name, napi_callback callback, Memory *memory) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, memory, &function) != napi_ok) return false;
  if (napi_add_finalizer(env, function, memory, forget, NULL, NULL) != napi_ok) return false;
  memory->users++;
  return napi_set_named_property(env, object, name, function) == napi_ok;
}

/* bind(memory: ArrayBuffer): { verify, ahead }. What works in this memory. */
static napi_value bind(napi_env env, napi_callback_info info) {
  napi_value buffer, result;
  size_t count = 1;
  bool is_buffer = false;
  if (napi_get_cb_info(env, info, &count, &buffer, NULL, NULL) != napi_ok || count < 1) return fail(env, "no memory is given");
  if (napi_is_arraybuffer(env, buffer, &is_buffer) != napi_ok || !is_buffer) return fail(env, "the memory is no ArrayBuffer");
  Memory *memory = calloc(1, sizeof *memory);
  if (memory == NULL) return fail(env, "there is no room");
  void *bytes = NULL;
  if (napi_get_arraybuffer_info(env, buffer, &bytes, &memory->size) != napi_ok || memory->size < sizeof(Request) ||
      napi_create_object(env, &result) != napi_ok || napi_create_reference(env, buffer, 1, &memory->held) != napi_ok) {
    free(memory);
    return fail(env, "the memory cannot be held");
  }
  memory->bytes = bytes;
  /* One user more, until both functions are there: what fails half way is forgotten with the last of them. */
  memory->users = 1;
  const bool is_done = put_function(env, result, "verify", verify, memory) && put_function(env, result, "ahead", ahead, memory);
  forget(env, memory, NULL);
  return is_done ? result : fail(env, "the memory cannot be named");
}

/*
 * hashTile(bundle, from, to, index, edge, at, hashes): void. Adds the entries in `[from, to)` of a bundle to a tile that has `index` already; the
 * roots of its whole subtrees stand at byte `at` of `edge`, the new entries' hashes go to `hashes`.
 */
static napi_value hash_tile(napi_env env, napi_callback_info info) {
  napi_value given[7];
  size_t count = 7, lengths[3];
  uint8_t *bundle = NULL, *edge = NULL, *hashes = NULL;
  uint32_t n[4];
  static const int NUMBERS[] = {1, 2, 3, 5};
  if (napi_get_cb_info(env, info, &count, given, NULL, NULL) != napi_ok || count < 7) return fail(env, "seven values are needed");
  if (!bytes_of(env, given[0], &bundle, lengths) || !bytes_of(env, given[4], &edge, lengths + 1) || !bytes_of(env, given[6], &hashes, lengths + 2))
    return fail(env, "it is no Uint8Array");
  for (int i = 0; i < 4; i++)
    if (napi_get_value_uint32(env, given[NUMBERS[i]], n + i) != napi_ok) return fail(env, "four numbers are needed");
  const uint32_t from = n[0], to = n[1], index = n[2], at = n[3];
  if (from > to || to > lengths[0] || index >= TILE || (uint64_t)at + MOST_ROOTS * DIGEST > lengths[1])
    return fail(env, "it lies beyond the bytes");
  if (!add_to_tile(bundle, from, to, index, edge + at, hashes, lengths[2] / DIGEST)) return fail(env, "the entries are not of one tile");
  return NULL;
}

static void put_export(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function) == napi_ok)
    napi_set_named_property(env, exports, name, function);
}

/* What hashes is there where the processor has the instructions. */
NAPI_MODULE_INIT() {
  put_export(env, exports, "writeFiles", write_files_call);
  if (!is_available()) return exports;
  put_export(env, exports, "bind", bind);
  put_export(env, exports, "hashTile", hash_tile);
  return exports;
}
