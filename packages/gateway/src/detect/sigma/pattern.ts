import { Flaw, quote } from '../../config/problem.ts'

const LONGEST = 200
/** Characters of a value that are looked at. */
const LOOKED_AT = 512
/** With more, the time that a value takes would grow with more than its square. */
const MOST_UNBOUNDED = 2
/** Ways to divide a text among `?`, `{m,n}` and `|`, by how many repetitions have no end: each may have to be tried. */
const MOST_CHOICES = [512, 64, 4] as const

/**
 * Compiles a regular expression that cannot run away: no lookaround and no back references, repetitions only of single
 * characters and classes, two of them without an end, and few enough choices. So a value of 512 characters takes some ten million
 * steps at most, and some hundred thousand with one repetition without an end or none.
 */
export function boundedPattern(source: string): ((value: string) => boolean) | Flaw {
  if (source.length > LONGEST) return new Flaw(`the pattern has ${source.length} characters`, `At most ${LONGEST}.`)
  if (/\(\?(?!:)/.test(source)) return new Flaw('groups of the form (?…) are not supported', 'Write (?:…).')
  if (/\\[1-9k]/.test(source)) return new Flaw('back references are not supported', 'Write it out.')
  const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\)[*+?{]/.test(bare)) return new Flaw('a group is repeated', 'Repeat single characters or classes only.')
  const unbounded = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0
  if (unbounded > MOST_UNBOUNDED) {
    return new Flaw(`${unbounded} repetitions have no end`, `At most ${MOST_UNBOUNDED}; give the others one: {0,20}.`)
  }
  if ((bare.match(/\{\d+(?:,\d+)?\}/g)?.length ?? 0) > 4)
    return new Flaw('there are more than four counted repetitions', 'Write fewer.')
  if (/\{\d{3,}|,\d{3,}\}/.test(bare)) return new Flaw('a repetition counts beyond 99', 'Write fewer.')
  const [choices, most] = [choicesOf(bare), MOST_CHOICES[unbounded] ?? 1]
  if (choices > most) {
    const what = `?, {m,n} and | leave ${choices} ways to match, with ${unbounded} repetitions without an end`
    return new Flaw(what, `At most ${most}: write fewer, or several patterns.`)
  }
  try {
    const pattern = new RegExp(source, 'u')
    return value => pattern.test(value.slice(0, LOOKED_AT))
  } catch {
    return new Flaw(`${quote(source)} is not a regular expression`, 'Correct it.')
  }
}

/** The product of what each counted repetition, each optional character and each group leaves open. */
function choicesOf(bare: string): number {
  const plain = bare.replaceAll('(?:', '(').replace(/([*+?}])\?/g, '$1')
  let choices = 1
  for (const [, least = '0', most = '0'] of plain.matchAll(/\{(\d+),(\d+)\}/g)) {
    choices *= Math.max(1, Number(most) - Number(least) + 1)
  }
  choices *= 2 ** (plain.match(/\?/g)?.length ?? 0)
  const groups = [1]
  for (const sign of plain) {
    if (sign === '(') groups.push(1)
    else if (sign === ')') choices *= groups.pop() ?? 1
    else if (sign === '|') groups.push((groups.pop() ?? 1) + 1)
  }
  return groups.reduce((product, alternatives) => product * alternatives, choices)
}
