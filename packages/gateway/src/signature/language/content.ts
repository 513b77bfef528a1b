import { RuleFlaw } from './flaw.ts'

const LONGEST = 1_024
const encoder = new TextEncoder()

/**
 * Reads what stands between the quotes of a `content`: text, bytes in hexadecimal between pipes, and `\` before `"`, `;`, `:`,
 * `|` and itself. Throws `RuleFlaw`; `at` is where the text begins.
 */
export function readContent(text: string, at: number): Uint8Array {
  const bytes: number[] = []
  const fail = (what: string, where: number, hint = 'Write text, and bytes as |0D 0A|.'): never => {
    throw new RuleFlaw('rule_keyword_value', what, hint, at + where)
  }
  let plain = ''
  const flush = () => {
    bytes.push(...encoder.encode(plain))
    plain = ''
  }
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '|') {
      flush()
      const close = text.indexOf('|', i + 1)
      if (close < 0) return fail('the bytes between pipes have no end', i)
      const digits = text.slice(i + 1, close).replace(/\s/g, '')
      if (digits === '' || digits.length % 2 === 1 || /[^0-9a-fA-F]/.test(digits)) {
        return fail('between pipes stand pairs of hexadecimal digits', i)
      }
      for (let pair = 0; pair < digits.length; pair += 2) bytes.push(Number.parseInt(digits.slice(pair, pair + 2), 16))
      i = close
    } else if (character === '\\') {
      const next = text[++i]
      if (next === undefined || !'";:|\\'.includes(next)) {
        return fail(
          `a backslash before ${JSON.stringify(next ?? 'the end')}`,
          i - 1,
          'Before a backslash write another.',
        )
      }
      plain += next
    } else if (character === '"') return fail('a quote within the quotes', i, 'Write \\" or |22|.')
    else plain += character
  }
  flush()
  if (bytes.length === 0) return fail('there is nothing to look for', 0)
  if (bytes.length > LONGEST) return fail(`${bytes.length} bytes to look for`, 0, `At most ${LONGEST}.`)
  return Uint8Array.from(bytes)
}
