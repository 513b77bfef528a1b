/** Why a labeled row is not learned from as it stands. Stable. */
export const SUSPECT_CODES = ['label_doubtful', 'trigger'] as const
export type SuspectCode = (typeof SUSPECT_CODES)[number]

/** A row that is not to be learned from as it stands. */
export interface Suspect {
  readonly code: SuspectCode
  readonly row: number
  readonly label: number
  /** The class that the rest of the table says. */
  readonly likelier: number
  /** What becomes of it: left out, or learned from with the likelier label. */
  readonly remedy: 'drop' | 'relabel'
  /** One sentence with its numbers. */
  readonly why: string
}

/** What columns and classes are called in reasons; by their numbers where this is absent. */
export interface Names {
  readonly columns?: readonly string[]
  readonly classes?: readonly string[]
}

export function columnName(column: number, { columns }: Names): string {
  return columns?.[column] ?? `column ${column}`
}

export function className(label: number, { classes }: Names): string {
  return `class ${classes?.[label] ?? label}`
}
