import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { type Coverage, coverage, type Learned, Learner, readRecord } from '../profile/learn/index.ts'
import { table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly topics: string
  readonly command: string[]
  readonly out: string
  readonly force?: boolean
}

/** Where nothing is said: the level behind the device that most plants give to commands. */
const COMMANDS = ['+/+/set/#', '+/+/cmd/#', '+/+/command/#']

/** `ringwall profile learn`: drafts profiles from recorded traffic. */
export function learnVerb(profile: Command): void {
  const command = verb(profile, {
    name: 'learn <recording>',
    summary:
      "Draft a profile for each type of device from recorded traffic (mosquitto_sub -F '%j'), for a person to edit.",
    example: "mosquitto_sub -t '#' -F '%j' -W 600 | ringwall profile learn - --out mill",
  })
    .option('--topics <template>', 'where site and device stand in topics', '${site}/${device}/#')
    .option(
      '--command <filter>',
      `topics that carry commands; may be repeated; unless named: ${COMMANDS.join(', ')}`,
      gathered,
      [],
    )
    .option('--out <folder>', 'where the drafts go', 'drafts')
    .option('--force', 'write over files that are there')
  runs<Options>(command, ([file = '-'], options) => learn(file, options))
}

const gathered = (filter: string, others: string[]): string[] => [...others, filter]

async function learn(file: string, { topics, command, out, force }: Options): Promise<Outcome> {
  const learner = new Learner({ topics, commands: command.length > 0 ? command : COMMANDS })
  const input = file === '-' ? process.stdin : createReadStream(file)
  let line = 0
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const record = readRecord(text, file, ++line)
      if (record !== null) learner.add(record)
      if (line % EVERY === 0) process.stderr.write(`${line} messages\n`)
    }
  } catch (error) {
    if (error instanceof RingwallError) throw error
    const hint = 'Name a file of recorded messages, or - for standard input.'
    throw new RingwallError('file_unusable', `${file} cannot be read`, hint, { file }, error)
  }
  const learned = learner.finish()
  if (learned.profiles.size === 0) {
    const what = `none of ${learned.messages} messages is on a topic ${topics}`
    throw new RingwallError('learn_nothing', what, 'Say with --topics where the device stands in your topics.')
  }
  const files = write(learned, out, force === true)
  const report = coverage(learned)
  return {
    status: 0,
    text: textOf(learned, files, report),
    json: { messages: learned.messages, elsewhere: learned.elsewhere, files, coverage: report },
  }
}

const EVERY = 100_000

function write({ profiles }: Learned, out: string, force: boolean): string[] {
  mkdirSync(out, { recursive: true })
  return [...profiles].map(([type, profile]) => {
    const file = join(out, `${type}.td.json`)
    try {
      writeFileSync(file, `${JSON.stringify(profile, null, 2)}\n`, { flag: force ? 'w' : 'wx' })
    } catch (error) {
      const hint = 'Choose another folder with --out, or write over it with --force.'
      throw new RingwallError('file_taken', `${file} cannot be written`, hint, { file }, error)
    }
    return file
  })
}

/** The names of what was taken for commands, type by type: grants follow from it, so a person must see it. */
function commandsIn({ profiles }: Learned): string[] {
  const types = [...profiles].map(([type, profile]): [string, string[]] => {
    const { actions } = profile as { readonly actions?: object }
    return [type, Object.keys(actions ?? {})]
  })
  const named = types.filter(([, names]) => names.length > 0).map(([type, names]) => `  ${type}: ${names.join(', ')}`)
  return named.length > 0
    ? ['Taken for commands, which others send to these devices (--command says which topics are):', ...named]
    : ['Nothing was taken for a command (--command says which topics are).']
}

function textOf(learned: Learned, files: readonly string[], report: readonly Coverage[]): string {
  const { messages, elsewhere } = learned
  const rows = report.map(({ type, topic, reading, caught, open }) => [
    `${type} ${topic} ${reading}`,
    caught.join(', '),
    open.join('; '),
  ])
  return [
    `${messages} messages, ${elsewhere} of them on other topics; drafted:`,
    ...files.map(file => `  ${file}`),
    ...commandsIn(learned),
    '',
    table([['reading', 'the draft catches', 'needs an invariant, or a second sensor'], ...rows]).trimEnd(),
    '',
    'Read the drafts before you trust them: ranges are a quarter wider than what was seen, units are missing, and the laws',
    'of the plant are yours to write (docs/invariants.md). Then: ringwall profile check, and observe before you enforce.',
    '',
  ].join('\n')
}
