import { SignatureEngine } from '../engine.ts'
import { addressBytes } from '../language/address.ts'
import type { RuleSet } from '../match/rule-set.ts'
import { FlowMemory } from '../memory.ts'
import type { SignedPacket } from '../packet.ts'
import type { Rule } from '../rule.ts'
import { type Described, packetOf } from './packet-of.ts'
import type { PlacedTrial } from './read.ts'
import type { TrialStep } from './schema.ts'

/** What is wrong with a rule's trial, or with there being none. */
export interface Failure {
  readonly rule: Rule | null
  readonly why: string
  readonly file: string
  readonly line: number
}

const SECOND = 1_000

/**
 * Holds rules to their trials: each has one, all that should fire it does, and nothing else. A rule of pass is taken to fire
 * where it is what ends the judging, one that is kept quiet where it matches.
 */
export function runTrials(rules: RuleSet, trials: readonly PlacedTrial[]): Failure[] {
  const failures: Failure[] = []
  const tried = new Set<Rule>()
  for (const { trial, file, line } of trials) {
    const gid = trial.gid ?? 1
    const rule = rules.rules.find(each => each.sid === trial.sid && each.gid === gid)
    if (rule === undefined) {
      failures.push({ rule: null, why: `there is no rule with sid ${trial.sid}`, file, line })
      continue
    }
    tried.add(rule)
    if (!fires(rules, rule, trial.fires)) failures.push({ rule, why: 'what should fire it does not', file, line })
    if (fires(rules, rule, trial.silent)) failures.push({ rule, why: 'what is only near it fires it', file, line })
  }
  for (const rule of rules.rules) {
    if (!tried.has(rule)) failures.push({ rule, why: 'it has no trial', file: rule.file, line: rule.line })
  }
  return failures
}

/** Whether a rule fires at any of the packets, each client being a connection of its own. */
function fires(rules: RuleSet, rule: Rule, steps: readonly TrialStep[]): boolean {
  const engine = new SignatureEngine(rules)
  const clients = new Map<string, FlowMemory>()
  let time = 0
  let fired = false
  for (const step of steps) {
    const name = step.as ?? 'device'
    const flow = clients.get(name) ?? new FlowMemory()
    clients.set(name, flow)
    const packet = trialPacket(step as Described, name, step.down === true)
    for (let left = step.times ?? 1; left > 0; left--) {
      time += step.apart ?? SECOND
      for (const hit of engine.inspect(packet, flow, time)) if (hit.rule === rule) fired = true
    }
  }
  return fired
}

/** A described packet between a client at 10.0.0.5 and a broker at 10.0.0.1:8883. */
export function trialPacket(described: Described, name: string, down: boolean): SignedPacket {
  const bytes = packetOf(described) ?? new Uint8Array(2)
  let body = 1
  while (bytes[body] >= 0x80) body++
  return {
    bytes,
    start: 0,
    body: body + 1,
    end: bytes.length,
    type: bytes[0] >> 4,
    flags: bytes[0] & 15,
    version: described.version ?? 5,
    direction: down ? 'down' : 'up',
    events: 0,
    client: { address: addressBytes('10.0.0.5'), port: 40_000, name },
    server: { address: addressBytes('10.0.0.1'), port: 8_883, name: 'broker' },
    topic: null,
    named: null,
  }
}
