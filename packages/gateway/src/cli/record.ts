import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { loadConfig } from '../config/index.ts'
import { formatUnit } from '../config/units.ts'
import { listSegments, type SegmentFile } from '../recording/folder.ts'
import { ask, controlPath } from './ask.ts'
import { table } from './output.ts'
import { exportVerb } from './record-export.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Running {
  readonly config: string
  readonly socket?: string
}

interface State {
  readonly on: boolean
  readonly path: string
  readonly lost: number
  readonly failed: string
}

/** `ringwall record`: keep what the guards judged, sealed to the operator's key. */
export function recordVerb(program: Command): void {
  const record = program
    .command('record')
    .description('Record what the guards judge, sealed to your key, to judge it again.')
  steer(record, 'start', 'Record from now on; the section `record` says where and for whom.')
  steer(record, 'stop', 'Record no more; what was recorded is on disk then.')
  list(record)
  keygen(record)
  exportVerb(record)
}

function steer(record: Command, name: 'start' | 'stop', summary: string): void {
  const command = verb(record, { name, summary, example: `ringwall record ${name} --config ringwall.yaml` })
    .option('--config <file>', 'the configuration of the running gateway', 'ringwall.yaml')
    .option('--socket <path>', 'its control socket, instead of the one in the configuration')
  runs<Running>(command, async (_, { config, socket }) => {
    const { status, body } = await ask(socket ?? controlPath(config), 'POST', `/record/${name}`)
    if (status === 200) return { status: 0, text: told(body as State), json: body }
    const { code, what, hint, place } = body as Partial<RingwallError>
    const hintOrLog = hint ?? 'Its log has more.'
    throw new RingwallError(code ?? 'refused', what ?? `the gateway answered ${status}`, hintOrLog, place)
  })
}

function list(record: Command): void {
  const command = verb(record, {
    name: 'list',
    summary: 'List the segments, and whether the gateway records now.',
    example: 'ringwall record list --config ringwall.yaml',
  })
    .option('--config <file>', 'the configuration', 'ringwall.yaml')
    .option('--path <folder>', 'the folder of the segments, instead of the one in the configuration')
  runs<{ config: string; path?: string }>(command, async (_, { config, path }) => {
    const segments = listSegments(path ?? folderOf(config))
    const state = path === undefined ? await stateOf(config) : null
    return { status: 0, text: listText(segments, state), json: { state, segments } }
  })
}

function keygen(record: Command): void {
  const command = verb(record, {
    name: 'keygen <file>',
    summary: 'Make a pair of age keys: the identity goes into the file, the recipient into record.to.',
    example: 'ringwall record keygen recording.key',
  })
  runs<object>(command, async ([file = '']): Promise<Outcome> => {
    const { makeIdentity, writeIdentity } = await import('../recording/identity.ts')
    const pair = await makeIdentity()
    writeIdentity(file, pair)
    const lines = [
      `${file} holds the identity, which opens recordings: keep it away from the gateway.`,
      `record: { to: [${pair.recipient}] }   # in ringwall.yaml`,
    ]
    return { status: 0, text: `${lines.join('\n')}\n`, json: { file, recipient: pair.recipient } }
  })
}

function folderOf(file: string): string {
  const { record } = loadConfig(file)
  if (record !== 'off') return record.path
  const hint = 'Set the section `record`, or name a folder by --path.'
  throw new RingwallError('recording_off', 'the configuration names no recordings', hint, { file, field: 'record' })
}

/** Null where no gateway runs: the segments are there all the same. */
async function stateOf(file: string): Promise<State | null> {
  const { control } = loadConfig(file)
  if (control === 'off') return null
  try {
    const { status, body } = await ask(control.path, 'GET', '/record')
    return status === 200 ? (body as State) : null
  } catch {
    return null
  }
}

function told({ on, path, lost, failed }: State): string {
  const missing = lost > 0 ? ` ${lost} acts are missing, for the recorder did not keep up.` : ''
  if (on) return `Recording into ${path}.${missing}\n`
  return failed === '' ? `Not recording.${missing}\n` : `Not recording: ${failed}.\n`
}

function listText(segments: readonly SegmentFile[], state: State | null): string {
  const rows = segments.map(({ name, worker, began, ended, size }) => [
    name,
    String(worker),
    new Date(began).toISOString(),
    new Date(ended).toISOString(),
    formatUnit('size', size),
  ])
  const listed = rows.length === 0 ? 'No segments.\n' : table([['segment', 'worker', 'from', 'until', 'size'], ...rows])
  return `${listed}${state === null ? 'No gateway answers.\n' : told(state)}`
}
