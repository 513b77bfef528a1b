import { RingwallError } from '../base/error.ts'
import { DEVICE_ID } from '../config/index.ts'
import { suggestion } from '../config/near.ts'
import { parseUnit, WRITTEN } from '../config/units.ts'
import type { Posture } from '../contract/index.ts'
import { type Cause, POSTURES } from '../posture/ladder.ts'
import type { Prevention } from './prevention.ts'
import { parseTarget } from './target.ts'

/** What the control socket does for one method and path, with the parameters of its query. Throws a `RingwallError`. */
type Order = (query: URLSearchParams) => object | Promise<object>

/** Nobody means a block for longer; a year is what a forgotten one may last. */
const LONGEST = 366 * 86_400_000
/** An emergency that lasts longer is a configuration. */
const LONGEST_BYPASS = 86_400_000
/** Characters of a reason. */
const LONGEST_REASON = 500

/**
 * The orders that people give over the control socket: `block`, `unblock`, `bypass`, `posture`, `disconnect`, and what stands.
 * `by` is what the command says of its user: whoever may open the socket is the gateway's own user anyway.
 */
export function ordersOf(prevention: Prevention): ReadonlyMap<string, Order> {
  const { blocks, ladder, bypass } = prevention
  return new Map<string, Order>([
    ['GET /blocks', () => blocks.list()],
    ['GET /bypass', () => ({ bypass: bypass.state })],
    ['GET /postures', () => ladder.list().map(each => ({ ...each, posture: POSTURES[each.posture] }))],
    [
      'POST /block',
      query => {
        const target = parseTarget(text(query, 'target'), query.has('device'))
        return prevention.block(target, durationOf(query, LONGEST), causeOf(query), query.has('force'))
      },
    ],
    [
      'POST /unblock',
      query => {
        const target = query.has('all') ? null : parseTarget(text(query, 'target'), query.has('device'))
        return prevention.unblock(target, text(query, 'by'))
      },
    ],
    ['POST /bypass/on', query => prevention.beginBypass(durationOf(query, LONGEST_BYPASS), causeOf(query))],
    ['POST /bypass/off', query => prevention.endBypass(text(query, 'by'))],
    [
      'POST /posture',
      query => prevention.setPosture(deviceOf(query), stepOf(query), durationOf(query, LONGEST), causeOf(query)),
    ],
    ['POST /disconnect', query => ({ had: prevention.dismiss(deviceOf(query), causeOf(query)) })],
  ])
}

function text(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (value !== '' && value.length <= LONGEST_REASON && !/[\x00-\x1f\x7f]/.test(value)) return value
  throw wrong(
    `${name} is missing, longer than ${LONGEST_REASON} characters, or holds control characters`,
    `Write a ${name}.`,
  )
}

const causeOf = (query: URLSearchParams): Cause => ({ by: text(query, 'by'), reason: text(query, 'reason') })

function durationOf(query: URLSearchParams, longest: number): number {
  const milliseconds = parseUnit('duration', text(query, 'for'))
  if (milliseconds !== undefined && milliseconds >= 1_000 && milliseconds <= longest) return milliseconds
  throw wrong(`it is no duration from 1s to ${longest / 86_400_000}d`, `Write ${WRITTEN.duration}.`)
}

function deviceOf(query: URLSearchParams): string {
  const device = text(query, 'device')
  if (DEVICE_ID.test(device)) return device
  throw wrong('this is no device id', 'Write one such as pump-1.')
}

function stepOf(query: URLSearchParams): Posture {
  const name = text(query, 'posture')
  const step = (POSTURES as readonly string[]).indexOf(name)
  if (step !== -1) return step as Posture
  throw wrong('this is no posture', suggestion(name, POSTURES))
}

const wrong = (what: string, hint: string): RingwallError => new RingwallError('order_invalid', what, hint)
