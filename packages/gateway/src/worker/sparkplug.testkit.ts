import sparkplug from 'sparkplug-payload'
import { parseConfig } from '../config/index.ts'
import { SAMPLE } from '../config/sample.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { publish } from '../path/packets.testkit.ts'
import { Bench } from '../path/way.testkit.ts'
import { compileProfiles } from '../profile/compile.ts'
import { profile } from '../profile/profile.testkit.ts'
import { SparkplugDesk } from '../profile/sparkplug.ts'
import { compilePlans, SLOTS } from './plan.ts'

type Members = Record<string, unknown>
const { encodePayload } = sparkplug.get('spBv1.0')!
type Metrics = NonNullable<Parameters<typeof encodePayload>[0]['metrics']>
export type Metric = Metrics[number]

const TIME = 1_700_000_000_000
const FORM = { href: 'mqtts://gateway:8883', contentType: 'application/x-sparkplug-b' }

/** A metric by its name. */
export const named = (name: string, value: unknown, type = 'Double', more: object = {}): Metric =>
  ({ name, value, type, timestamp: TIME, ...more }) as Metric

/** A metric by its alias alone. */
export const aliased = (alias: number, value: unknown, type = 'Double'): Metric =>
  ({ alias, value, type, timestamp: TIME }) as Metric

export const message = (seq: number | undefined, ...metrics: Metric[]): Uint8Array =>
  encodePayload({ timestamp: TIME, ...(seq === undefined ? {} : { seq }), metrics } as Parameters<
    typeof encodePayload
  >[0])

/** Level at most 2, and limits that may be written, of the node and of what is behind it. */
export const edge = (
  parts: { readonly level?: Members; readonly actions?: Members; readonly rate?: Members } = {},
): Members =>
  profile({
    id: 'urn:ringwall:profile:edge',
    'rw:devices': ['pump-*'],
    properties: {
      metrics: {
        type: 'object',
        properties: { level: parts.level ?? { type: 'number', maximum: 2 }, limit: { type: 'number' } },
        additionalProperties: false,
        ...(parts.rate === undefined ? {} : { 'rw:maximumRate': parts.rate }),
        forms: [{ ...FORM, 'mqv:filter': 'spBv1.0/${site}/+/${device}/#' }],
      },
    },
    actions: parts.actions ?? {
      write: write('spBv1.0/${site}/NCMD/${device}'),
      limit: write('spBv1.0/${site}/DCMD/${device}/+'),
    },
  })

/** An action on a filter. */
export const write = (filter: string, parts: Members = {}): Members => ({
  input: {
    type: 'object',
    properties: { limit: { type: 'number', minimum: 0, maximum: 10 } },
    additionalProperties: false,
  },
  forms: [{ ...FORM, op: 'invokeaction', 'mqv:filter': filter }],
  ...parts,
})

/** A worker's session of pump-1 under a profile that may be loaded anew. */
export class EdgeBench {
  readonly desk: SparkplugDesk
  readonly bench: Bench

  constructor(first: Members, desk = new SparkplugDesk()) {
    this.desk = desk
    this.bench = new Bench({ plan: this.#plan(first) })
  }

  #plan(one: Members) {
    const roles = '{ publish: [spBv1.0/#, mill-3/#], subscribe: [spBv1.0/#], receive: [spBv1.0/#] }'
    const text = `${SAMPLE.replace(/roles:\n(?: .*\n)+/, `roles:\n  sensor: ${roles}\n`)}rings: { network: enforce, identity: enforce, integrity: enforce, physical: enforce }\n`
    const sources = [{ file: 'edge.td.json', text: JSON.stringify(one) }]
    const book = compileProfiles(sources, { site: 'mill-3', sparkplug: this.desk })
    const shared = { topics: new SharedLimits(1024, 1), approvals: new SharedApprovals(1024, [1, 2, 3, 4]) }
    return compilePlans(parseConfig(text, '/x/ringwall.yaml'), book, shared)('pump-1')
  }

  /** Loads profiles anew, as a worker does for a living connection. */
  reload(one: Members): void {
    const { c } = this.bench
    c.plan = this.#plan(one)
    c.addresses.forget(SLOTS)
    c.session.up.forget()
    c.session.down.forget()
    c.scene.memo = []
  }

  /** CONNECT with its will. */
  async connect(): Promise<void> {
    const payload = message(undefined, named('bdSeq', 0, 'UInt64'))
    await this.bench.establish({ version: 5, will: { topic: 'spBv1.0/mill-3/NDEATH/pump-1', payload, qos: 1 } })
  }

  /** CONNECT, NBIRTH with level as alias 1, DBIRTH of press with limit as alias 2. */
  async born(): Promise<this> {
    await this.connect()
    const rebirth = named('Node Control/Rebirth', false, 'Boolean')
    const level = named('level', 1, 'Double', { alias: 1 })
    this.up('NBIRTH/pump-1', message(0, named('bdSeq', 0, 'UInt64'), rebirth, level, named('limit', 5)))
    this.up('DBIRTH/pump-1/press', message(1, named('limit', 5, 'Double', { alias: 2 })))
    return this
  }

  /** The device publishes; answers what was said, or `ok`. */
  up(topic: string, payload: Uint8Array): string {
    this.bench.device(publish(`spBv1.0/mill-3/${topic}`, payload))
    return this.#said(this.bench.toBroker().length)
  }

  /** The broker sends to the device. */
  down(topic: string, payload: Uint8Array, { retain = false } = {}): string {
    const packet = publish(`spBv1.0/mill-3/${topic}`, payload)
    if (retain) packet[0]! |= 1
    this.bench.server(packet)
    return this.#said(this.bench.toDevice().length)
  }

  /** The sentence of what is found in a message of the device. */
  why(topic: string, payload: Uint8Array): string {
    this.bench.device(publish(`spBv1.0/mill-3/${topic}`, payload))
    return this.bench.way.book.take().verdicts[0]?.findings[0].why ?? ''
  }

  #said(arrived: number): string {
    const [first] = this.bench.verdicts()
    return first?.replace('refuse schema:', '') ?? (arrived > 0 ? 'ok' : 'nothing')
  }
}
