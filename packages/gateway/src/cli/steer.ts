import type { Command } from 'commander'
import { controlPath, order } from './ask.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly config: string
  readonly socket?: string
}

/** `ringwall reload` and `ringwall stop`: what SIGHUP and SIGTERM do, without looking for the process. */
export function steerVerbs(program: Command): void {
  add(program, 'reload', 'Make the running gateway read its configuration anew; connections stay.')
  add(program, 'stop', 'Make the running gateway take leave of its devices and end.')
}

function add(program: Command, name: 'reload' | 'stop', summary: string): void {
  const command = verb(program, { name, summary, example: `ringwall ${name} --config ringwall.yaml` })
    .option('--config <file>', 'the configuration of the running gateway', 'ringwall.yaml')
    .option('--socket <path>', 'its control socket, instead of the one in the configuration')
  runs<Options>(command, (_, { config, socket }) => steer(name, socket ?? controlPath(config)))
}

async function steer(name: 'reload' | 'stop', socket: string): Promise<Outcome> {
  const body = await order(socket, 'POST', `/${name}`)
  return { status: 0, text: told(name, body), json: body }
}

function told(name: 'reload' | 'stop', body: unknown): string {
  if (name === 'stop') return 'The gateway is stopping.\n'
  const { apply, restart } = body as { apply: string[]; restart: string[] }
  const lines = [
    apply.length === 0
      ? 'Reloaded: no key has changed; the files that it names (certificates, profiles, rules, scenarios) were read anew.'
      : `Reloaded: ${apply.join(', ')}.`,
  ]
  if (restart.length > 0) lines.push(`Waits for a restart: ${restart.join(', ')}.`)
  return `${lines.join('\n')}\n`
}
