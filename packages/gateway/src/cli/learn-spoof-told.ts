import type { Exposure } from '@ringwall/learn/robust/telemetry'
import { RingwallError } from '../base/error.ts'
import { counted, leftText } from './learn-columns.ts'
import type { Found, Prepared } from './learn-spoof-run.ts'
import { printable, table as tableText } from './output.ts'
import type { Outcome } from './verb.ts'

/** What came of an attack on a watch. */
export interface Told extends Prepared, Found {
  readonly file: string
  readonly most: ReadonlyMap<string, number>
  readonly approach: number
  readonly hold: number
  readonly model: string | null
  readonly save: string | null
}

/** Refuses limits of what is not watched. Error: `usage`. */
export function requireNamed(most: ReadonlyMap<string, number>, { chosen, watch }: Prepared): void {
  const watched = watch.process.sensors.map(({ column }) => chosen.names[column] ?? '')
  const strange = Array.from(most.keys()).find(name => !watched.includes(name))
  if (strange === undefined) return
  throw new RingwallError('usage', `--most names '${strange}', which is not watched`, `Watched: ${watched.join(', ')}.`)
}

/** What is told: of each sensor the largest error that was held unseen. Status 1 where one is above its limit, or has one and was not measured. */
export function spoofOutcome(told: Told): Outcome {
  const { chosen, before, after, most, record, watch, trainRows, approach, hold, why, file, model, save } = told
  const sensors = after.map((each, i) => {
    const sensor = chosen.names[each.column] ?? ''
    return { sensor, most: most.get(sensor) ?? null, before: held(before?.[i]), after: held(each) }
  })
  const failed = sensors.filter(
    ({ most: limit, after: { largest } }) => limit !== null && !(largest !== null && largest <= limit),
  )
  const cells = ({ largest, mean }: Held): string[] => [short(mean), short(largest)]
  const head = ['sensor', ...(before === null ? [] : ['mean before', 'largest before']), 'mean', 'largest']
  const attacked = chosen.matrix.rows - trainRows
  const from = model === null ? '' : ` of ${model}`
  const skipped = sensors.filter(each => each.after.skipped + each.before.skipped > 0)
  const text = [
    `Watch${from}: ${counted(after.length, 'sensor')} by ${counted(watch.parts.length, 'residual')}, learned from ${counted(record.training.rows, 'row')}; ${counted(attacked, 'other row')} attacked.\n`,
    leftText(chosen),
    `The largest error that was held for ${counted(hold, 'row')} without an alarm, after ${counted(approach, 'row')} to get there, in the unit of each sensor:\n`,
    tableText([
      head,
      ...sensors.map(each => [each.sensor, ...(before === null ? [] : cells(each.before)), ...cells(each.after)]),
    ]),
    before === null ? '' : 'Before: the detector of learn series by itself, at thresholds set in the same way.\n',
    why === null ? '' : `${printable(`Before is not known: ${why}`)}.\n`,
    ...skipped.map(({ sensor, before: one, after: other }) => {
      const starts = `${counted(other.skipped, 'start')}${before === null ? '' : ` with the watch, ${one.skipped} without`}`
      return `${printable(`Left out of ${sensor}, for there was an alarm or no value when the attack began: ${starts}`)}.\n`
    }),
    ...failed.map(({ sensor, most: limit, after: { largest } }) =>
      largest === null
        ? `Not measured: ${printable(sensor)}.\n`
        : `${printable(sensor)} can be spoofed by ${short(largest)}, more than ${limit}.\n`,
    ),
    save === null || save === '-' ? '' : `Model: ${save}\n`,
  ].join('')
  const json = {
    file,
    rows: chosen.matrix.rows,
    trainRows,
    leftOut: chosen.left,
    residuals: watch.parts.length,
    approach,
    hold,
    sensors: sensors.map(({ before: one, ...each }) => ({ ...each, before: before === null ? null : one })),
    plainUnknown: why,
    model,
    save,
  }
  return { status: failed.length > 0 ? 1 : 0, text, json }
}

interface Held {
  readonly mean: number | null
  readonly largest: number | null
  readonly attacks: number
  /** Starts that no attack began in. */
  readonly skipped: number
}

function held({ errors, skipped }: Pick<Exposure, 'errors' | 'skipped'> = { errors: [], skipped: 0 }): Held {
  const attacks = errors.length
  if (attacks === 0) return { mean: null, largest: null, attacks, skipped }
  return {
    mean: errors.reduce((sum, error) => sum + error, 0) / attacks,
    largest: Math.max(...errors),
    attacks,
    skipped,
  }
}

const short = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(3))))
