import { suggestion } from '../config/near.ts'
import { deviceOf, durationOf, invalid, textOf } from '../config/query.ts'
import { Posture } from '../contract/index.ts'
import { type Cause, POSTURES } from '../posture/ladder.ts'
import type { Prevention } from './prevention.ts'
import { parseTarget } from './target.ts'

/** What the control socket does for one method and path, with the parameters of its query. Throws a `RingwallError`. */
type Order = (query: URLSearchParams) => object | Promise<object>

/** Nobody means a block for longer; a year is what a forgotten one may last. */
const LONGEST = 366 * 86_400_000
/** An emergency that lasts longer is a configuration. */
const LONGEST_BYPASS = 86_400_000

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
        const target = parseTarget(textOf(query, 'target'), query.has('device'))
        return prevention.block(target, durationOf(query, LONGEST), causeOf(query), query.has('force'))
      },
    ],
    [
      'POST /unblock',
      query => {
        const target = query.has('all') ? null : parseTarget(textOf(query, 'target'), query.has('device'))
        return prevention.unblock(target, textOf(query, 'by'))
      },
    ],
    ['POST /bypass/on', query => prevention.beginBypass(durationOf(query, LONGEST_BYPASS), causeOf(query))],
    ['POST /bypass/off', query => prevention.endBypass(textOf(query, 'by'))],
    [
      'POST /posture',
      query => {
        const step = stepOf(query)
        // Nobody goes down from there: it takes no time.
        const milliseconds = step === Posture.trusted && !query.has('for') ? 0 : durationOf(query, LONGEST)
        return prevention.setPosture(deviceOf(query), step, milliseconds, causeOf(query))
      },
    ],
    ['POST /disconnect', async query => ({ had: await prevention.dismiss(deviceOf(query), causeOf(query)) })],
  ])
}

const causeOf = (query: URLSearchParams): Cause => ({ by: textOf(query, 'by'), reason: textOf(query, 'reason') })

function stepOf(query: URLSearchParams): Posture {
  const name = textOf(query, 'posture')
  const step = (POSTURES as readonly string[]).indexOf(name)
  if (step !== -1) return step as Posture
  throw invalid('this is no posture', suggestion(name, POSTURES))
}
