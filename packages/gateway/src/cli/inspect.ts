import { createReadStream } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { HexReader } from './inspect-input.ts'
import { Inspection, type InspectOptions, type StreamVerdict } from './inspect-stream.ts'
import { table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly relaxed?: true
  readonly aliases?: number
  readonly maxPacket?: number
  readonly receiveMaximum?: number
  readonly authMethod: readonly string[]
}

/** A line's verdict, as `--json` prints it. */
export interface LineVerdict extends StreamVerdict {
  readonly line: number
}

/** `ringwall inspect`: judges what clients sent, byte by byte, without a broker. */
export function inspectVerb(program: Command): void {
  const command = verb(program, {
    name: 'inspect [file]',
    summary: 'Judge MQTT bytes by the clauses of the standard: each line is the hex of all that one client sent.',
    example: 'echo 100d00044d5154540402003c000161 c000 | ringwall inspect',
  })
    .option('--relaxed', 'accept what a receiver may accept, as session.strict: false does')
    .option('--aliases <n>', 'the topic alias maximum that the broker granted', bounded(0, 65_535))
    .option('--max-packet <bytes>', 'the largest packet that the broker takes', bounded(1, 268_435_460))
    .option('--receive-maximum <n>', 'the receive maximum that the broker granted', bounded(1, 65_535))
    .option('--auth-method <name>', 'let this authentication method through; may be repeated', collect, [])
    .addHelpText('after', AFTER)
  runs<Options>(command, ([file = '-'], options) => inspect(file, options))
}

const AFTER = `
The file is standard input (-) unless named. Spaces, colons, commas and hyphens between digits and 0x before a byte are skipped;
# begins a comment.
With --json one object a line: line, verdict, code, strict, clause, why, packet, offset.
Exit status: 0 all accepted, 1 some rejected, 2 input that cannot be read.`

function bounded(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
  }
}

function collect(value: string, former: readonly string[]): readonly string[] {
  return [...former, value]
}

async function inspect(file: string, options: Options): Promise<Outcome> {
  const { relaxed, aliases, maxPacket, receiveMaximum, authMethod } = options
  const granted: InspectOptions = {
    strict: relaxed !== true,
    authMethods: authMethod,
    ...(aliases === undefined ? {} : { aliases }),
    ...(maxPacket === undefined ? {} : { maxPacket }),
    ...(receiveMaximum === undefined ? {} : { receiveMaximum }),
  }
  const verdicts = await judged(file, granted)
  const broken = verdicts.some(({ code }) => code === HEX)
  const clean = verdicts.every(({ verdict }) => verdict === 'accept')
  return { status: broken ? 2 : clean ? 0 : 1, text: shown(verdicts), json: verdicts, lines: true }
}

const HEX = 'hex_malformed'

function unreadable(why: string): StreamVerdict {
  return { verdict: 'reject', code: HEX, strict: false, clause: null, why, packet: null, offset: null }
}

/** Judges line by line as the input comes: of it no more is kept than one packet. */
async function judged(file: string, granted: InspectOptions): Promise<LineVerdict[]> {
  const verdicts: LineVerdict[] = []
  let stream = new Inspection(granted)
  const reader = new HexReader({
    bytes: chunk => stream.feed(chunk),
    line: (line, why) => {
      verdicts.push({ line, ...(why === '' ? stream.end() : unreadable(why)) })
      stream = new Inspection(granted)
    },
  })
  try {
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file)) reader.push(chunk as Uint8Array)
  } catch (error) {
    const name = file === '-' ? 'standard input' : file
    throw new RingwallError(
      'input_unreadable',
      `${name} cannot be read (${systemCode(error)})`,
      'Name a file of hex lines.',
    )
  }
  reader.end()
  return verdicts
}

function shown(verdicts: readonly LineVerdict[]): string {
  if (verdicts.length === 0) return 'No streams.\n'
  const rows = verdicts.map(({ line, verdict, code, strict, clause, why, packet, offset }) => [
    String(line),
    verdict,
    code === null ? '-' : strict ? `${code} (strict)` : code,
    clause ?? '-',
    packet === null ? '-' : `${packet} @${offset}`,
    why,
  ])
  return table([['line', 'verdict', 'code', 'clause', 'packet', 'why'], ...rows])
}
