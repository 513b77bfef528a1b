import { spread } from './stats.ts'

/** One line of a bench's result: the gateway's median beside a named peer's, measured in the same rounds. */
export interface Line {
  readonly bench: string
  readonly case: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  readonly min: number
  readonly max: number
  /** The peer's name, or null where the line stands alone. */
  readonly peer: string | null
  readonly peerValue: number | null
  /** Gateway divided by peer, of the medians. */
  readonly ratio: number | null
  /** Least and greatest ratio within one round. */
  readonly ratioMin: number | null
  readonly ratioMax: number | null
  readonly rounds: number
  /** What the reader must know about this line, such as `void`. */
  readonly note?: string
}

/** What a line is about. */
export interface Subject {
  readonly bench: string
  readonly case: string
  readonly metric: string
  readonly unit: string
  readonly note?: string
}

/** A line without a peer. */
export function alone(subject: Subject, values: readonly number[]): Line {
  const own = spread(values)
  return {
    ...subject,
    value: own.median,
    min: own.min,
    max: own.max,
    peer: null,
    peerValue: null,
    ratio: null,
    ratioMin: null,
    ratioMax: null,
    rounds: values.length,
  }
}

/** A line beside a peer; `values` and `peerValues` are paired by round. */
export function beside(subject: Subject, values: readonly number[], peer: string, peerValues: readonly number[]): Line {
  const other = spread(peerValues)
  const ratios = spread(values.map((value, round) => value / peerValues[round]!))
  const own = alone(subject, values)
  return {
    ...own,
    peer,
    peerValue: other.median,
    ratio: own.value / other.median,
    ratioMin: ratios.min,
    ratioMax: ratios.max,
  }
}

/** The lines as a table for people. */
export function table(lines: readonly Line[]): string {
  const head = [
    'case',
    'metric',
    'value',
    'min .. max',
    'unit',
    'peer',
    'peer value',
    'ratio',
    'ratio by round',
    'note',
  ]
  const rows = lines.map(line => [
    line.case,
    line.metric,
    figure(line.value),
    `${figure(line.min)} .. ${figure(line.max)}`,
    line.unit,
    line.peer ?? '',
    line.peerValue === null ? '' : figure(line.peerValue),
    line.ratio === null ? '' : figure(line.ratio),
    line.ratioMin === null || line.ratioMax === null ? '' : `${figure(line.ratioMin)} .. ${figure(line.ratioMax)}`,
    line.note ?? '',
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => row[column]!.length)))
  return [head, ...rows]
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A number with three significant digits, without an exponent. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return String(Number(value.toPrecision(3)))
}

/** Says on stderr how far the bench is. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}
