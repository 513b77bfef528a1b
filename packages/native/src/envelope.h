/* Finds seals in their envelopes (docs/seals.md): of the PUBLISHes in a chunk, whatever its bytes are. */
#ifndef RINGWALL_ENVELOPE_H
#define RINGWALL_ENVELOPE_H
#include "base64.h"
#include "sha.h"

enum { LONGEST_SEAL = 96 };

/* What is found of one message ahead of its turn; 160 bytes, in the memory. */
typedef struct {
  /* Places in the chunk: of its packet, and of the payload without the envelope. */
  uint32_t start, end, payload;
  /* Bytes of its seal, and places in it: of the protected headers, and of what they say of the tag before. */
  uint32_t length, secured_start, secured_end;
  uint32_t right;
  uint32_t epoch;
  double sequence, time;
  uint32_t previous_start, previous_end;
  uint32_t unused[2];
  uint8_t seal[LONGEST_SEAL];
} Ahead;

enum { MOST_AHEAD = 16, PUBLISH = 3, VERSION_5 = 5, MARK_BYTES = 4 };

static const uint8_t MARK[MARK_BYTES] = {'r', 'w', '1', '.'};
/* What a MAC_structure begins with (RFC 9052, section 6.3): an array of four, and "MAC0". */
static const uint8_t MAC0[] = {0x84, 0x64, 'M', 'A', 'C', '0'};
/* Of the protected headers: five of them, the algorithm, and the label of the key's; the label of the claims, of which there is one, the time; and that of the tag
 * before. */
static const uint8_t ALGORITHM[] = {0xa5, 0x01, 0x05, 0x04};
static const uint8_t CLAIMS[] = {0x0f, 0xa1, 0x06};
static const uint8_t LABEL[] = {0x3a, 0x00, 0x01, 0x00, 0x00};
/* No other headers, no payload, and the head of the tag. */
static const uint8_t BEHIND_HEADERS[] = {0xa0, 0xf6, 0x58, DIGEST};
static const uint64_t LAST_SEQUENCE = (1ull << 53) - 1;
enum { SEAL_VERSION = 1, CHAIN_BYTES = 8 };

/* A variable byte integer (MQTT 5.0, section 1.5.5). Where it ends, 0 where it is none. */
static size_t read_variable(const uint8_t *bytes, size_t at, size_t limit, uint32_t *value) {
  *value = 0;
  for (int i = 0; i < 4 && at < limit; i++, at++) {
    *value |= (uint32_t)(bytes[at] & 0x7f) << (7 * i);
    if (bytes[at] < 0x80) return at + 1;
  }
  return 0;
}

/* Writes a byte string in CBOR (RFC 8949). Where it ends. Not inlined: a compiler that knows a bound of the length copies by an instruction that is slow to start. */
__attribute__((noinline)) static uint8_t *put_string(uint8_t *to, const uint8_t *bytes, size_t length) {
  if (length < 24) *to++ = (uint8_t)(0x40 | length);
  else if (length < 256) *to++ = 0x58, *to++ = (uint8_t)length;
  else *to++ = 0x59, *to++ = (uint8_t)(length >> 8), *to++ = (uint8_t)length;
  memcpy(to, bytes, length);
  return to + length;
}

/* A number in its fewest bytes, big-endian. */
static bool read_minimal(const uint8_t *bytes, uint32_t count, uint64_t *value) {
  *value = 0;
  for (uint32_t i = 0; i < count; i++) *value = *value << 8 | bytes[i];
  return count == 1 || bytes[0] != 0;
}

/* An unsigned integer in the fewest bytes that CBOR has for it. Where it ends, 0 where it is none. */
static uint32_t read_unsigned(const uint8_t *bytes, uint32_t at, uint32_t end, uint64_t *value) {
  if (at >= end || bytes[at] > 0x1b) return 0;
  const uint32_t size = bytes[at] < 0x18 ? 0 : 1u << (bytes[at] - 0x18);
  if (end - at - 1 < size) return 0;
  *value = size == 0 ? bytes[at] : 0;
  for (uint32_t i = 1; i <= size; i++) *value = *value << 8 | bytes[at + i];
  const uint64_t least = size == 0 ? 0 : size == 1 ? 24 : 1ull << (4 * size);
  return *value < least || *value > LAST_SEQUENCE ? 0 : at + 1 + size;
}

/* Reads the protected headers in the one spelling that they have (docs/seals.md). */
static bool read_secured(const uint8_t *seal, uint32_t start, uint32_t end, Ahead *found) {
  uint64_t value;
  uint32_t at = start;
  if (end - at < 6 || memcmp(seal + at, ALGORITHM, sizeof ALGORITHM) != 0) return false;
  at += sizeof ALGORITHM;
  const uint32_t kid = seal[at] - 0x40u;
  if (kid < 2 || kid > 5 || end - at < 1 + kid || seal[at + 1] != SEAL_VERSION) return false;
  if (!read_minimal(seal + at + 2, kid - 1, &value) || value == 0) return false;
  found->epoch = (uint32_t)value;
  at += 1 + kid;
  const uint32_t iv = end - at < 2 || seal[at] != 0x06 ? 0 : seal[at + 1] - 0x40u;
  if (iv < 1 || iv > 7 || end - at < 2 + iv) return false;
  if (!read_minimal(seal + at + 2, iv, &value) || value == 0 || value > LAST_SEQUENCE) return false;
  found->sequence = (double)value;
  at += 2 + iv;
  if (end - at < sizeof CLAIMS || memcmp(seal + at, CLAIMS, sizeof CLAIMS) != 0) return false;
  at = read_unsigned(seal, at + sizeof CLAIMS, end, &value);
  if (at == 0 || end - at <= sizeof LABEL || memcmp(seal + at, LABEL, sizeof LABEL) != 0) return false;
  found->time = (double)value;
  at += sizeof LABEL;
  const uint32_t length = seal[at] - 0x40u;
  found->previous_start = at + 1;
  found->previous_end = at + 1 + length;
  return (length == 0 || length == CHAIN_BYTES) && found->previous_end == end;
}

/* Reads a seal whose payload is sent apart. */
static bool read_seal(Ahead *found) {
  const uint8_t *seal = found->seal;
  if (found->length < 4 || seal[0] != 0xd1 || seal[1] != 0x84) return false;
  const bool is_long = seal[2] == 0x58;
  const uint32_t secured = is_long ? seal[3] : seal[2] - 0x40u;
  if (secured > LONGEST_SEAL || (secured < 24) == is_long) return false;
  found->secured_start = is_long ? 4 : 3;
  found->secured_end = found->secured_start + secured;
  if (found->length != found->secured_end + sizeof BEHIND_HEADERS + DIGEST) return false;
  if (memcmp(seal + found->secured_end, BEHIND_HEADERS, sizeof BEHIND_HEADERS) != 0) return false;
  return read_secured(seal, found->secured_start, found->secured_end, found);
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
  const int32_t characters = read_text(bytes + text, end - text, found->seal, LONGEST_SEAL, &found->length);
  if (characters < 0 || text + (size_t)characters >= end || bytes[text + characters] != '.') return 0;
  const size_t inner = text + (size_t)characters + 1;
  if (!read_seal(found)) return 0;
  const uint32_t secured = found->secured_end - found->secured_start;
  if (sizeof MAC0 + secured + topic_length + (end - inner) + 9 + 2 * BLOCK > sizeof input->bytes) return 0;
  memcpy(input->bytes, MAC0, sizeof MAC0);
  uint8_t *to = put_string(input->bytes + sizeof MAC0, found->seal + found->secured_start, secured);
  to = put_string(to, bytes + topic, topic_length);
  to = put_string(to, bytes + inner, end - inner);
  input->blocks = pad(input->bytes, (size_t)(to - input->bytes), BLOCK);
  found->start = (uint32_t)at;
  found->end = (uint32_t)end;
  found->payload = (uint32_t)inner;
  return end;
}

static bool has_tag(const Ahead *found, const uint8_t *digest) {
  return same_hash(digest, found->seal + found->length - DIGEST);
}
#endif
