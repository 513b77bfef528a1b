/* Hashes of a log's entries and of the subtrees that they end (RFC 6962, section 2.1), within one tile of 256. */
#ifndef RINGWALL_TREE_H
#define RINGWALL_TREE_H
#include "sha.h"

enum {
  TILE = 256,
  /* Whole subtrees of a tile at most, and one more while two are joined. */
  MOST_ROOTS = 9,
  PREFIX = 2,
  LONGEST_ENTRY = 65535,
  LEAF_BYTE = 0,
  NODE_BYTE = 1
};

/* A leaf as it is hashed. */
typedef struct {
  uint8_t bytes[1 + LONGEST_ENTRY + 2 * BLOCK];
  size_t blocks;
} Leaf;

/* Reads the entry at `at` behind its length in two bytes; where the next one begins, or 0 where it is not whole. */
static size_t read_leaf(const uint8_t *bytes, size_t at, size_t to, Leaf *leaf) {
  if (to - at < PREFIX) return 0;
  const size_t length = (size_t)bytes[at] << 8 | bytes[at + 1];
  if (to - at - PREFIX < length) return 0;
  leaf->bytes[0] = LEAF_BYTE;
  memcpy(leaf->bytes + 1, bytes + at + PREFIX, length);
  leaf->blocks = pad(leaf->bytes, 1 + length, 0);
  return at + PREFIX + length;
}

/* Joins the last two subtrees as often as the leaf at `index` ends both; how many there are then. */
static uint32_t join(uint8_t *edge, uint32_t count, uint32_t index) {
  uint8_t node[2 * BLOCK];
  for (; (index & 1) != 0; index >>= 1, count--) {
    uint8_t *const left = edge + (size_t)(count - 2) * DIGEST;
    node[0] = NODE_BYTE;
    memcpy(node + 1, left, 2 * DIGEST);
    hash_of(node, pad(node, 1 + 2 * DIGEST, 0), left);
  }
  return count;
}

/*
 * Adds the entries of `[from, to)` to a tile that has `index` already and whose whole subtrees have the roots at `edge`, greatest first; their own
 * hashes go to `hashes`, `most` at most. False where an entry is cut short, the tile too small, or `most`.
 */
static bool add_to_tile(const uint8_t *bytes, size_t from, size_t to, uint32_t index, uint8_t *edge, uint8_t *hashes, size_t most) {
  Leaf two[2];
  uint32_t count = 0;
  for (uint32_t i = 0; i < MOST_ROOTS; i++) count += index >> i & 1;
  for (size_t at = from; at < to;) {
    at = read_leaf(bytes, at, to, two);
    if (at == 0 || index == TILE || most == 0) return false;
    if (at == to) hash_of(two[0].bytes, two[0].blocks, hashes);
    else {
      at = read_leaf(bytes, at, to, two + 1);
      if (at == 0 || index + 1 == TILE || most == 1) return false;
      hashes_of(two[0].bytes, two[0].blocks, two[1].bytes, two[1].blocks, hashes);
      memcpy(edge + (size_t)count * DIGEST, hashes, DIGEST);
      count = join(edge, count + 1, index++);
      hashes += DIGEST;
      most--;
    }
    memcpy(edge + (size_t)count * DIGEST, hashes, DIGEST);
    count = join(edge, count + 1, index++);
    hashes += DIGEST;
    most--;
  }
  return true;
}
#endif
