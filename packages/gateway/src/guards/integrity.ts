import type { Covered, Link, SealView } from '@ringwall/proof'
import type { Act, Guard, Report, Scene, Severity } from '../contract/index.ts'
import { LaneChain } from '../lanes/seal-chain.ts'
import { type KeyPlace, Mac, nowhere, type SealSlots } from '../seals/slots.ts'
import type { Unsealable } from '../seals/unsealable.ts'

export type SealPolicy = 'required' | 'if-present'

export interface SealRules {
  /** What is asked of a device's messages. */
  readonly policy: (device: string) => SealPolicy
  /** Milliseconds that a device's clock may be off. */
  readonly clock: number
  /** Whether a message is refused behind which others are missing. */
  readonly refusesGaps: boolean
}

/** What the guard keeps of a connection. */
interface Known {
  readonly place: KeyPlace
  /** Null where a recording has only just brought the rest back. */
  chain: LaneChain | null
  /** The last message that was sent again on this connection, 0 for none. */
  resent: number
}

const NOTHING: Uint8Array = new Uint8Array(0)
/** DUP in the first byte of a PUBLISH. */
const DUP = 0x08

/** What is wrong with a seal that stands so to those before it, and how grave that is; null where nothing is. */
const LINKS: Readonly<
  Record<Link, { readonly code: string; readonly why: string; readonly severity: Severity } | null>
> = {
  first: null,
  next: null,
  resumed: { code: 'seal_resumed', why: 'the device has lost its state and begins a new chain', severity: 'low' },
  gap: { code: 'seal_gap', why: 'messages before it have not come', severity: 'medium' },
  reorder: { code: 'seal_reorder', why: 'it was sent before others that have come already', severity: 'medium' },
  replay: { code: 'seal_replay', why: 'the same message has come already', severity: 'high' },
  fork: {
    code: 'seal_fork',
    why: 'it contradicts a message that has come: two senders have this key, or one was set back',
    severity: 'critical',
  },
  stale: { code: 'seal_stale', why: 'it is older than all that is remembered', severity: 'high' },
}

const UNSEALABLE: Readonly<Record<Unsealable, { readonly code: string; readonly why: string }>> = {
  algorithm: { code: 'seal_algorithm', why: 'its seal names another algorithm than HMAC with SHA-256' },
  truncated: { code: 'seal_truncated', why: 'the tag of its seal is cut' },
  malformed: { code: 'seal_malformed', why: 'what stands for a seal is none' },
}

/**
 * Verifies seals: the MAC, the device's clock, and that each message follows the one before. A chain goes on only by right MACs, so that nobody
 * without the key can move it, and goes on though another guard refuses the message. What a will says is sealed by nobody: it is not asked for.
 * Stops: lab/attackers/sealed-* (ATT&CK for ICS T0830, T0832, T1692.002). Clause: RFC 9052, docs/seals.md.
 */
export function integrity(rules: SealRules, slots: SealSlots, slot: number): Guard {
  const covered = new CoveredAct()

  function judgeChain(
    act: Act,
    view: SealView,
    known: Known,
    chain: LaneChain,
    isTimely: boolean,
    report: Report,
  ): void {
    const { window } = chain
    const link = window.judge(view)
    const missing = view.sequence - window.last - 1
    const isSentAgain = sentAgain(act, view, link, known)
    if (link !== 'replay' && link !== 'fork' && link !== 'stale') window.advance(view)
    const found = LINKS[link]
    const isCaughtUp = link === 'gap' && chain.isBehind && isTimely
    if (isCaughtUp || link === 'next' || link === 'resumed') chain.isBehind = false
    if (found === null || (isSentAgain && link === 'replay')) return
    const number = `message ${view.sequence} of ${act.subject}`
    if (isCaughtUp) {
      const why = `${number}: the gateway had lost what came last, ${missing} before it are not known`
      return report.note('seal_resumed', why, 'seal', 'low')
    }
    const why = link === 'gap' ? `${number}: ${missing} before it have not come` : `${number}: ${found.why}`
    const isTold = link === 'resumed' || (link === 'gap' && !rules.refusesGaps) || isSentAgain
    if (isTold) report.note(found.code, why, 'seal', found.severity)
    else report.add(found.code, why, 'seal', found.severity)
  }

  /** @returns whether the device's clock is right */
  function judgeClock(view: SealView, scene: Scene, report: Report): boolean {
    const off = view.time * 1_000 - scene.wall
    if (Math.abs(off) <= rules.clock) return true
    const seconds = Math.round(Math.abs(off) / 1_000)
    const why = `it was sealed ${seconds} s ${off < 0 ? 'ago' : 'ahead'}, where ${rules.clock / 1_000} s are allowed`
    report.add('seal_clock', why, 'seal', 'medium')
    return false
  }

  return {
    name: 'integrity',
    ring: 'integrity',
    // Chains go on by what is judged.
    counts: true,
    keeps: {
      slot,
      save: kept => (kept as Known).resent,
      load: resent => ({ place: nowhere(), chain: null, resent: Number(resent) }),
    },
    judge(act, lane, scene, report) {
      if (act.action !== 'publish') return
      const { seal } = act
      if (seal === undefined || seal === null) {
        if (rules.policy(act.subject) === 'if-present') return
        return report.add('seal_missing', `${act.subject} must seal what it says`, 'seal', 'high')
      }
      if (typeof seal === 'string') {
        const { code, why } = UNSEALABLE[seal as Unsealable]
        return report.add(code, why, 'seal', 'high')
      }
      const view = seal as SealView
      const known = knownOf(scene, slot)
      known.chain ??= new LaneChain(lane.words)
      slots.find(known.place, act.subject, view.epoch)
      covered.aim(act)
      const mac = slots.judge(known.place, view, covered)
      if (mac === Mac.keyless) {
        return report.add('seal_epoch', `no key of epoch ${view.epoch} is accepted`, 'seal', 'high')
      }
      if (mac === Mac.wrong) {
        return report.add('seal_forged', 'the MAC is not that of this message, topic and device', 'seal', 'critical')
      }
      judgeChain(act, view, known, known.chain, judgeClock(view, scene, report), report)
    },
  }
}

/**
 * Whether a message is sent again because its acknowledgement was lost, or it was: with DUP, above QoS 0, in the order of the first time
 * (MQTT-3.3.1-1, MQTT-4.6.0-1). So each can come again once a connection, and as long as the window remembers its tag.
 */
function sentAgain({ bytes, start, qos }: Act, { sequence }: SealView, link: Link, known: Known): boolean {
  if ((link !== 'replay' && link !== 'reorder') || qos === 0 || (bytes[start] & DUP) === 0) return false
  if (sequence <= known.resent) return false
  known.resent = sequence
  return true
}

function knownOf(scene: Scene, slot: number): Known {
  const found = scene.memo[slot] as Known | undefined
  if (found !== undefined) return found
  const made = { place: nowhere(), chain: null, resent: 0 }
  scene.memo[slot] = made
  return made
}

/** What a seal covers of an act: one a guard, aimed anew at each. */
class CoveredAct implements Covered {
  topic = NOTHING
  readonly topicStart = 0
  topicEnd = 0
  payload = NOTHING
  payloadStart = 0
  payloadEnd = 0

  aim({ address, bytes, payloadStart, payloadEnd }: Act): void {
    // Where an alias stands for the topic, the seal covers what it stands for.
    this.topic = address.bytes
    this.topicEnd = address.bytes.length
    this.payload = bytes
    this.payloadStart = payloadStart
    this.payloadEnd = payloadEnd
  }
}
