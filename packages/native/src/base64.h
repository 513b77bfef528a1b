/* Reads base64url (RFC 4648, section 5), sixteen characters at a time where the processor can. */
#ifndef RINGWALL_BASE64_H
#define RINGWALL_BASE64_H
#include "sha.h"

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

#if defined(__x86_64__)
/* A mask of the characters from `first` to `last`. */
SHA_TARGET static __m128i between(__m128i text, char first, char last) {
  return _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8((char)(first - 1))), _mm_cmpgt_epi8(_mm_set1_epi8((char)(last + 1)), text));
}

/* Reads sixteen characters into twelve bytes as often as all of them are some; how many it has read. It writes sixteen bytes each time. */
SHA_TARGET static size_t read_wide(const uint8_t *text, size_t length, uint8_t *into, size_t most, size_t *out) {
  size_t i = 0;
  for (; i + 16 <= length && *out + 16 <= most; i += 16, *out += 12) {
    const __m128i c = _mm_loadu_si128((const __m128i *)(text + i));
    const __m128i upper = between(c, 'A', 'Z'), lower = between(c, 'a', 'z'), digit = between(c, '0', '9');
    const __m128i dash = _mm_cmpeq_epi8(c, _mm_set1_epi8('-')), line = _mm_cmpeq_epi8(c, _mm_set1_epi8('_'));
    const __m128i letters = _mm_or_si128(upper, lower), others = _mm_or_si128(_mm_or_si128(digit, dash), line);
    if (_mm_movemask_epi8(_mm_or_si128(letters, others)) != 0xffff) break;
    __m128i shift = _mm_or_si128(_mm_and_si128(upper, _mm_set1_epi8(-'A')), _mm_and_si128(lower, _mm_set1_epi8(26 - 'a')));
    shift = _mm_or_si128(shift, _mm_and_si128(digit, _mm_set1_epi8(52 - '0')));
    shift = _mm_or_si128(shift, _mm_and_si128(dash, _mm_set1_epi8(62 - '-')));
    shift = _mm_or_si128(shift, _mm_and_si128(line, _mm_set1_epi8(63 - '_')));
    /* Six bits each: twelve of two, 24 of four, which are three bytes. */
    const __m128i twelve = _mm_maddubs_epi16(_mm_add_epi8(c, shift), _mm_set1_epi32(0x01400140));
    const __m128i whole = _mm_madd_epi16(twelve, _mm_set1_epi32(0x00011000));
    const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    _mm_storeu_si128((__m128i *)(into + *out), _mm_shuffle_epi8(whole, order));
  }
  return i;
}
#else
static size_t read_wide(const uint8_t *text, size_t length, uint8_t *into, size_t most, size_t *out) {
  (void)text, (void)length, (void)into, (void)most, (void)out;
  return 0;
}
#endif

/* Reads characters up to the first that is none, `most` bytes at most. The count of characters, or -1 where they are no one spelling of bytes. */
static int32_t read_text(const uint8_t *text, size_t length, uint8_t *into, size_t most, uint32_t *count) {
  size_t out = 0;
  size_t i = read_wide(text, length, into, most, &out);
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

#endif
