import { createWriteStream, fchmodSync, fstatSync } from 'node:fs'
import { RingwallError } from '../base/error.ts'
import type { Config } from '../config/index.ts'
import { EVE_TYPES, type EveType } from '../replay/eve/types.ts'
import { type EveWishes, prepare } from '../replay/prepare.ts'
import { fileSource, liveSource, type Source } from '../replay/source.ts'
import { LineSink } from './line-sink.ts'
import { shipped, withInput } from './named-files.ts'
import { Progress } from './progress.ts'
import { judgedAsThen, type ReplayOptions, sortedOut } from './replay-arguments.ts'
import { isRecording, replayRecording } from './replay-recording.ts'
import { reportOf, shown, statusOf } from './replay-report.ts'
import type { Outcome } from './verb.ts'

/** Judges a capture, from a file, standard input or an interface, to its end. */
export async function replay(named: readonly string[], given: ReplayOptions): Promise<Outcome> {
  const { captures, options } = sortedOut(named, given)
  if (captures.some(isRecording) || (captures[0] === '-' && options.identity !== undefined)) {
    judgedAsThen(options)
    return replayRecording(captures, options.identity)
  }
  const source = sourceOf(captures, options)
  const sink = sinkOf(options)
  try {
    const trial = await prepare({
      ...packOf(options),
      config: await configOf(options),
      mapping: { clientId: options.map === 'client-id', roles: options.role ?? [] },
      eve: sink === null ? null : eveOf(options, sink),
      ports: (options.port ?? []).map(portOf),
    })
    const progress = new Progress(source.name, source.size)
    const stop = (): void => source.stop()
    // An interface has no end of its own.
    if (options.interface !== undefined) process.once('SIGINT', stop)
    for await (const chunk of source.chunks(trial.window)) {
      const goesOn = trial.take(chunk)
      progress.add(chunk.length)
      await sink?.flush()
      if (!goesOn) break
    }
    process.off('SIGINT', stop)
    const extent = trial.end()
    progress.end()
    await sink?.end()
    const report = reportOf(source.name, extent, trial, source.note())
    const quiet = options.eve === '-' || options.eve === true
    return { status: statusOf(report), text: quiet ? '' : shown(report), json: report }
  } finally {
    source.stop()
  }
}

function sourceOf(captures: readonly string[], options: ReplayOptions): Source {
  if (options.identity !== undefined) {
    const hint = 'Leave it out, or name a recording.'
    throw new RingwallError('option_unused', 'an --identity opens recordings, and none is named', hint)
  }
  const [file, another] = options.interface === undefined ? captures : [undefined, captures[0]]
  if (another !== undefined) {
    const hint = 'Name one capture; of recordings there may be several.'
    throw new RingwallError('capture_ambiguous', `${another} is one capture too many`, hint)
  }
  if (options.interface !== undefined) return liveSource(options.interface, options.filter)
  if (file !== undefined) return fileSource(file)
  const hint = 'Name a pcap or pcapng file before the options, - for standard input, or an --interface.'
  throw new RingwallError('capture_missing', 'no capture is named', hint)
}

/** What judges: what the options name, or the pack that comes with Ringwall where they name nothing at all. */
function packOf({ rules, scenarios, profiles, config, eve }: ReplayOptions): {
  rules: readonly string[]
  scenarios: readonly string[]
} {
  const named = [rules, scenarios, profiles, config, eve].some(option => option !== undefined)
  if (named) return { rules: withInput(rules ?? []), scenarios: withInput(scenarios ?? []) }
  return { rules: shipped('rules', '.rules'), scenarios: shipped('rules/scenarios', '.yaml') }
}

async function configOf({ config, profiles }: ReplayOptions): Promise<Config | null> {
  if (config === undefined && profiles === undefined) return null
  const { loadConfig, makeConfig } = await import('../config/index.ts')
  if (config !== undefined) {
    const read = loadConfig(config)
    return profiles === undefined ? read : { ...read, profiles: { ...read.profiles, files: [...profiles] } }
  }
  const nowhere = 'unused.pem'
  const bare = {
    site: 'capture',
    listen: { mqtts: { certificate: nowhere, key: nowhere } },
    upstream: { url: 'mqtt://127.0.0.1:1883' },
    identity: { anchors: [{ ca: nowhere }] },
    rings: { network: 'enforce', identity: 'enforce', integrity: 'enforce', physical: 'enforce' },
    guards: { access: 'off' },
  }
  const made = makeConfig(bare, 'ringwall replay --profiles')
  return { ...made, profiles: { ...made.profiles, files: [...(profiles ?? [])] } }
}

function sinkOf({ eve }: ReplayOptions): LineSink | null {
  if (eve === undefined) return null
  if (eve === true || eve === '-') return new LineSink(process.stdout)
  return new LineSink(createWriteStream(eve, { mode: 0o600 }).once('open', ownerOnly))
}

/** Also where the file was there already, and open to others. Where it is a pipe or a device, or somebody else's, nothing is changed. */
function ownerOnly(file: number): void {
  const stat = fstatSync(file)
  if (stat.isFile() && stat.uid === process.getuid?.()) fchmodSync(file, 0o600)
}

function eveOf({ eveTypes, eveStrings, passwords, ...rest }: ReplayOptions, sink: LineSink): EveWishes {
  const words = eveTypes === 'all' ? [...EVE_TYPES] : eveTypes.split(',').map(word => word.trim())
  const types = new Set(words.map(typeOf))
  // Who asks for Ringwall's own judging wants to read it.
  if (rest.config !== undefined || rest.profiles !== undefined || rest.scenarios !== undefined) types.add('ringwall')
  return { types, passwords, limit: whole(eveStrings, '--eve-strings', 1_073_741_824), write: text => sink.write(text) }
}

function typeOf(word: string): EveType {
  const known = EVE_TYPES.find(type => type === word)
  if (known !== undefined) return known
  throw new RingwallError('eve_type_unknown', `there is no event type ${word}`, `It is one of ${EVE_TYPES.join(', ')}.`)
}

function portOf(text: string): number {
  return whole(text, '--port', 65_535)
}

function whole(text: string, option: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new RingwallError('option_value', `${option} is ${text}`, `It is a whole number from 0 to ${most}.`)
}
