import type { AttackReport } from './attackers/report.ts'
import type { AttackScore, Scorecard, StoppedBy } from './types.ts'

/** The counts of the honest fleet. */
export type Totals = Omit<Scorecard, 'attacks'>

/** Totals and reports as a scorecard, with what the caller says has stopped each attack. */
export async function scorecard(
  totals: Totals,
  reports: readonly AttackReport[],
  stoppedBy: StoppedBy = () => '',
): Promise<Scorecard> {
  const attacks: AttackScore[] = []
  for (const {
    name,
    technique,
    title,
    expected,
    attempts,
    effect,
    detail,
    error,
    devices,
    peers,
    from,
    to,
  } of reports) {
    const stopper = await stoppedBy({ name, devices, peers, from, to })
    attacks.push({ name, technique, title, expected, attempts, effect, detail, stoppedBy: stopper, error })
  }
  return { ...totals, attacks }
}
