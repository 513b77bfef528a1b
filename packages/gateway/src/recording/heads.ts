import type { SegmentEnd, SegmentHead, SessionHead } from './head.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Checks what the JSON of a record must be before anybody looks into it: whoever knows a recipient can write a file for it.
 * Errors: `RangeError`.
 */
export function segmentHead(value: unknown): SegmentHead {
  const head = fields(value)
  const grounds = fields(head.grounds)
  const sources = fields(grounds.sources)
  fields(grounds.config)
  const isFine =
    numbers(head.worker, head.wall, head.now) &&
    texts(grounds.digest) &&
    lists(head.series, sources.profiles, sources.rules) &&
    (head.series as unknown[]).every(each => Array.isArray(each) && each.length === 3 && numbers(...each)) &&
    [...(sources.profiles as unknown[]), ...(sources.rules as unknown[])]
      .map(fields)
      .every(({ file, text }) => texts(file, text))
  return good(isFine, head)
}

/** Errors: `RangeError`. */
export function sessionHead(value: unknown): SessionHead {
  const head = fields(value)
  fields(head.kept)
  const isFine =
    numbers(head.lane, head.epoch, head.missed) &&
    texts(head.device, head.peer, head.site, head.assurance, head.fingerprint) &&
    lists(head.roles, head.plan, head.memo, head.unknown) &&
    texts(...(head.roles as unknown[])) &&
    (head.plan as unknown[]).every(each => Array.isArray(each) && texts(each[0]) && isMode(each[1]))
  return good(isFine, head)
}

/** Errors: `RangeError`. */
export function segmentEnd(value: unknown): SegmentEnd {
  const end = fields(value)
  const isFine =
    lists(end.lanes) &&
    (end.lanes as unknown[])
      .map(fields)
      .every(({ device, digest, acts, missed }) => texts(device, digest) && numbers(acts, missed))
  return good(isFine, end)
}

const numbers = (...values: unknown[]): boolean => values.every(each => typeof each === 'number')
const texts = (...values: unknown[]): boolean => values.every(each => typeof each === 'string')
const lists = (...values: unknown[]): boolean => values.every(Array.isArray)
const isMode = (value: unknown): boolean => value === 'observe' || value === 'enforce'

function fields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new RangeError('an object is missing')
}

function good<Head>(isFine: boolean, head: Fields): Head {
  if (isFine) return head as Head
  throw new RangeError('a field is missing or is not what it should be')
}
