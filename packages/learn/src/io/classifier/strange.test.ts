import { expect, test } from 'vitest'
import { tableOf } from '../table/index.ts'
import { learnTable } from './classifier.ts'
import { strangeIn } from './strange.ts'

test('columns that are empty now and hardly were, words that were not seen and numbers out of range are counted', async () => {
  const row = (i: number) =>
    `${i},${i % 4 === 0 ? '' : i % 3},${i % 2 === 0 ? 'on' : 'off'},${i % 2 === 0 ? 'x' : 'y'}\n`
  const train = `a,gaps,mode,state\n${Array.from({ length: 60 }, (_, i) => row(i)).join('')}`
  const record = await learnTable(tableOf(train), { label: 'state', date: '2026-01-01', algorithm: 'forest' })
  const strange = (text: string) => strangeIn(record, tableOf(text, { kinds: { mode: 'category' } }))
  expect(strange('a,gaps,mode\n,,on\n,,idle\n,,\n,,idle\n')).toEqual({
    empty: [{ name: 'a', rows: 4 }],
    unseen: [{ name: 'mode', rows: 2 }],
    outside: [],
  })
  expect(strange('a,gaps,mode\n1,,on\n')).toEqual({ empty: [], unseen: [], outside: [] })
  expect(strange('a,gaps,mode\n1,,on\n,,on\n')).toMatchObject({ empty: [] })
  expect(strange('a,gaps,mode\n1,,on\n,,on\n,,on\n').empty).toEqual([{ name: 'a', rows: 2 }])
  const ten = (far: number) =>
    `a,gaps,mode\n${Array.from({ length: 10 }, (_, i) => `${i < far ? 59.5 : 59},1,on\n`).join('')}`
  expect(strange(ten(1)).outside).toEqual([])
  expect(strange(ten(2)).outside).toEqual([{ name: 'a', rows: 2, least: 0, most: 59 }])
})
