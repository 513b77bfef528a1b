import { bytesOf } from '../../mqtt/utf8.ts'
import type { Names } from '../shape.ts'
import type { NamePart } from './spec.ts'

/** A base name's parts; a `${word}` that is neither `device` nor `site` is text. */
export function partsOfName(baseName: string): readonly NamePart[] {
  return baseName
    .split(/(\$\{(?:device|site)\})/)
    .filter(part => part !== '')
    .map(part => {
      if (part === '${device}') return { word: 'device' }
      return part === '${site}' ? { word: 'site' } : { text: bytesOf(part) }
    })
}

/** Where a name goes on behind the base name that it begins with, or -1 where it does not. */
export function behindBase(
  parts: readonly NamePart[],
  names: Names,
  text: Uint8Array,
  start: number,
  end: number,
): number {
  let at = start
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    const wanted = 'text' in part ? part.text : names[part.word]
    if (wanted.length > end - at) return -1
    for (let j = 0; j < wanted.length; j++) if (text[at + j] !== wanted[j]) return -1
    at += wanted.length
  }
  return at
}

// Letters and digits, with which a name may begin, and what else it may have (RFC 8428, section 4.5.1).
const FIRST = 1
const LATER = 2
const CHARACTERS = new Uint8Array(256)
for (const one of '-:./_') CHARACTERS[one.charCodeAt(0)] = LATER
for (const [low, high] of ['09', 'az', 'AZ']) {
  for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code++) CHARACTERS[code] = FIRST
}

/** Whether a resolved name has the characters that it may have, and at least one. */
export function isName(text: Uint8Array, start: number, end: number): boolean {
  if (start >= end || CHARACTERS[text[start]] !== FIRST) return false
  for (let i = start + 1; i < end; i++) if (CHARACTERS[text[i]] === 0) return false
  return true
}
