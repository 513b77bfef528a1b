import { beyondClauses } from './clauses/beyond.ts'
import type { Clause } from './clauses/clause.ts'
import { clauses, unenforced } from './clauses/index.ts'
import { normative } from './clauses/normative.ts'
import { proofOf } from './proof.ts'
import { FIXED, RELAXED } from './strict.ts'
import { talks, vectors } from './vectors/index.ts'

const VERSIONS: Readonly<Record<string, string>> = { '4': '3.1.1', '5': '5.0', '4,5': 'both' }

const versionsOf = ({ versions }: Clause): string => VERSIONS[versions.join(',')] ?? ''

const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`

function row(clause: Clause): string {
  const { refused, legal } = proofOf(clause)
  const codes = clause.codes.map(code => `\`${code}\``).join(' ')
  const where = clause.where.map(file => `\`${file.replace('/src', '')}\``).join(' ')
  const says = clause.via === undefined ? clause.says : `${clause.says} Reported as ${clause.via}.`
  const proof = `${refused.length} refused (${quoted(refused[0])}), ${legal.length} legal (${quoted(legal[0])})`
  return line([clause.id, versionsOf(clause), clause.binds, says, codes, where, proof])
}

const shortened = (ids: readonly string[]): string => ids.map(id => id.slice('MQTT-'.length)).join(', ')

const quoted = (name = ''): string => `“${name}”`

/** The tables of `docs/conformance.md`, between its markers. */
export function conformanceTables(): string {
  const streams = vectors.length
  const legal = vectors.filter(({ expect }) => expect === 'accept').length
  return [
    `${clauses.length} clauses are enforced and ${unenforced.length} cannot be. The proof: ${streams} streams of clients, ${legal} of them legal, and ${talks.length} talks of a client and a server.`,
    '',
    '## Strict codes',
    '',
    line(['code', 'with `session.strict: false`', 'what it is about, or why it is refused all the same']),
    line(['---', '---', '---']),
    ...Object.entries(RELAXED).map(([code, about]) => line([`\`${code}\``, 'passes', about])),
    ...Object.entries(FIXED).map(([code, why]) => line([`\`${code}\``, 'refused', why])),
    '',
    '## Enforced',
    '',
    line(['clause', 'version', 'binds', 'what it asks', 'codes', 'enforced in', 'vectors']),
    line(['---', '---', '---', '---', '---', '---', '---']),
    ...clauses.map(row),
    '',
    '## Not enforceable on the way',
    '',
    line(['clause', 'version', 'binds', 'what it asks', 'why not']),
    line(['---', '---', '---', '---', '---']),
    ...unenforced.map(each => line([each.id, versionsOf(each), each.binds, each.says, each.note ?? ''])),
    '',
    '## Out of scope',
    '',
    `The rest of the numbered clauses; with those above all ${normative(4).length} of MQTT 3.1.1 and all ${normative(5).length} of 5.0 have their place.`,
    '',
    line(['why', 'of 3.1.1', 'of 5.0']),
    line(['---', '---', '---']),
    ...beyondClauses.map(({ why, ids }) => line([why, shortened(ids[4]), shortened(ids[5])])),
  ].join('\n')
}

/** Replaces what stands between `<!-- clauses -->` and `<!-- /clauses -->` of a page by the tables. */
export function withTables(page: string): string {
  return page.replace(
    /(<!-- clauses -->\n)[\s\S]*(\n<!-- \/clauses -->)/,
    (_, open, close) => `${open}${conformanceTables()}${close}`,
  )
}
