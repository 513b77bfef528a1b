import { accessSync, constants } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { parseUnit } from '../config/units.ts'
import { COLUMN_NAMES, SIZE_COLUMNS, type WindowSize } from '../evidence/sessions/index.ts'
import type { Extent } from '../replay/replay.ts'
import { fileSource } from '../replay/source.ts'
import { beside, onceEach } from './learn-beside.ts'
import { learning, names, whole } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { type TableOut, tableOut } from './learn-sessions-out.ts'
import { table } from './output.ts'
import { Progress } from './progress.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly window: number
  readonly packets: number
  readonly label?: readonly string[]
  readonly port?: readonly number[]
  readonly out?: string
  readonly json?: boolean
}

const AFTER = `
A row is what one session did in one window: it ends after --window, after --packets happenings, with an illegal packet, and with
its session. No row says who, where or when: addresses, ports, client ids, user names, topics and payloads are in none.
Learn from the table with \`ringwall learn fit --train table.csv --label label\`; docs/learn-sessions.md lists the columns.`

/** `ringwall learn sessions`: a table of MQTT sessions from captures. */
export function sessionsVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'sessions <capture...>',
    summary:
      'Make a table of what MQTT sessions do from captures (pcap, pcapng), window by window, to learn classes from.',
    example: 'ringwall learn sessions benign.pcap flood.pcap --label benign,flood --out table.csv',
  })
    .option('--out <file>', 'where the table goes (CSV, or - for standard output)')
    .option('--window <duration>', 'longest window, such as 1s, 5s or 30s', span, 5_000)
    .option('--packets <number>', 'happenings in a window at most', whole(1), 100)
    .option('--label <names>', 'what the captures show: one name for all, or one for each, with commas', names)
    .option(
      '--port <numbers>',
      'ports of MQTT servers besides 1883 and 8883, with commas: a CONNECT is known on any port',
      ports,
    )
    .addHelpText('after', AFTER)
  runs<Options>(command, (captures, options) => learning(captures[0] ?? '-', () => sessions(captures, options)))
}

const LONGEST = 3_600_000

function span(text: string): number {
  const value = parseUnit('duration', text)
  if (value === undefined || value < 1 || value > LONGEST)
    throw new InvalidArgumentError('It is a duration from 1ms to 1h, such as 5s.')
  return value
}

function ports(text: string, former: readonly number[] = []): readonly number[] {
  const found = names(text).map(Number)
  if (found.some(port => !Number.isInteger(port) || port < 1 || port > 65_535))
    throw new InvalidArgumentError('It is a list of whole numbers from 1 to 65535.')
  return [...former, ...found]
}

async function sessions(captures: readonly string[], options: Options): Promise<Outcome> {
  const { out, label, window: longest, packets: most, port = [], json: isJson } = options
  onceEach(captures, 'input')
  if (out === undefined) throw new RingwallError('usage', 'it takes --out', 'See --help for an example.')
  if (label !== undefined && label.length !== 1 && label.length !== captures.length) {
    const what = `${label.length} labels for ${captures.length} captures`
    throw new RingwallError('usage', what, 'Give --label one name for all captures, or one for each.')
  }
  const size = { span: longest, most }
  checkOutputs({ '--out': out }, captures)
  for (const file of captures) checkInput(file)
  const { csvLine } = await import('@ringwall/learn/io')
  const lines = tableOut(out)
  const told: Told[] = []
  try {
    lines.write(csvLine([...SIZE_COLUMNS, ...COLUMN_NAMES, ...(label === undefined ? [] : ['label'])]))
    for (const [at, file] of captures.entries()) {
      const name = label?.[at] ?? label?.[0] ?? null
      told.push(await rowsOf(file, size, port, name, lines))
    }
    await lines.end()
  } catch (error) {
    const left = await lines.drop()
    if (!(error instanceof RingwallError)) throw error
    throw new RingwallError(error.code, `${error.what}; ${left}`, error.hint, { file: out, ...error.place }, error)
  }
  const json = { windowSeconds: longest / 1_000, windowPackets: most, columns: COLUMN_NAMES, captures: told, out }
  return beside([out], isJson, { status: 0, text: `${shown(told)}Table: ${out}\n`, json })
}

/** That the last capture cannot be read is told before the first one is. Error: `file_unusable`. */
function checkInput(file: string): void {
  try {
    if (file !== '-') accessSync(file, constants.R_OK)
  } catch (error) {
    const hint = 'Name a capture file (pcap or pcapng), or - for standard input.'
    throw new RingwallError('file_unusable', `it cannot be read (${systemCode(error)})`, hint, { file }, error)
  }
}

/** What came of one capture. */
interface Told {
  readonly file: string
  readonly label: string | null
  readonly packets: number
  readonly sessions: number
  readonly rows: number
  readonly unread: Extent['unread']
  /** It ends within a packet. */
  readonly truncated: boolean
  /** Connections, sessions and addresses that made room for others. */
  readonly evicted: number
}

async function rowsOf(
  file: string,
  size: WindowSize,
  port: readonly number[],
  label: string | null,
  lines: TableOut,
): Promise<Told> {
  const { csvLine } = await import('@ringwall/learn/io')
  const { sessionsOf } = await import('../replay/sessions.ts')
  let rows = 0
  const head = [size.span / 1_000, size.most]
  const trial = sessionsOf(size, port, ({ values }) => {
    rows++
    const cells = Array.from(values, value => Number(value.toPrecision(7)))
    lines.write(csvLine([...head, ...cells, ...(label === null ? [] : [label])]))
  })
  const source = fileSource(file)
  const progress = new Progress(source.name, source.size)
  for await (const chunk of source.chunks(trial.window)) {
    const goesOn = trial.take(chunk)
    progress.add(chunk.length)
    await lines.flush()
    if (!goesOn) break
  }
  progress.end()
  const { packets, conversations, evicted, unread, fault } = trial.end()
  // One that ends too early is read as far as it goes.
  if (fault !== null && fault.code !== 'capture_truncated') {
    throw new RingwallError(
      fault.code,
      `${fault.why}, at byte ${fault.offset}`,
      'Capture it anew, or mend it (pcapfix, editcap).',
      { file: source.name },
    )
  }
  if (rows === 0) {
    const hint =
      'Where it has no CONNECT, name the ports of its MQTT servers with --port; TLS must be off before the capture.'
    throw new RingwallError('capture_no_mqtt', 'no MQTT session is in it', hint, { file: source.name })
  }
  return {
    file,
    label,
    packets,
    sessions: conversations,
    rows,
    unread,
    truncated: fault !== null,
    evicted: evicted + trial.evicted,
  }
}

function shown(told: readonly Told[]): string {
  const lines = told.map(({ file, label, packets, sessions: count, rows }) => [
    file,
    label ?? '-',
    String(packets),
    String(count),
    String(rows),
  ])
  const unread = told.flatMap(({ file, unread: all }) =>
    all.map(({ why, count }) => `${file}: ${count} packets were not read: ${why}.\n`),
  )
  const crowded = told
    .filter(({ evicted }) => evicted > 0)
    .map(({ file, evicted }) => `${file}: ${evicted} connections, sessions and addresses made room for others.\n`)
  const cut = told.filter(({ truncated }) => truncated).map(({ file }) => `${file} ends within a packet.\n`)
  return `${table([['capture', 'label', 'packets', 'sessions', 'rows'], ...lines])}${unread.join('')}${cut.join('')}${crowded.join('')}`
}
