// Reads the plain part of a capture from its records to MQTT packets, in AssemblyScript: whole records of TCP segments that
// are in order, in flows that were handed over, and hold nothing but whole QoS 0 PUBLISHes that no clause forbids, PINGREQ and PINGRESP.
// It stops in front of the first record that is anything else, having changed nothing for it: that one is TypeScript's to read.
// `src/capture/express/layout.ts` knows the same places.

const EXPIRY: usize = 0;
const TIME: usize = 8;
const WRITTEN: usize = 16;
const RECORDED: usize = 24;
const PASSED: usize = 32;
const TOLD: usize = 36;
const TOUCHED: usize = 40;
const TELLS: usize = 44;
const FORMAT: usize = 48;
const LINK: usize = 52;
const TYPE_AT: usize = 56;
const LONGEST: usize = 60;
const DIVISOR: usize = 64;
const FACTOR: usize = 72;
const OFFSET: usize = 80;
const NUMBER: usize = 88;
const HISTORY: usize = 96;
const RECORDS: usize = 100;
const POSITIONS: usize = 104;
const HISTORY_MASK: usize = 108;
const RECORD_MASK: usize = 112;
const SEED: usize = 116;
const FULL: usize = 120;
const LAST: usize = 128;

const INDEX: usize = 4096;
const INDEX_MASK: u32 = 0xffff;
const SLOTS: usize = 266240;
const SLOT_BITS: u32 = 7;
const TOUCHES: usize = 4460544;
const TELLINGS: usize = 4591616;
const MOST_TELLINGS: u32 = 2048;

// Of a slot.
const PORTS: usize = 32;
const CHAIN: usize = 36;
const FLAGS: usize = 40;
const HASH: usize = 44;
const A: usize = 48;
const B: usize = 80;
const HEARD: usize = 112;
const HEARD_NUMBER: usize = 120;
// Of each of its two ends.
const NEXT: usize = 0;
const ACKNOWLEDGED: usize = 4;
const PACKETS: usize = 8;
const MESSAGES: usize = 12;
const BYTES: usize = 16;
const RECORD: usize = 24;

const SIX: u32 = 1;
const READS_A: u32 = 2;
const READS_B: u32 = 4;
const CLIENT_A: u32 = 8;
const FIVE: u32 = 16;
const IS_TOUCHED: u32 = 32;

const PCAP: u32 = 1;
const NO_TYPE: u32 = 0xffffffff;
const REFUSED: i32 = -1;

@inline function slotAt(slot: u32): usize { return SLOTS + (<usize>slot << SLOT_BITS); }
@inline function net16(at: usize): u32 { return <u32>bswap<u16>(load<u16>(at)); }
@inline function net32(at: usize): i32 { return <i32>bswap<u32>(load<u32>(at)); }

@inline function stir(hash: u32, word: u32, by: u32): u32 {
  const mixed = (hash ^ word) * by;
  return mixed ^ (mixed >> 15);
}

function mix(at: usize, six: bool, port: u32): u32 {
  let hash = stir(load<u32>(SEED), load<u32>(at), 0x21f0aaad);
  if (six) {
    hash = stir(hash, load<u32>(at, 4), 0x21f0aaad);
    hash = stir(hash, load<u32>(at, 8), 0x21f0aaad);
    hash = stir(hash, load<u32>(at, 12), 0x21f0aaad);
  }
  return stir(hash, port, 0x735a2d97);
}

/** The same for both directions. */
@inline function hashOf(source: usize, destination: usize, six: bool, ports: u32): u32 {
  return mix(source, six, ports & 0xffff) + mix(destination, six, ports >> 16);
}

@inline function same(a: usize, b: usize, six: bool): bool {
  if (load<u32>(a) != load<u32>(b)) return false;
  return !six || (load<u32>(a, 4) == load<u32>(b, 4) && load<u64>(a, 8) == load<u64>(b, 8));
}

/** Puts a slot whose addresses, ports and flags are written among those that are found. */
export function link(slot: u32): void {
  const at = slotAt(slot);
  const hash = hashOf(at, at + 16, (load<u32>(at, FLAGS) & SIX) != 0, load<u32>(at, PORTS));
  const place = INDEX + (<usize>(hash & INDEX_MASK) << 2);
  store<u32>(at, hash, HASH);
  store<u32>(at, load<u32>(place), CHAIN);
  store<u32>(place, slot);
}

export function unlink(slot: u32): void {
  const at = slotAt(slot);
  let place = INDEX + (<usize>(load<u32>(at, HASH) & INDEX_MASK) << 2);
  while (load<u32>(place) != slot) place = slotAt(load<u32>(place)) + CHAIN;
  store<u32>(place, load<u32>(at, CHAIN));
}

/** A topic name of bytes from space to tilde without wildcards. */
function isPlain(start: usize, end: usize): bool {
  let at = start;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    const odd = v128.or(
      v128.or(i8x16.lt_s(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f))),
      v128.or(i8x16.eq(bytes, i8x16.splat(0x23)), i8x16.eq(bytes, i8x16.splat(0x2b))),
    );
    if (v128.any_true(odd)) return false;
  }
  for (; at < end; at++) {
    const byte = <u32>load<u8>(at);
    if (byte < 0x20 || byte > 0x7e || byte == 0x23 || byte == 0x2b) return false;
  }
  return true;
}

/** Where the MQTT packet at `at` ends, 0 where it is not one that is read here; its body begins at `bodyAt`. */
let bodyAt: usize = 0;
@inline function packetEnd(at: usize, limit: usize, up: bool, five: bool): usize {
  if (at + 2 > limit) return 0;
  const first = <u32>load<u8>(at);
  let rest = <u32>load<u8>(at, 1);
  let body = at + 2;
  if (rest >= 0x80) {
    if (at + 4 > limit) return 0;
    const second = <u32>load<u8>(at, 2);
    rest = (rest & 0x7f) | ((second & 0x7f) << 7);
    body = at + 3;
    if (second >= 0x80) {
      const third = <u32>load<u8>(at, 3);
      if (third >= 0x80 || third == 0) return 0;
      rest |= third << 14;
      body = at + 4;
    } else if (second == 0) return 0;
  }
  const end = body + rest;
  if (end > limit) return 0;
  bodyAt = body;
  if ((first & 0xfe) != 0x30) return first == (up ? 0xc0 : 0xd0) && rest == 0 ? end : 0;
  if (rest < 3) return 0;
  const topicEnd = body + 2 + net16(body);
  if (topicEnd == body + 2 || topicEnd > end) return 0;
  if (five && ((first & 1) != 0 || topicEnd >= end || load<u8>(topicEnd) != 0)) return 0;
  return isPlain(body + 2, topicEnd) ? end : 0;
}

/** Counts the packets in [start, end); `REFUSED` where not all are read here. Tells of them where that is wished. */
function walk(slot: u32, start: usize, end: usize, up: bool, five: bool, time: f64, latest: f64, passed: u32, told: u32): i32 {
  const tells = load<u32>(TELLS) != 0;
  let count: u32 = 0;
  for (let at = start; at < end; ) {
    const next = packetEnd(at, end, up, five);
    if (next == 0) return REFUSED;
    if (tells) {
      if (told + count == MOST_TELLINGS) {
        store<u32>(FULL, told > 0 ? 1 : 0);
        return REFUSED;
      }
      const telling = TELLINGS + <usize>(told + count) * 40;
      store<u32>(telling, slot);
      store<u32>(telling, <u32>at, 4);
      store<u32>(telling, <u32>bodyAt, 8);
      store<u32>(telling, <u32>next, 12);
      store<u32>(telling, up ? 1 : 0, 16);
      store<u32>(telling, passed + 1, 20);
      store<f64>(telling, time, 24);
      store<f64>(telling, latest, 32);
    }
    count++;
    at = next;
  }
  return count;
}

/** What `History.add` does. */
function remember(stream: usize, start: usize, end: usize): void {
  const mask = load<u32>(HISTORY_MASK);
  const size = mask + 1;
  const from = <u32>(end - start) > size ? end - size : start;
  const length = <u32>(end - from);
  const written = load<f64>(WRITTEN);
  const recorded = load<f64>(RECORDED);
  const ring: usize = load<u32>(HISTORY);
  const position = <u32>(<u64>written) & mask;
  const first = min(length, size - position);
  memory.copy(ring + position, from, first);
  if (first < length) memory.copy(ring, from + first, length - first);
  const record = <u32>(<u64>recorded) & load<u32>(RECORD_MASK);
  const numbers = <usize>load<u32>(RECORDS) + (<usize>record << 3);
  store<i32>(numbers, load<i32>(stream, NEXT) + <i32>(from - start));
  store<u32>(numbers, length, 4);
  const positions = <usize>load<u32>(POSITIONS) + (<usize>record << 4);
  store<f64>(positions, written);
  store<f64>(positions, load<f64>(stream, RECORD), 8);
  store<f64>(WRITTEN, written + <f64>length);
  store<f64>(stream, recorded, RECORD);
  store<f64>(RECORDED, recorded + 1);
}

@inline function touch(slot: u32, at: usize): void {
  const flags = load<u32>(at, FLAGS);
  if ((flags & IS_TOUCHED) != 0) return;
  store<u32>(at, flags | IS_TOUCHED, FLAGS);
  const count = load<u32>(TOUCHED);
  store<u32>(TOUCHES + (<usize>count << 2), slot);
  store<u32>(TOUCHED, count + 1);
}

/** Passes over the records from `from` on that are read here. Answers where the first one begins that is not, or is not whole. */
export function run(from: u32, limit: u32): u32 {
  const format = load<u32>(FORMAT);
  const longest = load<u32>(LONGEST);
  const header = load<u32>(LINK);
  const typeAt = load<u32>(TYPE_AT);
  const expiry = load<f64>(EXPIRY);
  const divisor = load<f64>(DIVISOR);
  const factor = load<f64>(FACTOR);
  const offset = load<f64>(OFFSET);
  const number = load<f64>(NUMBER);
  let latest = load<f64>(TIME);
  let last = latest;
  let passed: u32 = 0;
  let told: u32 = 0;
  let at: usize = from;
  store<u32>(FULL, 0);
  while (true) {
    // The record.
    let packet: usize = at + 16;
    let end: usize = 0;
    let next: usize = 0;
    let time: f64 = 0;
    if (format == PCAP) {
      if (packet > limit) break;
      const included = load<u32>(at, 8);
      if (included > longest) break;
      end = packet + included;
      next = end;
      if (next > limit) break;
      time = <f64>load<u32>(at) * 1000 + <f64>load<u32>(at, 4) / divisor;
    } else {
      // An Enhanced Packet Block of the first interface.
      packet = at + 28;
      if (at + 32 > limit || load<u32>(at) != 6 || load<u32>(at, 8) != 0) break;
      const total = load<u32>(at, 4);
      const included = load<u32>(at, 20);
      if (included > longest || total > 2 * longest || total < 32 + included || (total & 3) != 0) break;
      next = at + total;
      if (next > limit || load<u32>(next - 4) != total) break;
      end = packet + included;
      time = offset + ((<f64>load<u32>(at, 12) * 4294967296 + <f64>load<u32>(at, 16)) / divisor) * factor;
    }
    if (!(time < expiry)) break;
    // The link layer, IP without options or fragments, TCP.
    let ip = packet + header;
    if (typeAt != NO_TYPE) {
      let kind = <u32>load<u16>(packet + typeAt);
      if (kind == 0x0081) {
        kind = load<u16>(ip, 2);
        ip += 4;
      }
      if (kind != 0x0008 && kind != 0xdd86) break;
    }
    if (ip + 40 > end) break;
    const first = <u32>load<u8>(ip);
    const six = first >> 4 == 6;
    let source: usize = ip + 8;
    let tcp: usize = ip + 40;
    let segmentEnd: usize = 0;
    if (first == 0x45) {
      if ((load<u16>(ip, 6) & 0xff3f) != 0 || load<u8>(ip, 9) != 6) break;
      source = ip + 12;
      tcp = ip + 20;
      segmentEnd = ip + net16(ip + 2);
    } else if (six) {
      const payload = net16(ip + 4);
      if (load<u8>(ip, 6) != 6 || payload == 0) break;
      segmentEnd = tcp + payload;
    } else break;
    if (segmentEnd > end || tcp + 20 > segmentEnd) break;
    // ACK, and none of FIN, SYN, RST and URG.
    if ((load<u8>(tcp, 13) & 0x37) != 0x10) break;
    const data = tcp + <usize>((<u32>load<u8>(tcp, 12) >> 4) << 2);
    if (data < tcp + 20 || data > segmentEnd) break;
    // The flow.
    const ports = load<u32>(tcp);
    const swapped = rotl<u32>(ports, 16);
    const destination = source + (six ? 16 : 4);
    const hash = hashOf(source, destination, six, ports);
    let slot = load<u32>(INDEX + (<usize>(hash & INDEX_MASK) << 2));
    let found: usize = 0;
    let fromA = true;
    while (slot != 0) {
      found = slotAt(slot);
      if (((load<u32>(found, FLAGS) & SIX) != 0) == six) {
        const held = load<u32>(found, PORTS);
        fromA = held == ports && same(found, source, six) && same(found + 16, destination, six);
        if (fromA || (held == swapped && same(found, destination, six) && same(found + 16, source, six))) break;
      }
      slot = load<u32>(found, CHAIN);
    }
    if (slot == 0) break;
    const stream = found + (fromA ? A : B);
    const other = found + (fromA ? B : A);
    const acknowledged = net32(tcp + 8);
    // An acknowledgement of bytes that were not captured, or not yet.
    if (acknowledged - load<i32>(other, NEXT) > 0) break;
    const length = <u32>(segmentEnd - data);
    if (length > 0) {
      const flags = load<u32>(found, FLAGS);
      if ((flags & (fromA ? READS_A : READS_B)) == 0) break;
      if (net32(tcp + 4) != load<i32>(stream, NEXT)) break;
      // What lies half of all numbers behind comes to lie before: as an acknowledgement of what was not captured.
      if (load<i32>(stream, ACKNOWLEDGED) - (load<i32>(stream, NEXT) + <i32>length) > 0) break;
      const up = ((flags & CLIENT_A) != 0) == fromA;
      const count = walk(slot, data, segmentEnd, up, (flags & FIVE) != 0, time, max(latest, time), passed, told);
      if (count == REFUSED) break;
      if (load<u32>(TELLS) != 0) told += count;
      remember(stream, data, segmentEnd);
      store<i32>(stream, load<i32>(stream, NEXT) + <i32>length, NEXT);
      store<f64>(stream, load<f64>(stream, BYTES) + <f64>length, BYTES);
      store<u32>(stream, load<u32>(stream, MESSAGES) + count, MESSAGES);
    }
    if (acknowledged - load<i32>(other, ACKNOWLEDGED) > 0) store<i32>(other, acknowledged, ACKNOWLEDGED);
    store<u32>(stream, load<u32>(stream, PACKETS) + 1, PACKETS);
    passed++;
    store<f64>(found, time, HEARD);
    store<f64>(found, number + <f64>passed, HEARD_NUMBER);
    touch(slot, found);
    if (time > latest) latest = time;
    last = time;
    at = next;
  }
  store<f64>(TIME, latest);
  store<f64>(LAST, last);
  store<u32>(PASSED, passed);
  store<u32>(TOLD, told);
  return <u32>at;
}
