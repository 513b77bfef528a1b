import { randomOf } from '../../../packages/learn/src/index.ts'
import type { Table } from '../../../packages/learn/src/io/index.ts'
import { LEVEL, learnMarked, prepare, type Verdict, verifyMark } from '../../../packages/learn/src/watermark/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import { drawnRows, keyOf, LABEL, recordOf, type Subject, someRows } from './model-watermark-data.ts'
import { ALGORITHMS, BENCH, CASE } from './model-watermark-lines.ts'

/** Rows that a stranger learns from: drawn anew for each. */
const ROWS = 4_000

/**
 * Models that have nothing to do with the owners': other seeds, other rows, every second with a mark of another key. Each is asked for each owner's mark (a key a
 * seed: the models of the three algorithms share it).
 */
export async function* onStrangers(
  owners: readonly Subject[],
  train: Table,
  count: number,
  seed: number,
): AsyncGenerator<Line> {
  const keys = owners.filter(({ algorithm }) => algorithm === owners[0]!.algorithm)
  const verdicts: Verdict[] = []
  let verified = 0
  for (let i = 0; i < count; i++) {
    if (i % 20 === 0) progress(`${CASE}: ${i} of ${count} strangers`)
    const own = seed + 10_000 + i
    const algorithm = ALGORITHMS[i % ALGORITHMS.length]!
    const prepared = await prepare(someRows(train, drawnRows(train.rows, ROWS, randomOf(own))), algorithm, LABEL, [])
    const model = await learnMarked(
      prepared,
      Math.floor(i / ALGORITHMS.length) % 2 === 0 ? null : keyOf(own),
      algorithm,
      own,
    )
    const record = recordOf(model, prepared)
    const found: Verdict[] = []
    for (const { key, prepared: owner } of keys) found.push(await verifyMark(record, key, owner.space))
    verdicts.push(...found)
    if (found.some(each => each.verified)) verified++
  }
  const subject = { bench: BENCH, case: `${CASE}, strangers`, unit: '' }
  const note = `p below ${LEVEL.toPrecision(2)}; ${verdicts.length} readings, each model by ${keys.length} keys`
  yield alone({ ...subject, metric: `verified of ${count}`, note }, [verified])
  yield alone({ ...subject, metric: 'least p' }, [Math.min(...verdicts.map(({ p }) => p))])
  const rates = (kind: 'bits' | 'triggers') =>
    verdicts.flatMap(each => (each[kind] === null ? [] : [each[kind].agreeing / 128]))
  yield alone({ ...subject, metric: 'triggers that agree', note: 'expected .5' }, rates('triggers'))
  yield alone({ ...subject, metric: 'bits that agree', note: 'expected .5' }, rates('bits'))
}
