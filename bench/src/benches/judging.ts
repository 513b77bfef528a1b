import { makeConfig } from '../../../packages/gateway/src/config/index.ts'
import { type Act, AT_REST, type Principal } from '../../../packages/gateway/src/contract/index.ts'
import { signature } from '../../../packages/gateway/src/guards/signature.ts'
import { readRules } from '../../../packages/gateway/src/keys/rules.ts'
import { SharedApprovals } from '../../../packages/gateway/src/lanes/approvals.ts'
import { SharedLimits } from '../../../packages/gateway/src/lanes/limits.ts'
import { SharedSeries } from '../../../packages/gateway/src/lanes/series.ts'
import { LaneTable } from '../../../packages/gateway/src/lanes/table.ts'
import { Judge, Outcome, type Plan, planOf } from '../../../packages/gateway/src/path/judge.ts'
import { compileProfiles } from '../../../packages/gateway/src/profile/compile.ts'
import { compileRules } from '../../../packages/gateway/src/signature/index.ts'
import { compilePlans, SLOTS } from '../../../packages/gateway/src/worker/plan.ts'
import { seeded } from '../base/turns.ts'
import { PAYLOAD_BYTES, publishFrame, reading } from '../load/frames.ts'
import { PROFILE } from '../peers/profile.ts'

const DEVICE = 'bench-1'
const RULES = new URL('../../../rules/industrial.rules', import.meta.url).pathname
const TOPIC = `plant/${DEVICE}/telemetry`
/** Different payloads that follow each other. */
const PAYLOADS = 1_024

/**
 * Microseconds that each guard takes for an act of `reading`, judged and learned, in this thread: the time with the guards up to
 * it less the time with those before it, so that what one guard works out for the next counts once. One value a round.
 */
export function judging(acts: number, rounds: number): Map<string, number[]> {
  const { plan, series } = compiled()
  const found = new Map<string, number[]>(plan.map(({ guard }) => [guard.name, []]))
  found.set('all', [])
  for (let round = -1; round < rounds; round++) {
    let before = timed(plan.slice(0, 0), series, acts)
    for (const [index, { guard }] of plan.entries()) {
      const now = timed(plan.slice(0, index + 1), series, acts)
      if (round >= 0) found.get(guard.name)!.push(Math.max(0, now - before))
      before = now
    }
    if (round >= 0) found.get('all')!.push(before)
  }
  return found
}

function compiled(): { plan: Plan; series: number } {
  const limit = { messages: '1000000/s', burst: 1_000_000 }
  const config = makeConfig(
    {
      site: 'bench',
      listen: { mqtts: { certificate: 'x', key: 'x' } },
      upstream: { url: 'mqtt://127.0.0.1:1883', identity: 'client-id' },
      identity: { anchors: [{ ca: 'x', revocation: 'off' }] },
      roles: { sensor: { publish: ['plant/${device}/#'] } },
      rings: { identity: 'enforce', network: 'enforce', integrity: 'enforce', physical: 'enforce' },
      rate: { connection: limit, device: limit },
      rhythm: { learning: '1s', messages: 20 },
    },
    '/ringwall.yaml',
  )
  const profile = { ...PROFILE, 'rw:devices': [DEVICE] }
  const book = compileProfiles([{ file: 'machine.td.json', text: JSON.stringify(profile) }], { site: 'bench' })
  const shared = { topics: new SharedLimits(1024, 1), approvals: new SharedApprovals(1024, [1, 2, 3, 4]) }
  const signatures = compileRules(readRules({ rules: { files: [RULES], vars: {} } }))
  return { plan: compilePlans(config, book, shared, signatures)(DEVICE), series: book.series.length }
}

/** Microseconds that so many rules, of which none fires, take for an act of `reading`. One value a round. */
export function rules(count: number, acts: number, rounds: number): number[] {
  const lines = Array.from({ length: count }, (_, i) => ruleOf(i))
  const guard = signature(compileRules([{ file: 'made.rules', text: lines.join('\n') }]), 8883, 6)
  const plan = planOf([{ guard, mode: 'enforce' }])
  const found: number[] = []
  for (let round = -1; round < rounds; round++) {
    const bare = timed(plan.slice(0, 0), 0, acts)
    const cost = timed(plan, 0, acts) - bare
    if (round >= 0) found.push(cost)
  }
  return found
}

/** Words of six letters that stand in no reading, in turn in topics and in messages. */
function ruleOf(index: number): string {
  const random = seeded(index + 1)
  const word = Array.from({ length: 6 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('')
  const buffer = index % 2 === 0 ? 'mqtt.publish.message' : 'mqtt.publish.topic'
  return `drop mqtt any any -> any any (msg:"made"; ${buffer}; content:"${word}${index}"; sid:${index + 1};)`
}

function timed(plan: Plan, series: number, acts: number): number {
  const judge = new Judge()
  const lanes = new LaneTable(1)
  const lane = lanes.open(0, lanes.advance(0))
  const scene = { ...AT_REST, now: 1, wall: Date.now(), neighbors: new SharedSeries(series), memo: memo() }
  const packets = Array.from({ length: PAYLOADS }, (_, index) => publishFrame(TOPIC, reading(index)))
  const act = blank()
  const began = process.cpuUsage()
  for (let i = 0; i < acts; i++) {
    act.serial++
    act.bytes = packets[i % PAYLOADS]!
    act.end = act.bytes.length
    act.payloadStart = act.end - PAYLOAD_BYTES
    act.payloadEnd = act.end
    scene.now += 1
    scene.wall += 1
    if (judge.judge(plan, act, lane, scene) !== Outcome.allow) throw new Error(judge.findings[0]?.why)
  }
  const { user, system } = process.cpuUsage(began)
  return (user + system) / acts
}

function blank(): { -readonly [Key in keyof Act]: Act[Key] } {
  const speaker: Principal = {
    site: 'bench',
    device: DEVICE,
    roles: ['sensor'],
    assurance: 'certificate',
    fingerprint: '',
  }
  return {
    serial: 0,
    direction: 'up',
    action: 'publish',
    speaker,
    subject: DEVICE,
    address: { bytes: Buffer.from(TOPIC), text: TOPIC, memo: memo() },
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    payloadStart: 0,
    payloadEnd: 0,
    qos: 0,
    retain: false,
    weight: 1,
  }
}

function memo(): unknown[] {
  return new Array(SLOTS).fill(undefined)
}
