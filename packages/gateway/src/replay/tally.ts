import type { Flow } from '@ringwall/wire/capture'
import type { Alarm } from '../evidence/alarm.ts'
import type { Hit, MqttEvent } from '../signature/index.ts'
import type { Conversation } from './conversation.ts'
import type { Judgement, Outlet } from './outlet.ts'
import type { Transaction } from './transactions.ts'

/** One kind of thing that was found: how often, and about whom, the first few. */
export interface Found {
  readonly what: string
  readonly severity: string
  readonly why: string
  count: number
  readonly subjects: string[]
  readonly first: number
}

/** Subjects that are named of a kind; the others are only counted. */
const NAMED = 3

/** Counts what is found in a capture. Bounded by the numbers of rules, scenarios and codes, not by the capture. */
export class Tally implements Outlet {
  readonly alerts = new Map<string, Found>()
  readonly verdicts = new Map<string, Found>()
  readonly alarms = new Map<string, Found>()
  readonly anomalies = new Map<string, number>()
  readonly evasions = new Map<string, number>()
  readonly #moment: { readonly time: number }

  constructor(moment: { readonly time: number }) {
    this.#moment = moment
  }

  /** Whether anything was found that somebody should look at. Anomalies alone are no more than a capture cut out of its time. */
  get found(): boolean {
    return this.alerts.size + this.verdicts.size + this.alarms.size > 0
  }

  alert(c: Conversation, _transaction: Transaction, { rule }: Hit): void {
    const what = `${rule.gid === 1 ? '' : `${rule.gid}:`}${rule.sid}`
    this.#count(this.alerts, what, `priority ${rule.priority}`, rule.message, nameOf(c))
  }

  judgement(c: Conversation, { decision, findings }: Judgement): void {
    for (const { guard, code, severity, why } of findings) {
      this.#count(this.verdicts, `${decision} ${guard} ${code}`, severity, why, nameOf(c))
    }
  }

  alarm({ scenario, severity, why, subject }: Alarm): void {
    this.#count(this.alarms, scenario, severity, why, subject)
  }

  anomaly(_c: Conversation, _transaction: Transaction, event: MqttEvent): void {
    this.anomalies.set(event, (this.anomalies.get(event) ?? 0) + 1)
  }

  evasion(_flow: Flow, code: string): void {
    this.evasions.set(code, (this.evasions.get(code) ?? 0) + 1)
  }

  #count(kinds: Map<string, Found>, what: string, severity: string, why: string, subject: string): void {
    let kind = kinds.get(what)
    if (kind === undefined) {
      kind = { what, severity, why, count: 0, subjects: [], first: this.#moment.time }
      kinds.set(what, kind)
    }
    kind.count++
    if (kind.subjects.length < NAMED && !kind.subjects.includes(subject)) kind.subjects.push(subject)
  }
}

/** Who is meant: the client id, else the client's address. */
function nameOf({ connect: { clientId }, flow: { client } }: Conversation): string {
  return clientId === '' ? client.address : clientId
}
