import type { Guard } from '../contract/index.ts'

/** A connection's memo, as JSON can hold it. */
export interface PlainMemo {
  readonly memo: readonly unknown[]
  /** Slots whose content no guard can write down. */
  readonly unknown: readonly number[]
}

/** Writes a memo down: by the guard whose slot it is, where that says how; plain data as it is. */
export function writeMemo(memo: readonly unknown[], guards: readonly Guard[]): PlainMemo {
  const unknown: number[] = []
  const written = Array.from(memo, (kept, slot) => {
    if (kept === undefined) return null
    const keeps = guards.find(each => each.keeps?.slot === slot)?.keeps
    const plain = keeps === undefined ? kept : keeps.save(kept)
    if (isPlain(plain)) return plain
    unknown.push(slot)
    return null
  })
  return { memo: written, unknown }
}

/** Brings a memo back. */
export function readMemo(memo: readonly unknown[], guards: readonly Guard[]): unknown[] {
  return memo.map((plain, slot) => {
    if (plain === null) return undefined
    const keeps = guards.find(each => each.keeps?.slot === slot)?.keeps
    // A copy: guards change what they find there.
    return keeps === undefined ? structuredClone(plain) : keeps.load(plain)
  })
}

/** Whether JSON gives the same back: no classes, no typed arrays, no numbers that it does not have. */
export function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.every(isPlain)
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain)
}
