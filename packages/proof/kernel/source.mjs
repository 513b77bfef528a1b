/**
 * Writes the kernel's source in AssemblyScript: SHA-256's compression (FIPS 180-4, section 6.2.2) with all 64 rounds and their
 * constants in the code, once over one message and once over four messages side by side in the lanes of 128-bit words.
 */

/** Where things lie in the module's memory, in bytes. `packages/proof/src/hash/kernel.ts` knows the same. */
export const PLACES = { state: 0, block: 64, blocks: 256, key: 1024, digest: 1152, slots: 4096 }

const ROUNDS = fractions(64, Math.cbrt)
const BEGINNING = fractions(8, Math.sqrt)
const WORDS = [...'abcdefgh']

export function source() {
  return `
// State of one message (8 words) and of four (8 x 4 words), padded ends of one and of four messages.
const STATE: usize = ${PLACES.state};
const BLOCK: usize = ${PLACES.block};
const STATES: usize = ${PLACES.blocks};
const BLOCKS: usize = ${PLACES.blocks + 128};
const KEY: usize = ${PLACES.key};
const DIGEST: usize = ${PLACES.digest};
const SLOTS: usize = ${PLACES.slots};

@inline function slotAt(slot: u32): usize { return SLOTS + (<usize>slot << 6); }
@inline function rotate(x: u32, by: u32): u32 { return rotr<u32>(x, by); }
@inline function word(at: usize): u32 { return bswap<u32>(load<u32>(at)); }

@inline function move32(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Puts the last \`rest\` bytes of a message, its padding and its length in bits to a block or two. */
function pad(block: usize, from: usize, rest: u32, end: usize, length: u32): void {
  for (let i: usize = 0; i < end; i += 16) v128.store(block + i, i64x2.splat(0));
  let i: usize = 0;
  for (; i + 8 <= rest; i += 8) store<u64>(block + i, load<u64>(from + i));
  for (; i < rest; i++) store<u8>(block + i, load<u8>(from + i));
  store<u8>(block + rest, 0x80);
  store<u32>(block + end - 4, bswap<u32>((length + 64) << 3));
}

/** Takes the block at \`at\` into the state at \`state\`. */
function compress(state: usize, at: usize): void {
${scalar()}
}

function begin(state: usize): void {
${BEGINNING.map((each, i) => `  store<u32>(state, ${hex(each)}, ${i * 4});`).join('\n')}
}

/** Keeps the midstates of the key of 64 bytes at KEY in a slot. */
export function setKey(slot: u32): void {
  const at = slotAt(slot);
  begin(at);
  begin(at + 32);
  for (let i: usize = 0; i < 64; i++) store<u8>(BLOCK + i, load<u8>(KEY + i) ^ 0x36);
  compress(at, BLOCK);
  for (let i: usize = 0; i < 64; i++) store<u8>(BLOCK + i, load<u8>(KEY + i) ^ 0x5c);
  compress(at + 32, BLOCK);
  memory.fill(KEY, 0, 64);
  memory.fill(BLOCK, 0, 64);
}

/** Writes HMAC-SHA-256 of \`length\` bytes at \`at\` to DIGEST. */
export function mac(slot: u32, at: usize, length: u32): void {
  const key = slotAt(slot);
  move32(STATE, key);
  let done: u32 = 0;
  for (; done + 64 <= length; done += 64) compress(STATE, at + done);
  const rest = length - done;
  const end: usize = rest < 56 ? 64 : 128;
  pad(BLOCK, at + done, rest, end, length);
  compress(STATE, BLOCK);
  if (end == 128) compress(STATE, BLOCK + 64);
  for (let i: usize = 0; i < 32; i += 4) store<u32>(BLOCK + i, word(STATE + i));
  outer(BLOCK);
  move32(STATE, key + 32);
  compress(STATE, BLOCK);
  for (let i: usize = 0; i < 32; i += 4) store<u32>(DIGEST + i, word(STATE + i));
}

/** Behind the 32 bytes of an inner digest: the end of the outer hash's block. */
@inline function outer(block: usize): void {
  store<u64>(block, 0x80, 32);
  store<u64>(block, 0, 40);
  store<u64>(block, 0, 48);
  store<u64>(block, bswap<u64>(96 << 3), 56);
}

/** 1 where the tag of 32 bytes at \`tag\` is right; looks at all of it. */
export function verify(slot: u32, at: usize, length: u32, tag: usize): u32 {
  mac(slot, at, length);
  let difference: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) difference |= load<u64>(DIGEST + i) ^ load<u64>(tag + i);
  return difference == 0 ? 1 : 0;
}

@inline function add(a: v128, b: v128): v128 { return i32x4.add(a, b); }
@inline function rotate4(x: v128, by: i32): v128 { return v128.or(i32x4.shr_u(x, by), i32x4.shl(x, 32 - by)); }
@inline function swap(x: v128): v128 { return i8x16.swizzle(x, i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)); }

/** Takes one block of each of four messages into the four states. */
function compress4(at0: usize, at1: usize, at2: usize, at3: usize): void {
${lanes()}
}

/** Puts the midstates of four keys side by side; \`half\` is 0 for the inner hash, 32 for the outer one. */
function gather(k0: usize, k1: usize, k2: usize, k3: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const to = STATES + (i << 4), from = i << 2;
    store<u32>(to, load<u32>(k0 + from));
    store<u32>(to, load<u32>(k1 + from), 4);
    store<u32>(to, load<u32>(k2 + from), 8);
    store<u32>(to, load<u32>(k3 + from), 12);
  }
}

function finish(lane: usize, at: usize, done: u32, length: u32, end: usize): void {
  pad(BLOCKS + (lane << 7), at + done, length - done, end, length);
}

/** Moves a lane's inner digest to where its outer block is. */
function turn(lane: usize): void {
  const block = BLOCKS + (lane << 7);
  for (let i: usize = 0; i < 8; i++) store<u32>(block + (i << 2), bswap<u32>(load<u32>(STATES + (i << 4) + (lane << 2))));
  outer(block);
}

function same(lane: usize, tag: usize): u32 {
  let difference: u32 = 0;
  for (let i: usize = 0; i < 8; i++) difference |= bswap<u32>(load<u32>(STATES + (i << 4) + (lane << 2))) ^ load<u32>(tag + (i << 2));
  return difference == 0 ? 1 : 0;
}

/** Verifies four messages that come to the same count of blocks: a bit for each whose tag is right. */
export function verify4(
  s0: u32, s1: u32, s2: u32, s3: u32, a0: usize, a1: usize, a2: usize, a3: usize,
  n0: u32, n1: u32, n2: u32, n3: u32, t0: usize, t1: usize, t2: usize, t3: usize,
): u32 {
  const k0 = slotAt(s0), k1 = slotAt(s1), k2 = slotAt(s2), k3 = slotAt(s3);
  gather(k0, k1, k2, k3);
  // Whole blocks that all four have; then what is left with its padding, the same number of blocks for each.
  const whole = min(min(n0 >> 6, n1 >> 6), min(n2 >> 6, n3 >> 6)) << 6;
  for (let done: u32 = 0; done < whole; done += 64) compress4(a0 + done, a1 + done, a2 + done, a3 + done);
  const end: usize = ((n0 + 72) >> 6 << 6) - whole;
  finish(0, a0, whole, n0, end);
  finish(1, a1, whole, n1, end);
  finish(2, a2, whole, n2, end);
  finish(3, a3, whole, n3, end);
  for (let at: usize = BLOCKS; at < BLOCKS + end; at += 64) compress4(at, at + 128, at + 256, at + 384);
  turn(0);
  turn(1);
  turn(2);
  turn(3);
  gather(k0 + 32, k1 + 32, k2 + 32, k3 + 32);
  compress4(BLOCKS, BLOCKS + 128, BLOCKS + 256, BLOCKS + 384);
  return same(0, t0) | (same(1, t1) << 1) | (same(2, t2) << 2) | (same(3, t3) << 3);
}
`
}

/** The rounds, with the eight words renamed instead of moved. */
function rounds(each) {
  let words = WORDS
  const lines = []
  for (let i = 0; i < 64; i++) {
    lines.push(...each(i, words))
    words = [words[7], ...words.slice(0, 7)]
  }
  return lines
}

function scalar() {
  const load = WORDS.map((each, i) => `let ${each} = load<u32>(state, ${i * 4})`)
  const words = Array.from({ length: 16 }, (_, i) => `let w${i} = word(at + ${i * 4})`)
  const differ = 'let x = b ^ c, y: u32 = 0'
  const body = rounds((i, [a, b, , d, e, f, g, h]) => {
    const [w, w15, w2, w7] = [0, 1, 14, 9].map(off => `w${(i + off) & 15}`)
    const [before, now] = i % 2 === 0 ? ['x', 'y'] : ['y', 'x']
    const next = `${w} += (rotate(${w15}, 7) ^ rotate(${w15}, 18) ^ (${w15} >>> 3)) + ${w7} + (rotate(${w2}, 17) ^ rotate(${w2}, 19) ^ (${w2} >>> 10));`
    return [
      ...(i < 16 ? [] : [next]),
      // What is known early is added early, so that nothing waits for it.
      `${h} += ${w} + ${hex(ROUNDS[i])};`,
      `${h} += ${g} ^ (${e} & (${f} ^ ${g}));`,
      `${h} += rotate(${e}, 6) ^ rotate(${e}, 11) ^ rotate(${e}, 25);`,
      `${d} += ${h};`,
      // The majority of a, b and c, by what a and b differ in, which the next round needs again.
      `${now} = ${a} ^ ${b};`,
      `${h} += ${b} ^ (${now} & ${before});`,
      `${h} += rotate(${a}, 2) ^ rotate(${a}, 13) ^ rotate(${a}, 22);`,
    ]
  })
  const store = WORDS.map((each, i) => `store<u32>(state, load<u32>(state, ${i * 4}) + ${each}, ${i * 4});`)
  return [...load.map(line => `${line};`), ...words.map(line => `${line};`), `${differ};`, ...body, ...store]
    .map(line => `  ${line}`)
    .join('\n')
}

function lanes() {
  const load = WORDS.map((each, i) => `let ${each} = v128.load(STATES, ${i * 16});`)
  const names = `let ${Array.from({ length: 16 }, (_, i) => `w${i}: v128`).join(', ')};`
  const words = [0, 1, 2, 3].flatMap(quarter => [
    `{ const x0 = swap(v128.load(at0, ${quarter * 16})), x1 = swap(v128.load(at1, ${quarter * 16})), x2 = swap(v128.load(at2, ${quarter * 16})), x3 = swap(v128.load(at3, ${quarter * 16}));`,
    '  const y0 = v128.shuffle<u32>(x0, x1, 0, 4, 1, 5), y1 = v128.shuffle<u32>(x2, x3, 0, 4, 1, 5), y2 = v128.shuffle<u32>(x0, x1, 2, 6, 3, 7), y3 = v128.shuffle<u32>(x2, x3, 2, 6, 3, 7);',
    `  w${quarter * 4} = v128.shuffle<u64>(y0, y1, 0, 2); w${quarter * 4 + 1} = v128.shuffle<u64>(y0, y1, 1, 3); w${quarter * 4 + 2} = v128.shuffle<u64>(y2, y3, 0, 2); w${quarter * 4 + 3} = v128.shuffle<u64>(y2, y3, 1, 3); }`,
  ])
  const xor = (...all) => all.reduce((one, other) => `v128.xor(${one}, ${other})`)
  const sum = (...all) => all.reduce((one, other) => `add(${one}, ${other})`)
  const turned = (of, ...by) => by.map(each => `rotate4(${of}, ${each})`)
  const differ = 'let x = v128.xor(b, c), y = i32x4.splat(0);'
  const body = rounds((i, [a, b, , d, e, f, g, h]) => {
    const [w, w15, w2, w7] = [0, 1, 14, 9].map(off => `w${(i + off) & 15}`)
    const [before, now] = i % 2 === 0 ? ['x', 'y'] : ['y', 'x']
    const s0 = xor(...turned(w15, 7, 18), `i32x4.shr_u(${w15}, 3)`)
    const s1 = xor(...turned(w2, 17, 19), `i32x4.shr_u(${w2}, 10)`)
    const choice = xor(g, `v128.and(${e}, ${xor(f, g)})`)
    const majority = xor(b, `v128.and(${now}, ${before})`)
    return [
      ...(i < 16 ? [] : [`${w} = ${sum(sum(w, s0), sum(w7, s1))};`]),
      `${h} = ${sum(h, sum(w, `i32x4.splat(${hex(ROUNDS[i])})`), choice, xor(...turned(e, 6, 11, 25)))};`,
      `${d} = ${sum(d, h)};`,
      `${now} = ${xor(a, b)};`,
      `${h} = ${sum(h, majority, xor(...turned(a, 2, 13, 22)))};`,
    ]
  })
  const store = WORDS.map((each, i) => `v128.store(STATES, add(v128.load(STATES, ${i * 16}), ${each}), ${i * 16});`)
  return [...load, names, ...words, differ, ...body, ...store].map(line => `  ${line}`).join('\n')
}

/** The first 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4, sections 4.2.2 and 5.3.3). */
function fractions(count, root) {
  const found = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.some(([prime]) => candidate % prime === 0)) continue
    found.push([candidate, Math.floor((root(candidate) % 1) * 2 ** 32)])
  }
  return found.map(([, bits]) => bits)
}

function hex(value) {
  return `0x${(value >>> 0).toString(16)}`
}
