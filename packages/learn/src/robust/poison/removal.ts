/** Why a labeled row is not learned from. Stable. */
export type LabelRemovalCode = 'label_doubtful' | 'trigger'

/** A row that was taken out. */
export interface LabelRemoval {
  readonly code: LabelRemovalCode
  readonly row: number
  readonly label: number
  /** The class that the rest of the table says. */
  readonly likelier: number
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
