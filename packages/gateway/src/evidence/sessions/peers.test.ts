import { expect, test } from 'vitest'
import { happening } from '../happening.ts'
import { COLUMN_NAMES, type SessionRow, SessionWindows } from './index.ts'

const LONG = { span: 1e9, most: 1e6 }
const ROOM = 32_768

function windowsOf(): { windows: SessionWindows; rows: SessionRow[] } {
  const rows: SessionRow[] = []
  return { rows, windows: new SessionWindows(LONG, row => void rows.push(row)) }
}
const value = ({ values }: SessionRow, name: string): number => values[COLUMN_NAMES.indexOf(name)]

test('an address that opens more sessions than there is room for pushes out its own, and no other', () => {
  const { windows, rows } = windowsOf()
  const [honest, flood] = [1_000, 40_000]
  for (let n = 0; n < honest; n++)
    windows.take(happening({ kind: 'opened', time: n, connection: n, address: `10.0.${n >> 8}.${n & 255}` }))
  for (let n = 0; n < flood; n++)
    windows.take(happening({ kind: 'opened', time: honest + n, connection: honest + n, address: '192.0.2.66' }))
  expect(windows.evicted).toBe(honest + flood - ROOM)
  expect(rows).toHaveLength(windows.evicted)
  expect(new Set(rows.map(({ address }) => address))).toEqual(new Set(['192.0.2.66']))
  rows.length = 0
  for (let n = 0; n < honest; n++)
    windows.take(happening({ kind: 'ping', time: 1e6, connection: n, address: `10.0.${n >> 8}.${n & 255}` }))
  windows.flush()
  const kept = rows.filter(({ address }) => address.startsWith('10.'))
  expect(kept.map(row => value(row, 'opened'))).toEqual(new Array(honest).fill(1))
})

test('an IPv6 host is one address, whichever of its /64 it takes', () => {
  const { windows, rows } = windowsOf()
  windows.take(happening({ kind: 'opened', time: 0, connection: 1, address: '2001:db8:0:1::1' }))
  for (let n = 0; n < ROOM + 5; n++)
    windows.take(happening({ kind: 'opened', time: n, connection: 10 + n, address: `2001:db8:0:2::${n.toString(16)}` }))
  expect(windows.evicted).toBe(6)
  expect(rows.every(({ address }) => address.startsWith('2001:db8:0:2:'))).toBe(true)
  windows.flush()
  expect(value(rows.at(-1) as SessionRow, 'source_open')).toBe(ROOM + 5)
})

test('an address with sessions is known as long as they are, however many others come and go', () => {
  const { windows, rows } = windowsOf()
  windows.take(happening({ kind: 'opened', time: 0, connection: 1, address: '10.0.0.5' }))
  for (let n = 0; n < 20_000; n++) {
    const common = { connection: 10 + n, address: `10.1.${n >> 8}.${n & 255}` }
    windows.take(happening({ ...common, kind: 'opened', time: 2 * n }))
    windows.take(happening({ ...common, kind: 'closed', time: 2 * n + 1 }))
  }
  expect(windows.evicted).toBe(20_001 - 16_384)
  windows.take(happening({ kind: 'opened', time: 50_000, connection: 2, address: '10.0.0.5' }))
  windows.flush()
  const latest = rows.find(({ connection }) => connection === 2)
  expect(value(latest as SessionRow, 'source_open')).toBe(2)
})

test('what ends without having been met is told of its address alone', () => {
  const { windows, rows } = windowsOf()
  windows.take(happening({ kind: 'opened', time: 0, connection: 1, address: '10.0.0.5' }))
  windows.take(happening({ kind: 'closed', time: 1, connection: 9, address: '10.0.0.5' }))
  windows.take(happening({ kind: 'ping', time: 2, connection: 1, address: '10.0.0.5' }))
  windows.flush()
  expect(rows).toHaveLength(1)
  expect(['source_closed', 'source_unconnected'].map(name => value(rows[0], name))).toEqual([1, 1])
})
