import { beforeAll, expect, test } from 'vitest'
import { clouds, SMALL, strangers } from '../../ensemble/ensemble.testkit.ts'
import { type FittedEnsemble, fitEnsemble } from '../../ensemble/index.ts'
import { writeOnnx } from '../onnx/index.ts'
import { recordOfThree, refusedOf } from './ensemble.testkit.ts'
import { readModel, writeModel } from './file.ts'
import { modelCard, modelOfMember } from './index.ts'

let fitted: FittedEnsemble
let text: string

beforeAll(async () => {
  const { x, codes } = clouds(300, 5)
  fitted = await fitEnsemble(x, codes, 3, { ...SMALL, trees: 5, rounds: 5 })
  text = await writeModel(recordOfThree({ kind: 'ensemble', model: fitted.ensemble }))
})

test('a file gives the same ensemble again, to the bit', async () => {
  const { model } = await readModel(text)
  if (model.kind !== 'ensemble') throw new Error('another kind')
  for (const rows of [clouds(200, 6).x, strangers(20, 7)])
    expect(model.model.judge(rows)).toEqual(fitted.ensemble.judge(rows))
  expect(await writeModel({ ...recordOfThree({ kind: 'ensemble', model: fitted.ensemble }), model })).toBe(text)
})

test('members are exported one by one', async () => {
  for (const member of fitted.ensemble.parts.members)
    expect(writeOnnx(modelOfMember(member)).length).toBeGreaterThan(100)
})

test('the card says what is joined, how, and when it declines', async () => {
  const card = modelCard(await readModel(text))
  expect(card).toContain('ensemble of classifiers')
  for (const kind of ['random-forest', 'boosted-trees', 'mlp-classifier'])
    expect(card).toMatch(new RegExp(`\\| ${kind} \\| -?[\\d.]+ \\|`))
})

test('whatever a file says, it is read or refused with a code', async () => {
  const refused = await refusedOf(text, 60, ({ model }) => {
    if (model.kind === 'ensemble') model.model.judge(strangers(3, 8))
  })
  expect(refused).toBeGreaterThan(40)
})
