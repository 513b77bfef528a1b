import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { loadConfig } from '../config/index.ts'
import { formatUnit } from '../config/units.ts'
import { listSegments, type SegmentFile } from '../recording/folder.ts'
import { ask, controlPath, order } from './ask.ts'
import { folderThere } from './folder-there.ts'
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
    const state = await order(socket ?? controlPath(config), 'POST', `/record/${name}`)
    return { status: 0, text: told(state as State), json: state }
  })
}

function list(record: Command): void {
  const command = verb(record, {
    name: 'list',
    summary: 'List the segments, and whether the gateway records now.',
    example: 'ringwall record list --config ringwall.yaml',
  })
    .option('--config <file>', 'the configuration', 'ringwall.yaml')
    .option('--socket <path>', 'the control socket of the running gateway, whose folder is listed')
    .option('--path <folder>', 'the folder of the segments, instead of the one in the configuration')
  runs<Running & { path?: string }>(command, async (_, { config, socket, path }) => {
    // Who names a folder asks about no gateway.
    if (path !== undefined) return listed(listSegments(folderThere(path)), null, '')
    if (socket !== undefined) {
      const state = (await order(socket, 'GET', '/record')) as State
      return listed(state.path === '' ? [] : listSegments(state.path), state, told(state))
    }
    const segments = listSegments(folderOf(config))
    const state = await stateOf(config)
    return listed(segments, state, state === null ? 'No gateway answers.\n' : told(state))
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
  return failed === '' ? `Recording is off.${missing}\n` : `Not recording: ${failed}.\n`
}

function listed(segments: readonly SegmentFile[], state: State | null, last: string): Outcome {
  const rows = segments.map(({ name, worker, began, ended, size }) => [
    name,
    String(worker),
    new Date(began).toISOString(),
    new Date(ended).toISOString(),
    formatUnit('size', size),
  ])
  const text = rows.length === 0 ? 'No segments.\n' : table([['segment', 'worker', 'from', 'until', 'size'], ...rows])
  return { status: 0, text: `${text}${last}`, json: { state, segments } }
}
