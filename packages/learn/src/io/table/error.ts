import { LearnError } from '../../base/error.ts'

/** Where in a file something was wrong; lines and columns count from 1, columns in characters. */
export interface CsvPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A table cannot be read: `code` begins with `csv_`, the message has the place, what was expected and what is there. */
export class CsvError extends LearnError {
  readonly place: CsvPlace
  readonly what: string

  constructor(code: string, what: string, place: CsvPlace) {
    super(code, `${place.file}:${place.line}:${place.column}: ${what}`)
    this.name = 'CsvError'
    this.place = place
    this.what = what
  }
}

const LONGEST = 40

/** What stands in a cell, for a message: quoted, and cut where it is long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}
