import { priorityOf } from './classtype.ts'
import type { Draft } from './draft.ts'
import { RuleFlaw } from './flaw.ts'
import type { Option } from './options.ts'
import { bare, given, textOf, wholeOf, wrong } from './values.ts'

/** Reads one option into the rule that is being made. Throws `RuleFlaw`. */
export type Keyword = (draft: Draft, option: Option) => void

const LARGEST_ID = 0xffff_ffff
// Sid and gid make one number, which a float64 must hold exactly.
const LARGEST_GID = 0xf_ffff

/** What a rule says about itself. */
export const META_KEYWORDS: Readonly<Record<string, Keyword>> = {
  msg: ({ meta }, option) => {
    meta.message = textOf(option)
  },
  sid: ({ meta }, option) => {
    if (meta.sid !== undefined) throw new RuleFlaw('rule_sid', 'sid stands twice', 'Leave one.', option.at)
    meta.sid = wholeOf(option, 1, LARGEST_ID)
  },
  gid: ({ meta }, option) => {
    meta.gid = wholeOf(option, 1, LARGEST_GID)
  },
  rev: ({ meta }, option) => {
    meta.rev = wholeOf(option, 0, LARGEST_ID)
  },
  priority: ({ meta }, option) => {
    meta.priority = wholeOf(option, 1, 255)
  },
  classtype: ({ meta }, option) => {
    const name = given(option)
    if (!/^[\w-]+$/.test(name)) wrong(option, `${JSON.stringify(name)} is no class`, 'Write one word.')
    meta.classtype = name
    meta.priority ??= priorityOf(name)
  },
  reference: ({ meta }, option) => {
    const found = /^([\w.-]+)\s*,\s*(\S.*)$/.exec(textOf(option))
    if (found === null) return wrong(option, 'it is not SYSTEM,ID', 'Write reference:url,example.com/why;')
    meta.references.push({ scheme: found[1], value: found[2] })
  },
  metadata: ({ meta }, option) => {
    for (const pair of textOf(option).split(',')) {
      const found = /^(\S+)\s+(.+)$/.exec(pair.trim())
      if (found === null) return wrong(option, `${JSON.stringify(pair)} is not KEY VALUE`, 'Write metadata:key value;')
      meta.metadata.push({ key: found[1], value: found[2] })
    }
  },
  target: ({ meta }, option) => {
    const value = given(option)
    if (value !== 'src_ip' && value !== 'dest_ip') return wrong(option, `${value} is no end`, 'src_ip or dest_ip.')
    meta.target = value
  },
  noalert: (draft, option) => {
    bare(option)
    draft.quiet = true
  },
}
