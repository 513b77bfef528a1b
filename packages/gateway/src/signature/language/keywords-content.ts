import { BUFFER_KEYWORDS, EVERY_TYPE } from '../match/buffers.ts'
import { readContent } from './content.ts'
import type { ContentDraft } from './draft.ts'
import { RuleFlaw } from './flaw.ts'
import type { Keyword } from './keywords-meta.ts'
import { readNumberTest } from './number.ts'
import { type Option, quoted } from './options.ts'
import { bare, given, wholeOf, wrong } from './values.ts'

const LARGEST = 268_435_460

/** What is looked for in the buffers, and the buffers themselves. */
export const CONTENT_KEYWORDS: Readonly<Record<string, Keyword>> = {
  ...Object.fromEntries(
    [...BUFFER_KEYWORDS].map(([keyword, buffer]): [string, Keyword] => [
      keyword,
      (draft, option) => {
        bare(option)
        draft.choose(buffer, option.at)
      },
    ]),
  ),
  content: (draft, option) => {
    const value = quoted(given(option))
    if (value === null) return wrong(option, 'it stands in no quotes', 'Write content:"…";')
    draft.chain(option.at).steps.push({
      kind: 'content',
      bytes: readContent(value.text, option.valueAt + value.from),
      negated: value.negated,
      at: option.at,
      nocase: false,
      fast: false,
      endswith: false,
      startswith: false,
    })
  },
  nocase: (draft, option) => {
    bare(option)
    draft.content(option).nocase = true
  },
  fast_pattern: (draft, option) => {
    const content = draft.content(option)
    const { value } = option
    if (value !== null && value !== 'only' && !/^\d+\s*,\s*\d+$/.test(value)) {
      wrong(option, `${JSON.stringify(value)} is not known`, 'Write fast_pattern;')
    }
    if (content.negated) wrong(option, 'a negated content cannot be what is looked for first', 'Put it elsewhere.')
    content.fast = true
  },
  rawbytes: (_draft, option) => bare(option),
  offset: (draft, option) => set(draft.content(option), option, 'offset', 0),
  depth: (draft, option) => set(draft.content(option), option, 'depth', 1),
  distance: (draft, option) => set(draft.content(option), option, 'distance', -LARGEST),
  within: (draft, option) => set(draft.content(option), option, 'within', 1),
  startswith: (draft, option) => {
    bare(option)
    draft.content(option).startswith = true
  },
  endswith: (draft, option) => {
    bare(option)
    draft.content(option).endswith = true
  },
  bsize: (draft, option) => {
    const test = readNumberTest(given(option), LARGEST)
    if (test === null)
      return wrong(option, `${option.value} is no condition on a number`, 'Write bsize:10; or bsize:>10;')
    sticky(draft.chain(option.at).buffer, option)
    draft.chain(option.at).steps.push({ kind: 'size', test })
  },
  absent: (draft, option) => {
    bare(option)
    const chain = draft.chain(option.at)
    sticky(chain.buffer, option)
    chain.absent = true
  },
  isdataat: (draft, option) => {
    const [count, ...flags] = given(option)
      .split(',')
      .map(part => part.trim())
    const negated = count.startsWith('!')
    const odd = flags.find(flag => flag !== 'relative' && flag !== 'rawbytes')
    if (odd !== undefined) wrong(option, `${odd} is not known`, 'Write isdataat:10,relative;')
    draft.chain(option.at).steps.push({
      kind: 'data',
      bytes: wholeOf(option, 0, LARGEST, count.replace('!', '').trim()),
      negated,
      relative: flags.includes('relative'),
    })
  },
  dsize: (draft, option) => {
    const test = readNumberTest(given(option), LARGEST)
    if (test === null)
      return wrong(option, `${option.value} is no condition on a number`, 'Write dsize:10; or dsize:>10;')
    draft.checks.push({ types: EVERY_TYPE, holds: null, size: test })
  },
}

function set(
  content: ContentDraft,
  option: Option,
  key: 'offset' | 'depth' | 'distance' | 'within',
  least: number,
): void {
  const value = wholeOf(option, least, LARGEST)
  if (content[key] !== undefined) wrong(option, 'it stands twice for one content', 'Leave one.')
  if ((key === 'depth' || key === 'within') && value < content.bytes.length) {
    wrong(option, `the content of ${content.bytes.length} bytes does not fit into ${value}`, 'Give it room.')
  }
  content[key] = value
}

function sticky(buffer: number, option: Option): void {
  if (buffer !== 0) return
  throw new RuleFlaw(
    'rule_syntax',
    `${option.keyword} stands behind no buffer`,
    'Choose one, such as mqtt.publish.topic.',
    option.at,
  )
}
