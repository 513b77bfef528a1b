import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { beyondClauses } from './clauses/beyond.ts'
import { FILES } from './clauses/clause.ts'
import { clauses, unenforced } from './clauses/index.ts'
import { normative } from './clauses/normative.ts'
import { conformanceTables, withTables } from './document.ts'
import { proofOf } from './proof.ts'
import { PAGE_FILE } from './publish.ts'
import { talks, vectors } from './vectors/index.ts'

test('every clause is broken by a vector, and nearly by a legal one, in each of its versions', () => {
  const unproven = clauses.flatMap(clause =>
    clause.versions
      .filter(version => {
        const { refused, legal } = proofOf(clause, version)
        return refused.length === 0 || legal.length === 0
      })
      .map(version => `${version} ${clause.id}`),
  )
  expect(unproven).toEqual([])
})

test('every code of a clause is shown by a vector', () => {
  const shown = [...vectors, ...talks]
  const unshown = clauses.flatMap(({ id, via, versions, codes }) =>
    codes
      .filter(
        code =>
          !shown.some(each => each.clause === (via ?? id) && versions.includes(each.version) && each.expect === code),
      )
      .map(code => `${id} ${code}`),
  )
  expect(unshown).toEqual([])
})

test('every refusal stands in the table, under its clause and with its code', () => {
  const strangers = [...vectors, ...talks].filter(({ clause, version, expect: code }) => {
    if (clause === null || code === 'accept') return false
    return !clauses.some(each => each.id === clause && each.versions.includes(version) && each.codes.includes(code))
  })
  expect(strangers.map(({ clause, version, expect: code }) => `${version} ${clause} ${code}`)).toEqual([])
})

test('a clause stands once for each version, and its files are there', () => {
  const ids = [...clauses, ...unenforced].flatMap(({ id, versions }) => versions.map(version => `${version} ${id}`))
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  const missing = Object.values(FILES).filter(file => !existsSync(new URL(`../../${file}`, import.meta.url)))
  expect(missing).toEqual([])
})

test.each([4, 5] as const)('every numbered clause of version %i has its one place, and no other is named', version => {
  const placed = [
    ...[...clauses, ...unenforced].filter(({ versions }) => versions.includes(version)).map(({ id }) => id),
    ...beyondClauses.flatMap(({ ids }) => ids[version]),
  ].filter(id => /^MQTT-[\d.]+-\d+$/.test(id))
  expect(placed.sort()).toEqual(normative(version).sort())
})

test('the page is fresh (run conformance/publish.ts)', () => {
  const page = readFileSync(PAGE_FILE, 'utf8')
  expect(withTables(page)).toBe(page)
  expect(page).toContain(conformanceTables())
})
