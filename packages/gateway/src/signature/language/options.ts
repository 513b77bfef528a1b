import { RuleFlaw } from './flaw.ts'

/** One option of a rule, such as `content:"x"`. Offsets are into the rule's text. */
export interface Option {
  readonly keyword: string
  readonly at: number
  /** What stands behind the colon, without blanks around it; null where there is none. */
  readonly value: string | null
  readonly valueAt: number
}

/** More than anybody writes: what rules are made ready for grows with the square of it. */
const MOST_OPTIONS = 1_000

/** Splits the options: each ends with `;`, which a backslash or quotes take their meaning from. Throws `RuleFlaw`. */
export function splitOptions(text: string, from: number): Option[] {
  const close = text.trimEnd().length - 1
  if (text[close] !== ')' || close < from) {
    throw new RuleFlaw('rule_syntax', 'the rule has no closing parenthesis', 'End it with ;).', text.length)
  }
  const options: Option[] = []
  let at = from
  while (/\s/.test(text[at] ?? '')) at++
  while (at < close) {
    const end = endOf(text, at, close)
    if (end < 0) throw new RuleFlaw('rule_syntax', 'the option has no end', 'End each option with a semicolon.', at)
    if (options.length === MOST_OPTIONS) {
      const what = `the rule has more than ${MOST_OPTIONS} options`
      throw new RuleFlaw('rule_syntax', what, 'Make several rules of it.', at)
    }
    options.push(optionOf(text, at, end))
    at = end + 1
    while (at < close && /\s/.test(text[at])) at++
  }
  return options
}

function endOf(text: string, from: number, close: number): number {
  let quoted = false
  for (let at = from; at < close; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') quoted = !quoted
    else if (text[at] === ';' && !quoted) return at
  }
  return -1
}

function optionOf(text: string, at: number, end: number): Option {
  const colon = text.indexOf(':', at)
  const plain = colon < 0 || colon > end
  const keyword = text.slice(at, plain ? end : colon).trim()
  if (plain) return { keyword, at, value: null, valueAt: end }
  const raw = text.slice(colon + 1, end)
  return { keyword, at, value: raw.trim(), valueAt: colon + 1 + (raw.length - raw.trimStart().length) }
}

/** A value in quotes, perhaps behind `!`, as `content` and `pcre` take it; null where it is none. */
export function quoted(
  value: string,
): { readonly negated: boolean; readonly text: string; readonly from: number } | null {
  const found = /^(!?\s*)"([\s\S]*)"$/.exec(value)
  return found === null ? null : { negated: found[1] !== '', text: found[2], from: found[1].length + 1 }
}
