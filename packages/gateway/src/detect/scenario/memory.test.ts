import { globSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { happening, KINDS } from '../../evidence/happening.ts'
import { TEST_FILE } from '../sources.ts'
import { Engine } from './engine.ts'
import { readScenario } from './read.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MEBIBYTE = 1024 ** 2
const SUBJECTS = 1_000_000

function used(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / MEBIBYTE
}

test('a million subjects, each new in every field, leave no more behind than the first hundred thousand', () => {
  const files = globSync(new URL('../../../../../rules/scenarios/*.yaml', import.meta.url).pathname)
  const wanted = files.filter(file => !TEST_FILE.test(file))
  const pack = wanted.map(file => readScenario(readFileSync(file, 'utf8'), file).scenario!)
  const engine = new Engine(pack, { alarm: () => {}, isAllowed: () => false })
  const codes = ['credentials', 'publish_denied', 'clock_back']
  let early = 0
  for (let i = 0; i < SUBJECTS; i++) {
    engine.take(
      happening({
        kind: KINDS[i % KINDS.length],
        time: 1_700_000_000_000 + i,
        device: `device-${i}`,
        address: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
        connection: i,
        topic: `topic/${i}/set`,
        qos: 2,
        packet: 1 + (i & 0x7fff),
        retain: true,
        bytes: 5,
        code: codes[i % 3],
        guard: 'rate',
        decision: 'throttle',
        user: `user-${i}`,
        secret: i + 1,
        crosses: 'operator',
      }),
    )
    if (i === SUBJECTS / 10) early = used()
  }
  expect(used() - early).toBeLessThan(24)
  expect(engine.counts.filter(({ evicted }) => evicted > 0).length).toBeGreaterThan(15)
}, 120_000)
