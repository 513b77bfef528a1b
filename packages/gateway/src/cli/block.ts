import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import type { Block } from '../respond/block-book.ts'
import { asked, type Cause, gatewayVerb, knownText, ordered, savedText, timeText, type Where } from './order.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs } from './verb.ts'

interface BlockOptions extends Where, Cause {
  readonly device?: boolean
  readonly force?: boolean
}

interface UnblockOptions extends Where {
  readonly device?: boolean
  readonly all?: boolean
}

const AS_DEVICE = 'the target is a device id, though it reads like an address'

/** `ringwall block`, `unblock` and `blocks`: who may not come in, until when and why. */
export function blockVerbs(program: Command): void {
  const block = gatewayVerb(program, {
    name: 'block <target>',
    summary: 'Shut an address, a network or a device out for a time, and end its connections.',
    example: "ringwall block 192.0.2.0/24 --for 1h --reason 'scans for topics'",
  })
    .requiredOption('--for <duration>', 'how long, such as 10m, 1h or 2d')
    .requiredOption('--reason <text>', 'why; it is listed and written down')
    .option('--device', AS_DEVICE)
    .option('--force', 'also where it is in prevention.protected')
    .addHelpText('after', '\nAn IPv6 address stands for its /64; write /128 for it alone.')
  runs<BlockOptions>(block, ([target], options) => shut(target ?? '', options))
  const unblock = gatewayVerb(program, {
    name: 'unblock [target]',
    summary: 'Take a block back, or with --all every one.',
    example: 'ringwall unblock 192.0.2.0/24',
  })
    .option('--device', AS_DEVICE)
    .option('--all', 'every block, whoever set it')
  runs<UnblockOptions>(unblock, ([target], options) => open(target, options))
  const blocks = gatewayVerb(program, {
    name: 'blocks',
    summary: 'List who is blocked, until when, by whom and why.',
    example: 'ringwall blocks',
  })
  runs<Where>(blocks, (_, options) => list(options))
}

async function shut(
  target: string,
  { device, force, reason, for: duration, ...where }: BlockOptions,
): Promise<Outcome> {
  const body = await ordered(where, '/block', { target, for: duration, reason, device, force })
  const done = body as { block: Block; displaced: Block | null; saved: boolean; known?: boolean }
  const { block, displaced } = done
  const told = `Blocked: ${block.kind} ${block.target} until ${timeText(block.until)}.\n`
  const gone = displaced === null ? '' : `All places are taken: the block on ${displaced.target} ended for it.\n`
  return { status: 0, text: told + gone + knownText(done) + savedText(done), json: body }
}

async function open(target: string | undefined, { device, all, ...where }: UnblockOptions): Promise<Outcome> {
  if ((target === undefined) !== (all === true)) {
    throw new RingwallError('usage', 'name one target, or --all', 'List them with `ringwall blocks`.')
  }
  const body = await ordered(where, '/unblock', { target, device, all })
  const { removed, saved } = body as { removed: number; saved: boolean }
  const text = removed === 0 ? 'Nothing was blocked.\n' : `${removed} unblocked.\n`
  return { status: removed === 0 && !all ? 1 : 0, text: text + savedText({ saved }), json: body }
}

async function list(where: Where): Promise<Outcome> {
  const blocks = (await asked(where, '/blocks')) as readonly Block[]
  const rows = blocks.map(({ target, kind, until, by, reason, forced }) =>
    [kind, target, timeText(until), by, forced ? `${reason} (forced)` : reason].map(printable),
  )
  const text =
    rows.length === 0 ? 'Nobody is blocked.\n' : table([['kind', 'target', 'until', 'by', 'reason'], ...rows])
  return { status: 0, text, json: blocks }
}
