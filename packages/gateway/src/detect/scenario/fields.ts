import type { Happening } from '../../evidence/happening.ts'

export type Value = string | number | boolean

/** What a condition, a group or a sentence may name: a field of a happening, or what follows from it alone. */
export interface Field {
  readonly type: 'text' | 'number' | 'condition'
  of(happening: Happening): Value
}

/** A part of a condition, typed. */
export interface Expression extends Field {
  /** Of a literal: what a function may compile beforehand. */
  readonly literal?: Value
}

const HOUR = 3_600_000
const text = (of: (happening: Happening) => string): Field => ({ type: 'text', of })
const number = (of: (happening: Happening) => number): Field => ({ type: 'number', of })

export const FIELDS: Readonly<Record<string, Field>> = {
  kind: text(each => each.kind),
  device: text(each => each.device),
  address: text(each => each.address),
  /** The device, and before it is known its address. */
  subject: text(subjectOf),
  connection: number(each => each.connection),
  topic: text(each => each.topic),
  bytes: number(each => each.bytes),
  qos: number(each => each.qos),
  retain: { type: 'condition', of: each => each.retain },
  dup: { type: 'condition', of: each => each.dup },
  clean: { type: 'condition', of: each => each.clean },
  packet: number(each => each.packet),
  keepAlive: number(each => each.keepAlive),
  code: text(each => each.code),
  guard: text(each => each.guard),
  decision: text(each => each.decision),
  user: text(each => each.user),
  secret: number(each => each.secret),
  role: text(each => each.roles[0] ?? ''),
  crosses: text(each => each.crosses),
  /** Of the day, 0 to 23, in UTC. */
  hour: number(each => Math.floor(each.time / HOUR) % 24),
  /** 0 is Sunday, in UTC; the Unix epoch was a Thursday. */
  weekday: number(each => (Math.floor(each.time / (24 * HOUR)) + 4) % 7),
}

export function subjectOf({ device, address }: Happening): string {
  return device === '' ? address : device
}

/** A key longer than this is cut, and told from its like by a hash: nobody sizes this memory by long topics. */
const LONGEST_KEY = 120

/** What happenings have in common that count as one. Null where a field is empty: there is nobody to count them for. */
export function keyOf(fields: readonly Field[], happening: Happening): string | number | null {
  if (fields.length === 1) {
    const value = fields[0].of(happening)
    return value === ''
      ? null
      : typeof value === 'boolean'
        ? Number(value)
        : typeof value === 'number'
          ? value
          : cut(value)
  }
  let key = ''
  for (const field of fields) {
    const value = field.of(happening)
    if (value === '') return null
    key += `${value}\0`
  }
  return cut(key)
}

function cut(key: string): string {
  return key.length <= LONGEST_KEY ? key : `${key.slice(0, LONGEST_KEY - 20)}\0${hashText(key)}`
}

/** FNV-1a over UTF-16 units with a last mix (the finalizer of MurmurHash3), 32 bits without a sign. */
export function hashText(value: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
