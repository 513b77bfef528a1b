import {
  type Act,
  type Decision,
  type Direction,
  type Finding,
  VERDICT_BYTES,
  type Verdict,
} from '../contract/index.ts'
import { type Evidence, NO_EVIDENCE } from './evidence.ts'

/** What a verdict is about when it is not an act of a guard's. */
export interface Subject {
  readonly device: string
  readonly peer: string
  readonly direction: Direction
  readonly action: Verdict['action']
  readonly address: string
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Verdicts of one kind by device (or address) that are remembered whole in a minute; more are only counted. */
const FIRST = 20
const MINUTE = 60_000
/** Characters of a text that are remembered. */
const LONGEST = 512
/** Kinds that are told apart in a minute, so that a crowd of devices cannot size this memory. */
const MOST_KINDS = 4_096

/** How often a guard's code led to a decision since the counts were last taken. */
export interface Tally {
  readonly guard: string
  readonly code: string
  readonly decision: Decision
  count: number
}

/** How often what was not remembered whole happened since it was last taken. */
export interface Surplus {
  /** The device, or the address where none is known; '' for all kinds beyond those that are told apart. */
  readonly who: string
  readonly code: string
  readonly decision: Decision
  count: number
}

/** Takes down every decision that is not a plain allow: counts all, remembers the first of each kind with the act's bytes. */
export class VerdictBook {
  readonly #worker: string
  readonly #evidence: Evidence
  #number = 0
  #minute = 0
  // Apart, so that strangers cannot fill the memory that devices' verdicts need.
  #kinds = new Map<string, number>()
  #strangers = new Map<string, number>()
  #tallies = new Map<string, Tally>()
  #surplus = new Map<string, Surplus>()
  #verdicts: Verdict[] = []

  /** @param worker its name, which no other worker of this gateway had before. */
  constructor(worker: string, evidence: Evidence = NO_EVIDENCE) {
    this.#worker = worker
    this.#evidence = evidence
  }

  /** @param wall milliseconds since the Unix epoch. */
  note(decision: Decision, findings: readonly Finding[], subject: Subject, wall: number): void {
    this.#evidence.verdict(decision, findings, subject, wall)
    for (const { guard, code } of findings) this.#count(guard, code, decision)
    if (!this.#remembers(subject, findings[0], decision, wall)) return
    const { bytes, start, end } = subject
    this.#verdicts.push({
      id: `${this.#worker}-${(this.#number++).toString(36)}`,
      time: wall,
      decision,
      findings: findings.map(each => ({ ...each, why: cutTo(each.why) })),
      device: subject.device,
      direction: subject.direction,
      action: subject.action,
      address: cutTo(subject.address),
      // A copy of these alone: a slice of a buffer is a view, with which all that it lies in would go to other threads.
      bytes: Uint8Array.from(bytes.subarray(start, Math.min(end, start + VERDICT_BYTES))),
      length: end - start,
      peer: subject.peer,
    })
  }

  /** The verdicts and counts since the last call. */
  take(): { verdicts: Verdict[]; tallies: Tally[]; surplus: Surplus[] } {
    const surplus = [...this.#surplus.values()]
    const taken = { verdicts: this.#verdicts, tallies: [...this.#tallies.values()], surplus }
    this.#verdicts = []
    this.#surplus.clear()
    this.#tallies.clear()
    return taken
  }

  #count(guard: string, code: string, decision: Decision): void {
    const key = `${guard} ${code} ${decision}`
    const tally = this.#tallies.get(key)
    if (tally === undefined) this.#tallies.set(key, { guard, code, decision, count: 1 })
    else tally.count++
  }

  #remembers(subject: Subject, first: Finding | undefined, decision: Decision, wall: number): boolean {
    const minute = Math.floor(wall / MINUTE)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#kinds.clear()
      this.#strangers.clear()
    }
    const who = subject.device === '' ? subject.peer.slice(0, subject.peer.lastIndexOf(':')) : subject.device
    const kind = `${who} ${first?.code ?? ''}`
    const kinds = subject.device === '' ? this.#strangers : this.#kinds
    const count = kinds.get(kind) ?? 0
    const code = first === undefined ? '' : `${first.guard}:${first.code}`
    if (count === 0 && kinds.size >= MOST_KINDS) {
      this.#over('', code, decision)
      return false
    }
    kinds.set(kind, count + 1)
    if (count >= FIRST) this.#over(who, code, decision)
    return count < FIRST
  }

  #over(who: string, code: string, decision: Decision): void {
    const key = `${who} ${code} ${decision}`
    const known = this.#surplus.get(key)
    if (known === undefined) this.#surplus.set(key, { who, code, decision, count: 1 })
    else known.count++
  }
}

/** A topic or a sentence about one may be 64 KiB long. */
function cutTo(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

/** The subject of an act's verdict. */
export function subjectOf(act: Act, peer: string): Subject {
  return {
    device: act.speaker.device,
    peer,
    direction: act.direction,
    action: act.action,
    address: act.address.text,
    bytes: act.bytes,
    start: act.start,
    end: act.end,
  }
}
