import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { controlPath, order } from './ask.ts'
import { type Description, verb } from './verb.ts'

/** Where the running gateway is found. */
export interface Where {
  readonly config: string
  readonly socket?: string
}

/** What an order to a running gateway says of itself. */
export interface Cause {
  readonly for: string
  readonly reason: string
}

/** Adds a verb that speaks to a running gateway. */
export function gatewayVerb(program: Command, description: Description): Command {
  return verb(program, description)
    .option('--config <file>', 'the configuration of the running gateway', 'ringwall.yaml')
    .option('--socket <path>', 'its control socket, instead of the one in the configuration')
}

/** Asks the gateway what stands. Errors: those of `controlPath` and `order`. */
export function asked({ socket, config }: Where, path: string): Promise<unknown> {
  return order(socket ?? controlPath(config), 'GET', path)
}

/** Gives an order in the name of this user; parameters without a value are left out, `true` stands for a mere flag. */
export function ordered(
  { socket, config }: Where,
  path: string,
  parameters: Readonly<Record<string, string | boolean | undefined>>,
): Promise<unknown> {
  const query = new URLSearchParams({ by: userInfo().username })
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== false) query.set(name, value === true ? '' : value)
  }
  return order(socket ?? controlPath(config), 'POST', `${path}?${query}`)
}

/** A sentence more where an order will not outlive a restart. */
export function savedText({ saved }: { readonly saved: boolean }): string {
  return saved ? '' : 'It is not kept over a restart: store is off, or the log says why.\n'
}

/** A sentence more where nobody has met the device that an order is about. */
export function knownText({ known }: { readonly known?: boolean }): string {
  return known === false
    ? 'No device of this id has connected since the gateway began: look at how it is spelled.\n'
    : ''
}

/** A time as it stands in lists. */
export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19).concat('Z')
