import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import type { PostureName, Stand } from '../posture/ladder.ts'
import { asked, type Cause, gatewayVerb, knownText, ordered, savedText, timeText, type Where } from './order.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs } from './verb.ts'

/** A device's standing as the control socket shows it. */
interface Shown extends Omit<Stand, 'posture'> {
  readonly posture: PostureName
}

/** What an order came to beside what was ordered. */
interface Told {
  readonly saved: boolean
  readonly known?: boolean
}

/** How long a device is to stand on a step, and why; nothing ends on trusted. */
interface Standing {
  readonly for?: string
  readonly reason: string
}

/** `ringwall posture` and `ringwall disconnect`: where devices stand, and what a person does about one. */
export function postureVerbs(program: Command): void {
  const group = program
    .command('posture')
    .description('Where devices stand: trusted, watched, restricted or quarantined.')
  const list = gatewayVerb(group, {
    name: 'list [device]',
    summary: 'List the devices that are not trusted, or say where one stands.',
    example: 'ringwall posture',
    isDefault: true,
  })
  runs<Where>(list, ([device], options) => show(device, options))
  const set = gatewayVerb(group, {
    name: 'set <device> <posture>',
    summary: 'Put a device on a step of the ladder; after the time it goes down step by step.',
    example: "ringwall posture set pump-1 watched --for 1h --reason 'odd intervals since noon'",
  })
    .option('--for <duration>', 'how long it stays there, such as 1h; not needed for trusted')
    .requiredOption('--reason <text>', 'why; it is listed and written down')
  runs<Where & Standing>(set, ([device, posture], options) => put(device ?? '', posture ?? '', options))
  const disconnect = gatewayVerb(program, {
    name: 'disconnect <device>',
    summary: "End a device's session once; it may come back.",
    example: "ringwall disconnect pump-1 --reason 'hangs'",
  }).requiredOption('--reason <text>', 'why; it stands in the verdict and is written down')
  runs<Where & Cause>(disconnect, ([device], options) => part(device ?? '', options))
}

async function show(device: string | undefined, where: Where): Promise<Outcome> {
  const all = (await asked(where, '/postures')) as readonly Shown[]
  const stands = device === undefined ? all : all.filter(each => each.device === device)
  const rows = stands.map(({ device, posture, until, by, reason }) =>
    [device, posture, timeText(until), by, reason].map(printable),
  )
  const none = device === undefined ? 'All devices are trusted.\n' : `${printable(device)} is trusted.\n`
  const text = rows.length === 0 ? none : table([['device', 'posture', 'until', 'by', 'reason'], ...rows])
  return { status: 0, text, json: stands }
}

async function put(
  device: string,
  posture: string,
  { for: duration, reason, ...where }: Where & Standing,
): Promise<Outcome> {
  if (duration === undefined && posture !== 'trusted') {
    throw new RingwallError('usage', 'a posture needs its time', 'Add --for 1h, or another duration.')
  }
  const body = await ordered(where, '/posture', { device, posture, for: duration, reason })
  return {
    status: 0,
    text: `${device} is ${posture}.\n${knownText(body as Told)}${savedText(body as Told)}`,
    json: body,
  }
}

async function part(device: string, { reason, ...where }: Where & Cause): Promise<Outcome> {
  const body = (await ordered(where, '/disconnect', { device, reason })) as { had: boolean }
  const text = body.had ? `The session of ${device} ends.\n` : `${device} has no session.\n`
  return { status: body.had ? 0 : 1, text, json: body }
}
