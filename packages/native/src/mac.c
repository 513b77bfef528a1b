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
  /* Functions that work in it. */
  int users;
} Memory;

enum { LONGEST_INPUT = 4096 };

/* What a seal's MAC is over, padded to whole blocks. */
typedef struct {
  uint8_t bytes[LONGEST_INPUT];
  size_t blocks;
} Input;

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

/* The same for two states and two messages, so that each has rounds to do while the other's are under way. */
SHA_TARGET static void compress_two(State *a, const uint8_t *a_at, State *b, const uint8_t *b_at, size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  for (; count > 0; count--, a_at += BLOCK, b_at += BLOCK) {
    State s = *a, t = *b;
    __m128i v[4], w[4];
    for (int i = 0; i < 4; i++) {
      v[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(a_at + 16 * i)), swap);
      w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(b_at + 16 * i)), swap);
    }
#pragma GCC unroll 16
    for (int turn = 0; turn < 16; turn++) {
      const __m128i constants = _mm_load_si128((const __m128i *)(ROUNDS + 4 * turn));
      const __m128i x = v[turn & 3], y = w[turn & 3];
      const __m128i p = _mm_add_epi32(x, constants), q = _mm_add_epi32(y, constants);
      s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, p);
      t.cdgh = _mm_sha256rnds2_epu32(t.cdgh, t.abef, q);
      s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(p, 0x0e));
      t.abef = _mm_sha256rnds2_epu32(t.abef, t.cdgh, _mm_shuffle_epi32(q, 0x0e));
      if (turn < 12) {
        const __m128i last_v = v[(turn + 3) & 3], last_w = w[(turn + 3) & 3];
        const __m128i old_v = _mm_alignr_epi8(last_v, v[(turn + 2) & 3], 4), old_w = _mm_alignr_epi8(last_w, w[(turn + 2) & 3], 4);
        v[turn & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(x, v[(turn + 1) & 3]), old_v), last_v);
        w[turn & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(y, w[(turn + 1) & 3]), old_w), last_w);
      }
    }
    a->abef = _mm_add_epi32(a->abef, s.abef);
    a->cdgh = _mm_add_epi32(a->cdgh, s.cdgh);
    b->abef = _mm_add_epi32(b->abef, t.abef);
    b->cdgh = _mm_add_epi32(b->cdgh, t.cdgh);
  }
}

static void put_length(uint8_t *end, uint64_t bits) {
  for (int i = 1; i <= LENGTH_BYTES; i++, bits >>= 8) end[-i] = (uint8_t)bits;
}

static void put_digest(const uint8_t *words, uint8_t *to) {
  for (int i = 0; i < DIGEST; i++) to[i] = words[(i & ~3) + 3 - (i & 3)];
}

static void pad(Input *input, size_t length) {
  input->blocks = (length + 1 + LENGTH_BYTES + BLOCK - 1) / BLOCK;
  uint8_t *end = input->bytes + input->blocks * BLOCK;
  memset(input->bytes + length, 0, (size_t)(end - input->bytes) - length);
  input->bytes[length] = 0x80;
  put_length(end, (uint64_t)(length + BLOCK) * 8);
}

/* The block that the outer hash takes: the inner digest, and the end of 64 + 32 bytes. */
SHA_TARGET static void put_outer(State inner, uint8_t *block) {
  uint8_t words[DIGEST];
  words_of(inner, words);
  put_digest(words, block);
  memset(block + DIGEST, 0, BLOCK - DIGEST);
  block[DIGEST] = 0x80;
  put_length(block + BLOCK, (BLOCK + DIGEST) * 8);
}

SHA_TARGET static void put_mac(State outer, uint8_t *digest) {
  uint8_t words[DIGEST];
  words_of(outer, words);
  put_digest(words, digest);
}

/* The HMAC of a message whose inner state is given, under the midstates in `key`. */
SHA_TARGET static void finish(const uint8_t *key, State inner, uint8_t *digest) {
  uint8_t block[BLOCK];
  put_outer(inner, block);
  put_mac(compress(state_of(key + DIGEST), block, 1), digest);
}

/* The HMAC of a message under the midstates in `key`. */
SHA_TARGET static void mac_of(const uint8_t *key, const uint8_t *message, size_t length, uint8_t *digest) {
  uint8_t last[2 * BLOCK] = {0};
  const size_t whole = length / BLOCK;
  const size_t rest = length % BLOCK;
  const size_t blocks = rest + 1 + LENGTH_BYTES <= BLOCK ? 1 : 2;
  memcpy(last, message + whole * BLOCK, rest);
  last[rest] = 0x80;
  put_length(last + blocks * BLOCK, (uint64_t)(length + BLOCK) * 8);
  finish(key, compress(compress(state_of(key), message, whole), last, blocks), digest);
}

SHA_TARGET static void mac_of_padded(const uint8_t *key, const Input *input, uint8_t *digest) {
  finish(key, compress(state_of(key), input->bytes, input->blocks), digest);
}

/* The HMACs of two messages under one key. */
SHA_TARGET static void macs_of(const uint8_t *key, const Input *two, uint8_t digests[2][DIGEST]) {
  uint8_t blocks[2][BLOCK];
  State a = state_of(key), b = a;
  const size_t both = two[0].blocks < two[1].blocks ? two[0].blocks : two[1].blocks;
  compress_two(&a, two[0].bytes, &b, two[1].bytes, both);
  a = compress(a, two[0].bytes + both * BLOCK, two[0].blocks - both);
  b = compress(b, two[1].bytes + both * BLOCK, two[1].blocks - both);
  put_outer(a, blocks[0]);
  put_outer(b, blocks[1]);
  a = b = state_of(key + DIGEST);
  compress_two(&a, blocks[0], &b, blocks[1], 1);
  put_mac(a, digests[0]);
  put_mac(b, digests[1]);
}
#else
static void mac_of(const uint8_t *key, const uint8_t *message, size_t length, uint8_t *digest) {
  (void)key, (void)message, (void)length;
  memset(digest, 0, DIGEST);
}

static void pad(Input *input, size_t length) {
  input->blocks = length / BLOCK;
}

static void mac_of_padded(const uint8_t *key, const Input *input, uint8_t *digest) {
  mac_of(key, input->bytes, 0, digest);
}

static void macs_of(const uint8_t *key, const Input *two, uint8_t digests[2][DIGEST]) {
  for (int i = 0; i < 2; i++) mac_of_padded(key, two + i, digests[i]);
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

/* What is found of one message ahead of its turn; 128 bytes, in the memory. */
typedef struct {
  /* Places in the chunk: of its packet, and of the payload without the envelope. */
  uint32_t start, end, payload;
  /* Bytes of its seal, and of them the protected headers. */
  uint32_t length, secured_start, secured_end;
  uint32_t right;
  uint32_t unused;
  uint8_t seal[96];
} Ahead;

enum { MOST_AHEAD = 16, PUBLISH = 3, VERSION_5 = 5, MARK_BYTES = 4, BEHIND_HEADERS = 4, TAG_HEAD = 2 };

static const uint8_t MARK[MARK_BYTES] = {'r', 'w', '1', '.'};
/* What a MAC_structure begins with (RFC 9052, section 6.3): an array of four, and "MAC0". */
static const uint8_t MAC0[] = {0x84, 0x64, 'M', 'A', 'C', '0'};

/* The six bits of each character of base64url (RFC 4648, section 5), -1 where it is none; there is none from 128 on. */
static const int8_t VALUES[128] = {
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1,
  -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, 63,
  -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
};

static int bits_of(uint8_t c) {
  return c < sizeof VALUES ? VALUES[c] : -1;
}

/* Reads characters up to the first that is none, `most` bytes at most. The count of characters, or -1 where they are no one spelling of bytes. */
static int32_t read_text(const uint8_t *text, size_t length, uint8_t *into, size_t most, uint32_t *count) {
  size_t i = 0, out = 0;
  int last[4] = {-1, -1, -1, -1};
  /* Four characters are three bytes. */
  for (; i + 4 <= length && out + 3 <= most; i += 4, out += 3) {
    for (int k = 0; k < 4; k++) last[k] = bits_of(text[i + k]);
    if ((last[0] | last[1] | last[2] | last[3]) < 0) break;
    const uint32_t word = (uint32_t)(last[0] << 18 | last[1] << 12 | last[2] << 6 | last[3]);
    into[out] = (uint8_t)(word >> 16);
    into[out + 1] = (uint8_t)(word >> 8);
    into[out + 2] = (uint8_t)word;
  }
  size_t rest = 0;
  while (rest < 4 && i + rest < length && (last[rest] = bits_of(text[i + rest])) >= 0) rest++;
  const size_t more = rest == 0 ? 0 : rest - 1;
  if (rest == 1 || rest == 4 || out + more > most) return -1;
  const int left = rest == 2 ? last[1] & 15 : rest == 3 ? last[2] & 3 : 0;
  if (left != 0) return -1;
  if (more > 0) into[out] = (uint8_t)(last[0] << 2 | last[1] >> 4);
  if (more > 1) into[out + 1] = (uint8_t)(last[1] << 4 | last[2] >> 2);
  *count = (uint32_t)(out + more);
  return (int32_t)(i + rest);
}

/* A variable byte integer (MQTT 5.0, section 1.5.5). Where it ends, 0 where it is none. */
static size_t read_variable(const uint8_t *bytes, size_t at, size_t limit, uint32_t *value) {
  *value = 0;
  for (int i = 0; i < 4 && at < limit; i++, at++) {
    *value |= (uint32_t)(bytes[at] & 0x7f) << (7 * i);
    if (bytes[at] < 0x80) return at + 1;
  }
  return 0;
}

/* Writes a byte string in CBOR (RFC 8949). Where it ends. */
static uint8_t *put_string(uint8_t *to, const uint8_t *bytes, size_t length) {
  if (length < 24) *to++ = (uint8_t)(0x40 | length);
  else if (length < 256) *to++ = 0x58, *to++ = (uint8_t)length;
  else *to++ = 0x59, *to++ = (uint8_t)(length >> 8), *to++ = (uint8_t)length;
  memcpy(to, bytes, length);
  return to + length;
}

/* Finds the seal in the envelope of the PUBLISH at `at`, and what its MAC is over; 0 where this is nothing of the kind, or not whole. */
static size_t look(const uint8_t *bytes, size_t at, size_t limit, uint32_t version, Ahead *found, Input *input) {
  uint32_t rest, properties = 0;
  if (at >= limit || bytes[at] >> 4 != PUBLISH) return 0;
  const size_t body = read_variable(bytes, at + 1, limit, &rest);
  if (body == 0 || rest > limit - body || rest < 2) return 0;
  const size_t end = body + rest;
  const size_t topic = body + 2;
  const size_t topic_length = ((size_t)bytes[body] << 8) | bytes[body + 1];
  size_t payload = topic + topic_length + ((bytes[at] & 0x06) == 0 ? 0 : 2);
  if (topic_length == 0 || payload > end) return 0;
  if (version == VERSION_5) payload = read_variable(bytes, payload, end, &properties);
  /* A property may carry the seal. */
  if (payload == 0 || properties != 0 || end - payload < MARK_BYTES || memcmp(bytes + payload, MARK, MARK_BYTES) != 0) return 0;
  const size_t text = payload + MARK_BYTES;
  const int32_t characters = read_text(bytes + text, end - text, found->seal, sizeof found->seal, &found->length);
  if (characters < 0 || text + (size_t)characters >= end || bytes[text + characters] != '.') return 0;
  const size_t inner = text + (size_t)characters + 1;
  const uint8_t *seal = found->seal;
  if (found->length < BEHIND_HEADERS || seal[0] != 0xd1 || seal[1] != 0x84) return 0;
  const bool is_long = seal[2] == 0x58;
  const uint32_t secured = is_long ? seal[3] : seal[2] - 0x40u;
  found->secured_start = is_long ? 4 : 3;
  found->secured_end = found->secured_start + secured;
  if (secured > sizeof found->seal || found->length != found->secured_end + 2 + TAG_HEAD + DIGEST) return 0;
  if (sizeof MAC0 + secured + topic_length + (end - inner) + 9 + 2 * BLOCK > sizeof input->bytes) return 0;
  memcpy(input->bytes, MAC0, sizeof MAC0);
  uint8_t *to = put_string(input->bytes + sizeof MAC0, seal + found->secured_start, secured);
  to = put_string(to, bytes + topic, topic_length);
  to = put_string(to, bytes + inner, end - inner);
  pad(input, (size_t)(to - input->bytes));
  found->start = (uint32_t)at;
  found->end = (uint32_t)end;
  found->payload = (uint32_t)inner;
  return end;
}

static bool has_tag(const Ahead *found, const uint8_t *digest) {
  uint8_t difference = 0;
  for (int i = 0; i < DIGEST; i++) difference |= digest[i] ^ found->seal[found->length - DIGEST + i];
  return difference == 0;
}

/*
 * ahead(chunk, start, limit, version, key, to): number. Looks at the PUBLISHes that lie one behind the other in a chunk from `start` on, as long as
 * each is sealed in an envelope and whole; writes what it finds to `to`. How many, 16 at most.
 */
static napi_value ahead(napi_env env, napi_callback_info info) {
  napi_value given[6], result;
  size_t count = 6, length = 0;
  void *data = NULL, *chunk = NULL;
  napi_typedarray_type type;
  uint32_t n[5];
  if (napi_get_cb_info(env, info, &count, given, NULL, &data) != napi_ok || count < 6 || data == NULL) return fail(env, "six values are needed");
  if (napi_get_typedarray_info(env, given[0], &type, &length, &chunk, NULL, NULL) != napi_ok || type != napi_uint8_array)
    return fail(env, "the chunk is no Uint8Array");
  for (int i = 0; i < 5; i++)
    if (napi_get_value_uint32(env, given[1 + i], n + i) != napi_ok) return fail(env, "five numbers are needed");
  const Memory *memory = data;
  const uint32_t start = n[0], limit = n[1], version = n[2], key = n[3], to = n[4];
  if (start > limit || limit > length || !fits(memory, key, 2 * DIGEST) || to % 4 != 0 || !fits(memory, to, MOST_AHEAD * sizeof(Ahead)))
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

/* Exports nothing where the processor has no such instructions. */
NAPI_MODULE_INIT() {
  napi_value function;
  if (!is_available()) return exports;
  if (napi_create_function(env, "bind", NAPI_AUTO_LENGTH, bind, NULL, &function) == napi_ok)
    napi_set_named_property(env, exports, "bind", function);
  return exports;
}
