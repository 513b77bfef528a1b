import { existsSync } from 'node:fs'
import { request } from 'node:http'
import type { Command } from 'commander'
import { RingwallError, systemCode } from '../base/error.ts'
import { loadConfig } from '../config/index.ts'
import type { ShownVerdict } from '../desk/control.ts'
import { hexdump } from './hexdump.ts'
import { printable, table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly config: string
  readonly socket?: string
  readonly most: string
}

/** `ringwall explain`: why an act was refused, flagged or slowed: guard, code, clause, sentence and the act's bytes. */
export function explainVerb(program: Command): void {
  const command = verb(program, {
    name: 'explain [id]',
    summary: 'Say why an act was refused, flagged or slowed; without an id list the latest verdicts.',
    example: 'ringwall explain 0-2f',
  })
    .option('--config <file>', 'the configuration of the running gateway', 'ringwall.yaml')
    .option('--socket <path>', 'its control socket, instead of the one in the configuration')
    .option('--most <n>', 'how many verdicts to list', '20')
  runs<Options>(command, ([id], options) => explain(id, options))
}

async function explain(id: string | undefined, options: Options): Promise<Outcome> {
  const socket = options.socket ?? controlPath(options.config)
  if (id === undefined) {
    const { body } = await ask(socket, `/verdicts?most=${Number(options.most) || 20}`)
    const verdicts = body as readonly ShownVerdict[]
    return { status: 0, text: verdicts.length === 0 ? 'No verdicts yet.\n' : list(verdicts), json: verdicts }
  }
  const { status, body } = await ask(socket, `/verdicts/${encodeURIComponent(id)}`)
  if (status !== 200) {
    const hint = 'The latest few thousand are kept; list them with `ringwall explain`.'
    throw new RingwallError('verdict_unknown', `the gateway remembers no verdict ${id}`, hint)
  }
  return { status: 0, text: tell(body as ShownVerdict), json: body }
}

function controlPath(file: string): string {
  if (!existsSync(file)) {
    const hint = 'Name the running gateway by --config FILE or --socket PATH.'
    throw new RingwallError('config_unreadable', `${file} does not exist`, hint, { file })
  }
  const { control } = loadConfig(file)
  if (control !== 'off') return control.path
  throw new RingwallError('control_off', 'this gateway has no control socket', 'Set control.path.', {
    file,
    field: 'control',
  })
}

function ask(socketPath: string, path: string): Promise<{ status: number; body: unknown }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>()
  const fail = (error: Error): void => {
    const what = `no gateway answers at ${socketPath} (${systemCode(error) || error.message})`
    reject(
      new RingwallError(
        'gateway_unreachable',
        what,
        'Start it with `ringwall up`, and run this as the same user.',
        {},
        error,
      ),
    )
  }
  const call = request({ socketPath, path, timeout: 5_000 }, response => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', fail)
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
    )
  })
  call.on('timeout', () => call.destroy(new Error('timeout')))
  call.on('error', fail)
  call.end()
  return promise
}

function list(verdicts: readonly ShownVerdict[]): string {
  const rows = verdicts.map(({ id, time, decision, device, peer, action, address, findings }) => [
    id,
    new Date(time).toISOString(),
    decision,
    device === '' ? peer : device,
    `${action} ${address}`.trim(),
    findings.map(({ guard, code }) => `${guard}:${code}`).join(' '),
  ])
  return table([['id', 'time', 'decision', 'who', 'act', 'findings'], ...rows])
}

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
