/*
 * Verifies HMAC-SHA-256 by the processor's own SHA instructions, over memory that is shared with WebAssembly: the midstates of a key
 * (FIPS 180-4 states after the inner and the outer padded key, RFC 2104) lie in it as 8 + 8 words of 32 bits, and so do messages, tags, and
 * what is asked. A call has no arguments, which would cost as much as its work. Every place is held against the memory's size before it
 * is touched.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#define SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))
#else
#define SHA_TARGET
#endif

enum { BLOCK = 64, DIGEST = 32, LENGTH_BYTES = 8, MOST = 4 };

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
} Memory;

static bool is_available(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
  const bool shuffles = (c & (1u << 9)) != 0 && (c & (1u << 19)) != 0;
  return shuffles && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0;
#else
  return false;
#endif
}

#if defined(__x86_64__)
static const uint32_t ROUNDS[64] __attribute__((aligned(16))) = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The instructions keep a state as the words (f, e, b, a) and (h, g, d, c). */
typedef struct {
  __m128i abef, cdgh;
} State;

SHA_TARGET static State state_of(const uint8_t *words) {
  const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)words), 0xb1);
  const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(words + 16)), 0x1b);
  const State state = {_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xf0)};
  return state;
}

SHA_TARGET static void words_of(State state, uint8_t *words) {
  const __m128i low = _mm_shuffle_epi32(state.abef, 0x1b);
  const __m128i high = _mm_shuffle_epi32(state.cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)words, _mm_blend_epi16(low, high, 0xf0));
  _mm_storeu_si128((__m128i *)(words + 16), _mm_alignr_epi8(high, low, 8));
}

/* Takes `count` blocks into the state (FIPS 180-4, section 6.2.2), four rounds a turn. */
SHA_TARGET static State compress(State state, const uint8_t *at, size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  for (; count > 0; count--, at += BLOCK) {
    const State before = state;
    __m128i w[4];
    for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(at + 16 * i)), swap);
#pragma GCC unroll 16
    for (int turn = 0; turn < 16; turn++) {
      const __m128i now = w[turn & 3];
      const __m128i added = _mm_add_epi32(now, _mm_load_si128((const __m128i *)(ROUNDS + 4 * turn)));
      state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, added);
      state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(added, 0x0e));
      if (turn < 12) {
        /* The words of four turns from now, out of those of this turn and the three behind it. */
        const __m128i last = w[(turn + 3) & 3];
        const __m128i older = _mm_alignr_epi8(last, w[(turn + 2) & 3], 4);
        const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(now, w[(turn + 1) & 3]), older);
        w[turn & 3] = _mm_sha256msg2_epu32(sum, last);
      }
    }
    state.abef = _mm_add_epi32(state.abef, before.abef);
    state.cdgh = _mm_add_epi32(state.cdgh, before.cdgh);
  }
  return state;
}

static void put_length(uint8_t *end, uint64_t bits) {
  for (int i = 1; i <= LENGTH_BYTES; i++, bits >>= 8) end[-i] = (uint8_t)bits;
}

static void put_digest(const uint8_t *words, uint8_t *to) {
  for (int i = 0; i < DIGEST; i++) to[i] = words[(i & ~3) + 3 - (i & 3)];
}

/* The HMAC of a message under the midstates in `key`. */
static void mac_of(const uint8_t *key, const uint8_t *message, size_t length, uint8_t *digest) {
  uint8_t last[2 * BLOCK] = {0};
  uint8_t words[DIGEST];
  const size_t whole = length / BLOCK;
  const size_t rest = length % BLOCK;
  const size_t blocks = rest + 1 + LENGTH_BYTES <= BLOCK ? 1 : 2;
  memcpy(last, message + whole * BLOCK, rest);
  last[rest] = 0x80;
  put_length(last + blocks * BLOCK, (uint64_t)(length + BLOCK) * 8);
  words_of(compress(compress(state_of(key), message, whole), last, blocks), words);
  memset(last, 0, BLOCK);
  put_digest(words, last);
  last[DIGEST] = 0x80;
  put_length(last + BLOCK, (BLOCK + DIGEST) * 8);
  words_of(compress(state_of(key + DIGEST), last, 1), words);
  put_digest(words, digest);
}
#else
static void mac_of(const uint8_t *key, const uint8_t *message, size_t length, uint8_t *digest) {
  (void)key, (void)message, (void)length;
  memset(digest, 0, DIGEST);
}
#endif

static napi_value fail(napi_env env, const char *why) {
  napi_throw_range_error(env, NULL, why);
  return NULL;
}

static bool fits(const Memory *memory, uint64_t at, uint64_t length) {
  return at + length <= memory->size;
}

/* Whether a tag is right; looks at all of it, in a time that depends on the message's length alone. */
static bool is_right(const Memory *memory, uint32_t key, uint32_t at, uint32_t length, uint32_t tag) {
  uint8_t digest[DIGEST];
  uint8_t difference = 0;
  mac_of(memory->bytes + key, memory->bytes + at, length, digest);
  for (int i = 0; i < DIGEST; i++) difference |= digest[i] ^ memory->bytes[tag + i];
  return difference == 0;
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

static void forget(napi_env env, void *data, void *hint) {
  Memory *memory = data;
  (void)hint;
  napi_delete_reference(env, memory->held);
  free(memory);
}

/* bind(memory: ArrayBuffer): () => void. What verifies in this memory, which stays where it is for as long as that is held. */
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
      napi_create_reference(env, buffer, 1, &memory->held) != napi_ok) {
    free(memory);
    return fail(env, "the memory cannot be held");
  }
  memory->bytes = bytes;
  if (napi_create_function(env, "verify", NAPI_AUTO_LENGTH, verify, memory, &result) != napi_ok ||
      napi_add_finalizer(env, result, memory, forget, NULL, NULL) != napi_ok) {
    forget(env, memory, NULL);
    return fail(env, "the memory cannot be named");
  }
  return result;
}

/* Exports nothing where the processor has no such instructions. */
NAPI_MODULE_INIT() {
  napi_value function;
  if (!is_available()) return exports;
  if (napi_create_function(env, "bind", NAPI_AUTO_LENGTH, bind, NULL, &function) == napi_ok)
    napi_set_named_property(env, exports, "bind", function);
  return exports;
}
