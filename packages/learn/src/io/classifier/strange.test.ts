import { expect, test } from 'vitest'
import { tableOf } from '../table/index.ts'
import { learnTable } from './classifier.ts'
import { strangeIn } from './strange.ts'

test('columns that are empty now and never were, and words that were not seen, are counted', async () => {
  const row = (i: number) =>
    `${i},${i % 4 === 0 ? '' : i % 3},${i % 2 === 0 ? 'on' : 'off'},${i % 2 === 0 ? 'x' : 'y'}\n`
  const train = `a,gaps,mode,state\n${Array.from({ length: 60 }, (_, i) => row(i)).join('')}`
  const record = await learnTable(tableOf(train), { label: 'state', date: '2026-01-01', algorithm: 'forest' })
  const strange = (text: string) => strangeIn(record, tableOf(text, { kinds: { mode: 'category' } }))
  expect(strange('a,gaps,mode\n,,on\n,,idle\n,,\n,,idle\n')).toEqual({
    empty: ['a'],
    unseen: [{ name: 'mode', rows: 2 }],
  })
  expect(strange('a,gaps,mode\n1,,on\n')).toEqual({ empty: [], unseen: [] })
})
