import { RuleFlaw } from './flaw.ts'
import type { Option } from './options.ts'

/** Refuses an option's value. */
export function wrong(option: Option, what: string, hint: string): never {
  throw new RuleFlaw('rule_keyword_value', `${option.keyword}: ${what}`, hint, option.valueAt)
}

/** The value of an option that must have one. */
export function given(option: Option): string {
  if (option.value !== null && option.value !== '') return option.value
  return wrong(option, 'it has no value', `Write ${option.keyword}:VALUE;`)
}

/** Refuses a value where there must be none. */
export function bare(option: Option): void {
  if (option.value !== null) wrong(option, 'it takes no value', `Write ${option.keyword};`)
}

/** A whole number within bounds. */
export function wholeOf(option: Option, least: number, most: number, text = given(option)): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  return wrong(option, `${JSON.stringify(text)} is no number from ${least} to ${most}`, 'Write a whole number.')
}

/** A value with quotes around it or not, with its backslashes taken away. */
export function textOf(option: Option): string {
  const value = given(option)
  const inner = value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  return inner.replace(/\\([";:\\])/g, '$1')
}
