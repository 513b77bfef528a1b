import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** How a bench was asked to run. */
export interface Options {
  /** The bench's name. */
  readonly bench: string
  /** One JSON object a line on stdout instead of a table. */
  readonly json: boolean
  /** A short smoke run: its figures mean nothing. */
  readonly quick: boolean
  /** Rounds that count. */
  readonly rounds: number
  /** Decides the order of the turns. */
  readonly seed: number
  /** The gateway's entry, so that two checkouts can be compared. */
  readonly cli: string
  /** Where the gateway writes a CPU profile at its end, if asked. */
  readonly profile: string | undefined
  /** Only the cases whose name holds this text. */
  readonly only: string | undefined
}

/** The gateway's entry in this repository. */
const CLI = new URL('../../../packages/gateway/src/cli.ts', import.meta.url).pathname

/** What the entry prints when it is asked wrongly. */
export const USAGE =
  'npm run bench -- NAME [--json] [--quick] [--rounds 5] [--seed 1] [--only CASE] [--cli FILE] [--profile DIR]'

/** Parses the command line; throws with a sentence for whoever typed it. */
export function parseOptions(args: readonly string[], benches: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      cli: { type: 'string', default: CLI },
      profile: { type: 'string' },
      only: { type: 'string' },
    },
  })
  const bench = positionals[0]
  if (bench === undefined || positionals.length > 1 || !benches.includes(bench)) {
    throw new Error(`name one of ${benches.join(', ')}: ${USAGE}`)
  }
  return {
    bench,
    json: values.json,
    quick: values.quick,
    rounds: whole('rounds', values.rounds ?? (values.quick ? '1' : '5'), 1, 100),
    seed: whole('seed', values.seed, 0, 2 ** 31 - 1),
    cli: resolve(values.cli),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    only: values.only,
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`--${name} takes a whole number from ${least} to ${most}, not '${text}'`)
  }
  return value
}
