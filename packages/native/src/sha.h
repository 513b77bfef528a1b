/* SHA-256 and HMAC (FIPS 180-4, RFC 2104) by the processor's own SHA instructions, of one message or of two at a time. */
#ifndef RINGWALL_SHA_H
#define RINGWALL_SHA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#define SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))
#else
#define SHA_TARGET
#endif

enum { BLOCK = 64, DIGEST = 32, LENGTH_BYTES = 8, LONGEST_INPUT = 4096 };

/* What a seal's MAC is over, padded to whole blocks. */
typedef struct {
  uint8_t bytes[LONGEST_INPUT];
  size_t blocks;
} Input;

static void put_length(uint8_t *end, uint64_t bits) {
  for (int i = 1; i <= LENGTH_BYTES; i++, bits >>= 8) end[-i] = (uint8_t)bits;
}

/* Ends a message of `length` bytes that came behind `before` others; the count of its blocks, which are up to 72 bytes longer than it. */
static size_t pad(uint8_t *bytes, size_t length, size_t before) {
  const size_t blocks = (length + 1 + LENGTH_BYTES + BLOCK - 1) / BLOCK;
  memset(bytes + length, 0, blocks * BLOCK - length);
  bytes[length] = 0x80;
  put_length(bytes + blocks * BLOCK, (uint64_t)(length + before) * 8);
  return blocks;
}

/* Whether two hashes are the same, in a time that does not tell where they differ. */
static bool same_hash(const uint8_t *a, const uint8_t *b) {
  uint64_t x[4], y[4];
  memcpy(x, a, DIGEST);
  memcpy(y, b, DIGEST);
  return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3])) == 0;
}

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

/* What every hash begins with (section 5.3.3). */
static const uint32_t FIRST[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

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

/* Reverses the bytes of each word. */
SHA_TARGET static __m128i swapped(__m128i words) {
  return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
}

/* Writes a state as the hash that it is. */
SHA_TARGET static void put_hash(State state, uint8_t *to) {
  const __m128i low = _mm_shuffle_epi32(state.abef, 0x1b);
  const __m128i high = _mm_shuffle_epi32(state.cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)to, swapped(_mm_blend_epi16(low, high, 0xf0)));
  _mm_storeu_si128((__m128i *)(to + 16), swapped(_mm_alignr_epi8(high, low, 8)));
}

/* Takes `count` blocks into the state (FIPS 180-4, section 6.2.2), four rounds a turn. */
SHA_TARGET static State compress(State state, const uint8_t *at, size_t count) {
  for (; count > 0; count--, at += BLOCK) {
    const State before = state;
    __m128i w[4];
    for (int i = 0; i < 4; i++) w[i] = swapped(_mm_loadu_si128((const __m128i *)(at + 16 * i)));
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
  for (; count > 0; count--, a_at += BLOCK, b_at += BLOCK) {
    State s = *a, t = *b;
    __m128i v[4], w[4];
    for (int i = 0; i < 4; i++) {
      v[i] = swapped(_mm_loadu_si128((const __m128i *)(a_at + 16 * i)));
      w[i] = swapped(_mm_loadu_si128((const __m128i *)(b_at + 16 * i)));
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

/* The block that the outer hash takes: the inner digest, and the end of 64 + 32 bytes. */
SHA_TARGET static void put_outer(State inner, uint8_t *block) {
  put_hash(inner, block);
  memset(block + DIGEST, 0, BLOCK - DIGEST);
  block[DIGEST] = 0x80;
  put_length(block + BLOCK, (BLOCK + DIGEST) * 8);
}

/* The HMAC of a message whose inner state is given, under the midstates in `key`. */
SHA_TARGET static void finish(const uint8_t *key, State inner, uint8_t *digest) {
  uint8_t block[BLOCK];
  put_outer(inner, block);
  put_hash(compress(state_of(key + DIGEST), block, 1), digest);
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

/* Takes two messages into their states, of which neither waits for the other in the processor. */
SHA_TARGET static void compress_both(State *a, const uint8_t *a_at, size_t a_blocks, State *b, const uint8_t *b_at, size_t b_blocks) {
  const size_t both = a_blocks < b_blocks ? a_blocks : b_blocks;
  compress_two(a, a_at, b, b_at, both);
  *a = compress(*a, a_at + both * BLOCK, a_blocks - both);
  *b = compress(*b, b_at + both * BLOCK, b_blocks - both);
}

/* The HMACs of two messages under one key. */
SHA_TARGET static void macs_of(const uint8_t *key, const Input *two, uint8_t digests[2][DIGEST]) {
  uint8_t blocks[2][BLOCK];
  State a = state_of(key), b = a;
  compress_both(&a, two[0].bytes, two[0].blocks, &b, two[1].bytes, two[1].blocks);
  put_outer(a, blocks[0]);
  put_outer(b, blocks[1]);
  a = b = state_of(key + DIGEST);
  compress_two(&a, blocks[0], &b, blocks[1], 1);
  put_hash(a, digests[0]);
  put_hash(b, digests[1]);
}

/* The hash of a padded message. */
SHA_TARGET static void hash_of(const uint8_t *bytes, size_t blocks, uint8_t *digest) {
  put_hash(compress(state_of((const uint8_t *)FIRST), bytes, blocks), digest);
}

/* The hashes of two padded messages, one behind the other. */
SHA_TARGET static void hashes_of(const uint8_t *a_at, size_t a_blocks, const uint8_t *b_at, size_t b_blocks, uint8_t *digests) {
  State a = state_of((const uint8_t *)FIRST), b = a;
  compress_both(&a, a_at, a_blocks, &b, b_at, b_blocks);
  put_hash(a, digests);
  put_hash(b, digests + DIGEST);
}
#else
static void hash_of(const uint8_t *bytes, size_t blocks, uint8_t *digest) {
  (void)bytes, (void)blocks;
  memset(digest, 0, DIGEST);
}

static void hashes_of(const uint8_t *a_at, size_t a_blocks, const uint8_t *b_at, size_t b_blocks, uint8_t *digests) {
  hash_of(a_at, a_blocks, digests);
  hash_of(b_at, b_blocks, digests + DIGEST);
}

static void mac_of(const uint8_t *key, const uint8_t *message, size_t length, uint8_t *digest) {
  (void)key;
  hash_of(message, length, digest);
}

static void mac_of_padded(const uint8_t *key, const Input *input, uint8_t *digest) {
  mac_of(key, input->bytes, 0, digest);
}

static void macs_of(const uint8_t *key, const Input *two, uint8_t digests[2][DIGEST]) {
  for (int i = 0; i < 2; i++) mac_of_padded(key, two + i, digests[i]);
}
#endif
#endif
