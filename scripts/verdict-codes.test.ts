import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = dirname(import.meta.dirname)
const SOURCE = join(ROOT, 'packages', 'gateway', 'src')

/** The rooms whose codes stand in the floor's tables; of `upstream` the file that says what became of a broker. */
const FLOOR = ['gate/*.ts', 'path/*.ts', 'worker/*.ts', 'session/*.ts', 'upstream/trouble.ts']
/** Where the guard `schema` has its codes from: what reads payloads. */
const READERS = ['guards/*.ts', 'profile/**/*.ts']

const page = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8')
const verdicts = page('verdicts.md')
const [guardTable = '', floorTables = ''] = verdicts.split('## Floor: before the handshake')

/** The codes of a page, those that end in `*` as beginnings. */
function documented(text: string): (code: string) => boolean {
  const spans = [...text.matchAll(/`([a-z0-9_]+\*?)`/g)].map(([, span = '']) => span)
  const whole = new Set(spans)
  const beginnings = spans.filter(span => span.endsWith('*')).map(span => span.slice(0, -1))
  return code => whole.has(code) || beginnings.some(beginning => code.startsWith(beginning))
}

/** The text of the sources that match, without their comments. */
function sources(patterns: readonly string[]): string {
  return globSync([...patterns], { cwd: SOURCE })
    .filter(file => !/\.(test|testkit)\.ts$/.test(file))
    .map(file => readFileSync(join(SOURCE, file), 'utf8').replace(/^\s*(\/?\*|\/\/).*$/gm, ''))
    .join('\n')
}

/** The first texts in the parentheses of such calls. */
function named(text: string, call: string): string[] {
  return [...text.matchAll(new RegExp(`${call}\\(\\s*'([a-z0-9_]+)'`, 'g'))].map(([, code = '']) => code)
}

/** Texts of words that `_` joins, but for errors of an operator's making, which have pages and a class of their own. */
function snakes(text: string): string[] {
  const errors = new Set(named(text, 'RingwallError'))
  const found = [...text.matchAll(/'([a-z]+(?:_[a-z0-9]+)+)'/g)].map(([, code = '']) => code)
  return [...new Set(found)].filter(code => !errors.has(code)).toSorted()
}

describe('docs/verdicts.md', () => {
  test('has the codes of all guards', () => {
    const guards = sources(['guards/*.ts'])
    const codes = new Set([...snakes(guards), ...named(guards, 'report\\.add')])
    expect(codes.size).toBeGreaterThan(40)
    expect([...codes].filter(code => !documented(guardTable)(code))).toEqual([])
  })

  test('has what readers of payloads find wrong', () => {
    const codes = new Set(named(sources(READERS), '(?:[fF]ail|fault|refuse|report\\.add)'))
    expect(codes.size).toBeGreaterThan(20)
    // A profile that is wrong is told when it is compiled: docs/profiles.md.
    const found = [...codes].filter(code => !code.startsWith('profile_'))
    expect(found.filter(code => !documented(guardTable)(code))).toEqual([])
  })

  test('has the codes of the floor, or docs/conformance.md has them', () => {
    const codes = snakes(sources(FLOOR))
    expect(codes.length).toBeGreaterThan(40)
    const known = documented(`${floorTables}${page('conformance.md')}`)
    expect(codes.filter(code => !known(code))).toEqual([])
  })

  test('has no code that nothing says', () => {
    const packages = globSync('packages/{gateway,wire}/src/**/*.ts', { cwd: ROOT }).filter(
      file => !/\.(test|testkit)\.ts$/.test(file),
    )
    const said = packages.map(file => readFileSync(join(ROOT, file), 'utf8')).join('\n')
    const rows = verdicts.split('\n').filter(line => line.startsWith('| '))
    const cells = rows.map(row => (/^\| [a-z]+ \|/.test(row) ? row.split('|')[2] : row.split('|')[1]) ?? '')
    const codes = cells.flatMap(cell => [...cell.matchAll(/`([a-z0-9_]+)`/g)].map(([, code = '']) => code))
    expect(codes.length).toBeGreaterThan(80)
    expect(codes.filter(code => !said.includes(`'${code}'`))).toEqual([])
  })
})
