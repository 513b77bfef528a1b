import { RingwallError } from '../base/error.ts'

const VARIABLE = 'SOURCE_DATE_EPOCH'
/** Seconds of the last day that a date in ISO 8601 has without a sign: the end of the year 9999. */
const LAST = 253_402_300_799

/**
 * When a model is made, for its record, in ISO 8601: now, or what SOURCE_DATE_EPOCH says in seconds since 1970, so that the same data and seed make the same file
 * (reproducible-builds.org). Error: `usage`.
 */
export function madeAt(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const said = environment[VARIABLE]
  if (said === undefined || said === '') return new Date().toISOString()
  if (/^\d{1,12}$/.test(said) && Number(said) <= LAST) return new Date(Number(said) * 1_000).toISOString()
  throw new RingwallError(
    'usage',
    `the variable ${VARIABLE} is '${said}': expected whole seconds since 1970`,
    'Unset it, or give seconds.',
  )
}
