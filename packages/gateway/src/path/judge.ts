import type { Act, Decision, Finding, Guard, Lane, Mode, Report, Scene, Severity, Witness } from '../contract/index.ts'

/** A decision in numbers, from mildest to hardest, for comparing on the straight way. */
export const Outcome = { allow: 0, flag: 1, throttle: 2, refuse: 3, disconnect: 4 } as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

const DECISIONS = ['allow', 'flag', 'throttle', 'refuse', 'disconnect'] as const

/** The word for an outcome, as verdicts have it. */
export function decisionOf(outcome: Outcome): Decision {
  return DECISIONS[outcome]
}

/** The guards that judge a connection's acts, in order, each with its mode; guards that are off are not in it. */
export type Plan = readonly PlanEntry[] & {
  /** The types of packets that are no acts and that some guard wants to see: see `Guard.packets`. Absent: none. */
  readonly packets?: number
}

export interface PlanEntry {
  readonly guard: Guard
  readonly mode: Exclude<Mode, 'off'>
}

/** Makes a plan of its entries. */
export function planOf(entries: readonly PlanEntry[]): Plan {
  const packets = entries.reduce((types, { guard }) => types | (guard.packets ?? 0), 0)
  return packets === 0 ? entries : Object.assign([...entries], { packets })
}

/** Asks the guards one by one and joins what they report into a decision. One a worker, reused for every act. */
export class Judge {
  /** What the last act's guards found; taken over by whoever keeps it. */
  findings: Finding[] = []
  /** How long to stop reading after `throttle`, in milliseconds. */
  wait = 0
  /** Whether the last act is refused, be it at once or, after `throttle`, when it is judged again. */
  refuses = false
  /** Who is shown every act, a recorder; null for nobody. */
  witness: Witness | null = null
  readonly #report = new GuardReport()

  /**
   * Every guard is asked, whatever those before it found, so that budgets are charged for refused acts as well. Ending
   * the connection goes before all; waiting goes before refusing, since the act is judged again after the wait. Guards that count
   * are asked only then.
   */
  judge(plan: Plan, act: Act, lane: Lane, scene: Scene): Outcome {
    const report = this.#report
    // Left over only where a guard threw: nothing of that act may count for this one.
    if (report.found !== 0) report.reset()
    this.refuses = false
    const { witness } = this
    if (witness !== null) witness.before(plan, act, lane, scene)
    let blamed = 0
    for (let i = 0; i < plan.length; i++) {
      const { guard, mode } = plan[i]
      if (report.slows && guard.counts) continue
      const found = report.found
      report.guard = guard.name
      report.enforced = mode === 'enforce'
      guard.judge(act, lane, scene, report)
      if (report.found !== found) blamed |= 1 << i
    }
    const outcome = report.found === 0 ? Outcome.allow : this.#conclude(report)
    if (outcome <= Outcome.flag) teach(plan, blamed, act, lane, scene)
    if (witness !== null) this.#show(witness, act, lane, scene, outcome, false)
    return outcome
  }

  /** Asks about a packet that is no act only those guards that want to see its type. Nobody learns from it. */
  glance(plan: Plan, type: number, act: Act, lane: Lane, scene: Scene): Outcome {
    const report = this.#report
    if (report.found !== 0) report.reset()
    this.refuses = false
    const { witness } = this
    if (witness !== null) witness.before(plan, act, lane, scene)
    for (const { guard, mode } of plan) {
      if (((guard.packets ?? 0) & (1 << type)) === 0) continue
      report.guard = guard.name
      report.enforced = mode === 'enforce'
      guard.judge(act, lane, scene, report)
    }
    const outcome = report.found === 0 ? Outcome.allow : this.#conclude(report)
    if (witness !== null) this.#show(witness, act, lane, scene, outcome, true)
    return outcome
  }

  #show(witness: Witness, act: Act, lane: Lane, scene: Scene, outcome: Outcome, isGlance: boolean): void {
    const findings = outcome === Outcome.allow ? NOTHING : this.findings
    witness.after(act, lane, scene, outcome, findings, this.wait, isGlance)
  }

  #conclude(report: GuardReport): Outcome {
    const { ends, slows, refuses, wait } = report
    this.findings = report.ordered()
    this.wait = wait
    this.refuses = refuses
    report.reset()
    if (ends) return Outcome.disconnect
    if (slows) return Outcome.throttle
    return refuses ? Outcome.refuse : Outcome.flag
  }
}

const NOTHING: readonly Finding[] = []

/** Refused acts teach nothing, nor do acts teach a guard that found something in them, though it only observes. */
function teach(plan: Plan, blamed: number, act: Act, lane: Lane, scene: Scene): void {
  for (let i = 0; i < plan.length; i++) {
    if ((blamed & (1 << i)) === 0) plan[i].guard.learn?.(act, lane, scene)
  }
}

/** The order of findings: what ends, refuses and slows stands before what guards only observe or note. */
const Weight = { end: 0, refuse: 1, slow: 2, observed: 3 } as const

class GuardReport implements Report {
  guard = ''
  enforced = false
  found = 0
  findings: Finding[] = []
  ends = false
  slows = false
  refuses = false
  wait = 0
  #weights: number[] = []

  add(code: string, why: string, clause = '', severity: Severity = 'medium'): void {
    this.#note(code, why, clause, severity, Weight.refuse)
    if (this.enforced) this.refuses = true
  }

  note(code: string, why: string, clause = '', severity: Severity = 'low'): void {
    this.#note(code, why, clause, severity, Weight.observed)
  }

  slow(code: string, why: string, milliseconds: number, clause = ''): void {
    this.#note(code, why, clause, 'low', Weight.slow)
    if (!this.enforced) return
    this.slows = true
    this.wait = Math.max(this.wait, milliseconds)
  }

  end(code: string, why: string, clause = '', severity: Severity = 'high'): void {
    this.#note(code, why, clause, severity, Weight.end)
    if (this.enforced) this.ends = true
  }

  /** The findings, those that decided first: whoever tells a device or an operator names the first. */
  ordered(): Finding[] {
    if (this.found === 1) return this.findings
    const weights = this.#weights
    return [...this.findings.keys()].sort((a, b) => weights[a] - weights[b]).map(index => this.findings[index])
  }

  reset(): void {
    this.found = 0
    this.findings = []
    this.#weights = []
    this.ends = false
    this.slows = false
    this.refuses = false
    this.wait = 0
  }

  #note(code: string, why: string, clause: string, severity: Severity, weight: number): void {
    this.found++
    this.#weights.push(this.enforced ? weight : Weight.observed)
    this.findings.push({ guard: this.guard, code, severity, clause, why })
  }
}
