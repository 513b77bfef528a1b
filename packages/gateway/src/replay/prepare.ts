import type { Config } from '../config/index.ts'
import type { Alarm } from '../evidence/alarm.ts'
import type { Hit } from '../signature/index.ts'
import { type Bench, Court, type FloorOptions } from './court.ts'
import { Dissector } from './dissect/packet.ts'
import type { EveType } from './eve/types.ts'
import { readTexts } from './files.ts'
import type { Mapping } from './guards.ts'
import type { Inspector } from './inspection.ts'
import { Missing } from './missing.ts'
import type { Observer } from './observer.ts'
import type { Clockwork, Outlet } from './outlet.ts'
import { Reading } from './reading.ts'
import { type Extent, Replay } from './replay.ts'
import { Tally } from './tally.ts'

/** What a capture is judged by, and what is written of it. */
export interface Wishes {
  /** Files, globs or folders of signatures, and of scenarios; none are looked for where it is empty. */
  readonly rules: readonly string[]
  readonly scenarios: readonly string[]
  /** The guards' configuration; only the floor judges where it is null. */
  readonly config: Config | null
  readonly mapping: Mapping
  readonly eve: EveWishes | null
  /** Ports of MQTT servers besides the well-known ones. */
  readonly ports: readonly number[]
}

export interface EveWishes {
  readonly types: ReadonlySet<EveType>
  readonly passwords: boolean
  /** Bytes of a text that are written at most; 0 is no limit. */
  readonly limit: number
  /** Takes whole lines. */
  readonly write: (text: string) => void
}

/** A capture that is to be judged, and what was found in it so far. */
export interface Trial {
  readonly tally: Tally
  readonly missing: Missing
  /** Where the capture's bytes are best put (`Source.chunks`). */
  readonly window: Uint8Array | null
  take(chunk: Uint8Array): boolean
  end(): Extent
}

/** Ports of MQTT servers. */
export const WELL_KNOWN = [1883, 8883]
/** As much of one message as Suricata reads. */
export const LONGEST = 1_048_576
/** Bytes of unfinished packets of all connections. */
const BUFFERED = 268_435_456

/** The floor where nothing else is configured: as strict as it can be, and without limits of its own. */
export const FLOOR: FloorOptions = {
  strict: true,
  inflight: 65_535,
  aliases: 65_535,
  maxPacket: 268_435_460,
  authMethods: [],
}

/** Puts together what the wishes ask for; what they do not ask for is not even loaded. Errors: `ConfigError`. */
export async function prepare(wishes: Wishes): Promise<Trial> {
  const { eve, config } = wishes
  const moment: Clockwork = { time: 0, packet: 0 }
  const tally = new Tally(moment)
  const missing = new Missing()
  const outlets: Outlet[] = [tally]
  if (eve !== null) {
    const { Eve } = await import('./eve/eve.ts')
    outlets.push(new Eve(eve.types, moment, eve.write))
  }
  const scenarios = await watched(wishes, moment, outlets)
  const bench = config === null ? null : await benchOf(config, wishes.mapping, moment, missing, outlets)
  const court = new Court(config === null ? FLOOR : floorOf(config), outlets, missing, bench)
  const observers: Observer[] = scenarios === null ? [court] : [court, scenarios.observer]
  const ports = [...WELL_KNOWN, ...wishes.ports]
  const writing = eve === null ? null : { silent: false, passwords: eve.passwords, limit: eve.limit }
  const reading = new Reading({
    dissector: new Dissector(writing ?? { silent: true, passwords: false, limit: 0 }),
    writes: eve !== null,
    inspector: await inspectorOf(wishes),
    observers,
    outlets,
    moment,
    ports: new Set(ports),
    longest: LONGEST,
    buffered: BUFFERED,
  })
  const replay = new Replay(moment, reading, ports, time => scenarios?.advance(time))
  const end = (): Extent => {
    const extent = replay.end()
    for (const { why, count } of extent.unread) missing.add('capture', why, count)
    return extent
  }
  return { tally, missing, window: replay.window, take: chunk => replay.take(chunk), end }
}

function floorOf({ session, limits }: Config): FloorOptions {
  return {
    strict: session.strict,
    inflight: session.inflight,
    aliases: session.aliases,
    maxPacket: limits.packet,
    authMethods: session.authMethods,
  }
}

async function benchOf(
  config: Config,
  mapping: Mapping,
  moment: Clockwork,
  missing: Missing,
  outlets: readonly Outlet[],
): Promise<Bench> {
  const [{ GuardBench }, { readProfiles }, { sealSecretThere }, { compileProfiles }, { SparkplugDesk }] =
    await Promise.all([
      import('./guards.ts'),
      import('../keys/profiles.ts'),
      import('../keys/seals.ts'),
      import('../profile/compile.ts'),
      import('../profile/sparkplug.ts'),
    ])
  const { site, profiles } = config
  const book = compileProfiles(readProfiles({ profiles }), {
    site,
    mode: profiles.mode,
    sparkplug: new SparkplugDesk(),
  })
  return new GuardBench(config, book, mapping, moment, missing, outlets, sealSecretThere(config))
}

interface Watch {
  readonly observer: Observer & Outlet
  advance(time: number): void
}

async function watched({ scenarios, config }: Wishes, moment: Clockwork, outlets: Outlet[]): Promise<Watch | null> {
  if (scenarios.length === 0 && (config?.scenarios.files.length ?? 0) === 0) return null
  const [{ Engine }, { provenSources, readSources }, { compileAllowList }, { Witness }] = await Promise.all([
    import('../detect/scenario/engine.ts'),
    import('../detect/sources.ts'),
    import('../detect/scenario/allow.ts'),
    import('./witness.ts'),
  ])
  const configured = readSources(config === null ? { files: [], allow: [] } : config.scenarios)
  const named = readTexts(scenarios, '.yaml', '.test.yaml')
  const compiled = provenSources({ ...configured, scenarios: [...configured.scenarios, ...named] })
  const told = [...outlets]
  const alarm = (raised: Alarm): void => {
    for (const outlet of told) outlet.alarm?.(raised)
  }
  const engine = new Engine(compiled.scenarios, { alarm, isAllowed: compileAllowList(compiled.allowances) })
  const observer = new Witness(happening => engine.take(happening), moment)
  outlets.push(observer)
  return { observer, advance: time => engine.advance(time) }
}

/** What signatures look with; nothing where there are none. */
async function inspectorOf({ rules, config }: Wishes): Promise<Inspector<unknown>> {
  const sources = readTexts([...(config?.rules.files ?? []), ...rules], '.rules')
  if (!sources.some(({ text }) => hasRules(text))) return BLIND
  const { compileRules } = await import('../signature/index.ts')
  const { Signatures } = await import('./signatures.ts')
  return new Signatures(compileRules(sources, config?.rules.vars)) as Inspector<unknown>
}

/** Whether there is anything but comments and blank lines. */
function hasRules(text: string): boolean {
  return text.split('\n').some(line => /^\s*[^#\s]/.test(line))
}

const NOTHING: readonly Hit[] = []
const BLIND: Inspector<unknown> = { looks: false, memory: () => null, inspect: () => NOTHING }
