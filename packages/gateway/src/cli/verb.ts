import { Command, CommanderError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { json, problemBlock } from './output.ts'

/**
 * The frame of all verbs. A verb's file exports `somethingVerb(program: Command): void`, which describes itself by `verb()` and
 * says by `runs()` what it does; `cli.ts` calls each and then `run()`.
 *
 * Exit status: 0 all is good; 1 it worked and found something; 2 wrong usage or broken input.
 */
export type Status = 0 | 1 | 2

/** What a verb came to: its status, what to print, and the same for `--json`. */
export interface Outcome {
  readonly status: Status
  readonly text: string
  readonly json: unknown
  /** With `--json` each element of `json`, an array, becomes a line of its own. */
  readonly lines?: true
}

/** How a verb is called and what it is for. */
export interface Description {
  /** The name with its arguments, as commander reads them: `check [file]`. */
  readonly name: string
  readonly summary: string
  /** A line that works, without the prompt. */
  readonly example: string
  /** Of a group of verbs, the one that is meant where none is named. */
  readonly isDefault?: boolean
}

/** The `ringwall` command, without verbs. */
export function createProgram(version: string): Command {
  return (
    new Command('ringwall')
      .description('A security gateway between MQTT devices and their broker.')
      .version(version)
      .showSuggestionAfterError()
      .exitOverride()
      // What the parser finds wrong is told as all that is wrong is: by `run`.
      .configureOutput({ outputError: () => {} })
  )
}

/** Adds a verb, with `--json` and its example in `--help`. Its options and arguments are added to what is returned. */
export function verb(program: Command, { name, summary, example, isDefault = false }: Description): Command {
  return program
    .command(name, { isDefault })
    .description(summary)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  $ ${example}`)
}

// Commander gives nothing back from an action: the status waits here for `run`.
const statuses = new WeakMap<Command, Status>()

/** Says what a verb does with its arguments and options; the outcome is printed on standard output. */
export function runs<Options extends object>(
  command: Command,
  action: (args: readonly string[], options: Options) => Outcome | Promise<Outcome>,
): void {
  command.action(async () => {
    const outcome = await action(command.processedArgs.flat().filter(isText), command.opts<Options>())
    command.configureOutput().writeOut?.(command.opts<{ json?: boolean }>().json ? jsonOf(outcome) : outcome.text)
    statuses.set(rootOf(command), outcome.status)
  })
}

/**
 * Reads the arguments (without `node` and the script), runs the verb and gives the exit status. Nothing is thrown: a
 * `RingwallError` is printed as a block, or as JSON on standard output where `--json` was asked for.
 */
export async function run(program: Command, args: readonly string[]): Promise<Status> {
  statuses.set(program, 0)
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      // The help stands there already, where no verb was named.
      if (error.code === 'commander.help') return 2
    }
    const known = problemOf(error)
    const { writeOut, writeErr } = program.configureOutput()
    if (args.includes('--json')) writeOut?.(json({ error: known }))
    else writeErr?.(problemBlock(known))
    return 2
  }
  return statuses.get(program) ?? 0
}

function problemOf(error: unknown): RingwallError {
  if (error instanceof RingwallError) return error
  if (!(error instanceof CommanderError))
    return new RingwallError('internal', String(error instanceof Error ? error.stack : error), 'Please report this.')
  const what = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  // What is most often behind an argument too many.
  const list = what.includes('too many arguments') ? 'A list is one word, with commas: a,b. ' : ''
  return new RingwallError('usage', what, `${list}See --help for an example.`)
}

function jsonOf({ json: value, lines }: Outcome): string {
  return lines && Array.isArray(value) ? value.map(json).join('') : json(value)
}

const isText = (value: unknown): value is string => typeof value === 'string'

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent))
