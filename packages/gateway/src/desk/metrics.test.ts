import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { AlarmMemory } from './alarms.ts'
import { alarm, totals } from './desk.testkit.ts'
import { Metrics } from './metrics.ts'
import { TallyBook } from './tally.ts'

let metrics: Metrics

afterEach(() => metrics.close())

async function scrape(
  book: TallyBook,
  devices = 0,
  alarms = new AlarmMemory(),
): Promise<(path?: string) => Promise<Response>> {
  metrics = new Metrics(
    book,
    () => devices,
    alarms,
    () => 14,
  )
  const port = await metrics.listen('127.0.0.1', 0)
  return (path = '/metrics') => fetch(`http://127.0.0.1:${port}${path}`)
}

test('every count stands there under its name, and again when it is read again', async () => {
  const book = new TallyBook()
  book.update(0, {
    counts: {
      ...totals(0),
      accepted: 1,
      acts: 2,
      forwarded: 3,
      delivered: 4,
      refused: 5,
      throttled: 6,
      bytesUp: 7,
      bytesDown: 8,
    },
    connections: 9,
    buffered: 10,
  })
  book.count({ guard: 'access', code: 'publish_denied', decision: 'refuse', count: 11 })
  const alarms = new AlarmMemory()
  for (let i = 0; i < 13; i++) alarms.add(alarm())
  const get = await scrape(book, 12, alarms)
  for (let i = 0; i < 2; i++) {
    const response = await get()
    expect(response.headers.get('content-type')).toContain('text/plain')
    const lines = (await response.text()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'ringwall_connections_accepted_total 1',
        'ringwall_acts_total 2',
        'ringwall_messages_forwarded_total 3',
        'ringwall_messages_delivered_total 4',
        'ringwall_acts_refused_total 5',
        'ringwall_throttles_total 6',
        'ringwall_received_bytes_total{from="device"} 7',
        'ringwall_received_bytes_total{from="broker"} 8',
        'ringwall_connections 9',
        'ringwall_buffered_bytes 10',
        'ringwall_findings_total{guard="access",code="publish_denied",decision="refuse"} 11',
        'ringwall_devices 12',
        'ringwall_alarms_total{scenario="flood",severity="high"} 13',
        'ringwall_evidence_lost_total 14',
      ]),
    )
  }
})

test('durations are counted in their buckets, in seconds', async () => {
  const get = await scrape(new TallyBook())
  metrics.observe([0.00007, 0.0003, 0.004])
  const text = await (await get()).text()
  expect(text).toContain('ringwall_chunk_duration_seconds_bucket{le="0.0001"} 1')
  expect(text).toContain('ringwall_chunk_duration_seconds_bucket{le="0.005"} 3')
  expect(text).toContain('ringwall_chunk_duration_seconds_count 3')
})

test('every metric of its own says what it is, by the conventions of Prometheus', async () => {
  const text = await (await (await scrape(new TallyBook()))()).text()
  const names = [...text.matchAll(/^# TYPE (ringwall_\S+) (\S+)$/gm)]
  expect(names.length).toBeGreaterThan(10)
  for (const [, name, type] of names) {
    expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'))
    expect(name.endsWith('_total')).toBe(type === 'counter')
  }
})

test('nothing else is served', async () => {
  const get = await scrape(new TallyBook())
  for (const path of ['/', '/verdicts', '/metrics/', '//']) expect((await get(path)).status).toBe(404)
})

test('a port that is taken is told', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => other.once('listening', resolve))
  metrics = new Metrics(
    new TallyBook(),
    () => 0,
    new AlarmMemory(),
    () => 0,
  )
  const { port } = other.address() as AddressInfo
  await expect(metrics.listen('127.0.0.1', port)).rejects.toMatchObject({
    code: 'metrics_port',
    place: { field: 'metrics.port' },
  })
  other.close()
})
