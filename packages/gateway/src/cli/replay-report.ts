import type { Trial } from '../replay/prepare.ts'
import type { Extent } from '../replay/replay.ts'
import type { Found } from '../replay/tally.ts'
import { table } from './output.ts'
import type { Status } from './verb.ts'

/** What a replay came to, as `--json` prints it. */
export interface ReplayReport {
  readonly capture: string
  readonly packets: number
  readonly flows: number
  /** Flows that were MQTT, and the MQTT packets in them. */
  readonly conversations: number
  readonly messages: number
  /** ISO 8601. */
  readonly began: string
  readonly ended: string
  readonly alerts: readonly Found[]
  readonly alarms: readonly Found[]
  readonly verdicts: readonly Found[]
  readonly anomalies: Readonly<Record<string, number>>
  readonly evasions: Readonly<Record<string, number>>
  readonly notEvaluable: readonly { readonly guard: string; readonly why: string; readonly count: number }[]
  /** Where and why the capture could be read no further; null where it was read to its end. */
  readonly broken: { readonly code: string; readonly why: string; readonly offset: number } | null
  /** What was lost on the way from an interface, in tcpdump's words. */
  readonly lost: string
}

export function reportOf(capture: string, extent: Extent, { tally, missing }: Trial, lost: string): ReplayReport {
  const { packets, flows, conversations, messages, began, ended, fault } = extent
  return {
    capture,
    packets,
    flows,
    conversations,
    messages,
    began: new Date(began).toISOString(),
    ended: new Date(ended).toISOString(),
    alerts: [...tally.alerts.values()],
    alarms: [...tally.alarms.values()],
    verdicts: [...tally.verdicts.values()],
    anomalies: Object.fromEntries(tally.anomalies),
    evasions: Object.fromEntries(tally.evasions),
    notEvaluable: missing.all,
    broken: fault,
    lost,
  }
}

/** A capture that ends too early is judged as far as it goes; one that cannot be read is broken input. */
export function statusOf({ broken, alerts, alarms, verdicts }: ReplayReport): Status {
  if (broken !== null && broken.code !== 'capture_truncated') return 2
  return alerts.length + alarms.length + verdicts.length > 0 ? 1 : 0
}

export function shown(report: ReplayReport): string {
  const { alerts, alarms, verdicts, anomalies, evasions, notEvaluable } = report
  return [
    headline(report),
    findings('alarms', alarms),
    findings('signatures', alerts),
    findings('verdicts', verdicts),
    counts('anomalies', anomalies),
    counts('evasions', evasions),
    notEvaluable.length === 0
      ? ''
      : table([
          ['not evaluable', 'times', 'why'],
          ...notEvaluable.map(each => [each.guard, `${each.count}`, each.why]),
        ]),
  ]
    .filter(part => part !== '')
    .join('\n')
}

function headline({
  capture,
  packets,
  flows,
  conversations,
  messages,
  began,
  ended,
  broken,
  lost,
}: ReplayReport): string {
  const span = spanOf(Date.parse(ended) - Date.parse(began))
  const lines = [
    `${capture}: ${packets} packets in ${span}, ${flows} TCP flows, ${conversations} of them MQTT with ${messages} packets\n`,
  ]
  if (lost !== '') lines.push(`lost on the way: ${lost}\n`)
  if (broken !== null) lines.push(`the capture could be read no further than byte ${broken.offset}: ${broken.why}\n`)
  return lines.join('')
}

function findings(head: string, found: readonly Found[]): string {
  if (found.length === 0) return ''
  const rows = found
    .toSorted((a, b) => b.count - a.count)
    .map(({ what, severity, count, subjects, why }) => [what, severity, `${count}`, subjects.join(' '), why])
  return table([[head, 'severity', 'times', 'who (first)', 'why (first)'], ...rows])
}

function counts(head: string, counted: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counted).map(([what, count]) => [what, `${count}`])
  return rows.length === 0 ? '' : table([[head, 'times'], ...rows])
}

/** A span of milliseconds in the unit that suits it. */
function spanOf(milliseconds: number): string {
  const seconds = milliseconds / 1_000
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3_600).toPrecision(3))} h`
}
