/** Where something was wrong: any of file, line and column (from 1), the field's path, or the clause of a standard. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly field?: string
  readonly clause?: string
}

/**
 * The one error of Ringwall: a stable code, what was wrong, where, and what to do about it.
 * The message never holds a secret; `what` and `hint` are written for the operator.
 */
export class RingwallError extends Error {
  readonly code: string
  readonly what: string
  readonly hint: string
  readonly place: Place

  constructor(code: string, what: string, hint: string, place: Place = {}, cause?: unknown) {
    super(sentence(code, what, hint, place), cause === undefined ? undefined : { cause })
    this.name = 'RingwallError'
    this.code = code
    this.what = what
    this.hint = hint
    this.place = place
  }

  toJSON(): { code: string; what: string; hint: string; place: Place } {
    return { code: this.code, what: this.what, hint: this.hint, place: this.place }
  }
}

function sentence(code: string, what: string, hint: string, place: Place): string {
  const where = placeText(place)
  return `${where === '' ? '' : `${where}: `}${code}: ${what}. ${hint}`
}

/** Writes a place as `file:line:column field (clause)`, leaving out what is not known. */
export function placeText(place: Place): string {
  let text = place.file ?? ''
  if (place.line !== undefined) text += `:${place.line}`
  if (place.column !== undefined) text += `:${place.column}`
  if (place.field !== undefined && place.field !== '') text += `${text === '' ? '' : ' '}${place.field}`
  if (place.clause !== undefined) text += `${text === '' ? '' : ' '}(${place.clause})`
  return text
}

/** The system's error code (`EADDRINUSE`, `ENOSPC` …) of an unknown thrown value, or an empty string. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
