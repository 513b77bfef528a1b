/* Finds seals in their envelopes (docs/seals.md): of the PUBLISHes in a chunk, whatever its bytes are. */
#ifndef RINGWALL_ENVELOPE_H
#define RINGWALL_ENVELOPE_H
#include "sha.h"

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
  input->blocks = pad(input->bytes, (size_t)(to - input->bytes), BLOCK);
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
#endif
