import { RingwallError } from '../base/error.ts'
import { DEVICE_ID } from './template.ts'
import { parseUnit, WRITTEN } from './units.ts'

/** Characters of a text in an order: a reason, a name. */
const LONGEST = 500

/** A text of an order's query. Errors: `order_invalid`. */
export function textOf(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (value !== '' && value.length <= LONGEST && !/[\x00-\x1f\x7f]/.test(value)) return value
  throw invalid(
    `${name} is missing, longer than ${LONGEST} characters, or holds control characters`,
    `Write a ${name}.`,
  )
}

/** A duration, in milliseconds. Errors: `order_invalid`. */
export function durationOf(query: URLSearchParams, longest: number): number {
  const milliseconds = parseUnit('duration', textOf(query, 'for'))
  if (milliseconds !== undefined && milliseconds >= 1_000 && milliseconds <= longest) return milliseconds
  throw invalid(`it is no duration from 1s to ${longest / 86_400_000}d`, `Write ${WRITTEN.duration}.`)
}

/** A device id. Errors: `order_invalid`. */
export function deviceOf(query: URLSearchParams): string {
  const device = textOf(query, 'device')
  if (DEVICE_ID.test(device)) return device
  throw invalid('this is no device id', 'Write one such as pump-1.')
}

/** What an order is that cannot be understood. */
export const invalid = (what: string, hint: string): RingwallError => new RingwallError('order_invalid', what, hint)
