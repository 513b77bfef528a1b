import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import type { BypassState } from '../respond/bypass.ts'
import { asked, gatewayVerb, ordered, savedText, timeText, type Where } from './order.ts'
import { type Outcome, runs } from './verb.ts'

interface Options extends Where {
  readonly for?: string
  readonly reason?: string
}

/** `ringwall bypass`: the emergency switch. Guards only observe and no block counts; the floor stays. */
export function bypassVerb(program: Command): void {
  const command = gatewayVerb(program, {
    name: 'bypass',
    summary:
      'In an emergency let all guards only observe and no block count, for a time; without on or off say what is so.',
    example: "ringwall bypass on --for 30m --reason 'the mill stands, cause unknown'",
  })
    .argument('[switch]', 'on or off', onOrOff)
    .option('--for <duration>', 'how long, at most 1d; it then ends by itself')
    .option('--reason <text>', 'why; it is logged every minute and written down')
    .addHelpText('after', '\nTLS, certificates, framing, legality and limits (the floor) stay as they are.')
  runs<Options>(command, ([which], options) =>
    which === 'on' ? on(options) : which === 'off' ? off(options) : show(options),
  )
}

function onOrOff(text: string): string {
  if (text === 'on' || text === 'off') return text
  throw new InvalidArgumentError('It is on or off.')
}

async function on({ for: duration, reason, ...where }: Options): Promise<Outcome> {
  if (duration === undefined || reason === undefined) {
    throw new RingwallError('usage', 'a bypass needs its time and its reason', 'Add --for 30m and --reason TEXT.')
  }
  const body = await ordered(where, '/bypass/on', { for: duration, reason })
  const { until, saved } = body as BypassState & { saved: boolean }
  const text = `Bypass until ${timeText(until)}: guards only observe, and no block counts.\n`
  return { status: 0, text: text + savedText({ saved }), json: body }
}

async function off(where: Options): Promise<Outcome> {
  const body = await ordered(where, '/bypass/off', {})
  const { was, saved } = body as { was: boolean; saved: boolean }
  return {
    status: 0,
    text: (was ? 'The bypass is over.\n' : 'There was no bypass.\n') + savedText({ saved }),
    json: body,
  }
}

async function show(where: Options): Promise<Outcome> {
  const body = (await asked(where, '/bypass')) as { bypass: BypassState | null }
  const { bypass } = body
  if (bypass === null) return { status: 0, text: 'No bypass.\n', json: body }
  const { until, by, reason, since } = bypass
  return {
    status: 1,
    text: `Bypass since ${timeText(since)} until ${timeText(until)}, by ${by}: ${reason}\n`,
    json: body,
  }
}
