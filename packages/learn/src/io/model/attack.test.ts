import { beforeAll, expect, test } from 'vitest'
import { clouds, SMALL, strangers } from '../../ensemble/ensemble.testkit.ts'
import { AttackDetector, type Ensemble, fitEnsemble, type OwnMember } from '../../ensemble/index.ts'
import { writeOnnx } from '../onnx/index.ts'
import { recordOfThree, refusedOf } from './ensemble.testkit.ts'
import { readModel, writeModel } from './file.ts'
import { type AnyModel, ensembleIn, modelCard } from './index.ts'

const SIZES = { ...SMALL, trees: 5, rounds: 5 }
let detector: AttackDetector<OwnMember>
let model: AnyModel
let text: string

beforeAll(async () => {
  const { x, codes } = clouds(300, 5)
  const fitted = await fitEnsemble(x, codes, 3, SIZES)
  detector = await AttackDetector.learn(fitted, x, codes, 0, SIZES)
  model = { kind: 'attack-detector', model: detector }
  text = await writeModel(recordOfThree(model))
})

test('a file gives the same detector again, to the bit', async () => {
  const read = await readModel(text)
  if (read.model.kind !== 'attack-detector') throw new Error('another kind')
  for (const rows of [clouds(200, 6).x, strangers(20, 7)]) {
    expect(read.model.model.pValues(rows)).toEqual(detector.pValues(rows))
    expect(ensembleIn(read.model)?.judge(rows)).toEqual(detector.parts.ensemble.judge(rows))
  }
  expect(await writeModel(recordOfThree(read.model))).toBe(text)
})

test('rows like none are odder than nine tenths of the normal ones, and rows of the normal class are not', async () => {
  const { model: read } = await readModel(text)
  if (read.kind !== 'attack-detector') throw new Error('another kind')
  expect(Math.max(...read.model.pValues(strangers(20, 7)))).toBeLessThan(0.1)
  const { x, codes } = clouds(600, 8)
  const normal = read.model.pValues(x).filter((_, row) => codes[row] === 0)
  expect(normal.filter(p => p <= 0.1).length / normal.length).toBeLessThan(0.2)
})

test('the card says by what unseen attacks are told; as ONNX its ensemble is written', async () => {
  expect(modelCard(await readModel(text))).toContain(`never seen are told by ${detector.parts.signs.join(', ')}`)
  expect(writeOnnx(model)).toEqual(
    writeOnnx({ kind: 'ensemble', model: detector.parts.ensemble as Ensemble<OwnMember> }),
  )
})

test('whatever a file says, it is read or refused with a code', async () => {
  const refused = await refusedOf(text, 90, ({ model: read }) => {
    if (read.kind === 'attack-detector') read.model.pValues(strangers(3, 8))
  })
  expect(refused).toBeGreaterThan(60)
})
