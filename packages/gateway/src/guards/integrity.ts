import { CHAIN_WORDS, ChainWindow, type Covered, type Link, type SealView } from '@ringwall/proof'
import type { Act, Guard, Lane, Report, Scene, Severity } from '../contract/index.ts'
import { LaneWord } from '../lanes/record.ts'
import type { SealSlots } from './seal-slots.ts'

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
  readonly window: ChainWindow
  device: string
  epoch: number
  slot: number
  /** How often the slot had changed hands when it was given. */
  turn: number
  /** Whose slot it is: a reload brings others. */
  from: SealSlots | null
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

/**
 * Verifies seals: the MAC, the device's clock, and that each message follows the one before. A chain goes on only by right MACs, so that nobody
 * without the key can move it, and goes on though another guard refuses the message. What a will says is sealed by nobody: it is not asked for.
 * Stops: lab/attackers sealed-* (ATT&CK for ICS T0830, T0832, T1692.002). Clause: RFC 9052, docs/seals.md.
 */
export function integrity(rules: SealRules, slots: SealSlots, slot: number): Guard {
  const covered = new CoveredAct()

  function judgeChain(act: Act, view: SealView, { window }: Known, report: Report): void {
    const link = window.judge(view)
    const missing = view.sequence - window.last - 1
    // A message may be sent again once its acknowledgement is lost (MQTT-3.3.1-1): whoever receives it knows by DUP.
    const isResent = link === 'replay' && view.sequence === window.last && (act.bytes[act.start] & DUP) !== 0
    if (link !== 'replay' && link !== 'fork' && link !== 'stale') window.advance(view)
    const found = LINKS[link]
    if (found === null || isResent) return
    const number = `message ${view.sequence} of ${act.subject}`
    const why = link === 'gap' ? `${number}: ${missing} before it have not come` : `${number}: ${found.why}`
    const isTold = link === 'resumed' || (link === 'gap' && !rules.refusesGaps)
    if (isTold) report.note(found.code, why, 'seal', found.severity)
    else report.add(found.code, why, 'seal', found.severity)
  }

  function judgeClock(view: SealView, scene: Scene, report: Report): void {
    const off = view.time * 1_000 - scene.wall
    if (Math.abs(off) <= rules.clock) return
    const seconds = Math.round(Math.abs(off) / 1_000)
    const why = `it was sealed ${seconds} s ${off < 0 ? 'ago' : 'ahead'}, where ${rules.clock / 1_000} s are allowed`
    report.add('seal_clock', why, 'seal', 'medium')
  }

  return {
    name: 'integrity',
    ring: 'integrity',
    // Chains go on by what is judged.
    counts: true,
    judge(act, lane, scene, report) {
      if (act.action !== 'publish') return
      const { seal } = act
      if (seal === undefined || seal === null) {
        if (rules.policy(act.subject) === 'if-present') return
        return report.add('seal_missing', `${act.subject} must seal what it says`, 'seal', 'high')
      }
      if (seal === 'malformed') return report.add('seal_malformed', 'what stands for a seal is none', 'seal', 'high')
      const view = seal as SealView
      const known = knownOf(scene, lane, slot)
      findKey(known, act.subject, view.epoch, slots)
      if (known.slot < 0) {
        return report.add('seal_epoch', `no key of epoch ${view.epoch} is accepted`, 'seal', 'high')
      }
      covered.aim(act)
      if (!slots.verifier.verify(known.slot, view, covered)) {
        return report.add('seal_forged', 'the MAC is not that of this message, topic and device', 'seal', 'critical')
      }
      judgeClock(view, scene, report)
      judgeChain(act, view, known, report)
    },
  }
}

function findKey(known: Known, device: string, epoch: number, slots: SealSlots): void {
  const isSame = known.epoch === epoch && known.device === device && known.from === slots
  if (isSame && known.turn === slots.turnOf(known.slot)) return
  known.slot = slots.of(device, epoch)
  known.device = device
  known.epoch = epoch
  known.turn = slots.turnOf(known.slot)
  known.from = slots
}

function knownOf(scene: Scene, lane: Lane, slot: number): Known {
  const found = scene.memo[slot] as Known | undefined
  if (found !== undefined) return found
  const { buffer, byteOffset } = lane.words
  const words = new Int32Array(buffer, byteOffset + LaneWord.sealFirst * Float64Array.BYTES_PER_ELEMENT, CHAIN_WORDS)
  const made = { window: new ChainWindow(words), device: '', epoch: 0, slot: -1, turn: 0, from: null }
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
