import type { Fields } from './fields.ts'
import { readProperties } from './properties.ts'
import { textJson } from './text.ts'

/** Reads a SUBSCRIBE: at least one filter; what follows the last whole one is passed over. Answers the packet identifier. */
export function readSubscribe(fields: Fields, version: number): number {
  return readFilters(fields, version, true)
}

/** Reads an UNSUBSCRIBE. EVE leaves out its properties. */
export function readUnsubscribe(fields: Fields, version: number): number {
  return readFilters(fields, version, false)
}

function readFilters(fields: Fields, version: number, subscribes: boolean): number {
  const id = fields.u16()
  fields.number('message_id', id)
  const properties = version === 5 ? fields.aside(readProperties) : ''
  const list = new FilterList(fields.writing.limit)
  let count = 0
  while (!fields.broken && fields.at < fields.end) {
    const next = filterEnd(fields, subscribes)
    if (next < 0) break
    count++
    if (!fields.writing.silent) list.add(fields, next, subscribes)
    fields.at = next
  }
  if (subscribes && count === 0) fields.broken = true
  if (!fields.writing.silent) fields.raw('topics', `[${list.text}]`)
  if (subscribes) fields.text += properties
  return id
}

/** Where the filter at `at` ends, with its options; -1 where it is not whole. */
function filterEnd({ bytes, at, end }: Fields, subscribes: boolean): number {
  if (at + 2 > end) return -1
  const next = at + 2 + ((bytes[at] << 8) | bytes[at + 1]) + (subscribes ? 1 : 0)
  return next > end ? -1 : next
}

/** Filters as JSON. The limit counts for all of them together, so that many short ones cannot get around it. */
class FilterList {
  text = ''
  readonly #limited: boolean
  #left: number

  constructor(limit: number) {
    this.#limited = limit !== 0
    this.#left = limit
  }

  add({ bytes, at }: Fields, next: number, subscribes: boolean): void {
    if (this.#limited && this.#left <= 0) return
    const stop = subscribes ? next - 1 : next
    const topic = textJson(bytes, at + 2, stop, this.#left)
    this.#left -= stop - at - 2
    if (this.text !== '') this.text += ','
    this.text += subscribes ? `{"topic":${topic},"qos":${bytes[stop]}}` : topic
  }
}
