import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import type { ShownVerdict } from '../desk/control.ts'
import { ask, controlPath } from './ask.ts'
import { explainRecorded } from './explain-recording.ts'
import { hexdump } from './hexdump.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'
import { whole } from './whole.ts'

interface Options {
  readonly config: string
  readonly socket?: string
  readonly most: number
  readonly device?: string
  readonly code?: string
  readonly recording?: string
  readonly identity?: string
}

/** How many verdicts are looked through for those that are wanted. */
const LOOKED_THROUGH = 1_000

/** `ringwall explain`: why an act was refused, flagged or slowed: guard, code, clause, sentence and the act's bytes. */
export function explainVerb(program: Command): void {
  const command = verb(program, {
    name: 'explain [id]',
    summary: 'Say why an act was refused, flagged or slowed; without an id list the latest verdicts.',
    example: 'ringwall explain 0-2f',
  })
    .option('--config <file>', 'the configuration of the running gateway', 'ringwall.yaml')
    .option('--socket <path>', 'its control socket, instead of the one in the configuration')
    .option('--most <n>', 'how many lines to list', whole, 20)
    .option('--device <id>', 'only verdicts on this device')
    .option('--code <code>', 'only verdicts with this finding')
    .option('--recording <file>', 'look for the act in a segment that was recorded; its id is SEGMENT#NUMBER')
    .option('--identity <file>', 'the age identity that opens it')
    .addHelpText(
      'after',
      '\nLike verdicts in a row are one line with their number; docs/verdicts.md says what to do about each code.',
    )
  runs<Options>(command, ([id], options) => explain(id, options))
}

async function explain(id: string | undefined, options: Options): Promise<Outcome> {
  const { recording, identity } = options
  if (recording !== undefined) {
    if (id !== undefined && identity !== undefined) return explainRecorded(id, recording, identity)
    throw new RingwallError(
      'identity_missing',
      'a recorded act has an id, and an identity opens it',
      'Name both: `ringwall explain ID --recording FILE --identity KEY`.',
    )
  }
  const socket = options.socket ?? controlPath(options.config)
  if (id === undefined) {
    const { body } = await ask(socket, 'GET', `/verdicts?most=${LOOKED_THROUGH}`)
    const verdicts = (body as readonly ShownVerdict[]).filter(each => isWanted(each, options))
    return { status: 0, text: list(verdicts, options.most), json: verdicts.slice(0, options.most) }
  }
  const { status, body } = await ask(socket, 'GET', `/verdicts/${encodeURIComponent(id)}`)
  if (status !== 200) {
    const hint = `The latest few thousand are kept; list them with \`ringwall explain\`, or those of a device with --device ${id}.`
    throw new RingwallError('verdict_unknown', `the gateway remembers no verdict ${id}`, hint)
  }
  return { status: 0, text: tell(body as ShownVerdict), json: body }
}

function isWanted({ device, findings }: ShownVerdict, options: Options): boolean {
  if (options.device !== undefined && device !== options.device) return false
  return options.code === undefined || findings.some(({ code }) => code === options.code)
}

function list(verdicts: readonly ShownVerdict[], most: number): string {
  const rows: { cells: string[]; like: string; count: number }[] = []
  for (const { id, time, decision, device, peer, action, address, findings } of verdicts) {
    const who = device === '' ? peer : device
    const codes = findings.map(shortOf).join(' ')
    const alike = [decision, device === '' ? peer.replace(/:\d+$/, '') : device, `${action} ${address}`, codes].join(
      '\0',
    )
    const last = rows.at(-1)
    if (last?.like === alike) last.count++
    else if (rows.length === most) break
    else {
      const cells = [id, new Date(time).toISOString(), decision, who, `${action} ${address}`.trim(), codes]
      rows.push({ cells, like: alike, count: 1 })
    }
  }
  if (rows.length === 0) return 'No verdicts.\n'
  const lines = rows.map(({ cells, count }) => [
    ...cells.slice(0, 5),
    count === 1 ? cells[5] : `${cells[5]} (${count} times)`,
  ])
  return table([['id', 'time', 'decision', 'who', 'act', 'findings'], ...lines])
}

/** A signature's code says nothing: its rule does. */
const shortOf = ({ guard, code, clause }: ShownVerdict['findings'][number]): string =>
  code === 'signature' ? `${guard}:${clause}` : `${guard}:${code}`

function tell(verdict: ShownVerdict): string {
  const { id, time, decision, device, peer, direction, action, address, findings, length } = verdict
  const bytes = Buffer.from(verdict.bytes, 'hex')
  const shown = bytes.length < length ? `${bytes.length} of ${length} bytes` : `${length} bytes`
  const head = [
    `verdict   ${id}, ${decision}`,
    `when      ${new Date(time).toISOString()}`,
    `who       ${device === '' ? 'nobody known' : device} from ${peer}`,
    `act       ${direction} ${action} ${address}`.trimEnd(),
  ]
  const reasons = findings.flatMap(({ guard, code, severity, clause, why }) => [
    `finding   ${guard}: ${code} (${severity})`,
    `clause    ${clause === '' ? '-' : clause}`,
    `why       ${why}`,
  ])
  return `${[...head, ...reasons, `bytes     ${shown}`, ...hexdump(bytes)].map(printable).join('\n')}\n`
}
