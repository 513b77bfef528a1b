import type { Attackable, Fate, Fates } from './learn-attack-run.ts'
import { problemBlock, table as tableText } from './output.ts'

/** A share, for people. */
export const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`)

/** Columns and classes that are told on a screen; --json tells all. */
const MOST_COLUMNS = 6
const MOST_CLASSES = 20
/** Of fewer rows a share says little. */
const FEW = 20
/** Of more of all rows one class is told of by itself. */
const UNEVEN = 0.5

/** What is attacked, and by what it is measured. */
export function headText({ rows, of, scaleOf, units, counts, classes }: Attackable): string {
  const each = Object.entries(units).slice(0, MOST_COLUMNS)
  const more = Object.keys(units).length - each.length
  const list = each.map(([name, unit]) => `${name} ${short(unit)}`).join(', ')
  const only = classes.filter((_, k) => counts[k]! > 0)
  return [
    rows.rows < of
      ? `${rows.rows} of ${of} rows are attacked, of each class its share, at equal steps.\n`
      : `All ${of} rows are attacked.\n`,
    only.length === 1 ? `They are all of class '${only[0]}': of others nothing is said.\n` : '',
    `Epsilon counts in winsorized deviations of the ${scaleOf}`,
    list === '' ? '.\n' : `; 1 is ${list}${more > 0 ? ` and ${more} more (--json)` : ''}.\n`,
  ].join('')
}

/** A line an epsilon: what is still told rightly under each attack; of all rows, and, balanced, as the mean over classes. */
export function fatesText({ clean, balanced, fates }: Omit<Fates, 'made'>): string {
  const attacks = fates[0]!.each.map(({ name }) => name)
  const slope = fates[0]!.fgsm !== undefined
  const doubts = fates[0]!.undecided !== undefined
  const head = ['epsilon', 'clean', ...(slope ? ['fgsm'] : []), ...attacks, 'worst', 'balanced clean', 'balanced worst']
  const lines = fates.map(fate => {
    const { epsilon, fgsm, each, worst } = fate
    const shares = [clean, ...(fgsm === undefined ? [] : [fgsm]), ...each.map(({ accuracy }) => accuracy), worst]
    const cells = [...shares, balanced, fate.balanced].map(percent)
    return [String(epsilon), ...cells, ...(doubts ? [`${fate.undecided} of ${fate.fallen}`] : [])]
  })
  return tableText([[...head, ...(doubts ? ['fallen left undecided'] : [])], ...lines])
}

/** A line a class: how many rows, and how many of them are told rightly as they are and under the worst attack, an epsilon a column. */
export function classesText({ classes, counts }: Attackable, { recalls, fates }: Omit<Fates, 'made'>): string {
  const there = classes.map((name, k) => ({ name, k })).filter(({ k }) => counts[k]! > 0)
  const head = ['class', 'rows', 'clean', ...fates.map(({ epsilon }) => `worst at ${epsilon}`)]
  const share = (fate: Fate, k: number): string => percent(fate.recalls[k] ?? Number.NaN)
  const lines = there
    .slice(0, MOST_CLASSES)
    .map(({ name, k }) => [
      name,
      String(counts[k]),
      percent(recalls[k] ?? Number.NaN),
      ...fates.map(fate => share(fate, k)),
    ])
  const more = there.length - lines.length
  const total = counts.reduce((sum, count) => sum + count, 0)
  const most = counts.indexOf(Math.max(...counts))
  const few = there.filter(({ k }) => counts[k]! < FEW).length
  return [
    tableText([head, ...lines]),
    more > 0 ? `... and ${more} more classes (--json)\n` : '',
    counts[most]! > UNEVEN * total
      ? `${percent(counts[most]! / total)} of the attacked rows are of class '${classes[most]}': so much is told rightly by whoever says nothing else.\n`
      : '',
    few > 0
      ? `Of ${few === 1 ? '1 class' : `${few} classes`} fewer than ${FEW} rows are attacked: raise --rows or give a larger table.\n`
      : '',
  ].join('')
}

/** What is told of classes, for programs. */
export function classesJson({ classes, counts }: Attackable, { recalls, fates }: Omit<Fates, 'made'>) {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return classes.map((name, k) => ({
    name,
    rows: counts[k],
    share: counts[k]! / total,
    clean: recalls[k],
    worst: fates.map(({ recalls: at }) => at[k]),
  }))
}

/** The least balanced accuracy, as rows are and under attack. */
export const floorOf = ({ balanced, fates }: Omit<Fates, 'made'>): number =>
  Math.min(balanced, ...fates.map(fate => fate.balanced))

/** What falls below a floor. */
export function floorText(found: Omit<Fates, 'made'>, floor: number | undefined): string {
  const least = floorOf(found)
  return floor === undefined || least >= floor
    ? ''
    : `Balanced, ${percent(least)} is below the floor of ${percent(floor)}.\n`
}

/** Says of which columns the kept deviations are nothing like those of the table: in what is printed, and as a warning. */
export function unlikeText({ unlike }: Attackable, file: string): string {
  if (unlike.length === 0) return ''
  const each = unlike
    .slice(0, MOST_COLUMNS)
    .map(({ column, kept, attacked }) => `${column} ${short(kept)}, not ${short(attacked)}`)
  const what = `of ${unlike.length} columns the model file keeps a deviation that is nothing like that of the attacked rows: ${each.join('; ')}`
  const hint = 'Harden the model on a table like this one, or name the file that learn harden wrote.'
  process.stderr.write(problemBlock({ code: 'deviations_unlike', what, hint, place: { file } }, 'warning'))
  return `Epsilon may mean nothing: ${what}.\n`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
