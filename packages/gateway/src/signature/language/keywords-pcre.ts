import { type ByteFlags, isBytePattern, parseBytePattern } from '@ringwall/wire/pattern'
import { RuleFlaw } from './flaw.ts'
import type { Keyword } from './keywords-meta.ts'
import { quoted } from './options.ts'
import { given, wrong } from './values.ts'

/** Modifiers that change nothing here: greed, and the limits of an engine that this one is not. */
const IDLE = 'GOB'
const KNOWN = 'ismxAER'

export const PCRE_KEYWORDS: Readonly<Record<string, Keyword>> = {
  pcre: (draft, option) => {
    const value = quoted(given(option))
    const found = value === null ? null : /^\s*\/([\s\S]*)\/([A-Za-z]*)\s*$/.exec(value.text)
    if (value === null || found === null) return wrong(option, 'it is not "/…/"', 'Write pcre:"/pattern/i";')
    const [, source, modifiers] = found
    const odd = [...modifiers].find(letter => !KNOWN.includes(letter) && !IDLE.includes(letter))
    if (odd !== undefined) {
      const what = `pcre: the modifier ${odd} is not supported`
      throw new RuleFlaw('rule_pcre', what, `Known: ${KNOWN}; choose buffers by keywords.`, option.valueAt)
    }
    const relative = modifiers.includes('R')
    if (relative && value.negated) {
      const what = 'pcre: what is negated cannot be relative, for that could not be told in linear time'
      throw new RuleFlaw('rule_pcre', what, 'Leave R out, or look for what must be there.', option.valueAt)
    }
    const pattern = parseBytePattern(latin(unescaped(source)), flagsOf(modifiers), modifiers.includes('A'))
    if (!isBytePattern(pattern)) {
      const hint = 'Patterns are matched in time linear in the text: write it without what is named.'
      const at = option.valueAt + value.from + 1 + pattern.at
      throw new RuleFlaw('rule_pcre', `pcre: ${pattern.why}`, hint, at)
    }
    draft.chain(option.at).steps.push({ kind: 'pcre', pattern, negated: value.negated, relative })
  },
}

function flagsOf(modifiers: string): ByteFlags {
  const has = (letter: string) => modifiers.includes(letter)
  return { i: has('i'), s: has('s'), m: has('m'), x: has('x'), E: has('E') }
}

/** What a rule must escape that a pattern need not; the pattern would read it as it stands in any case. */
function unescaped(source: string): string {
  return source.replace(/\\([";])/g, '$1')
}

/** One character for each byte of the text in UTF-8, as patterns over bytes want it. */
function latin(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}
