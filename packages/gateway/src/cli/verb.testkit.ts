import type { Command } from 'commander'
import { createProgram, run, type Status } from './verb.ts'

/** Runs `ringwall` with some of its verbs and keeps what it prints. */
export async function printedBy(
  verbs: readonly ((program: Command) => void)[],
  args: readonly string[],
): Promise<{ status: Status; out: string; err: string }> {
  const printed = { out: '', err: '' }
  const program = createProgram('0').configureOutput({
    writeOut: text => {
      printed.out += text
    },
    writeErr: text => {
      printed.err += text
    },
  })
  for (const add of verbs) add(program)
  return { status: await run(program, args), ...printed }
}
