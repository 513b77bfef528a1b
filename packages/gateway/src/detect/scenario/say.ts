import { suggestion } from '../../config/near.ts'
import { Flaw, quote } from '../../config/problem.ts'
import type { Happening } from '../../evidence/happening.ts'
import { FIELDS } from './fields.ts'

/** The numbers of an alarm that its sentence may name. `span` is written as a duration. */
export const FIGURES = ['count', 'capacity', 'span', 'interval', 'jitter', 'waited'] as const

export type Figures = Partial<Record<(typeof FIGURES)[number], number>>

export type Template = (happening: Happening, figures: Figures) => string

/** Figures that are milliseconds. */
const TIMES: ReadonlySet<string> = new Set(['span', 'interval', 'waited'])
/** Characters of a field that a sentence shows. */
const LONGEST = 120

/** Compiles a sentence with `{field}` and `{figure}` in it. */
export function compileTemplate(text: string): Template | Flaw {
  const known = [...FIGURES, ...Object.keys(FIELDS)]
  for (const [whole, name] of text.matchAll(/\{([^{}]*)\}/g)) {
    if (known.includes(name)) continue
    return new Flaw(`${quote(whole)} is neither a field nor a figure`, suggestion(name, known))
  }
  return (happening, figures) =>
    text.replace(/\{([^{}]*)\}/g, (_, name: string) => {
      if (Object.hasOwn(FIELDS, name)) return String(FIELDS[name].of(happening)).slice(0, LONGEST)
      const figure = figures[name as keyof Figures] ?? 0
      return TIMES.has(name) ? spanText(figure) : String(Number(figure.toPrecision(3)))
    })
}

/** A duration in the largest unit of which there are two: `850ms`, `12.3s`, `4.2m`. */
export function spanText(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => milliseconds >= 2 * each) ?? (['ms', 1] as const)
  return `${Math.round((milliseconds / size) * 10) / 10}${unit}`
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const
