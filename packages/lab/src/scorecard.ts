import type { AttackReport, Named } from './attackers/report.ts'
import type { AttackScore, Scorecard, StoppedBy, Stopper } from './types.ts'

/** The counts of the honest fleet. */
export type Totals = Omit<Scorecard, 'attacks'>

/** Totals and reports as a scorecard, with what the caller says has stopped each attack. */
export async function scorecard(
  totals: Totals,
  reports: readonly AttackReport[],
  stoppedBy: StoppedBy = () => '',
): Promise<Scorecard> {
  const attacks: AttackScore[] = []
  for (const report of reports) {
    const { name, technique, title, expected, attempts, effect, detail, error, found } = report
    const { devices, peers, topics, from, to } = report
    const answer = found?.by ?? (await stoppedBy({ name, devices, peers, topics, from, to }))
    const { by, first }: Stopper = typeof answer === 'string' ? { by: answer } : answer
    const score = {
      name,
      technique,
      title,
      expected,
      attempts,
      effect,
      detail,
      stoppedBy: by,
      error,
      ...(found && { code: found.code }),
    }
    attacks.push(report.named === undefined ? score : { ...score, named: named(report, first) })
  }
  return { ...totals, attacks }
}

/** Where a growing lie was named: by what did not arrive, else, where guards only observe, by when one first spoke. */
function named({ named, track = [] }: AttackReport, first: number | undefined): Named | null {
  if (named || first === undefined) return named ?? null
  const at = track.filter(({ time }) => time <= first).at(-1) ?? track[0]
  return at ? { deviation: at.deviation, tolerance: at.tolerance, unit: at.unit } : null
}
