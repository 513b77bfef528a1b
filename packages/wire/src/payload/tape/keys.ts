import type { Tape } from './tape.ts'

/** A hash of a text's bytes (FNV-1a, 32 bits). */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash ^ (hash >>> 15)
}

/** Whether a string of the tape is this text. */
export function textIs(tape: Tape, item: number, text: Uint8Array): boolean {
  const start = tape.starts[item]
  if (tape.ends[item] - start !== text.length) return false
  const bytes = tape.textOf(item)
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false
  return true
}

/** Whether two strings of the tape are the same text. */
export function sameText(tape: Tape, one: number, other: number): boolean {
  const start = tape.starts[one]
  const length = tape.ends[one] - start
  const otherStart = tape.starts[other]
  if (tape.ends[other] - otherStart !== length) return false
  const bytes = tape.textOf(one)
  const others = tape.textOf(other)
  for (let i = 0; i < length; i++) if (bytes[start + i] !== others[otherStart + i]) return false
  return true
}

/** Whether an earlier member of the object has the same key. */
export function keyRepeats(tape: Tape, object: number, key: number): boolean {
  const hash = tape.hashes[key]
  for (let earlier = object + 1; earlier < key; earlier = tape.nexts[earlier + 1]) {
    if (tape.hashes[earlier] === hash && sameText(tape, earlier, key)) return true
  }
  return false
}

/** The value behind this key in an object of the tape, or -1. */
export function memberOf(tape: Tape, object: number, name: Uint8Array, hash: number): number {
  const end = tape.nexts[object]
  for (let key = object + 1; key < end; key = tape.nexts[key + 1]) {
    if (tape.hashes[key] === hash && textIs(tape, key, name)) return key + 1
  }
  return -1
}
