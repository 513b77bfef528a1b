import type { Json } from '../../src/index.ts'
import type { Random } from '../random.ts'

const SPACES = [' ', '\n', '\t', '\r\n', '  ']

/** A JSON text of the value: its usual spelling, or one with other spaces, escapes and numbers. */
export function randomText(value: Json, random: Random): string {
  return random.below(3) === 0 ? JSON.stringify(value) : spelled(value, random)
}

function spelled(value: Json, random: Random): string {
  const gap = () => (random.below(6) === 0 ? random.pick(SPACES) : '')
  const wrap = (text: string) => `${gap()}${text}${gap()}`
  if (typeof value === 'number') return wrap(numberText(value, random))
  if (typeof value === 'string') return wrap(stringText(value, random))
  if (value === null || typeof value === 'boolean') return wrap(String(value))
  if (Array.isArray(value)) return wrap(`[${gap()}${value.map(item => spelled(item, random)).join(',')}]`)
  const entries = Object.entries(value)
  // The last one wins for JSON.parse.
  if (entries.length > 0 && random.below(12) === 0) entries.push(random.pick(entries))
  if (random.below(4) === 0) entries.reverse()
  const members = entries.map(([key, member]) => `${wrap(stringText(key, random))}:${spelled(member, random)}`)
  return wrap(`{${gap()}${members.join(',')}}`)
}

function numberText(value: number, random: Random): string {
  const plain = String(value)
  switch (random.below(5)) {
    case 0:
      return value.toExponential().replace('e', random.pick(['e', 'E']))
    case 1:
      return /^-?[0-9]+$/.test(plain) ? `${plain}.${'0'.repeat(1 + random.below(20))}` : plain
    case 2:
      return /^-?[0-9]+\.[0-9]+$/.test(plain) ? `${plain}000` : plain
    case 3:
      return /^-?[1-9][0-9]*$/.test(plain) ? `${plain}00e-2` : plain
    default:
      return plain
  }
}

function stringText(value: string, random: Random): string {
  const plain = JSON.stringify(value)
  if (random.below(4) > 0) return plain
  let text = '"'
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    text += `\\u${unit.toString(16).padStart(4, '0')}`
  }
  return `${text}"`
}

const SNIPPETS = [
  ...['"a":1,', '\\ud800', '\\udc00\\ud800', '1e309', '-1e999', '9007199254740993', '18014398509481984', '\\u0061'],
  ...[',', '[', ']', '{', '}', '"', '\\', ':', '0', '-', '.', 'e5', ' ', '00', '[[[[', ']]]]', 'true', 'null', '{"a":'],
  ...[
    '"a"',
    '\u0000',
    '\ufeff',
    '\ud83d\ude00',
    '\\"',
    '\\u00',
    '/',
    '1E-400',
    '0.1e+1',
    '\u007f',
    'aaaaaaaaaaaaaaaaaaaa',
  ],
].map(text => new TextEncoder().encode(text))
const BROKEN = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80], [0x80]].map(bytes =>
  Uint8Array.from(bytes),
)

/** A copy of a JSON text with one to three small changes of kinds that a reader of JSON may get wrong. */
export function mutateText(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes
  for (let left = 1 + random.below(3); left > 0; left--) result = change(result, random)
  return result
}

function change(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const to = Math.min(bytes.length, at + random.below(6))
  switch (random.below(6)) {
    case 0:
      return joined(bytes.subarray(0, at), bytes.subarray(to))
    case 1:
      return joined(bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(at))
    case 2:
      return joined(bytes.subarray(0, at), random.pick(BROKEN), bytes.subarray(at))
    case 3:
      return joined(bytes.subarray(0, at), random.pick(SNIPPETS), bytes.subarray(to))
    default:
      return joined(bytes.subarray(0, at), random.pick(SNIPPETS), bytes.subarray(at))
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
